"""Events: what the app is told of what happens in the workspace, and what it is not told of."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import Channel, Message
from tests.sandbox.stage import APP, SCOPES, Stage, both, over_http, stage

__all__ = ["both", "stage"]

Json = dict[str, Any]


def told(stage: Stage, kind: str, count: int = 1) -> Json:
    """The event of this kind the app was sent, once it has answered it."""
    stage.sandbox.wait_for_event(kind, count=count)
    return stage.sandbox.told(kind)[-1]


def names(stage: Stage) -> list[str]:
    return [event["type"] for event in stage.sandbox.told()]


def subscribed(*words: str, **changes: Any) -> Any:
    return over_http(app=replace(APP, subscriptions=frozenset(words)), **changes)


def posted(stage: Stage, channel: str = "C0REV", **fields: Any) -> Message:
    ts = stage.client.chat_postMessage(channel=channel, text="Churn is red", **fields)["ts"]
    return stage.sandbox.workspace.rooms[channel].messages[ts]


def test_a_mention_is_answered_in_its_thread(both: Stage) -> None:
    reply = both.ana.mention("how is churn?", "#revenue")
    assert "hello @Ana Ruiz" in reply.plain
    (post,) = both.sandbox.channel("revenue").posts
    assert [message.plain for message in post.thread] == ["hello @Ana Ruiz"]
    mention = both.sandbox.told("app_mention")[0]
    assert (mention["user"], mention["channel"], mention["ts"]) == ("U0ANA", "C0REV", post.ts)


def test_archiving_renaming_and_deleting_a_channel_is_told(both: Stage) -> None:
    sandbox = both.sandbox
    sandbox.rename("revenue", "income")
    assert (
        told(both, "channel_rename")["channel"] | {"id": "C0REV", "name": "income"}
        == told(both, "channel_rename")["channel"]
    )
    sandbox.archive("income")
    assert (told(both, "channel_archive")["channel"], bool(told(both, "channel_archive")["user"])) == ("C0REV", True)
    sandbox.unarchive("income")
    assert told(both, "channel_unarchive")["channel"] == "C0REV"
    sandbox.delete_channel("income")
    assert told(both, "channel_deleted")["channel"] == "C0REV"
    assert [event["type"] for event in both.got] == [
        "channel_rename",
        "channel_archive",
        "channel_unarchive",
        "channel_deleted",
    ]


def test_private_channels_have_events_of_their_own_and_only_for_members(stage: Stage) -> None:
    stage.sandbox.archive("executives")
    stage.sandbox.archive("secret")
    assert [event["channel"] for event in stage.sandbox.told("group_archive")] == ["G0EXE"]
    assert stage.sandbox.told("channel_archive") == []


def test_a_new_channel_is_told_to_everybody_but_its_members_only_to_members(stage: Stage) -> None:
    stage.ana.create("#churn-war-room")
    created = told(stage, "channel_created")["channel"]
    assert (created["name"], created["creator"]) == ("churn-war-room", "U0ANA")
    stage.ana.invite("bob", "churn-war-room")
    stage.ana.invite("kpi-bot", "churn-war-room")
    joined = told(stage, "member_joined_channel")
    assert (joined["user"], joined["inviter"], joined["channel_type"]) == ("U0SANDBOX", "U0ANA", "C")
    assert len(stage.sandbox.told("member_joined_channel")) == 1


def test_joining_leaving_and_being_put_out_is_told(stage: Stage) -> None:
    stage.sandbox.hire(replace(stage.sandbox.user("bob").person, id="U0DAN", name="dan", email="dan@example.com"))
    assert told(stage, "team_join")["user"]["name"] == "dan"
    dan = stage.sandbox.user("dan")
    dan.join("#revenue")
    assert "inviter" not in told(stage, "member_joined_channel")
    dan.leave("#revenue")
    assert told(stage, "member_left_channel")["user"] == "U0DAN"
    stage.sandbox.kick("bob", "revenue")
    assert told(stage, "member_left_channel", count=2)["user"] == "U0BOB"
    stage.sandbox.remove_bot("revenue")
    assert told(stage, "channel_left")["channel"] == "C0REV"
    stage.sandbox.remove_bot("executives")
    assert told(stage, "group_left")["channel"] == "G0EXE"


def test_what_the_bot_itself_does_to_channels_is_told_too(stage: Stage) -> None:
    stage.client.conversations_join(channel="C0OPS")
    joined = told(stage, "member_joined_channel")
    assert (joined["user"], joined["channel"]) == ("U0SANDBOX", "C0OPS")


def test_reactions_are_told_with_the_message_they_are_on(both: Stage) -> None:
    message = posted(both)
    assert both.ana.react(message, ":eyes:") == ["U0ANA"]
    added = told(both, "reaction_added")
    assert (added["reaction"], added["user"], added["item_user"]) == ("eyes", "U0ANA", "U0SANDBOX")
    assert added["item"] == {"type": "message", "channel": "C0REV", "ts": message.ts}
    both.ana.react(message, "eyes")
    assert told(both, "reaction_removed")["item"]["ts"] == message.ts


def test_edits_and_deletions_carry_what_was_there_before(stage: Stage) -> None:
    message = stage.ana.say("churn is fine", "#revenue")
    stage.ana.edit(message, "churn is not fine")
    changed = stage.sandbox.told("message")[-1]
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("churn is fine", "churn is not fine")
    assert changed["ts"] != message.ts
    stage.ana.delete(message)
    gone = stage.sandbox.told("message")[-1]
    assert (gone["subtype"], gone["deleted_ts"]) == ("message_deleted", message.ts)
    assert gone["previous_message"]["text"] == "churn is not fine"


def test_plain_message_means_what_people_write_and_the_manifests_word_all_messages_there() -> None:
    with subscribed("message") as stage:
        posted(stage)
        stage.ana.say("hello", "#revenue")
        assert [event["text"] for event in stage.sandbox.told("message")] == ["hello"]
    with subscribed("message.channels") as stage:
        posted(stage)
        assert told(stage, "message")["bot_id"] == "B0SANDBOX"
        stage.ana.say("in private", "#executives")
        stage.ana.say("directly")
        stage.ana.say("hello", "#revenue")
        assert [(event["text"], event["channel_type"]) for event in stage.sandbox.told("message")] == [
            ("Churn is red", "channel"),
            ("hello", "channel"),
        ]


@pytest.mark.parametrize(
    ("word", "where", "kind"), [("message.groups", "#executives", "group"), ("message.im", None, "im")]
)
def test_each_word_covers_its_kind_of_room(word: str, where: str | None, kind: str) -> None:
    with subscribed(word) as stage:
        stage.ana.say("elsewhere", "#revenue")
        stage.ana.say("here", where)
        assert [(event["text"], event["channel_type"]) for event in stage.sandbox.told("message")] == [("here", kind)]


def test_nothing_is_told_without_subscription_scope_or_membership() -> None:
    with subscribed("app_home_opened") as stage:
        stage.ana.mention("hello", "#revenue", timeout=0)
        stage.sandbox.archive("revenue")
        assert names(stage) == []
    with over_http(scopes=SCOPES - {"channels:read", "channels:history", "reactions:read"}) as stage:
        stage.ana.react(stage.ana.say("hello", "#revenue"), "eyes")
        stage.sandbox.archive("revenue")
        assert names(stage) == []
    with over_http() as stage:
        stage.sandbox.user("bob").say("<@U0SANDBOX> are you here?", "#operations")
        assert names(stage) == []


def test_people_who_leave_come_back_or_do_not_want_to_be_disturbed_are_told(stage: Stage) -> None:
    stage.sandbox.deactivate("bob")
    assert (told(stage, "user_change")["user"]["id"], told(stage, "user_change")["user"]["deleted"]) == ("U0BOB", True)
    stage.sandbox.mishap("reactivate", "bob")
    assert told(stage, "user_change", count=2)["user"]["deleted"] is False
    stage.ana.do_not_disturb(30)
    status = told(stage, "dnd_updated_user")["dnd_status"]
    assert status["next_dnd_end_ts"] - status["next_dnd_start_ts"] == 1800
    assert stage.client.dnd_info(user="U0ANA")["dnd_enabled"]


def test_going_away_is_told_to_nobody_but_can_be_asked(stage: Stage) -> None:
    stage.ana.away()
    assert stage.client.users_getPresence(user="U0ANA")["presence"] == "away"
    assert names(stage) == []


def test_metadata_and_links_are_told(stage: Stage) -> None:
    message = posted(stage, metadata={"event_type": "alert", "event_payload": {"id": "7"}})
    event = told(stage, "message_metadata_posted")
    assert (event["message_ts"], event["metadata"]["event_payload"]) == (message.ts, {"id": "7"})
    stage.ana.say("see https://wiki.example.com/churn and https://elsewhere.org", "#revenue")
    shared = told(stage, "link_shared")
    assert shared["links"] == [{"domain": "wiki.example.com", "url": "https://wiki.example.com/churn"}]


def test_the_last_the_bot_hears_is_that_its_token_is_gone(stage: Stage) -> None:
    stage.sandbox.revoke_token()
    assert told(stage, "tokens_revoked")["tokens"] == {"oauth": [], "bot": ["U0SANDBOX"]}
    stage.ana.mention("still there?", "#revenue", timeout=0)
    assert names(stage) == ["tokens_revoked"]


def test_uninstalled_the_app_has_no_commands_no_channels_and_no_socket(both: Stage) -> None:
    both.sandbox.uninstall()
    assert names(both) == ["app_uninstalled", "tokens_revoked"]
    assert both.ana.command("/kpi churn").error == "invalid_command"
    assert "U0SANDBOX" not in both.sandbox.channel("revenue").room.members
    both.sandbox.wait_for(lambda: both.sandbox.sockets.count == 0)


def test_a_silent_mishap_is_never_heard_of(stage: Stage) -> None:
    stage.sandbox.archive("revenue", silent=True)
    stage.sandbox.deactivate("bob", silent=True)
    stage.sandbox.revoke_token(silent=True)
    time.sleep(0.05)
    assert names(stage) == []
    assert stage.sandbox.channel("revenue").room.is_archived


def test_one_may_not_touch_what_is_not_ones_own(stage: Stage) -> None:
    message = stage.ana.say("mine", "#revenue")
    bob = stage.sandbox.user("bob")
    with pytest.raises(Exception, match="cant_update_message"):
        bob.edit(message, "his")
    with pytest.raises(Exception, match="cant_delete_message"):
        bob.delete(message)
    with pytest.raises(Exception, match="not_in_channel"):
        bob.say("hello", "#executives")
    assert message.text == "mine"


def test_an_event_names_its_workspace_and_its_moment(stage: Stage) -> None:
    stage.sandbox.clock.advance(timedelta(hours=1))
    stage.ana.say("hello", "#revenue")
    envelope = stage.sandbox.wait_for_event("message").arguments
    assert envelope["type"] == "event_callback"
    assert (envelope["team_id"], envelope["api_app_id"]) == ("T0SANDBOX", "A0SANDBOX")
    assert envelope["event_time"] == int(stage.sandbox.clock.now().timestamp())
    assert envelope["event_id"].startswith("Ev")


def test_an_event_and_history_name_one_message_alike() -> None:
    with subscribed("message.channels") as stage:
        stage.ana.say("hello", "#revenue")
        event = told(stage, "message")
        (message,) = stage.client.conversations_history(channel="C0REV")["messages"]
    assert event["client_msg_id"] == message["client_msg_id"]
    assert event["blocks"] == message["blocks"]


@pytest.mark.parametrize("is_shared", [True, False])
def test_an_event_says_whether_its_channel_is_shared_with_others(is_shared: bool) -> None:
    channel = Channel("C0REV", "revenue", ("ana", "bob"), is_shared=is_shared)
    with subscribed("message.channels", channels=(channel,)) as stage:
        stage.ana.say("hello", "#revenue")
        stage.sandbox.wait_for_event("message")
        (call,) = stage.sandbox.calls("event:message", direction="sent")
    assert call.arguments["is_ext_shared_channel"] is is_shared
