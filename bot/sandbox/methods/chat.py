"""Web API: `chat.*` – posting, editing and taking back messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError, refuse
from bot.sandbox.methods.content import check_content, cut_text, read_content, words_and_blocks
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.methods.rooms import found_message, known_room, posting_room
from bot.sandbox.state.message_shapes import message_json
from bot.sandbox.state.records import Message, Room
from bot.sandbox.state.workspace import Workspace
from bot.slack.limits import check_message


def thread_of(room: Room, thread_ts: str) -> str | None:
    """The parent's time for a reply; a reply to a reply goes to the same parent. `thread_not_found` without one."""
    if not thread_ts:
        return None
    parent = room.messages.get(thread_ts)
    if parent is None or parent.ephemeral_for or (parent.deleted and not parent.thread):
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def _new_message(request: Request, room: Room, content: dict[str, Any], thread: str | None) -> Message:
    arguments, workspace = request.arguments, request.workspace
    text, blocks = words_and_blocks(content)
    return Message(
        workspace.next_ts(),
        room.id,
        workspace.app.user_id,
        text,
        blocks,
        thread,
        workspace.app.bot_id,
        metadata=content.get("metadata") or None,
        username=arguments.text("username") or None,
        icon_emoji=arguments.text("icon_emoji") or None,
        icon_url=arguments.text("icon_url") or None,
        broadcast=bool(thread) and arguments.flag("reply_broadcast"),
        attachments=list(content.get("attachments") or []),
    )


def _check_disguise(request: Request) -> None:
    """A name or face of one's own takes a scope of its own."""
    if any(request.arguments.text(name) for name in ("username", "icon_emoji", "icon_url")):
        request.need_any("chat:write.customize")


@method("chat.postMessage", "chat:write", required=("channel",))
def post_message(request: Request) -> Answer:
    """Post to a channel, a thread, or a person. Text over 40,000 characters is cut."""
    room, workspace = posting_room(request), request.workspace
    content = read_content(request.arguments)
    cut_text(request, content)
    check_content(workspace.files, content)
    _check_disguise(request)
    thread = thread_of(room, request.arguments.text("thread_ts"))
    message = workspace.add_message(room, _new_message(request, room, content, thread))
    return {"channel": room.id, "ts": message.ts, "message": message_json(workspace, message)}


@method("chat.postEphemeral", "chat:write", tier=4, required=("channel", "user"))
def post_ephemeral(request: Request) -> Answer:
    """Show a message to one member of a channel only.

    Slack answers well and yet shows nothing to a person who is away, nor in a thread that has no reply.
    """
    room, workspace, user = posting_room(request), request.workspace, request.arguments.text("user")
    if user not in room.members or user not in workspace.people or workspace.people[user].deleted:
        raise SlackError("user_not_in_channel")
    content = read_content(request.arguments)
    check_content(workspace.files, content)
    _check_disguise(request)
    parent = room.messages.get(request.arguments.text("thread_ts"))
    message = _new_message(request, room, content, (parent.thread_ts or parent.ts) if parent else None)
    message.ephemeral_for = user
    lost_in_thread = request.arguments.has("thread_ts") and not (
        parent and room.messages[message.thread_ts or ""].thread
    )
    if workspace.people[user].presence == "active" and not lost_in_thread:
        workspace.add_message(room, message)
    return {"message_ts": message.ts}


def _own_message(request: Request, refusal: str) -> Message:
    """The app's own message named by `channel` and `ts`."""
    message = found_message(known_room(request), request.arguments.text("ts"))
    if message.bot_id != request.workspace.app.bot_id:
        raise SlackError(refusal)
    return message


@method("chat.update", "chat:write", tier=3, required=("channel", "ts"))
def update(request: Request) -> Answer:
    """Change one's own message.

    Text without blocks takes the old blocks away; neither keeps both. Only an edit without blocks shows
    "(edited)". Metadata stays unless given; an empty object takes it away.
    """
    workspace, arguments = request.workspace, request.arguments
    message = _own_message(request, "cant_update_message")
    if workspace.rooms[message.channel].is_archived:
        raise SlackError("is_inactive")
    content = read_content(arguments)
    if {"text", "blocks", "markdown_text", "attachments"} & content.keys():
        _replace_content(workspace, message, content)
    elif "metadata" not in content:
        raise SlackError("no_text")
    if "metadata" in content:
        refuse(check_message({"text": "-", "metadata": content["metadata"]}, editing=True))
        message.metadata = content["metadata"] or None
    shown = message_json(workspace, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def _replace_content(workspace: Workspace, message: Message, content: dict[str, Any]) -> None:
    check_content(workspace.files, content, editing=True)
    text, blocks = words_and_blocks(content)
    had_rich_text = any(block.get("type") == "rich_text" for block in message.blocks)
    if had_rich_text and blocks and not any(block.get("type") == "rich_text" for block in blocks):
        raise SlackError("block_mismatch")
    message.edited = message.edited or not blocks
    if "attachments" in content:
        message.attachments = list(content["attachments"] or [])
    workspace.change_message(message, text=text or (message.text if blocks else ""), blocks=blocks)


@method("chat.delete", "chat:write", tier=3, required=("channel", "ts"))
def delete(request: Request) -> Answer:
    """Take one's own message away."""
    message = _own_message(request, "cant_delete_message")
    request.workspace.delete_message(message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(address: str, room: Room, message: Message) -> str:
    """A link to a message, which the sandbox's page understands."""
    link = f"{address}/archives/{room.id}/p{message.ts.replace('.', '')}"
    return f"{link}?thread_ts={message.thread_ts}&cid={room.id}" if message.is_reply else link


@method("chat.getPermalink", required=("channel", "message_ts"), takes_json=False)
def get_permalink(request: Request) -> Answer:
    """A link to a message."""
    room = known_room(request)
    message = found_message(room, request.arguments.text("message_ts"))
    return {"channel": room.id, "permalink": permalink(request.address, room, message)}
