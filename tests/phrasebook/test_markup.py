"""Nothing people write can format, mention, link, hide or turn around a message."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.words import Language, Text
from bot.phrasebook import Phrasebook, shipped_messages
from bot.phrasebook.markup import LONGEST, Markup, cleaned, for_markup, for_plain
from bot.phrasebook.samples import ALERTS, samples

BOOK = Phrasebook(None, shipped_messages())
OURS = re.compile(r"<(@U0(ADA|BO)|#C0[A-Z]+|!date\^\d+\^[^<>|]*\|[^<>|]*|https://wiki\.example\.com/[^<>|]*\|[^<>|]*)>")
NASTY = st.one_of(
    st.text(min_size=1, max_size=60),
    st.lists(
        st.sampled_from(
            ["<!channel>", "<@U0EVIL>", "<#C0EVIL>", "<http://x|y>", "&lt;", "*", "_", "~", "`", "```", ">", "\n>", "a",
             "\u202e", "\u0000", "\ud800", "\u2028", "{{ 7 * 7 }}", "{% raw %}", "|", "^", "https://x.example"]
        ),
        min_size=1, max_size=12,
    ).map("".join),
)  # fmt: skip


@pytest.mark.parametrize(
    ("data", "marked", "plain"),
    [
        ("R&D <b>", "R&amp;D &lt;b&gt;", "R&D ‹b›"),
        ("<!channel>", "&lt;!channel&gt;", "‹!channel›"),
        ("*bold* ~gone~ `code`", "∗bold∗ ∼gone∼ ˋcodeˋ", "*bold* ~gone~ `code`"),
        ("_soft_ churn_rate", "ˍsoftˍ churn_rate", "_soft_ churn_rate"),
        ("> quoted", "› quoted", "› quoted"),
        ("two\r\nlines\tand\u2028more", "two lines and more", "two lines and more"),
        ("ab\u202e\u0007c\ufeff", "abc", "abc"),
        ("👩\u200d💻 ñ €", "👩\u200d💻 ñ €", "👩\u200d💻 ñ €"),
        ("1,2\u00a0M€", "1,2\u00a0M€", "1,2\u00a0M€"),
    ],
)
def test_data_is_made_harmless_and_stays_readable(data: str, marked: str, plain: str) -> None:
    assert for_markup(data) == marked
    assert for_plain(data) == plain


def test_a_flood_of_words_is_cut() -> None:
    assert len(cleaned("x" * 100_000)) == LONGEST
    assert cleaned("x" * 100_000).endswith("…")


@given(NASTY)
def test_no_data_keeps_a_sign_that_means_something_to_slack(data: str) -> None:
    marked, plain = for_markup(data), for_plain(data)
    assert not set("<>*~`\n\r") & set(marked)
    assert not set("<>\n\r") & set(plain)
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", marked)
    assert not re.search(r"&(?!amp;|lt;|gt;)", marked)
    for sign in marked + plain:
        assert unicodedata.category(sign) not in ("Cc", "Cs") and unicodedata.bidirectional(sign) not in (
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip


def test_our_markup_joined_to_other_text_is_text_again() -> None:
    assert not isinstance(Markup("<@U1>"), str)
    assert for_markup(f"{Markup('<@U1>')} and") == "&lt;@U1&gt; and"


def _told(data: str, language: Language) -> list[Any]:
    """Say messages in which everything a person can write is this data."""
    name = Text.model_construct(en=data, es=data)
    facts = dict(samples("alert_opened"))["action"]
    kpi = facts["kpi"].model_copy(update={"name": name, "description": name})
    alert = ALERTS["action"].model_copy(update={"action": data, "rule": data})
    priority = facts["priority"].model_copy(update={"name": name, "window": name})
    owner = facts["owner"].model_copy(update={"name": data})
    standing = facts["standing"].model_copy(update={"kpi": kpi})
    hostile = {"kpi": kpi, "alert": alert, "priority": priority, "owner": owner, "standing": standing, "note": data}
    summary = dict(samples("kpi_summary"))["alert"]
    summary |= {"standing": standing, "owner": owner, "open_alerts": [(alert, priority)]}
    return [
        BOOK.say("alert_opened", language, **facts | hostile),
        BOOK.say("alert_acknowledged", language, **facts | hostile),
        BOOK.say("alerts_list", language, rows=[(alert, kpi, priority)], policy=facts["policy"], now=facts["now"]),
        BOOK.say("kpi_summary", language, **summary),
        BOOK.say("kpi_unknown", language, query=data, suggestions=[(data, "churn_rate")]),
        BOOK.say("bad_input", language, place=data, problem=data, remedy=data),
    ]


@settings(deadline=None, max_examples=60)
@given(NASTY, st.sampled_from(list(Language)))
def test_whatever_people_write_a_message_holds_no_mention_or_link_that_is_not_ours(
    data: str, language: Language
) -> None:
    for speech in _told(data, language):
        marked = "\n".join((speech.body, *speech.fields, *speech.items, speech.rest, speech.footer))
        assert not re.search(r"[<]", OURS.sub("", marked))
        assert not re.search(r"[<>]", speech.text + speech.headline)
        assert "\n" not in speech.text + speech.headline
