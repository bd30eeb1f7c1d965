"""A Speech becomes a message Slack takes, whatever is in it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.speech import Button, Chart, Line, Speech, Style
from bot.core.words import Language
from bot.phrasebook import ButtonChoice, Phrasebook, shipped_messages
from bot.phrasebook.facts import FACTS
from bot.phrasebook.samples import samples
from bot.slack.blocks import BLOCKS, CHARACTERS, message, plain, without_chart
from bot.slack.limits import check_message

BOOK = Phrasebook(None, shipped_messages())
CHART = Chart(
    title="Churn rate",
    labels=tuple(f"W{week}" for week in range(30)),
    lines=(Line(name="Value", values=tuple(map(float, range(30)))), Line(name="Target", values=(2.5,) * 30)),
    value_title="%",
)


def kinds(payload: dict[str, Any]) -> list[str]:
    return [block["type"] for block in payload["blocks"]]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("notice", sorted(FACTS))
def test_slack_takes_every_message_in_every_language(notice: str, language: Language) -> None:
    choices = [ButtonChoice("acknowledge", "a1", Style.PRIMARY), ButtonChoice("resolve", "a1", ask=True)]
    for _, facts in samples(notice):
        payload = message(BOOK.say(notice, language, buttons=choices, chart=CHART, **facts))
        assert check_message(payload) == []
        assert check_message(payload, editing=True) == []


def test_the_parts_stand_in_the_order_they_are_read() -> None:
    speech = Speech(
        text="t", headline="h", body="b", fields=("Value: 3.2%",), chart=CHART, items=("i", "j"), rest="r",
        buttons=(Button(action="why", value="1", text="Why?"),), footer="f",
    )  # fmt: skip
    assert kinds(message(speech)) == [
        "header", "section", "section", "data_visualization", "divider", "section", "section", "section", "actions",
        "context",
    ]  # fmt: skip


def test_a_field_is_a_bold_label_above_its_value() -> None:
    (block,) = message(Speech(text="t", fields=("Value: 3.2%", "<@U1>: no label")))["blocks"]
    assert [field["text"] for field in block["fields"]] == ["*Value*\n3.2%", "<@U1>: no label"]


def test_plain_words_reach_slack_without_a_mention_in_them() -> None:
    payload = message(Speech(text="<!channel> R&D", headline="<!channel> R&D"))
    assert payload["text"] == "&lt;!channel&gt; R&amp;D"
    assert payload["blocks"][0]["text"] == {"type": "plain_text", "text": "<!channel> R&D", "emoji": True}


def test_slack_makes_no_links_and_mentions_of_its_own() -> None:
    payload = message(Speech(text="t", body="b", fields=("f",), items=("i",), rest="r", footer="f"))
    words = json.dumps(payload["blocks"])
    assert words.count('"mrkdwn"') == words.count('"verbatim": true') == 5


def test_buttons_have_ids_of_their_own_and_ask_before_they_act() -> None:
    buttons = (
        Button(action="why", value="1", text="Why?"),
        Button(action="why", value="2", text="Why?"),
        Button(action="resolve", value="3", text="Resolve", style=Style.DANGER, ask="Close it?"),
    )
    first, second, third = message(Speech(text="t", buttons=buttons))["blocks"][0]["elements"]
    assert (first["action_id"], first["value"]) == ("kpi:why", "1")
    assert (second["action_id"], second["value"]) == ("kpi:why:2", "2")
    assert (third["style"], third["confirm"]["text"]["text"]) == ("danger", "Close it?")
    assert "style" not in first and "confirm" not in first


def test_a_chart_shows_the_newest_points_under_names_that_differ() -> None:
    lines = tuple(Line(name="the same rather long name", values=tuple(map(float, range(30)))) for _ in range(8))
    chart = CHART.model_copy(update={"labels": ("January of the year 2026",) * 30, "lines": lines})
    payload = message(Speech(text="t", chart=chart))
    drawn = payload["blocks"][0]["chart"]
    assert check_message(payload) == []
    assert len(drawn["series"]) == 6
    assert [point["value"] for point in drawn["series"][0]["data"]] == [float(value) for value in range(10, 30)]


def test_a_chart_of_nothing_is_left_out() -> None:
    assert kinds(message(Speech(text="t", body="b", chart=Chart(title="x", labels=(), lines=())))) == ["section"]


def test_an_edited_message_has_new_block_ids_and_the_same_words_the_same_ones() -> None:
    def ids(body: str) -> list[str]:
        return [block["block_id"] for block in message(Speech(text="t", headline="h", body=body))["blocks"]]

    assert set(ids("before")).isdisjoint(ids("after"))
    assert ids("before") == ids("before")


def test_what_is_too_much_goes_from_the_rest_first_then_from_the_items() -> None:
    items = tuple(f"{place} " + "x" * 180 for place in range(60))
    speech = Speech(text="t", headline="h", body="b", items=items, rest="\n".join("y" * 90 for _ in range(90)))
    payload = message(speech)
    words = [block["text"]["text"] for block in payload["blocks"] if block["type"] == "section"]
    assert check_message(payload) == []
    assert words[:3] == ["b", items[0], items[1]]
    assert words[-1] == "…"
    assert not any("y" in text for text in words)


def test_long_words_are_split_at_the_ends_of_lines_and_lose_nothing() -> None:
    lines = [f"{place} " + "x" * 95 for place in range(50)]
    blocks = message(Speech(text="t", rest="\n".join(lines)))["blocks"]
    assert "\n".join(block["text"]["text"] for block in blocks) == "\n".join(lines)


def test_a_cut_never_opens_a_mention_it_does_not_close() -> None:
    body = "x" * 2_990 + "<@U0123456789> &amp; more"
    (block,) = message(Speech(text="t", body=body))["blocks"]
    assert block["text"]["text"] == "x" * 2_990 + "…"


def test_the_chart_alone_can_be_taken_out_and_all_blocks_too() -> None:
    payload = message(Speech(text="t", body="b", chart=CHART))
    assert kinds(without_chart(payload)) == ["section"]
    assert plain(payload) == {"text": "t"}
    assert "data_visualization" in kinds(payload)


WORDS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=400),
    st.builds(lambda part, times: part * times, st.sampled_from(['"', "\\", "<@U1> ", "&lt;", "x", "\n", "é\n"]),
              st.integers(1, 9_000)),
)  # fmt: skip
SPEECHES = st.builds(
    Speech,
    text=WORDS.filter(lambda words: bool(words.strip())),
    headline=WORDS,
    body=WORDS,
    fields=st.lists(WORDS.filter(lambda words: bool(words.strip())), max_size=30).map(tuple),
    chart=st.none() | st.just(CHART),
    items=st.lists(WORDS, max_size=70).map(tuple),
    rest=WORDS,
    buttons=st.lists(
        st.builds(Button, action=st.sampled_from(["why", "share"]), value=st.just("v" * 60), text=st.just("Why?")),
        max_size=8,
    ).map(tuple),
    footer=WORDS,
)


@settings(deadline=None, max_examples=100)
@given(SPEECHES)
def test_whatever_is_said_slack_takes_it(speech: Speech) -> None:
    payload = message(speech)
    assert check_message(payload) == []
    assert len(payload["blocks"]) <= BLOCKS
    assert len(json.dumps(payload["blocks"], ensure_ascii=False, separators=(",", ":"))) <= CHARACTERS
