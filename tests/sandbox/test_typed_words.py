"""What people type arrives as Slack keeps it: escaped, links in angle brackets, and a rich_text block beside it."""

from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.state.typed_words import as_rich_text, kept_text
from tests.sandbox.fixtures import client_of, sandbox  # noqa: F401 - a fixture


def leaves(typed: str) -> list[dict[str, Any]]:
    (block,) = as_rich_text(typed)
    (section,) = block["elements"]
    assert (block["type"], section["type"]) == ("rich_text", "rich_text_section")
    found: list[dict[str, Any]] = section["elements"]
    return found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain words", "plain words"),
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>."),
        ("<@U0ANA> and <#C0REV|revenue> and <!here>", "<@U0ANA> and <#C0REV|revenue> and <!here>"),
        ("<!subteam^S0REV> :tada:", "<!subteam^S0REV> :tada:"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<@nobody>", "&lt;@nobody&gt;"),
        ("12:30 and 14:45", "12:30 and 14:45"),
    ],
)
def test_text_is_escaped_but_for_what_means_something(typed: str, kept: str) -> None:
    assert kept_text(typed) == kept


def test_the_block_says_the_same_piece_by_piece() -> None:
    assert leaves("hi <@U0ANA>, see https://x.example & <#C0REV> :tada: <!channel> <!subteam^S0REV>") == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U0ANA"},
        {"type": "text", "text": ", see "},
        {"type": "link", "url": "https://x.example"},
        {"type": "text", "text": " & "},
        {"type": "channel", "channel_id": "C0REV"},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "tada"},
        {"type": "text", "text": " "},
        {"type": "broadcast", "range": "channel"},
        {"type": "text", "text": " "},
        {"type": "usergroup", "usergroup_id": "S0REV"},
    ]


def test_history_carries_both(sandbox: Sandbox) -> None:  # noqa: F811
    sandbox.user("ana").say("a < b", "#revenue")
    answer = client_of(sandbox).conversations_history(channel="C0REV")
    (message,) = answer["messages"]
    assert message["text"] == "a &lt; b"
    assert message["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "a < b"}]
    assert message["blocks"][0]["block_id"]
