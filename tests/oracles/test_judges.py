"""Each judge can refuse, and every message of the phrasebook passes both."""

from pathlib import Path
from typing import Any

import pytest

from tests.oracles import by_limits, by_types, judging
from tests.oracles.golden import golden_messages
from tests.oracles.node import need_node
from tests.oracles.played import played_tour
from tests.oracles.sent import HOME, MESSAGE, MODAL, Json, Sent


def words(text: str = "words", kind: str = "plain_text") -> Json:
    return {"type": kind, "text": text}


def section(text: str = "words") -> Json:
    return {"type": "section", "text": words(text, "mrkdwn")}


def sent(*blocks: Json, surface: str = MESSAGE, **fields: Any) -> Sent:
    return Sent(surface, {**fields, "blocks": list(blocks)}, "planted")


def modal(*blocks: Json, **fields: Any) -> Sent:
    return sent(*blocks, surface=MODAL, **{"type": "modal", "title": words(), "submit": words(), **fields})


def chart(points: int = 2) -> Json:
    labels = [f"c{number}" for number in range(points)]
    series = [{"name": "a", "data": [{"label": label, "value": 1} for label in labels]}]
    drawn = {"type": "line", "series": series, "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": "t", "chart": drawn}


def button(**fields: Any) -> Json:
    return {"type": "actions", "elements": [{"type": "button", "text": words(), "action_id": "a", **fields}]}


LIMITS = {
    "a length": (sent(section("a" * 3001)), "3000"),
    "a count": (sent(*[section()] * 51), "50"),
    "a surface": (sent({"type": "alert", "text": words()}), "not supported on message"),
    "a third chart": (sent(chart(), chart(), chart()), "two data visualization"),
    "a long chart": (sent(chart(21)), "20"),
    "a long button": (sent(button(value="a" * 2001)), "2000"),
    "a modal's title": (modal(section(), title=words("a" * 25)), "24"),
    "a modal's table": (modal({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}), "modal"),
    "a home too long": (sent(*[section()] * 101, surface=HOME, type="home"), "100"),
    "a missing field": (sent({"type": "header"}), "header needs text"),
}


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_slackblocks_refuses_a_planted_mistake(name: str) -> None:
    mistaken, reason = LIMITS[name]
    (refusal,) = judging.refused_by_limits([mistaken])
    assert "planted" in refusal and reason in refusal


def test_what_slackblocks_does_not_know_is_reported() -> None:
    assert judging.refused_by_limits([sent({"type": "poll"})]) == ["planted (message): not judged: poll"]


SHAPES = {
    "a text of the wrong type": sent({"type": "header", "text": words("a", "mrkdwn")}),
    "an unknown block": sent({"type": "poll"}),
    "an unknown style": sent(button(style="green")),
    "a foreign field": sent({**section(), "colour": "red"}),
    "a foreign field of a view": modal(section(), colour="red"),
    "a block of a view": modal({"type": "divider", "text": words()}),
    "an image among buttons": sent(
        {"type": "actions", "elements": [{"type": "image", "alt_text": "a", "image_url": "https://example.com"}]}
    ),
}


def test_the_compiler_refuses_each_planted_mistake_and_nothing_else() -> None:
    need_node()
    planted = [Sent(mistaken.surface, mistaken.payload, name) for name, mistaken in SHAPES.items()]
    sound = Sent(MESSAGE, {"blocks": [section(), button(style="danger"), chart()]}, "sound")
    found = by_types.refusals([*planted, sound])
    assert {line.partition(" (")[0] for line in found} == SHAPES.keys()


def test_every_message_of_the_phrasebook_passes_slackblocks() -> None:
    messages = golden_messages()
    assert len(messages) > 100
    assert judging.refused_by_limits(messages) == []


def test_every_message_of_the_phrasebook_has_shapes_that_compile() -> None:
    need_node()
    assert by_types.refusals(golden_messages()) == []


def test_every_message_of_the_demos_tour_passes_both_judges(tmp_path: Path) -> None:
    messages = played_tour(f"sqlite:///{tmp_path / 'demo.db'}")
    assert len(messages) > 10
    assert judging.refused_by_limits(messages) == []
    need_node()
    assert by_types.refusals(messages) == []


def test_slackblocks_sees_every_kind_the_validator_knows() -> None:
    from bot.slack.limit_blocks import BLOCKS
    from bot.slack.limit_elements import ELEMENTS

    assert set(BLOCKS) <= by_limits.BLOCKS.keys() | judging.MAY_BE_UNKNOWN.keys()
    assert set(ELEMENTS) <= by_limits.KINDS.keys()
