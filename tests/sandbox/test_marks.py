"""Reactions, pins and bookmarks."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox
from tests.sandbox.asking import asked, error, post
from tests.sandbox.fixtures import client, sandbox

__all__ = ["client", "sandbox"]


def test_a_reaction_is_added_once_and_taken_back_once(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client)
    mark = {"channel": "C0REV", "timestamp": message.ts, "name": "eyes"}
    asked(client, "reactions.add", **mark)
    assert message.reactions == {"eyes": ["U0SANDBOX"]}
    assert error(client, "reactions.add", **mark) == "already_reacted"
    asked(client, "reactions.remove", **mark)
    assert message.reactions == {}
    assert error(client, "reactions.remove", **mark) == "no_reaction"


def test_reactions_are_read_with_their_message(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client)
    asked(client, "reactions.add", channel="C0REV", timestamp=message.ts, name=":+1::skin-tone-3:")
    answer = asked(client, "reactions.get", channel="C0REV", timestamp=message.ts)
    assert (answer["type"], answer["channel"]) == ("message", "C0REV")
    assert answer["message"]["reactions"] == [{"name": "+1::skin-tone-3", "users": ["U0SANDBOX"], "count": 1}]
    assert error(client, "reactions.get") == "no_item_specified"
    assert error(client, "reactions.remove", name="eyes") == "no_item_specified"


MARKS = [("reactions.add", {"name": "eyes"}), ("pins.add", {}), ("pins.remove", {})]


@pytest.mark.parametrize(("method", "fields"), MARKS, ids=[method for method, _ in MARKS])
def test_marks_need_a_message_in_an_open_channel_the_bot_is_in(
    sandbox: Sandbox, client: WebClient, method: str, fields: dict[str, Any]
) -> None:
    message = post(sandbox, client)

    def mark(**where: str) -> str:
        return error(client, method, **{"channel": "C0REV", "timestamp": message.ts, **fields, **where})

    assert mark(timestamp="yesterday") == "bad_timestamp"
    assert mark(timestamp="1.000001") == "message_not_found"
    assert mark(channel="C0NONE") == mark(channel="G0SEC") == "channel_not_found"
    assert mark(channel="C0OPS") == "not_in_channel"
    assert mark(channel="C0OLD") == "is_archived"


def test_a_name_that_is_no_emoji_is_refused(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client)
    assert error(client, "reactions.add", channel="C0REV", timestamp=message.ts, name="Big Eyes") == "invalid_name"


def test_a_message_is_pinned_listed_counted_and_unpinned(sandbox: Sandbox, client: WebClient) -> None:
    first, second = post(sandbox, client, "one"), post(sandbox, client, "two")
    for message in (first, second):
        asked(client, "pins.add", channel="C0REV", timestamp=message.ts)
    items = asked(client, "pins.list", channel="C0REV")["items"]
    assert [(item["message"]["text"], item["created_by"]) for item in items] == [
        ("two", "U0SANDBOX"),
        ("one", "U0SANDBOX"),
    ]
    assert items[0]["message"]["pinned_to"] == ["C0REV"]
    assert asked(client, "conversations.history", channel="C0REV")["pin_count"] == 2
    pin = {"channel": "C0REV", "timestamp": first.ts}
    assert error(client, "pins.add", **pin) == "already_pinned"
    asked(client, "pins.remove", **pin)
    assert error(client, "pins.remove", **pin) == "no_pin"
    assert error(client, "pins.add", channel="C0REV") == "no_item_specified"
    asked(client, "chat.delete", channel="C0REV", ts=second.ts)
    assert asked(client, "pins.list", channel="C0REV")["items"] == []
    assert asked(client, "conversations.history", channel="C0REV")["pin_count"] == 0


LINK = {"channel_id": "C0REV", "title": "Board", "type": "link", "link": "https://example.com", "emoji": ":eyes:"}


def test_a_bookmark_is_added_listed_and_removed(client: WebClient) -> None:
    mark = asked(client, "bookmarks.add", **LINK)["bookmark"]
    assert (mark["title"], mark["link"], mark["id"][:2]) == ("Board", "https://example.com", "Bk")
    assert asked(client, "bookmarks.list", channel_id="C0REV")["bookmarks"] == [mark]
    asked(client, "bookmarks.remove", channel_id="C0REV", bookmark_id=mark["id"])
    assert asked(client, "bookmarks.list", channel_id="C0REV")["bookmarks"] == []
    assert error(client, "bookmarks.remove", channel_id="C0REV", bookmark_id=mark["id"]) == "not_found"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"type": "shelf"}, "invalid_bookmark_type"),
        ({"link": "ftp://example.com"}, "invalid_link"),
        ({"link": ""}, "invalid_link"),
        ({"emoji": "Big Eyes"}, "invalid_emoji"),
        ({"title": "a" * 257}, "invalid_arguments"),
        ({"channel_id": "C0NONE"}, "channel_not_found"),
        ({"channel_id": "C0OPS"}, "access_denied"),
        ({"channel_id": "C0OLD"}, "permission_denied"),
    ],
)
def test_bookmarks_that_slack_refuses(client: WebClient, change: dict[str, str], word: str) -> None:
    assert error(client, "bookmarks.add", **{**LINK, **change}) == word
