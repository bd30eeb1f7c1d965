"""Our validator and slackblocks refuse the same things, or the difference is written down."""

import pytest

from bot.slack.limits import check_message, check_view
from tests.oracles import by_limits
from tests.oracles.limit_table import DIFFERENCES, LIMITS, Grown
from tests.oracles.sent import HOME, MESSAGE, MODAL, Json

CASES = [(surface, *limit) for surface, limits in LIMITS.items() for limit in limits]
NAMES = [name for _, name, _, _ in CASES]


def ours(surface: str, payload: Json) -> list[str]:
    found = check_message(payload) if surface == MESSAGE else check_view(payload)
    return [str(fault) for fault in found]


def theirs(surface: str, payload: Json) -> list[str]:
    return by_limits.opinion_of(surface, payload).refused


@pytest.mark.parametrize(("surface", "name", "grown", "most"), CASES, ids=NAMES)
def test_both_take_what_just_fits_and_refuse_one_more(surface: str, name: str, grown: Grown, most: int) -> None:
    assert (ours(surface, grown(most)), theirs(surface, grown(most))) == ([], [])
    assert ours(surface, grown(most + 1))
    assert bool(theirs(surface, grown(most + 1))) is (name not in DIFFERENCES)


@pytest.mark.parametrize(
    ("block", "surfaces"),
    [
        ({"type": "alert", "text": {"type": "plain_text", "text": "a"}}, {MODAL}),
        ({"type": "markdown", "text": "a"}, {MESSAGE}),
        ({"type": "header", "text": {"type": "plain_text", "text": "a"}}, {MESSAGE, MODAL, HOME}),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_both_allow_a_block_on_the_same_surfaces(block: Json, surfaces: set[str]) -> None:
    frames: dict[str, Json] = {
        MESSAGE: {},
        MODAL: {"type": MODAL, "title": {"type": "plain_text", "text": "a"}},
        HOME: {"type": HOME},
    }
    for surface, frame in frames.items():
        payload = {**frame, "blocks": [block]}
        refusals = bool(ours(surface, payload)), bool(theirs(surface, payload))
        assert refusals == ((surface not in surfaces,) * 2), surface


def test_every_difference_is_one_of_the_table() -> None:
    assert len(CASES) >= 60
    assert set(DIFFERENCES) <= set(NAMES)
