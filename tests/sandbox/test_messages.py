"""Posting, editing and taking back messages, as Slack's reference says."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import BotApp, Sandbox, serve
from tests.sandbox.asking import BLOCKS, METADATA, asked, error, post, refused
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


def test_a_post_appears_and_its_time_is_the_sandboxs(sandbox: Sandbox, client: WebClient) -> None:
    first = asked(client, "chat.postMessage", channel="C0REV", text="one")
    second = asked(client, "chat.postMessage", channel="#revenue", text="two")
    assert [message.text for message in sandbox.channel("#revenue").posts] == ["one", "two"]
    assert first["channel"] == second["channel"] == "C0REV"
    assert str(first["ts"]).startswith(str(int(sandbox.clock.now().timestamp())))
    assert float(second["ts"]) > float(first["ts"])


BAD_POSTS: list[tuple[str, dict[str, Any], str]] = [
    ("unknown channel", {"channel": "C0NONE", "text": "a"}, "channel_not_found"),
    ("private channel without the bot", {"channel": "G0SEC", "text": "a"}, "channel_not_found"),
    ("archived channel", {"channel": "C0OLD", "text": "a"}, "is_archived"),
    ("no words", {"channel": "C0REV"}, "no_text"),
    ("empty words", {"channel": "C0REV", "text": ""}, "no_text"),
    ("blocks that are no JSON", {"channel": "C0REV", "blocks": "[{"}, "invalid_blocks_format"),
    ("invalid blocks", {"channel": "C0REV", "blocks": [{"type": "alert"}]}, "invalid_blocks"),
    ("attachments that are no JSON", {"channel": "C0REV", "attachments": "[{"}, "invalid_attachments"),
    ("attachments that are words", {"channel": "C0REV", "attachments": ["a"]}, "invalid_attachments"),
    ("too many attachments", {"channel": "C0REV", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    ("unknown thread", {"channel": "C0REV", "text": "a", "thread_ts": "1.000001"}, "thread_not_found"),
    ("deactivated person", {"channel": "U0GON", "text": "a"}, "channel_not_found"),
    ("unknown person", {"channel": "U0NONE", "text": "a"}, "channel_not_found"),
    ("markdown beside text", {"channel": "C0REV", "text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
    ("markdown beside blocks", {"channel": "C0REV", "blocks": BLOCKS, "markdown_text": "b"}, "markdown_text_conflict"),
    ("too much markdown", {"channel": "C0REV", "markdown_text": "a" * 12_001}, "msg_too_long"),
    ("metadata that is no JSON", {"channel": "C0REV", "text": "a", "metadata": "{"}, "invalid_metadata_format"),
    ("metadata without a type", {"channel": "C0REV", "text": "a", "metadata": {"a": 1}}, "invalid_metadata_schema"),
    (
        "too much metadata",
        {"channel": "C0REV", "text": "a", "metadata": {"event_type": "e", "event_payload": {"id": "a" * 9000}}},
        "metadata_too_large",
    ),
]


@pytest.mark.parametrize(("fields", "word"), [case[1:] for case in BAD_POSTS], ids=[case[0] for case in BAD_POSTS])
def test_a_bad_post_is_refused_and_leaves_nothing(
    sandbox: Sandbox, client: WebClient, fields: dict[str, Any], word: str
) -> None:
    assert error(client, "chat.postMessage", **fields) == word
    assert sandbox.channel("revenue").posts == []


def test_invalid_blocks_are_named_by_pointer(client: WebClient) -> None:
    answer = refused(client, "chat.postMessage", channel="C0REV", text="a", blocks=[{"type": "section"}])
    (line,) = answer["response_metadata"]["messages"]
    assert line.startswith("[ERROR] ")
    assert line.endswith("[json-pointer:/blocks/0]")
    assert answer["errors"] == [line.removeprefix("[ERROR] ")]


def test_a_code_that_says_it_all_comes_alone(client: WebClient) -> None:
    assert refused(client, "chat.postMessage", channel="C0REV") == {"ok": False, "error": "no_text"}


def test_too_long_a_text_is_cut_with_a_warning(sandbox: Sandbox, client: WebClient) -> None:
    answer = asked(client, "chat.postMessage", channel="C0REV", text="a" * 40_001)
    assert (answer["warning"], answer["response_metadata"]["warnings"]) == ("message_truncated", ["message_truncated"])
    assert sandbox.channel("revenue").posts[0].text == answer["message"]["text"] == "a" * 40_000
    assert "warning" not in asked(client, "chat.postMessage", channel="C0REV", text="a" * 40_000)


def test_a_public_channel_can_be_posted_to_from_outside_with_the_scope(sandbox: Sandbox, client: WebClient) -> None:
    asked(client, "chat.postMessage", channel="C0OPS", text="from outside")
    assert [message.text for message in sandbox.channel("operations").posts] == ["from outside"]


def test_a_person_is_written_to_by_id_in_their_direct_conversation(sandbox: Sandbox, client: WebClient) -> None:
    answer = asked(client, "chat.postMessage", channel="U0ANA", text="psst")
    asked(client, "chat.postMessage", channel=answer["channel"], text="again")
    assert answer["channel"] == asked(client, "conversations.open", users="U0ANA")["channel"]["id"] == "D0ANA"
    assert [message.text for message in sandbox.user("ana").direct] == ["psst", "again"]
    edit = {"ts": answer["ts"], "text": "new"}
    assert error(client, "chat.update", channel="U0ANA", **edit) == "channel_not_found"
    assert asked(client, "chat.update", channel="D0ANA", **edit)["text"] == "new"


def test_direct_messages_need_the_messages_tab() -> None:
    sandbox = small_sandbox(app=BotApp(messages_tab=False))
    with serve(sandbox):
        word = error(client_of(sandbox), "chat.postMessage", channel="U0ANA", text="a")
    assert word == "messages_tab_disabled"


def test_markdown_becomes_one_markdown_block(sandbox: Sandbox, client: WebClient) -> None:
    asked(client, "chat.postMessage", channel="C0REV", markdown_text="**bold**")
    (message,) = sandbox.channel("revenue").posts
    assert [(block["type"], block["text"]) for block in message.blocks] == [("markdown", "**bold**")]


def test_attachments_are_kept_and_numbered(sandbox: Sandbox, client: WebClient) -> None:
    answer = asked(client, "chat.postMessage", channel="C0REV", attachments=[{"text": "one"}, {"title": "two"}])
    assert [(a["id"], a["fallback"]) for a in answer["message"]["attachments"]] == [
        (1, "[no preview available]"),
        (2, "[no preview available]"),
    ]
    assert sandbox.channel("revenue").posts[0].plain == "one\ntwo"


def test_a_bots_message_tells_of_its_bot_and_a_persons_of_its_client(sandbox: Sandbox, client: WebClient) -> None:
    mine = asked(client, "chat.postMessage", channel="C0REV", text="a")["message"]
    assert (mine["user"], mine["bot_id"], mine["app_id"]) == ("U0SANDBOX", "B0SANDBOX", "A0SANDBOX")
    assert mine["bot_profile"]["name"] == "KPI Bot"
    assert "subtype" not in mine
    sandbox.user("ana").say("b", "#revenue")
    theirs = asked(client, "conversations.history", channel="C0REV")["messages"][0]
    assert (theirs["user"], len(theirs["client_msg_id"])) == ("U0ANA", 36)
    assert "bot_id" not in theirs


def test_a_name_of_its_own_takes_a_scope_and_makes_an_old_bots_message(client: WebClient) -> None:
    mine = asked(client, "chat.postMessage", channel="C0REV", text="a", username="Oracle", icon_emoji=":owl:")[
        "message"
    ]
    assert (mine["subtype"], mine["username"], mine["icons"]) == ("bot_message", "Oracle", {"emoji": ":owl:"})
    assert "user" not in mine


def test_a_name_of_its_own_is_refused_without_the_scope() -> None:
    sandbox = small_sandbox(scopes={"chat:write"})
    with serve(sandbox):
        answer = refused(client_of(sandbox), "chat.postMessage", channel="C0REV", text="a", username="Oracle")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")


# -- threads -------------------------------------------------------------------------------------------------


def test_a_reply_stands_in_its_thread_and_a_reply_to_it_in_the_same(sandbox: Sandbox, client: WebClient) -> None:
    parent = post(sandbox, client)
    reply = post(sandbox, client, "first", thread_ts=parent.ts)
    post(sandbox, client, "second", thread_ts=reply.ts)
    assert [message.text for message in parent.thread] == ["first", "second"]
    assert sandbox.channel("revenue").posts == [parent]


def test_a_broadcast_reply_stands_in_the_channel_too(sandbox: Sandbox, client: WebClient) -> None:
    parent = post(sandbox, client)
    post(sandbox, client, "loud", thread_ts=parent.ts, reply_broadcast=True)
    shown = asked(client, "conversations.history", channel="C0REV")["messages"]
    assert [(m["text"], m.get("subtype")) for m in shown] == [("loud", "thread_broadcast"), ("hello", None)]


# -- editing and taking back ---------------------------------------------------------------------------------


def test_an_edit_with_text_alone_takes_the_blocks_away_and_shows_it_was_edited(
    sandbox: Sandbox, client: WebClient
) -> None:
    message = post(sandbox, client, blocks=BLOCKS)
    asked(client, "chat.update", channel="C0REV", ts=message.ts, text="only text")
    assert (message.text, message.blocks, message.edited) == ("only text", [], True)


def test_an_edit_with_blocks_does_not_show_it_was_edited(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client, blocks=BLOCKS)
    asked(client, "chat.update", channel="C0REV", ts=message.ts, text="new", blocks=[{"type": "divider"}])
    assert (message.blocks[0]["type"], message.edited, message.changes) == ("divider", False, 1)


def test_metadata_is_kept_over_edits_until_an_empty_object(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client, metadata=METADATA)
    asked(client, "chat.update", channel="C0REV", ts=message.ts, text="new")
    assert message.metadata == METADATA
    answer = asked(client, "chat.update", channel="C0REV", ts=message.ts, metadata={})
    assert (answer["text"], "metadata" in answer["message"]) == ("new", False)


RICH = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}]}]


def test_edits_that_slack_refuses(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client, blocks=RICH)
    theirs = sandbox.user("ana").say("mine", "#revenue")

    def edit(**fields: Any) -> str:
        return error(client, "chat.update", **{"channel": "C0REV", "ts": message.ts, "text": "new", **fields})

    assert edit(ts=theirs.ts) == "cant_update_message"
    assert edit(ts="1.000001") == "message_not_found"
    assert edit(channel="#revenue") == "channel_not_found"
    assert edit(text="a" * 4001) == "msg_too_long"
    assert edit(markdown_text="b") == "markdown_text_conflict"
    assert edit(blocks=BLOCKS) == "block_mismatch"
    assert edit(attachments=[{"text": "a"}] * 101) == "too_many_attachments"
    assert error(client, "chat.update", channel="C0REV", ts=message.ts) == "no_text"
    sandbox.archive("#revenue")
    assert edit() == "is_inactive"
    assert message.changes == 0


def test_a_deleted_message_is_gone_for_history_and_edits(sandbox: Sandbox, client: WebClient) -> None:
    message, theirs = post(sandbox, client), sandbox.user("ana").say("mine", "#revenue")
    asked(client, "chat.delete", channel="C0REV", ts=message.ts)
    assert sandbox.channel("revenue").posts == [theirs]
    assert error(client, "chat.update", channel="C0REV", ts=message.ts, text="a") == "message_not_found"
    assert error(client, "chat.delete", channel="C0REV", ts=message.ts) == "message_not_found"
    assert error(client, "chat.delete", channel="C0REV", ts=theirs.ts) == "cant_delete_message"


def test_a_permalink_names_channel_and_message(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client)
    reply = post(sandbox, client, thread_ts=message.ts)
    link = asked(client, "chat.getPermalink", channel="C0REV", message_ts=message.ts)["permalink"]
    assert link == f"{sandbox.address}/archives/C0REV/p{message.ts.replace('.', '')}"
    of_reply = asked(client, "chat.getPermalink", channel="C0REV", message_ts=reply.ts)["permalink"]
    assert of_reply.endswith(f"?thread_ts={message.ts}&cid=C0REV")
    assert error(client, "chat.getPermalink", channel="C0REV", message_ts="1.000001") == "message_not_found"
    assert error(client, "chat.getPermalink", channel="C0NONE", message_ts=reply.ts) == "channel_not_found"


# -- ephemeral -----------------------------------------------------------------------------------------------


def test_an_ephemeral_message_is_seen_by_one_and_cannot_be_edited(sandbox: Sandbox, client: WebClient) -> None:
    answer = asked(client, "chat.postEphemeral", channel="C0REV", user="U0ANA", text="for you")
    assert [message.text for message in sandbox.user("ana").ephemeral] == ["for you"]
    assert sandbox.user("bob").ephemeral == sandbox.channel("revenue").posts == []
    assert error(client, "chat.update", channel="C0REV", ts=answer["message_ts"], text="a") == "message_not_found"


def test_ephemeral_messages_that_slack_refuses(client: WebClient) -> None:
    def whisper(**fields: Any) -> str:
        return error(client, "chat.postEphemeral", **{"channel": "C0REV", "user": "U0ANA", "text": "a", **fields})

    assert whisper(user="U0CAT") == whisper(user="U0NONE") == "user_not_in_channel"
    assert whisper(text="") == "no_text"
    assert whisper(text="a" * 40_001) == "msg_too_long"
    assert whisper(channel="C0OLD") == "is_archived"
    assert whisper(channel="C0NONE") == "channel_not_found"


def test_an_ephemeral_message_is_lost_on_who_is_away_and_in_a_thread_without_replies(
    sandbox: Sandbox, client: WebClient
) -> None:
    parent, whisper = post(sandbox, client), {"channel": "C0REV", "user": "U0ANA", "text": "a"}
    assert asked(client, "chat.postEphemeral", **whisper, thread_ts=parent.ts)["ok"]
    sandbox.workspace.set_presence("U0ANA", "away")
    assert asked(client, "chat.postEphemeral", **whisper)["ok"]
    assert sandbox.user("ana").ephemeral == []
    sandbox.workspace.set_presence("U0ANA", "active")
    post(sandbox, client, "reply", thread_ts=parent.ts)
    asked(client, "chat.postEphemeral", **whisper, thread_ts=parent.ts)
    assert len(sandbox.user("ana").ephemeral) == 1
    history = asked(client, "conversations.history", channel="C0REV")["messages"]
    assert [message["reply_count"] for message in history] == [1]
