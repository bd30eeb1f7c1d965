"""Whatever an app sends is judged: nothing breaks the validator, and every fault names a place of the payload."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.limits import check_blocks, check_message, check_view
from tests.slack.limit_cases import changed, found, values
from tests.slack.limit_examples import FULL, Json

VALUES = [(name, at, value) for name, example in FULL.items() for at, value in values(name, example)]
PLACES = [(name, at) for name, at, _ in VALUES]
NAMES = sorted({at.rpartition("/")[2] for _, at in PLACES if not at[-1].isdigit()})
KINDS = sorted({value["type"] for _, _, value in VALUES if isinstance(value, dict) and "type" in value})
WORDS = st.sampled_from(KINDS) | st.text(max_size=5)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | WORDS, inner, max_size=6),
    max_leaves=20,
)
SURFACES = st.sampled_from(["message", "modal", "home"])


def is_there(payload: Any, pointer: str) -> bool:
    """Whether a pointer leads to a value of the payload."""
    for key in pointer.split("/")[1:]:
        name = key.replace("~1", "/").replace("~0", "~")
        if isinstance(payload, list) and name.isdigit() and int(name) < len(payload):
            payload = payload[int(name)]
        elif isinstance(payload, dict) and name in payload:
            payload = payload[name]
        else:
            return False
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(PLACES), value=ANYTHING, surface=SURFACES)
def test_one_odd_value_in_a_good_payload_is_judged(place: tuple[str, str], value: Any, surface: Any) -> None:
    name, at = place
    blocks = changed(FULL[name].blocks, at, value)
    faults = check_blocks(blocks, surface)
    assert all(fault.problem and is_there({"blocks": blocks}, fault.pointer) for fault in faults)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(payload=ANYTHING)
def test_whatever_comes_is_judged(payload: Any) -> None:
    for faults in (
        check_message(payload),
        check_view(payload),
        check_view({"type": "modal", "blocks": payload}),
        check_message({"blocks": payload, "metadata": payload, "attachments": payload, "text": payload}),
    ):
        assert all(fault.problem and fault.code for fault in faults)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks=st.lists(st.dictionaries(st.sampled_from(["type", *NAMES]), ANYTHING, max_size=5), max_size=3))
def test_blocks_of_any_form_are_judged_at_places_they_have(blocks: list[Json]) -> None:
    assert all(is_there({"blocks": blocks}, fault.pointer) for fault in check_blocks(blocks, "message"))


@pytest.mark.parametrize("name", ["type", "text", "elements", "child_blocks", "block_id", "odd"])
def test_a_payload_nested_a_thousand_deep_is_refused(name: str) -> None:
    deep: Any = []
    for _ in range(990):
        deep = [deep]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "a"}, name: deep}]
    assert check_blocks(blocks, "message")
    assert check_view({"type": "home", "blocks": blocks})
    assert check_message({"text": "a", "metadata": {"event_type": "a", "event_payload": {"a": deep}}}) is not None


def test_the_place_of_a_fault_is_escaped_as_json_pointers_are() -> None:
    blocks = [{"type": "divider", "a/b~c": 1}]
    (fault,) = check_blocks(blocks, "message")
    assert fault.pointer == "/blocks/0/a~1b~0c"
    assert found(blocks, "/blocks/0")["a/b~c"] == 1
