"""Reading what was said: history and threads, with their pages, bounds and metadata."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from bot.sandbox import Message, Sandbox, serve
from tests.sandbox.asking import METADATA, asked, error, post, refused
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


def texts(answer: dict[str, Any]) -> list[str]:
    return [message["text"] for message in answer["messages"]]


def five(sandbox: Sandbox, client: WebClient) -> list[Message]:
    """Five posts, a minute apart."""
    posts = []
    for number in range(5):
        posts.append(post(sandbox, client, str(number)))
        sandbox.clock.advance(timedelta(minutes=1))
    return posts


def test_history_comes_newest_first_in_pages(sandbox: Sandbox, client: WebClient) -> None:
    five(sandbox, client)
    first = asked(client, "conversations.history", channel="C0REV", limit="2")
    assert (texts(first), first["has_more"], first["pin_count"]) == (["4", "3"], True, 0)
    post(sandbox, client, "new meanwhile")
    cursor = first["response_metadata"]["next_cursor"]
    second = asked(client, "conversations.history", channel="C0REV", limit="2", cursor=cursor)
    assert texts(second) == ["2", "1"]
    last = asked(
        client, "conversations.history", channel="C0REV", cursor=second["response_metadata"]["next_cursor"], limit="2"
    )
    assert (texts(last), last["has_more"], "response_metadata" in last) == (["0"], False, False)


def test_bounds_leave_themselves_out_unless_inclusive(sandbox: Sandbox, client: WebClient) -> None:
    posts = five(sandbox, client)

    def between(**bounds: str) -> list[str]:
        return texts(asked(client, "conversations.history", channel="C0REV", **bounds))

    assert between(oldest=posts[3].ts) == ["4"]
    assert between(oldest=posts[3].ts, inclusive="true") == ["4", "3"]
    assert between(latest=posts[1].ts) == ["0"]
    assert between(latest=posts[1].ts, inclusive="1", limit="1") == ["1"]
    assert between(latest=posts[3].ts, oldest=posts[1].ts) == ["2"]


def test_bounds_that_are_no_times_are_told_apart(client: WebClient) -> None:
    assert error(client, "conversations.history", channel="C0REV", oldest="monday") == "invalid_ts_oldest"
    assert error(client, "conversations.history", channel="C0REV", latest="friday") == "invalid_ts_latest"


def test_metadata_is_told_only_when_asked_for(sandbox: Sandbox, client: WebClient) -> None:
    post(sandbox, client, metadata=METADATA)
    without = asked(client, "conversations.history", channel="C0REV")["messages"][0]
    with_it = asked(client, "conversations.history", channel="C0REV", include_all_metadata=True)["messages"][0]
    assert ("metadata" in without, with_it["metadata"]) == (False, METADATA)


def test_history_is_for_members(client: WebClient) -> None:
    assert error(client, "conversations.history", channel="C0OPS") == "not_in_channel"
    assert error(client, "conversations.history", channel="G0SEC") == "channel_not_found"
    assert error(client, "conversations.history", channel="#revenue") == "channel_not_found"


def test_each_kind_of_room_takes_the_history_scope_of_its_own() -> None:
    sandbox = small_sandbox(scopes={"channels:history"})
    with serve(sandbox):
        answer = refused(client_of(sandbox), "conversations.history", channel="G0EXE")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")


def test_a_thread_is_read_from_its_parent(sandbox: Sandbox, client: WebClient) -> None:
    parent = sandbox.user("ana").say("hello", "#revenue")
    post(sandbox, client, "first", thread_ts=parent.ts)
    post(sandbox, client, "second", thread_ts=parent.ts)
    answer = asked(client, "conversations.replies", channel="C0REV", ts=parent.ts)
    assert texts(answer) == ["hello", "first", "second"]
    root, first, _ = answer["messages"]
    assert {name: root[name] for name in ("thread_ts", "reply_count", "reply_users", "subscribed")} == {
        "thread_ts": parent.ts,
        "reply_count": 2,
        "reply_users": ["U0SANDBOX"],
        "subscribed": False,
    }
    assert (first["thread_ts"], first["parent_user_id"]) == (parent.ts, "U0ANA")


def test_a_thread_comes_in_pages(sandbox: Sandbox, client: WebClient) -> None:
    parent = post(sandbox, client)
    for text in "abc":
        post(sandbox, client, text, thread_ts=parent.ts)
    first = asked(client, "conversations.replies", channel="C0REV", ts=parent.ts, limit="2")
    cursor = first["response_metadata"]["next_cursor"]
    second = asked(client, "conversations.replies", channel="C0REV", ts=parent.ts, limit="2", cursor=cursor)
    assert (texts(first), first["has_more"]) == (["hello", "a"], True)
    assert (texts(second), second["has_more"]) == (["b", "c"], False)
    assert error(client, "conversations.replies", channel="C0REV", ts=parent.ts, limit="1001") == "invalid_arguments"
    assert error(client, "conversations.replies", channel="C0REV", ts=parent.ts, cursor="x") == "invalid_cursor"


def test_the_time_of_a_reply_gives_that_reply_alone(sandbox: Sandbox, client: WebClient) -> None:
    parent = post(sandbox, client)
    reply = post(sandbox, client, "reply", thread_ts=parent.ts)
    assert texts(asked(client, "conversations.replies", channel="C0REV", ts=reply.ts)) == ["reply"]
    assert error(client, "conversations.replies", channel="C0REV", ts="1.000001") == "thread_not_found"


def test_a_deleted_parent_leaves_its_place_and_none_of_its_words(sandbox: Sandbox, client: WebClient) -> None:
    parent, lone = post(sandbox, client, "secret"), post(sandbox, client, "lone")
    post(sandbox, client, "reply", thread_ts=parent.ts)
    for message in (parent, lone):
        asked(client, "chat.delete", channel="C0REV", ts=message.ts)
    thread = asked(client, "conversations.replies", channel="C0REV", ts=parent.ts)["messages"]
    (place,) = asked(client, "conversations.history", channel="C0REV")["messages"]
    assert (place["subtype"], place["user"], place["ts"]) == ("tombstone", "USLACKBOT", parent.ts)
    assert [message["text"] for message in thread] == ["This message was deleted.", "reply"]
    assert error(client, "conversations.replies", channel="C0REV", ts=lone.ts) == "thread_not_found"


def test_the_newest_page_of_a_long_history_is_quick(sandbox: Sandbox, client: WebClient) -> None:
    workspace = sandbox.workspace
    room = workspace.room("revenue")
    for _ in range(20_000):
        ts = workspace.next_ts()
        room.messages[ts] = Message(ts, room.id, "U0ANA", "old")
    asked(client, "conversations.history", channel="C0REV", limit="10")
    started = time.perf_counter()
    answer = asked(client, "conversations.history", channel="C0REV", limit="10")
    assert (len(answer["messages"]), answer["has_more"]) == (10, True)
    assert time.perf_counter() - started < 2
