"""Which rooms there are, who is in them, and coming and going."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.sandbox import Channel, Person, Sandbox, serve
from tests.sandbox.asking import asked, error, refused
from tests.sandbox.fixtures import CHANNELS, PEOPLE, client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


def test_only_rooms_the_bot_may_know_of_are_listed(client: WebClient) -> None:
    def names(method: str = "conversations.list", **fields: str) -> list[str]:
        return [room["name"] for room in asked(client, method, **fields)["channels"]]

    assert names(types="public_channel,private_channel") == ["revenue", "operations", "old-news", "executives"]
    assert names(exclude_archived="true") == ["revenue", "operations"]
    assert names("users.conversations", user="U0BOB") == ["revenue", "operations"]
    assert names("users.conversations", types="private_channel") == ["executives"]
    assert error(client, "conversations.list", types="rooms") == "invalid_types"
    assert error(client, "users.conversations", user="U0NONE") == "user_not_found"


def test_a_room_is_told_of_with_its_topic_and_membership(client: WebClient) -> None:
    room = asked(client, "conversations.info", channel="C0REV")["channel"]
    assert (room["topic"]["value"], room["is_member"], "num_members" in room) == ("Revenue and churn", True, False)
    counted = asked(client, "conversations.info", channel="C0REV", include_num_members=True)["channel"]
    assert counted["num_members"] == 3
    assert asked(client, "conversations.info", channel="C0OPS")["channel"]["is_member"] is False
    assert error(client, "conversations.info", channel="G0SEC") == "channel_not_found"
    assert error(client, "conversations.info", channel="revenue") == "channel_not_found"


def test_lists_are_walked_by_cursor(client: WebClient) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        answer = asked(client, "conversations.members", channel="C0REV", limit="1", cursor=cursor)
        seen += answer["members"]
        cursor = answer["response_metadata"]["next_cursor"]
    assert (seen, cursor) == (["U0ANA", "U0BOB", "U0SANDBOX"], "")


def test_public_channels_are_joined_and_joining_twice_is_remarked_on(sandbox: Sandbox, client: WebClient) -> None:
    assert "warning" not in asked(client, "conversations.join", channel="C0OPS")
    again = asked(client, "conversations.join", channel="C0OPS")
    assert (again["channel"]["is_member"], again["warning"]) == (True, "already_in_channel")
    assert again["response_metadata"]["warnings"] == ["already_in_channel"]
    assert sandbox.workspace.room("operations").members == ["U0BOB", "U0SANDBOX"]
    assert error(client, "conversations.join", channel="G0EXE") == "method_not_supported_for_channel_type"
    assert error(client, "conversations.join", channel="G0SEC") == "channel_not_found"
    assert error(client, "conversations.join", channel="C0OLD") == "is_archived"


def test_the_bot_leaves_a_channel(sandbox: Sandbox, client: WebClient) -> None:
    asked(client, "conversations.leave", channel="C0REV")
    assert "U0SANDBOX" not in sandbox.workspace.room("revenue").members
    assert asked(client, "conversations.leave", channel="C0REV")["not_in_channel"] is True
    assert error(client, "conversations.leave", channel="C0OLD") == "is_archived"
    asked(client, "conversations.open", users="U0ANA")
    assert error(client, "conversations.leave", channel="D0ANA") == "method_not_supported_for_channel_type"


def test_the_bot_does_not_leave_the_general_channel_nor_as_the_last() -> None:
    people = (Person("U0ANA", "ana"), Person("U0CAT", "cat", deleted=True))
    channels = [Channel("C0GEN", "general"), Channel("C0ONE", "lonely", ("ana",))]
    sandbox = small_sandbox(people=people, channels=channels, user_groups=())
    sandbox.workspace.room("lonely").members.remove("U0ANA")
    with serve(sandbox):
        assert error(client_of(sandbox), "conversations.leave", channel="C0GEN") == "cant_leave_general"
        assert error(client_of(sandbox), "conversations.leave", channel="C0ONE") == "last_member"


def test_people_are_invited_all_or_none(sandbox: Sandbox, client: WebClient) -> None:
    answer = refused(client, "conversations.invite", channel="G0EXE", users="U0BOB,U0NONE,U0SANDBOX")
    assert answer["error"] == "user_not_found"
    assert [one["error"] for one in answer["errors"]] == ["user_not_found", "cant_invite_self"]
    assert asked(client, "conversations.invite", channel="G0EXE", users="U0BOB")["channel"]["id"] == "G0EXE"
    assert sandbox.workspace.room("executives").members == ["U0ANA", "U0SANDBOX", "U0BOB"]
    assert error(client, "conversations.invite", channel="G0EXE", users="U0BOB") == "already_in_channel"
    assert error(client, "conversations.invite", channel="G0EXE", users="U0GON") == "user_not_found"
    assert error(client, "conversations.invite", channel="G0EXE", users="") == "no_user"
    assert error(client, "conversations.invite", channel="C0OPS", users="U0ANA") == "not_in_channel"
    assert error(client, "conversations.invite", channel="C0OLD", users="U0BOB") == "is_archived"
    asked(client, "conversations.open", users="U0ANA")
    assert (
        error(client, "conversations.invite", channel="D0ANA", users="U0BOB") == "method_not_supported_for_channel_type"
    )


def test_a_direct_conversation_is_opened_once(client: WebClient) -> None:
    first = asked(client, "conversations.open", users="U0ANA")
    again = asked(client, "conversations.open", users="U0ANA", return_im=True)
    assert ("already_open" in first, again["already_open"], again["no_op"]) == (False, True, True)
    assert (again["channel"]["is_im"], again["channel"]["user"]) == (True, "U0ANA")
    assert asked(client, "conversations.open", channel="D0ANA")["channel"]["id"] == "D0ANA"


def test_a_conversation_of_several_is_found_again_in_any_order(sandbox: Sandbox, client: WebClient) -> None:
    first = asked(client, "conversations.open", users="U0ANA,U0BOB", return_im=True)["channel"]
    assert (first["is_mpim"], first["name"]) == (True, "mpdm-ana--bob--kpi-bot-1")
    assert asked(client, "conversations.open", users="U0BOB,U0ANA")["channel"]["id"] == first["id"]
    asked(client, "chat.postMessage", channel=first["id"], text="to both")
    history = asked(client, "conversations.history", channel=first["id"])["messages"]
    assert [message["text"] for message in history] == ["to both"]


def test_conversations_that_cannot_be_opened(client: WebClient) -> None:
    assert error(client, "conversations.open") == "users_list_not_supplied"
    assert error(client, "conversations.open", users="U0NONE") == "user_not_found"
    assert error(client, "conversations.open", users="U0GON") == "user_disabled"
    assert error(client, "conversations.open", users=",".join(["U0ANA"] * 9)) == "too_many_users"
    assert error(client, "conversations.open", users="U0ANA,U0ANA") == "invalid_arguments"
    assert error(client, "conversations.open", channel="C0REV") == "method_not_supported_for_channel_type"
    assert error(client, "conversations.open", channel="D0NONE") == "channel_not_found"


def test_one_and_several_take_scopes_of_their_own() -> None:
    sandbox = small_sandbox(scopes={"im:write"})
    with serve(sandbox):
        client = client_of(sandbox)
        asked(client, "conversations.open", users="U0ANA")
        answer = refused(client, "conversations.open", users="U0ANA,U0BOB")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "mpim:write")


def test_a_channel_without_named_members_holds_every_full_member() -> None:
    sandbox = small_sandbox(channels=[*CHANNELS, Channel("C0ALL", "all")])
    assert len(PEOPLE) == 4
    assert sandbox.workspace.room("all").members == ["U0ANA", "U0BOB", "U0SANDBOX"]
