"""The Web API answers as Slack's reference says, good calls and bad ones, through the official client."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Channel, Message, Person, Sandbox, serve
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]
pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")

MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
HOME = {"type": "home", "blocks": []}
METADATA = {"event_type": "kpi_alert", "event_payload": {"id": "row-7"}}


def refused(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    data = caught.value.response.data
    assert isinstance(data, dict)
    return data


def post(sandbox: Sandbox, client: WebClient, text: str = "hello", **fields: Any) -> Message:
    client.chat_postMessage(channel="C0REV", text=text, **fields)
    return sandbox.channel("revenue").posts[-1]


def test_a_post_appears_and_its_time_is_the_sandboxs(sandbox: Sandbox, client: WebClient) -> None:
    first = client.chat_postMessage(channel="C0REV", text="one")
    second = client.chat_postMessage(channel="#revenue", text="two")
    assert [message.text for message in sandbox.channel("#revenue").posts] == ["one", "two"]
    assert first["channel"] == second["channel"] == "C0REV"
    assert str(first["ts"]).startswith(str(int(sandbox.clock.now().timestamp())))
    assert float(second["ts"]) > float(first["ts"])


BAD_POSTS: list[tuple[str, dict[str, Any], str]] = [
    ("unknown channel", {"channel": "C0NONE", "text": "a"}, "channel_not_found"),
    ("private channel without the bot", {"channel": "G0SEC", "text": "a"}, "channel_not_found"),
    ("archived channel", {"channel": "C0OLD", "text": "a"}, "is_archived"),
    ("no words", {"channel": "C0REV"}, "no_text"),
    ("too many words", {"channel": "C0REV", "text": "a" * 40_001}, "msg_too_long"),
    ("blocks that are no JSON", {"channel": "C0REV", "blocks": "[{"}, "invalid_blocks_format"),
    ("invalid blocks", {"channel": "C0REV", "blocks": [{"type": "alert"}]}, "invalid_blocks"),
    ("unknown thread", {"channel": "C0REV", "text": "a", "thread_ts": "1.000001"}, "thread_not_found"),
    ("deactivated person", {"channel": "U0GON", "text": "a"}, "channel_not_found"),
    (
        "too much metadata",
        {"channel": "C0REV", "text": "a", "metadata": {"event_type": "e", "event_payload": {"id": "a" * 9000}}},
        "metadata_too_large",
    ),
]


@pytest.mark.parametrize(("arguments", "error"), [case[1:] for case in BAD_POSTS], ids=[case[0] for case in BAD_POSTS])
def test_a_bad_post_is_refused_and_leaves_nothing(
    sandbox: Sandbox, client: WebClient, arguments: dict[str, Any], error: str
) -> None:
    arguments.setdefault("text", None)
    assert refused(client.chat_postMessage, **arguments)["error"] == error
    assert sandbox.channel("revenue").posts == []


def test_invalid_blocks_are_named_by_pointer(client: WebClient) -> None:
    answer = refused(client.chat_postMessage, channel="C0REV", text="a", blocks=[{"type": "section"}])
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] needs at least one of text, fields [json-pointer:/blocks/0]"
    ]


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type"), ("", "not_authed")]
)
def test_a_wrong_token_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    assert refused(client_of(sandbox, token).auth_test)["error"] == error


def test_a_revoked_token_is_refused(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.revoke_token()
    assert refused(client.auth_test)["error"] == "token_revoked"


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.shout")["error"] == "unknown_method"


def test_a_missing_scope_is_named_with_what_is_there() -> None:
    sandbox = small_sandbox(scopes={"chat:write", "channels:read"})
    with serve(sandbox):
        client = client_of(sandbox)
        answer = refused(client.users_list)
        assert (answer["error"], answer["needed"], answer["provided"]) == (
            "missing_scope",
            "users:read",
            "channels:read,chat:write",
        )
        assert refused(client.conversations_history, channel="C0REV")["needed"].startswith("channels:history")
        assert refused(client.conversations_list, types="private_channel")["needed"] == "groups:read"
        assert refused(client.chat_postMessage, channel="C0OPS", text="a")["error"] == "not_in_channel"


def test_a_public_channel_can_be_posted_to_with_the_scope_and_joined(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0OPS", text="from outside")
    assert refused(client.conversations_history, channel="C0OPS")["error"] == "not_in_channel"
    client.conversations_join(channel="C0OPS")
    assert client.conversations_history(channel="C0OPS")["messages"][0]["text"] == "from outside"
    answer = refused(client.conversations_join, channel="G0EXE")
    assert answer["error"] == "method_not_supported_for_channel_type"


def test_a_person_is_written_to_by_id_in_their_direct_conversation(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.chat_postMessage(channel="U0ANA", text="psst")
    assert answer["channel"] == client.conversations_open(users="U0ANA")["channel"]["id"] == "D0ANA"
    assert [message.text for message in sandbox.user("ana").direct] == ["psst"]
    assert refused(client.conversations_open, users="U0GON")["error"] == "user_disabled"


def test_a_reply_stands_in_its_thread_and_a_reply_to_it_in_the_same(sandbox: Sandbox, client: WebClient) -> None:
    parent = post(sandbox, client)
    reply = client.chat_postMessage(channel="C0REV", text="first", thread_ts=parent.ts)
    client.chat_postMessage(channel="C0REV", text="second", thread_ts=reply["ts"])
    assert [message.text for message in parent.thread] == ["first", "second"]
    assert sandbox.channel("revenue").posts == [parent]
    answer = client.conversations_replies(channel="C0REV", ts=parent.ts)
    assert [message["text"] for message in answer["messages"]] == ["hello", "first", "second"]
    assert answer["messages"][0]["reply_count"] == 2


BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*blocks*"}}]


def test_an_edit_with_text_alone_takes_the_blocks_away_and_shows_it_was_edited(
    sandbox: Sandbox, client: WebClient
) -> None:
    message = post(sandbox, client, blocks=BLOCKS)
    client.chat_update(channel="C0REV", ts=message.ts, text="only text")
    assert (message.text, message.blocks, message.edited) == ("only text", [], True)


def test_an_edit_with_blocks_does_not_show_it_was_edited(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client, blocks=BLOCKS)
    client.chat_update(channel="C0REV", ts=message.ts, text="new", blocks=[{"type": "divider"}])
    assert (message.blocks[0]["type"], message.edited, message.changes) == ("divider", False, 1)


def test_metadata_is_kept_over_edits_until_an_empty_object(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client, metadata=METADATA)
    client.chat_update(channel="C0REV", ts=message.ts, text="new")
    without = client.conversations_history(channel="C0REV")["messages"][0]
    with_it = client.conversations_history(channel="C0REV", include_all_metadata=True)["messages"][0]
    assert "metadata" not in without
    assert with_it["metadata"] == METADATA
    client.chat_update(channel="C0REV", ts=message.ts, text="new", metadata={})
    assert message.metadata is None


def test_edits_that_slack_refuses(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client, blocks=[{"type": "rich_text", "elements": []}])
    theirs = sandbox.user("ana").say("mine", "#revenue")
    client.chat_postMessage(channel="U0ANA", text="direct")

    def edit(**arguments: Any) -> str:
        given = {"channel": "C0REV", "ts": message.ts, "text": "new", **arguments}
        return str(refused(client.chat_update, **given)["error"])

    assert edit(ts=theirs.ts) == "cant_update_message"
    assert edit(ts="1.000001") == "message_not_found"
    assert edit(channel="U0ANA") == "channel_not_found"
    assert edit(text="a" * 4001) == "msg_too_long"
    assert edit(blocks=BLOCKS) == "block_mismatch"
    sandbox.archive("#revenue")
    assert edit() == "is_archived"


def test_a_deleted_message_is_gone_for_history_and_edits(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client)
    client.chat_delete(channel="C0REV", ts=message.ts)
    assert sandbox.channel("revenue").posts == []
    assert client.conversations_history(channel="C0REV")["messages"] == []
    assert refused(client.chat_update, channel="C0REV", ts=message.ts, text="a")["error"] == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_and_cannot_be_edited(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.chat_postEphemeral(channel="C0REV", user="U0ANA", text="for you")
    assert [message.text for message in sandbox.user("ana").ephemeral] == ["for you"]
    assert sandbox.user("bob").ephemeral == sandbox.channel("revenue").posts == []
    edit = refused(client.chat_update, channel="C0REV", ts=answer["message_ts"], text="a")
    assert edit["error"] == "message_not_found"
    outsider = refused(client.chat_postEphemeral, channel="C0REV", user="U0CAT", text="a")
    assert outsider["error"] == "user_not_in_channel"


def test_a_permalink_names_channel_and_message(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client)
    link = client.chat_getPermalink(channel="C0REV", message_ts=message.ts)["permalink"]
    assert link == f"{sandbox.address}/archives/C0REV/p{message.ts.replace('.', '')}"


def test_history_comes_newest_first_in_pages_and_between_times(sandbox: Sandbox, client: WebClient) -> None:
    for number in range(5):
        post(sandbox, client, text=str(number))
        sandbox.clock.advance(timedelta(minutes=1))
    first = client.conversations_history(channel="C0REV", limit=2)
    assert [message["text"] for message in first["messages"]] == ["4", "3"]
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel="C0REV", limit=2, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["2", "1"]
    posts = sandbox.channel("revenue").posts
    after = client.conversations_history(channel="C0REV", oldest=posts[3].ts)
    assert [message["text"] for message in after["messages"]] == ["4"]
    including = client.conversations_history(channel="C0REV", oldest=posts[3].ts, inclusive=True)
    assert [message["text"] for message in including["messages"]] == ["4", "3"]


def test_lists_are_walked_by_cursor_and_a_wrong_one_is_refused(client: WebClient) -> None:
    names: list[str] = []
    cursor = ""
    for _ in range(10):
        answer = client.users_list(limit=2, cursor=cursor)
        names += [member["name"] for member in answer["members"]]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["ana", "bob", "cat", "gone", "kpi-bot"]
    assert refused(client.users_list, cursor="nonsense")["error"] == "invalid_cursor"
    assert refused(client.conversations_list, limit=5000)["error"] == "invalid_limit"


def test_only_rooms_the_bot_may_know_of_are_listed(client: WebClient) -> None:
    rooms = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert [room["name"] for room in rooms] == ["revenue", "operations", "old-news", "executives"]
    active = client.conversations_list(exclude_archived=True)["channels"]
    assert [(room["name"], room["is_member"]) for room in active] == [("revenue", True), ("operations", False)]
    assert [room["name"] for room in client.users_conversations(user="U0BOB")["channels"]] == ["revenue", "operations"]
    assert client.conversations_members(channel="C0REV")["members"] == ["U0ANA", "U0BOB", "U0SANDBOX"]
    assert client.conversations_info(channel="C0REV")["channel"]["topic"]["value"] == "Revenue and churn"
    assert refused(client.conversations_info, channel="G0SEC")["error"] == "channel_not_found"


def test_people_are_found_with_zone_guest_mark_and_email(client: WebClient) -> None:
    ana = client.users_info(user="U0ANA")["user"]
    assert (ana["tz"], ana["tz_offset"], ana["profile"]["email"]) == ("Europe/Madrid", 3600, "ana@example.com")
    assert client.users_info(user="U0CAT")["user"]["is_restricted"] is True
    assert client.users_lookupByEmail(email="BOB@example.com")["user"]["id"] == "U0BOB"
    assert refused(client.users_lookupByEmail, email="gone@example.com")["error"] == "users_not_found"
    assert refused(client.users_info, user="U0NONE")["error"] == "user_not_found"


def test_an_email_is_kept_back_without_its_scope() -> None:
    sandbox = small_sandbox(scopes={"users:read"})
    with serve(sandbox):
        assert "email" not in client_of(sandbox).users_info(user="U0ANA")["user"]["profile"]


def test_user_groups_name_their_people(client: WebClient) -> None:
    (group,) = client.usergroups_list(include_users=True)["usergroups"]
    assert (group["handle"], group["users"]) == ("revenue-team", ["U0ANA", "U0BOB"])
    assert client.usergroups_users_list(usergroup="S0REV")["users"] == ["U0ANA", "U0BOB"]
    assert refused(client.usergroups_users_list, usergroup="S0NONE")["error"] == "no_such_subteam"


def test_the_bot_and_its_workspace_are_named(sandbox: Sandbox, client: WebClient) -> None:
    me = client.auth_test()
    assert (me["user_id"], me["bot_id"], me["team"]) == ("U0SANDBOX", "B0SANDBOX", "Small Company")
    assert client.bots_info(bot=me["bot_id"])["bot"]["user_id"] == me["user_id"]
    assert client.team_info()["team"]["id"] == me["team_id"]
    assert client.api_test(words="a")["args"]["words"] == "a"
    assert refused(client.api_test, error="my_error")["error"] == "my_error"


def test_a_reaction_is_added_once(sandbox: Sandbox, client: WebClient) -> None:
    message = post(sandbox, client)
    client.reactions_add(channel="C0REV", timestamp=message.ts, name="eyes")
    assert message.reactions == {"eyes": ["U0SANDBOX"]}
    again = refused(client.reactions_add, channel="C0REV", timestamp=message.ts, name="eyes")
    assert again["error"] == "already_reacted"


def test_blocks_are_validated_on_request(client: WebClient) -> None:
    assert client.api_call("blocks.validate", json={"blocks": BLOCKS})["ok"]
    bad = refused(client.api_call, api_method="blocks.validate", json={"blocks": [{"type": "header"}]})
    assert bad["error"] == "invalid_blocks"
    assert refused(client.api_call, api_method="blocks.validate", json={})["error"] == "invalid_arguments"


def test_a_home_view_is_published_and_a_stale_hash_is_refused(sandbox: Sandbox, client: WebClient) -> None:
    first = client.views_publish(user_id="U0ANA", view=HOME)["view"]
    client.views_publish(user_id="U0ANA", view=HOME, hash=first["hash"])
    stale = refused(client.views_publish, user_id="U0ANA", view=HOME, hash=first["hash"])
    assert stale["error"] == "hash_conflict"
    assert refused(client.views_publish, user_id="U0NONE", view=HOME)["error"] == "user_not_found"


def test_modals_need_a_trigger_and_stack_to_three(sandbox: Sandbox, client: WebClient) -> None:
    assert refused(client.views_open, trigger_id="1.2.x", view=MODAL)["error"] == "invalid_trigger_id"
    bad = refused(client.views_open, trigger_id=sandbox.workspace.new_trigger("U0ANA").id, view={**MODAL, "blocks": 1})
    assert bad["error"] == "invalid_arguments"
    view = client.views_open(trigger_id=sandbox.workspace.new_trigger("U0ANA").id, view=MODAL)["view"]
    for _ in range(2):
        view = client.views_push(trigger_id=sandbox.workspace.new_trigger("U0ANA", view["id"]).id, view=MODAL)["view"]
    trigger = sandbox.workspace.new_trigger("U0ANA", view["id"]).id
    assert refused(client.views_push, trigger_id=trigger, view=MODAL)["error"] == "push_limit_reached"
    changed = client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)["view"]
    assert changed["hash"] != view["hash"]
    assert refused(client.views_update, view_id=view["id"], hash=view["hash"], view=MODAL)["error"] == "hash_conflict"
    sandbox.user("ana").close(everything=True)
    assert refused(client.views_update, view_id=view["id"], view=MODAL)["error"] == "not_found"


def test_a_channel_without_named_members_holds_everybody_active() -> None:
    people = [Person("U1", "one"), Person("U2", "two", deleted=True)]
    sandbox = Sandbox(people, [Channel("C1", "all")])
    assert sandbox.workspace.room("all").members == ["U1", "U0SANDBOX"]
