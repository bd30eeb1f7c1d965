"""How a Web API call is read before its method runs: token, scope, content type, arguments, cursors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, serve
from tests.sandbox.asking import BLOCKS, asked, error, post, refused, send
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"


def call(sandbox: Sandbox, method: str, body: bytes | None, **headers: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A call over bare HTTP, with the bot's token in the header unless other headers are given."""
    given = {
        "Authorization": "Bearer xoxb-sandbox",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    _, answer, back = send(sandbox.api_url + method, body, **given)
    return json.loads(answer), back


@pytest.mark.parametrize(
    ("token", "word"), [("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type"), ("", "not_authed")]
)
def test_a_wrong_token_is_refused(sandbox: Sandbox, token: str, word: str) -> None:
    assert error(client_of(sandbox, token), "auth.test") == word


def test_a_bot_token_opens_no_socket(client: WebClient) -> None:
    assert error(client, "apps.connections.open") == "not_allowed_token_type"


def test_a_token_is_taken_from_header_or_form_but_not_from_the_query(sandbox: Sandbox) -> None:
    by_form = call(sandbox, "auth.test", b"token=xoxb-sandbox", Authorization="", Content_Type=FORM)[0]
    by_query = call(sandbox, "auth.test?token=xoxb-sandbox", None, Authorization="")[0]
    assert (by_form["ok"], by_query["error"]) == (True, "not_authed")


def test_a_revoked_token_and_one_of_an_uninstalled_app_are_told_apart(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.revoke_token()
    assert error(client, "auth.test") == "token_revoked"
    sandbox.workspace.is_uninstalled = True
    assert error(client, "auth.test") == "account_inactive"


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    answer = refused(client, "chat.shout")
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.shout")


def test_a_missing_scope_is_named_with_what_is_there() -> None:
    sandbox = small_sandbox(scopes={"chat:write", "channels:read"})
    with serve(sandbox):
        client = client_of(sandbox)
        answer = refused(client, "users.list")
        assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
        assert answer["provided"] == "channels:read,chat:write"
        assert refused(client, "conversations.list", types="private_channel")["needed"] == "groups:read"
        assert error(client, "chat.postMessage", channel="C0OPS", text="a") == "not_in_channel"


SCOPES = {
    "bookmarks.add": "bookmarks:write", "bookmarks.list": "bookmarks:read", "bookmarks.remove": "bookmarks:write",
    "bots.info": "users:read", "canvases.create": "canvases:write", "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write", "chat.postMessage": "chat:write", "chat.update": "chat:write",
    "conversations.history": "channels:history,groups:history,im:history,mpim:history",
    "conversations.info": "channels:read,groups:read,im:read,mpim:read", "conversations.join": "channels:join",
    "conversations.open": "channels:manage,groups:write,im:write,mpim:write", "dnd.info": "dnd:read",
    "dnd.teamInfo": "dnd:read", "files.completeUploadExternal": "files:write", "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write", "files.info": "files:read", "files.list": "files:read",
    "pins.add": "pins:write", "pins.list": "pins:read", "pins.remove": "pins:write",
    "reactions.add": "reactions:write", "reactions.get": "reactions:read", "reactions.remove": "reactions:write",
    "team.info": "team:read", "usergroups.list": "usergroups:read", "usergroups.users.list": "usergroups:read",
    "users.getPresence": "users:read", "users.info": "users:read", "users.lookupByEmail": "users:read.email",
}  # fmt: skip


def test_every_method_names_the_scope_it_accepts_in_a_header_and_in_its_refusal() -> None:
    sandbox = small_sandbox(scopes={"commands"})
    with serve(sandbox):
        for method, scope in SCOPES.items():
            answer, headers = call(sandbox, method, b"", Content_Type=FORM)
            assert (answer["error"], answer["needed"]) == ("missing_scope", scope), method
            assert (headers["x-oauth-scopes"], headers["x-accepted-oauth-scopes"]) == ("commands", scope)


@pytest.mark.parametrize("method", ["auth.test", "chat.getPermalink", "views.open", "views.publish", "views.update"])
def test_some_methods_need_no_scope(method: str) -> None:
    sandbox = small_sandbox(scopes=())
    with serve(sandbox):
        answer, _ = call(sandbox, method, b"", Content_Type=FORM)
        assert answer.get("error") in (None, "invalid_arguments")


REQUIRED = [
    ("bookmarks.add", ["channel_id", "title", "type"]),
    ("bookmarks.list", ["channel_id"]),
    ("bookmarks.remove", ["channel_id", "bookmark_id"]),
    ("chat.delete", ["channel", "ts"]),
    ("chat.getPermalink", ["channel", "message_ts"]),
    ("chat.postEphemeral", ["channel", "user"]),
    ("chat.postMessage", ["channel"]),
    ("chat.update", ["channel", "ts"]),
    ("conversations.history", ["channel"]),
    ("conversations.info", ["channel"]),
    ("conversations.invite", ["channel", "users"]),
    ("conversations.join", ["channel"]),
    ("conversations.leave", ["channel"]),
    ("conversations.members", ["channel"]),
    ("conversations.replies", ["channel", "ts"]),
    ("dnd.teamInfo", ["users"]),
    ("files.completeUploadExternal", ["files"]),
    ("files.delete", ["file"]),
    ("files.getUploadURLExternal", ["filename", "length"]),
    ("files.info", ["file"]),
    ("pins.add", ["channel"]),
    ("pins.list", ["channel"]),
    ("reactions.add", ["channel", "timestamp", "name"]),
    ("reactions.remove", ["name"]),
    ("usergroups.users.list", ["usergroup"]),
    ("users.info", ["user"]),
    ("users.lookupByEmail", ["email"]),
    ("views.open", ["view"]),
    ("views.publish", ["user_id", "view"]),
    ("views.push", ["view"]),
    ("views.update", ["view"]),
]


@pytest.mark.parametrize(("method", "names"), REQUIRED, ids=[method for method, _ in REQUIRED])
def test_missing_arguments_are_all_named(client: WebClient, method: str, names: list[str]) -> None:
    answer = refused(client, method)
    assert answer["error"] == "invalid_arguments"
    lines = [f"[ERROR] missing required field: {name}" for name in names]
    assert answer["response_metadata"]["messages"] == lines


EMPTY = [
    ("conversations.info", {"channel": ""}, "channel_not_found"),
    ("conversations.history", {"channel": ""}, "channel_not_found"),
    ("conversations.replies", {"channel": "C0REV", "ts": ""}, "thread_not_found"),
    ("chat.postMessage", {"channel": "", "text": "a"}, "channel_not_found"),
    ("users.info", {"user": ""}, "user_not_found"),
    ("users.lookupByEmail", {"email": ""}, "users_not_found"),
    ("reactions.add", {"channel": "C0REV", "timestamp": "", "name": "eyes"}, "bad_timestamp"),
    ("files.info", {"file": ""}, "file_not_found"),
]


@pytest.mark.parametrize(("method", "fields", "word"), EMPTY, ids=[case[0] for case in EMPTY])
def test_an_argument_that_is_there_but_empty_is_judged_by_its_method(
    client: WebClient, method: str, fields: dict[str, str], word: str
) -> None:
    assert error(client, method, **fields) == word


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("chat.postMessage", {"channel": ["C0REV"], "text": "a"}),
        ("chat.postMessage", {"channel": "C0REV", "text": 7}),
        ("chat.update", {"channel": "C0REV", "ts": 1.5, "text": "a"}),
        ("chat.postMessage", {"channel": 7, "text": "a"}),
        ("conversations.history", {"channel": "C0REV", "inclusive": "maybe"}),
        ("conversations.history", {"channel": "C0REV", "limit": "many"}),
        ("files.completeUploadExternal", {"files": "F0NONE"}),
        ("files.completeUploadExternal", {"files": [{"title": "no id"}]}),
        ("conversations.open", {"users": {"a": 1}}),
    ],
)
def test_an_argument_of_the_wrong_type_is_refused(sandbox: Sandbox, method: str, given: dict[str, Any]) -> None:
    answer, _ = call(sandbox, method, json.dumps(given).encode(), Content_Type=JSON)
    assert answer["error"] == "invalid_arguments"
    assert sandbox.channel("revenue").posts == []


def test_json_is_read_and_without_its_charset_remarked_on(sandbox: Sandbox) -> None:
    body = json.dumps({"channel": "C0REV", "text": "a"}).encode()
    plain, _ = call(sandbox, "chat.postMessage", body, Content_Type=JSON)
    assert (plain["ok"], "warning" in plain) == (True, False)
    remarked, _ = call(sandbox, "chat.postMessage", body, Content_Type="application/json")
    assert (remarked["ok"], remarked["warning"]) == (True, "missing_charset")
    assert remarked["response_metadata"]["warnings"] == ["missing_charset"]


def test_a_remark_stands_beside_an_error_too(sandbox: Sandbox) -> None:
    answer, _ = call(sandbox, "chat.postMessage", b"{}", Content_Type="application/json")
    assert (answer["error"], answer["warning"]) == ("invalid_arguments", "missing_charset")
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_a_form_needs_no_charset(sandbox: Sandbox) -> None:
    answer, _ = call(sandbox, "auth.test", b"", Content_Type=FORM)
    assert "warning" not in answer
    answer, _ = call(sandbox, "auth.test", b"", Content_Type=f"{FORM}; charset=utf-8")
    assert answer["warning"] == "superfluous_charset"


@pytest.mark.parametrize(
    ("kind", "body", "word"),
    [
        (JSON, b"{", "invalid_json"),
        (JSON, b"[]", "json_not_object"),
        ("text/csv", b"a,b", "invalid_post_type"),
        ("", b"a", "missing_post_type"),
    ],
)
def test_a_body_slack_cannot_read_is_refused(sandbox: Sandbox, kind: str, body: bytes, word: str) -> None:
    answer, _ = call(sandbox, "auth.test", body, Content_Type=kind)
    assert answer["error"] == word


def test_methods_that_read_forms_only_do_not_see_json(sandbox: Sandbox) -> None:
    body = json.dumps({"user": "U0ANA", "channel": "C0REV"}).encode()
    for method in ("users.info", "conversations.info", "conversations.members"):
        answer, _ = call(sandbox, method, body, Content_Type=JSON)
        assert answer["error"] == "invalid_arguments", method


def test_reading_methods_take_get_with_a_query(sandbox: Sandbox) -> None:
    answer, _ = call(sandbox, "users.info?user=U0ANA", None)
    assert answer["user"]["name"] == "ana"


def test_objects_come_as_json_text_in_forms_and_as_objects_in_json(sandbox: Sandbox, client: WebClient) -> None:
    asked(client, "chat.postMessage", channel="C0REV", text="a", blocks=BLOCKS)
    client.api_call("chat.postMessage", json={"channel": "C0REV", "text": "a", "blocks": BLOCKS})
    first, second = sandbox.channel("revenue").posts
    assert first.blocks[0]["text"] == second.blocks[0]["text"]


def test_a_cursor_is_good_for_its_own_list_only(sandbox: Sandbox, client: WebClient) -> None:
    for text in "abc":
        post(sandbox, client, text)
    client.conversations_join(channel="C0OPS")
    cursors = {
        "users.list": asked(client, "users.list", limit="1"),
        "conversations.list": asked(client, "conversations.list", limit="1"),
        "conversations.members": asked(client, "conversations.members", channel="C0REV", limit="1"),
        "conversations.history": asked(client, "conversations.history", channel="C0REV", limit="1"),
    }
    for method in cursors:
        for owner, answer in cursors.items():
            cursor = answer["response_metadata"]["next_cursor"]
            if owner != method:
                assert error(client, method, channel="C0REV", cursor=cursor) == "invalid_cursor", (owner, method)
    other_room = cursors["conversations.history"]["response_metadata"]["next_cursor"]
    assert error(client, "conversations.history", channel="C0OPS", cursor=other_room) == "invalid_cursor"
    assert error(client, "users.list", cursor="nonsense") == "invalid_cursor"


@pytest.mark.parametrize("limit", ["1001", "-1", "many"])
def test_a_limit_out_of_bounds_is_refused(client: WebClient, limit: str) -> None:
    assert error(client, "conversations.list", limit=limit) == "invalid_limit"
    assert error(client, "conversations.members", channel="C0REV", limit=limit) == "invalid_limit"


def test_the_api_test_gives_back_what_it_got(client: WebClient) -> None:
    assert asked(client, "api.test", words="a")["args"]["words"] == "a"
    assert error(client, "api.test", error="my_error") == "my_error"


def test_the_bot_and_its_workspace_are_named(sandbox: Sandbox, client: WebClient) -> None:
    me = asked(client, "auth.test")
    assert (me["user_id"], me["bot_id"], me["team"]) == ("U0SANDBOX", "B0SANDBOX", "Small Company")
    assert asked(client, "bots.info", bot=me["bot_id"])["bot"]["user_id"] == me["user_id"]
    assert error(client, "bots.info", bot="B0NONE") == "bot_not_found"
    assert asked(client, "team.info")["team"]["id"] == me["team_id"]
    assert error(client, "team.info", team="T0NONE") == "team_not_found"


def test_posts_are_counted_by_the_room_they_go_to() -> None:
    sandbox = small_sandbox(rate_limits=True)
    with serve(sandbox):
        client = client_of(sandbox)
        for word in ("#revenue", "revenue", "C0REV", "#revenue", "C0REV"):
            asked(client, "chat.postMessage", channel=word, text="a")
        assert error(client, "chat.postMessage", channel="#revenue", text="a") == "ratelimited"
        for word in ("U0ANA", "D0ANA", "U0ANA", "D0ANA", "U0ANA"):
            asked(client, "chat.postMessage", channel=word, text="a")
        assert error(client, "chat.postMessage", channel="D0ANA", text="a") == "ratelimited"


def test_blocks_are_validated_on_request_without_a_token(sandbox: Sandbox, client: WebClient) -> None:
    nobody = client_of(sandbox, "")
    assert asked(nobody, "blocks.validate", blocks=BLOCKS) == {"ok": True}
    assert error(client_of(sandbox, "xoxb-wrong"), "blocks.validate", blocks=BLOCKS) == "invalid_auth"
    answer = refused(nobody, "blocks.validate", blocks=[{"type": "header"}])
    assert answer["error"] == "invalid_blocks"
    assert {key: answer["errors"][0][key] for key in ("code", "pointer")} == {
        "code": "failed_constraint",
        "pointer": "/0",
    }
    assert error(nobody, "blocks.validate", message={"text": ""}) == "invalid_message"
    assert error(nobody, "blocks.validate", view={"type": "modal"}) == "invalid_view"
    both = refused(nobody, "blocks.validate", blocks=BLOCKS, message={"text": "a"})
    assert both["error"] == "invalid_arguments"
    assert both["response_metadata"]["messages"] == ["must provide exactly one of `blocks`, `view`, or `message`"]
