"""The table: about 150 calls, good and bad, and what Slack's method reference says comes back.

The expectations are read from Slack's reference of each method, never from what the sandbox answers. People, channels
and groups are those of `tests.sandbox.fixtures`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.sandbox import Sandbox
from tests.oracles.probe.clients import Json
from tests.oracles.probe.story import ABSENT, Like, Step, Story, bad, good

REVENUE, OPERATIONS, ARCHIVED, PRIVATE, HIDDEN = "C0REV", "C0OPS", "C0OLD", "G0EXE", "G0SEC"
ANA, BOB, GONE, BOT = "U0ANA", "U0BOB", "U0GON", "U0SANDBOX"
TS = Like(r"^\d{10}\.\d{6}$")
NOTHING = "1700000000.000100"
"""A time at which nothing was posted."""


def section(text: str = "words") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def rich(text: str) -> Json:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [part]}


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(title: str = "Title", **fields: Any) -> Json:
    return {"type": "modal", "title": words(title), "blocks": [section()], **fields}


def home(text: str = "Home") -> Json:
    return {"type": "home", "blocks": [section(text)]}


def said(sandbox: Sandbox) -> Json:
    return {"said": {"ts": sandbox.user("ana").say("a person's words", "#revenue").ts}}


def trigger(sandbox: Sandbox) -> Json:
    with sandbox.workspace.lock:
        return {"trigger": {"id": sandbox.workspace.new_trigger(ANA).id}}


def old_trigger(sandbox: Sandbox) -> Json:
    found = trigger(sandbox)
    sandbox.clock.advance(timedelta(seconds=4))
    return found


def trigger_in(view: str) -> Callable[[Sandbox], Json]:
    """A trigger that comes from a click in the modal whose title this is."""

    def given(sandbox: Sandbox) -> Json:
        with sandbox.workspace.lock:
            views = sandbox.workspace.views.values()
            found = next(one for one in views if one.payload["title"]["text"] == view)
            return {"trigger": {"id": sandbox.workspace.new_trigger(ANA, found.id).id}}

    return given


def later(sandbox: Sandbox) -> None:
    """An upload is worked on for a while after it was completed."""
    sandbox.clock.advance(timedelta(minutes=1))


def archive(sandbox: Sandbox) -> None:
    sandbox.archive("#revenue")


def after(before: Callable[[Sandbox], Json | None], step: Step) -> Step:
    return Step(step.method, step.arguments, step.error, step.expect, step.keep, step.token, before)


def with_token(token: str, step: Step) -> Step:
    return Step(step.method, step.arguments, step.error, step.expect, step.keep, token, step.before)


POST, UPDATE, DELETE, EPHEMERAL = "chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral"
LINK, HISTORY, REPLIES = "chat.getPermalink", "conversations.history", "conversations.replies"
EVENT = {"event_type": "kpi_alert", "event_payload": {"id": "alert-7"}}

IDENTITY = Story(
    "identity",
    (
        good("api.test", {"args.words": "hello"}, words="hello"),
        Step("api.test", {"error": "my_error"}, "my_error"),
        good("auth.test", {"user_id": BOT, "bot_id": "B0SANDBOX", "team": "Small Company", "url": Like("^http")}),
        with_token("none", bad("not_authed", "auth.test")),
        with_token("unknown", bad("invalid_auth", "auth.test")),
        with_token("none", bad("not_authed", POST, channel=REVENUE, text="words")),
        with_token("unknown", bad("invalid_auth", "users.list")),
        with_token("app", bad("not_allowed_token_type", POST, channel=REVENUE, text="words")),
        with_token("app", good("apps.connections.open", {"url": Like("^wss?://")})),
        bad("not_allowed_token_type", "apps.connections.open"),
        bad("unknown_method", "chat.shout"),
        good("team.info", {"team.name": "Small Company", "team.id": Like("^T")}),
        after(lambda sandbox: sandbox.revoke_token(), bad("token_revoked", "auth.test")),
        bad("token_revoked", POST, channel=REVENUE, text="words"),
    ),
)

POSTING = Story(
    "posting",
    (
        good(POST, {"channel": REVENUE, "ts": TS, "message.text": "words", "message.bot_id": "B0SANDBOX",
                    "message.type": "message", "message.user": BOT}, keep="post", channel=REVENUE, text="words"),
        good(POST, {"channel": REVENUE}, channel="#revenue", text="by its name"),
        good(POST, {"channel": Like("^D")}, channel=ANA, text="to a person"),
        good(POST, {"message.blocks.0.type": "section", "message.blocks.0.block_id": Like(".")},
             channel=REVENUE, text="short", blocks=[section()]),
        good(POST, {"message.thread_ts": Like(r"\d\.")}, channel=REVENUE, text="reply", thread_ts="$post.ts"),
        good(POST, {"channel": REVENUE}, channel=REVENUE, markdown_text="**bold**"),
        good(POST, {"channel": PRIVATE}, channel=PRIVATE, text="the bot is a member"),
        good(POST, {"channel": OPERATIONS}, channel=OPERATIONS, text="chat:write.public"),
        good(POST, {"ts": TS}, channel=REVENUE, text="with metadata", metadata=EVENT),
        good(POST, {"warning": Like("message_truncated")}, channel=REVENUE, text="a" * 40_001),
        bad("no_text", POST, channel=REVENUE, text=""),
        bad("channel_not_found", POST, channel="C0NOPE", text="words"),
        bad("channel_not_found", POST, channel=HIDDEN, text="words"),
        bad("channel_not_found", POST, channel="#no-such-channel", text="words"),
        bad("is_archived", POST, channel=ARCHIVED, text="words"),
        bad("invalid_blocks", POST, channel=REVENUE, text="words", blocks=[{"type": "poll"}]),
        bad("invalid_blocks", POST, channel=REVENUE, text="words", blocks=[section("a" * 3001)]),
        bad("invalid_blocks", POST, channel=REVENUE, text="words", blocks=[section()] * 51),
        bad("invalid_blocks", POST, channel=REVENUE, text="words", blocks=[{"type": "alert", "text": words("a")}]),
        bad("invalid_blocks_format", POST, channel=REVENUE, text="words", blocks="[{"),
        bad("msg_blocks_too_long", POST, channel=REVENUE, text="words", blocks=[section("a" * 2900)] * 6),
        bad("markdown_text_conflict", POST, channel=REVENUE, text="words", markdown_text="words"),
        bad("invalid_metadata_schema", POST, channel=REVENUE, text="words", metadata={"event_type": "a"}),
        bad("invalid_metadata_format", POST, channel=REVENUE, text="words", metadata="{"),
        bad("too_many_attachments", POST, channel=REVENUE, text="words", attachments=[{"text": "a"}] * 101),
    ),
)  # fmt: skip

EDITING = Story(
    "editing",
    (
        good(POST, keep="post", channel=REVENUE, text="first", blocks=[section("first")], metadata=EVENT),
        good(UPDATE, {"text": "second", "message.text": "second", "channel": REVENUE, "ts": TS},
             channel=REVENUE, ts="$post.ts", text="second", blocks=[section("second")]),
        good(HISTORY, {"messages.0.text": "second", "messages.0.metadata.event_payload.id": "alert-7",
                       "messages.0.blocks.0.text.text": "second"},
             channel=REVENUE, include_all_metadata=True),
        good(UPDATE, channel=REVENUE, ts="$post.ts", text="words alone"),
        good(HISTORY, {"messages.0.text": "words alone", "messages.0.blocks.0.text": ABSENT,
                       "messages.0.edited.user": BOT}, channel=REVENUE),
        good(UPDATE, channel=REVENUE, ts="$post.ts", text="third", metadata={}),
        good(HISTORY, {"messages.0.metadata": ABSENT}, channel=REVENUE, include_all_metadata=True),
        bad("msg_too_long", UPDATE, channel=REVENUE, ts="$post.ts", text="a" * 4001),
        bad("message_not_found", UPDATE, channel=REVENUE, ts=NOTHING, text="words"),
        bad("channel_not_found", UPDATE, channel="C0NOPE", ts="$post.ts", text="words"),
        bad("invalid_blocks", UPDATE, channel=REVENUE, ts="$post.ts", text="words", blocks=[{"type": "poll"}]),
        bad("no_text", UPDATE, channel=REVENUE, ts="$post.ts"),
        after(said, bad("cant_update_message", UPDATE, channel=REVENUE, ts="$said.ts", text="words")),
        bad("cant_delete_message", DELETE, channel=REVENUE, ts="$said.ts"),
        good(POST, keep="rich", channel=REVENUE, text="rich", blocks=[rich("rich")]),
        bad("block_mismatch", UPDATE, channel=REVENUE, ts="$rich.ts", text="words", blocks=[section()]),
        good(UPDATE, channel=REVENUE, ts="$rich.ts", text="words", blocks=[rich("richer")]),
        good(LINK, {"channel": REVENUE, "permalink": Like("/archives/C0REV/p")},
             channel=REVENUE, message_ts="$post.ts"),
        bad("message_not_found", LINK, channel=REVENUE, message_ts=NOTHING),
        bad("channel_not_found", LINK, channel="C0NOPE", message_ts="$post.ts"),
        good(DELETE, {"channel": REVENUE, "ts": TS}, channel=REVENUE, ts="$post.ts"),
        bad("message_not_found", DELETE, channel=REVENUE, ts="$post.ts"),
        bad("channel_not_found", DELETE, channel="C0NOPE", ts="$post.ts"),
        after(archive, bad("is_inactive", UPDATE, channel=REVENUE, ts="$rich.ts", text="words")),
        bad("is_archived", POST, channel=REVENUE, text="words"),
    ),
)  # fmt: skip

PRIVATELY = Story(
    "privately",
    (
        good(EPHEMERAL, {"message_ts": TS}, channel=REVENUE, user=ANA, text="only for you"),
        good(EPHEMERAL, {"message_ts": TS}, channel=REVENUE, user=ANA, text="words", blocks=[section()]),
        good(HISTORY, {"messages.#": 0}, channel=REVENUE),
        bad("user_not_in_channel", EPHEMERAL, channel=OPERATIONS, user=ANA, text="words"),
        bad("channel_not_found", EPHEMERAL, channel="C0NOPE", user=ANA, text="words"),
        bad("is_archived", EPHEMERAL, channel=ARCHIVED, user=ANA, text="words"),
        bad("no_text", EPHEMERAL, channel=REVENUE, user=ANA, text=""),
        bad("invalid_blocks", EPHEMERAL, channel=REVENUE, user=ANA, text="words", blocks=[{"type": "poll"}]),
    ),
)

READING = Story(
    "reading",
    (
        good(POST, keep="one", channel=REVENUE, text="one", metadata=EVENT),
        good(POST, keep="two", channel=REVENUE, text="two"),
        good(POST, keep="three", channel=REVENUE, text="three"),
        good(POST, channel=REVENUE, text="reply one", thread_ts="$one.ts"),
        good(POST, channel=REVENUE, text="reply two", thread_ts="$one.ts"),
        good(HISTORY, {"messages.#": 3, "messages.0.text": "three", "messages.2.text": "one", "has_more": False,
                       "messages.2.reply_count": 2, "messages.2.metadata": ABSENT}, channel=REVENUE),
        good(HISTORY, {"messages.2.metadata.event_type": "kpi_alert"}, channel=REVENUE, include_all_metadata=True),
        good(HISTORY, {"messages.#": 2, "has_more": True, "response_metadata.next_cursor": Like(".")},
             keep="page", channel=REVENUE, limit=2),
        good(HISTORY, {"messages.#": 1, "messages.0.text": "one", "has_more": False},
             channel=REVENUE, limit=2, cursor="$page.response_metadata.next_cursor"),
        good(HISTORY, {"messages.#": 1, "messages.0.text": "three"}, channel=REVENUE, oldest="$two.ts"),
        good(HISTORY, {"messages.#": 2}, channel=REVENUE, oldest="$two.ts", inclusive=True),
        good(HISTORY, {"messages.#": 1, "messages.0.text": "one"}, channel=REVENUE, latest="$two.ts"),
        bad("invalid_cursor", HISTORY, channel=REVENUE, cursor="nonsense"),
        bad("invalid_ts_latest", HISTORY, channel=REVENUE, latest="yesterday"),
        bad("invalid_ts_oldest", HISTORY, channel=REVENUE, oldest="yesterday"),
        bad("channel_not_found", HISTORY, channel="C0NOPE"),
        bad("channel_not_found", HISTORY, channel=HIDDEN),
        bad("not_in_channel", HISTORY, channel=OPERATIONS),
        good(REPLIES, {"messages.#": 3, "messages.0.text": "one", "messages.1.text": "reply one",
                       "messages.0.reply_count": 2}, channel=REVENUE, ts="$one.ts"),
        good(REPLIES, {"messages.#": 1, "messages.0.text": "two"}, channel=REVENUE, ts="$two.ts"),
        bad("thread_not_found", REPLIES, channel=REVENUE, ts=NOTHING),
        bad("channel_not_found", REPLIES, channel="C0NOPE", ts="$one.ts"),
    ),
)  # fmt: skip

REACT, PIN, BOOKMARK = "reactions.add", "pins.add", "bookmarks.add"
DECORATING = Story(
    "decorating",
    (
        good(POST, keep="post", channel=REVENUE, text="words"),
        good(REACT, channel=REVENUE, timestamp="$post.ts", name="eyes"),
        bad("already_reacted", REACT, channel=REVENUE, timestamp="$post.ts", name="eyes"),
        bad("message_not_found", REACT, channel=REVENUE, timestamp=NOTHING, name="eyes"),
        bad("bad_timestamp", REACT, channel=REVENUE, timestamp="yesterday", name="eyes"),
        bad("invalid_name", REACT, channel=REVENUE, timestamp="$post.ts", name="no such emoji!"),
        bad("channel_not_found", REACT, channel="C0NOPE", timestamp="$post.ts", name="eyes"),
        good(HISTORY, {"messages.0.reactions.0.name": "eyes", "messages.0.reactions.0.count": 1,
                       "messages.0.reactions.0.users": [BOT]}, channel=REVENUE),
        good(PIN, channel=REVENUE, timestamp="$post.ts"),
        bad("already_pinned", PIN, channel=REVENUE, timestamp="$post.ts"),
        bad("message_not_found", PIN, channel=REVENUE, timestamp=NOTHING),
        bad("no_item_specified", PIN, channel=REVENUE),
        bad("channel_not_found", PIN, channel="C0NOPE", timestamp="$post.ts"),
        good(BOOKMARK, {"bookmark.title": "Runbook", "bookmark.id": Like("^Bk"), "bookmark.channel_id": REVENUE,
                        "bookmark.link": "https://wiki.example.com/churn", "bookmark.type": "link"},
             channel_id=REVENUE, title="Runbook", type="link", link="https://wiki.example.com/churn"),
        bad("invalid_link", BOOKMARK, channel_id=REVENUE, title="Runbook", type="link", link="wiki"),
        bad("invalid_bookmark_type", BOOKMARK, channel_id=REVENUE, title="Runbook", type="song", link="https://a.example"),
        bad("channel_not_found", BOOKMARK, channel_id="C0NOPE", title="Runbook", type="link", link="https://a.example"),
        good("canvases.create", {"canvas_id": Like("^F")}, title="Board pack",
             document_content={"type": "markdown", "markdown": "# Board pack"}),
    ),
)  # fmt: skip

LIST, INFO, MEMBERS = "conversations.list", "conversations.info", "conversations.members"
OPEN, JOIN = "conversations.open", "conversations.join"
ROOMS = Story(
    "rooms",
    (
        good(LIST, {"channels.#": 3, "channels.0.is_channel": True, "channels.0.is_private": False}),
        good(LIST, {"channels.#": 2}, exclude_archived=True),
        good(LIST, {"channels.#": 1, "channels.0.id": PRIVATE, "channels.0.is_private": True}, types="private_channel"),
        good(LIST, {"channels.#": 1, "response_metadata.next_cursor": Like(".")}, keep="page", limit=1),
        good(LIST, {"channels.#": 2, "response_metadata.next_cursor": ""},
             limit=2, cursor="$page.response_metadata.next_cursor"),
        bad("invalid_types", LIST, types="secret_channel"),
        bad("invalid_cursor", LIST, cursor="nonsense"),
        bad("invalid_limit", LIST, limit=1001),
        good(INFO, {"channel.id": REVENUE, "channel.name": "revenue", "channel.is_member": True,
                    "channel.is_archived": False, "channel.topic.value": "Revenue and churn",
                    "channel.num_members": ABSENT}, channel=REVENUE),
        good(INFO, {"channel.num_members": 3}, channel=REVENUE, include_num_members=True),
        good(INFO, {"channel.is_member": False}, channel=OPERATIONS),
        bad("channel_not_found", INFO, channel="C0NOPE"),
        bad("channel_not_found", INFO, channel=HIDDEN),
        good(MEMBERS, {"members.#": 3}, channel=REVENUE),
        good(MEMBERS, {"members.#": 1, "response_metadata.next_cursor": Like(".")}, channel=REVENUE, limit=1),
        bad("channel_not_found", MEMBERS, channel="C0NOPE"),
        bad("invalid_cursor", MEMBERS, channel=REVENUE, cursor="nonsense"),
        good(OPEN, {"channel.id": Like("^D")}, keep="direct", users=ANA),
        good(OPEN, {"already_open": True, "channel.id": Like("^D"), "channel.user": ANA}, users=ANA, return_im=True),
        bad("user_not_found", OPEN, users="U0NOPE"),
        bad("user_disabled", OPEN, users=GONE),
        bad("users_list_not_supplied", OPEN),
        good(POST, {"channel": Like("^D")}, channel="$direct.channel.id", text="to the room just opened"),
        good(JOIN, {"channel.id": OPERATIONS, "channel.is_member": True}, channel=OPERATIONS),
        good(JOIN, {"warning": "already_in_channel"}, channel=OPERATIONS),
        bad("channel_not_found", JOIN, channel="C0NOPE"),
        bad("channel_not_found", JOIN, channel=HIDDEN),
        bad("is_archived", JOIN, channel=ARCHIVED),
        bad("method_not_supported_for_channel_type", JOIN, channel="$direct.channel.id"),
    ),
)  # fmt: skip

PEOPLE = Story(
    "people",
    (
        good("users.list", {"members.#": 5, "members.0.id": Like("^U"), "members.0.profile.real_name": Like(".")}),
        good("users.list", {"members.#": 2, "response_metadata.next_cursor": Like(".")}, keep="page", limit=2),
        good("users.list", {"members.0.id": Like("^U")}, limit=2, cursor="$page.response_metadata.next_cursor"),
        bad("invalid_cursor", "users.list", cursor="nonsense"),
        good("users.info", {"user.id": ANA, "user.name": "ana", "user.tz": "Europe/Madrid", "user.deleted": False,
                            "user.is_restricted": False, "user.profile.email": "ana@example.com",
                            "user.profile.real_name": "Ana Ruiz", "user.is_bot": False}, user=ANA),
        good("users.info", {"user.is_restricted": True}, user="U0CAT"),
        good("users.info", {"user.deleted": True}, user=GONE),
        good("users.info", {"user.is_bot": True}, user=BOT),
        good("users.info", {"user.locale": "es-ES"}, user=ANA, include_locale=True),
        bad("user_not_found", "users.info", user="U0NOPE"),
        good("users.lookupByEmail", {"user.id": BOB}, email="bob@example.com"),
        bad("users_not_found", "users.lookupByEmail", email="nobody@example.com"),
        bad("users_not_found", "users.lookupByEmail", email="gone@example.com"),
        good("users.getPresence", {"presence": "active"}, user=ANA),
        good("dnd.info", {"dnd_enabled": False}, user=ANA),
        good("dnd.teamInfo", {"users.U0ANA.dnd_enabled": False, "users.U0BOB.dnd_enabled": False},
             users=f"{ANA},{BOB}"),
        good("usergroups.list", {"usergroups.#": 1, "usergroups.0.id": "S0REV", "usergroups.0.handle": "revenue-team",
                                 "usergroups.0.users": ABSENT}),
        good("usergroups.list", {"usergroups.0.users": [ANA, BOB]}, include_users=True),
        good("usergroups.users.list", {"users": [ANA, BOB]}, usergroup="S0REV"),
        bad("no_such_subteam", "usergroups.users.list", usergroup="S0NOPE"),
    ),
)  # fmt: skip

TICKET, COMPLETE, FILE = "files.getUploadURLExternal", "files.completeUploadExternal", "files.info"
UPLOADING = Story(
    "uploading",
    (
        good(TICKET, {"file_id": Like("^F"), "upload_url": Like("^http")}, keep="ticket", filename="a.csv", length=3),
        bad("missing_argument", TICKET, filename="a.csv", length=0),
        bad("alt_txt_too_large", TICKET, filename="a.png", length=3, alt_txt="a" * 1001),
        bad("snippet_too_large", TICKET, filename="a.py", length=2_000_000, snippet_type="python"),
        bad("file_not_found", COMPLETE, files=[{"id": "F0NOPE"}], channel_id=REVENUE),
        bad("file_not_found", FILE, file="F0NOPE"),
        good("files.uploadV2", keep="upload", channel=REVENUE, content="kpi,value\nchurn,3.2\n", filename="churn.csv",
             title="Churn", initial_comment="The figures"),
        good(HISTORY, {"messages.0.files.0.name": "churn.csv", "messages.0.files.0.title": "Churn",
                       "messages.0.text": "The figures"}, keep="seen", channel=REVENUE),
        after(later, good(FILE, {"file.name": "churn.csv", "file.title": "Churn", "file.size": 20,
                                 "file.mimetype": "text/csv", "file.channels": [REVENUE]},
                          file="$seen.messages.0.files.0.id")),
        bad("channel_not_found", "files.uploadV2", channel="C0NOPE", content="a", filename="a.txt"),
        bad("not_in_channel", "files.uploadV2", channel=OPERATIONS, content="a", filename="a.txt"),
    ),
)  # fmt: skip

SHOW, PUSH, CHANGE, PUBLISH = "views.open", "views.push", "views.update", "views.publish"
VIEWS = Story(
    "views",
    (
        after(trigger, good(SHOW, {"view.id": Like("^V"), "view.type": "modal", "view.hash": Like("."),
                                   "view.title.text": "One", "view.state.values": {}, "view.callback_id": "one",
                                   "view.app_id": "A0SANDBOX", "view.bot_id": "B0SANDBOX"},
                            keep="one", trigger_id="$trigger.id",
                            view=modal("One", callback_id="one", external_id="one"))),
        bad("exchanged_trigger_id", SHOW, trigger_id="$trigger.id", view=modal()),
        bad("invalid_trigger_id", SHOW, trigger_id="nonsense", view=modal()),
        after(old_trigger, bad("expired_trigger_id", SHOW, trigger_id="$trigger.id", view=modal())),
        after(trigger, bad("invalid_arguments", SHOW, {"response_metadata.messages.0": Like("title")},
                           trigger_id="$trigger.id", view={"type": "modal", "blocks": []})),
        after(trigger, bad("invalid_arguments", SHOW, trigger_id="$trigger.id", view=modal("a" * 25))),
        after(trigger, bad("duplicate_external_id", SHOW, trigger_id="$trigger.id", view=modal(external_id="one"))),
        good(CHANGE, {"view.title.text": "One again"}, keep="again", view_id="$one.view.id", hash="$one.view.hash",
             view=modal("One again", external_id="one")),
        bad("hash_conflict", CHANGE, view_id="$one.view.id", hash="$one.view.hash", view=modal("One")),
        good(CHANGE, {"view.id": Like("^V")}, external_id="one", view=modal("One", external_id="one")),
        bad("not_found", CHANGE, view_id="V0NOPE", view=modal()),
        after(trigger_in("One"), good(PUSH, {"view.root_view_id": Like("^V"), "view.previous_view_id": Like("^V")},
                                      trigger_id="$trigger.id", view=modal("Two"))),
        after(trigger_in("Two"), good(PUSH, trigger_id="$trigger.id", view=modal("Three"))),
        after(trigger_in("Three"), bad("push_limit_reached", PUSH, trigger_id="$trigger.id", view=modal("Four"))),
        bad("invalid_trigger_id", PUSH, trigger_id="nonsense", view=modal()),
        good(PUBLISH, {"view.type": "home", "view.id": Like("^V"), "view.hash": Like(".")},
             keep="home", user_id=ANA, view=home()),
        good(PUBLISH, user_id=ANA, hash="$home.view.hash", view=home("Newer")),
        bad("hash_conflict", PUBLISH, user_id=ANA, hash="$home.view.hash", view=home("Older")),
        bad("invalid_arguments", PUBLISH, user_id="U0NOPE", view=home()),
        bad("invalid_arguments", PUBLISH, user_id=ANA, view={"type": "home", "blocks": [{"type": "poll"}]}),
        bad("view_too_large", PUBLISH, user_id=ANA, view={"type": "home", "blocks": [section("a" * 2999)] * 90}),
        good("blocks.validate", blocks=[section()]),
        good("blocks.validate", view=modal()),
        bad("invalid_blocks", "blocks.validate",
            {"errors.0.pointer": "/0/text/text", "errors.0.code": "failed_constraint"}, blocks=[section("a" * 3001)]),
        bad("invalid_view", "blocks.validate", view=modal("a" * 25)),
        bad("invalid_message", "blocks.validate", message={"text": "words", "blocks": [{"type": "poll"}]}),
        bad("invalid_arguments", "blocks.validate", blocks=[section()], view=modal()),
        bad("invalid_arguments", "blocks.validate"),
    ),
)  # fmt: skip


def without(scope: str, method: str, **arguments: Any) -> Step:
    """A call for which the token lacks one scope: Slack names it, and what the token has."""
    return bad("missing_scope", method, {"needed": Like(scope), "provided": "chat:write"}, **arguments)


SCOPES = Story(
    "scopes",
    (
        good(POST, channel=REVENUE, text="words", keep="post"),
        bad("not_in_channel", POST, channel=OPERATIONS, text="words"),
        without("channels:read", LIST),
        without("groups:read", LIST, types="private_channel"),
        without("channels:read", INFO, channel=REVENUE),
        without("channels:read", MEMBERS, channel=REVENUE),
        without("channels:history", HISTORY, channel=REVENUE),
        without("channels:history", REPLIES, channel=REVENUE, ts="$post.ts"),
        without("channels:join", JOIN, channel=OPERATIONS),
        without("im:write", OPEN, users=ANA),
        without("users:read", "users.list"),
        without("users:read", "users.info", user=ANA),
        without("users:read.email", "users.lookupByEmail", email="ana@example.com"),
        without("users:read", "users.getPresence", user=ANA),
        without("dnd:read", "dnd.info", user=ANA),
        without("dnd:read", "dnd.teamInfo", users=ANA),
        without("usergroups:read", "usergroups.list"),
        without("usergroups:read", "usergroups.users.list", usergroup="S0REV"),
        without("team:read", "team.info"),
        without("files:write", TICKET, filename="a.csv", length=3),
        without("files:write", COMPLETE, files=[{"id": "F0NOPE"}]),
        without("files:read", FILE, file="F0NOPE"),
        without("reactions:write", REACT, channel=REVENUE, timestamp="$post.ts", name="eyes"),
        without("pins:write", PIN, channel=REVENUE, timestamp="$post.ts"),
        without("bookmarks:write", BOOKMARK, channel_id=REVENUE, title="a", type="link", link="https://a.example"),
        without("canvases:write", "canvases.create", title="a"),
    ),
    {"scopes": {"chat:write"}},
)

STORIES = (IDENTITY, POSTING, EDITING, PRIVATELY, READING, DECORATING, ROOMS, PEOPLE, UPLOADING, VIEWS, SCOPES)
