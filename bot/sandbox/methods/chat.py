"""Web API: `chat.*` and `reactions.add` – posting, editing and taking back messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError, refuse
from bot.sandbox.methods.conversations import bot_room
from bot.sandbox.methods.registry import Answer, Arguments, Request, method
from bot.sandbox.state.records import Message, Room
from bot.sandbox.state.shapes import message_json
from bot.sandbox.state.workspace import Workspace
from bot.slack.limits import check_message


def _content(arguments: Arguments) -> dict[str, Any]:
    """Text, blocks, attachments and metadata of a call, objects read from their JSON."""
    content: dict[str, Any] = {"text": arguments.raw.get("text"), "markdown_text": arguments.raw.get("markdown_text")}
    for name, code in (
        ("blocks", "invalid_blocks_format"),
        ("attachments", "invalid_attachments"),
        ("metadata", "invalid_metadata_format"),
    ):
        content[name] = arguments.structure(name, code)
    return {name: value for name, value in content.items() if value is not None}


def _words_and_blocks(content: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    if content.get("markdown_text"):
        return "", [{"type": "markdown", "text": content["markdown_text"]}]
    return str(content.get("text") or ""), list(content.get("blocks") or [])


def _posting_room(request: Request) -> Room:
    """The room a post goes to: by id or name, or a person's id for a direct message."""
    workspace, key = request.workspace, request.arguments.needed("channel", "channel_not_found")
    if key in workspace.people:
        if workspace.people[key].deleted:
            raise SlackError("channel_not_found")
        return workspace.direct_room(key)
    room = workspace.find_room(key)
    is_member = room is not None and workspace.app.user_id in room.members
    if room is None or (room.kind == "private" and not is_member):
        raise SlackError("channel_not_found")
    if room.is_archived:
        raise SlackError("is_archived")
    if not is_member and "chat:write.public" not in request.scopes:
        raise SlackError("not_in_channel")
    return room


def _thread(room: Room, thread_ts: str) -> str | None:
    """The parent's time for a reply; a reply to a reply goes to the same parent."""
    if not thread_ts:
        return None
    parent = room.messages.get(thread_ts)
    if parent is None or parent.ephemeral_for or (parent.deleted and not parent.thread):
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def _new_message(request: Request, room: Room, content: dict[str, Any], ephemeral_for: str | None = None) -> Message:
    arguments, workspace = request.arguments, request.workspace
    text, blocks = _words_and_blocks(content)
    message = Message(
        workspace.next_ts(),
        room.id,
        workspace.app.user_id,
        text,
        blocks,
        _thread(room, arguments.text("thread_ts")),
        workspace.app.bot_id,
        ephemeral_for,
        content.get("metadata") or None,
        arguments.text("username") or None,
        arguments.text("icon_emoji") or None,
        broadcast=arguments.flag("reply_broadcast"),
    )
    return workspace.add_message(room, message)


@method("chat.postMessage", "chat:write")
def post_message(request: Request) -> Answer:
    """Post to a channel, a thread, or a person."""
    room = _posting_room(request)
    content = _content(request.arguments)
    refuse(check_message(content))
    if request.arguments.has("username") and "chat:write.customize" not in request.scopes:
        raise SlackError("missing_scope", needed="chat:write.customize", provided=",".join(request.scopes))
    message = _new_message(request, room, content)
    return {"channel": room.id, "ts": message.ts, "message": message_json(request.workspace, message)}


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(request: Request) -> Answer:
    """Show a message to one member of a channel only."""
    room = _posting_room(request)
    user = request.arguments.needed("user")
    if user not in request.workspace.people:
        raise SlackError("user_not_found")
    if user not in room.members or request.workspace.people[user].deleted:
        raise SlackError("user_not_in_channel")
    content = _content(request.arguments)
    refuse(check_message(content))
    return {"message_ts": _new_message(request, room, content, ephemeral_for=user).ts}


def _own_message(request: Request, refusal: str) -> Message:
    """The app's own message named by `channel` and `ts`."""
    room = bot_room(request, request.arguments.needed("channel", "channel_not_found"))
    message = room.messages.get(request.arguments.needed("ts", "invalid_arguments"))
    if message is None or message.deleted or message.ephemeral_for:
        raise SlackError("message_not_found")
    if message.bot_id != request.workspace.app.bot_id:
        raise SlackError(refusal)
    return message


@method("chat.update", "chat:write", tier=3)
def update(request: Request) -> Answer:
    """Change one's own message.

    Text without blocks takes the old blocks away; neither keeps both. Only an edit without blocks shows
    "(edited)". Metadata stays unless given; an empty object takes it away.
    """
    workspace, arguments = request.workspace, request.arguments
    message = _own_message(request, "cant_update_message")
    if workspace.rooms[message.channel].is_archived:
        raise SlackError("is_archived")
    content = _content(arguments)
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
    refuse(check_message(content, editing=True))
    text, blocks = _words_and_blocks(content)
    had_rich_text = any(block.get("type") == "rich_text" for block in message.blocks)
    if had_rich_text and blocks and not any(block.get("type") == "rich_text" for block in blocks):
        raise SlackError("block_mismatch")
    message.edited = message.edited or not blocks
    workspace.change_message(message, text=text or (message.text if blocks else ""), blocks=blocks)


@method("chat.delete", "chat:write", tier=3)
def delete(request: Request) -> Answer:
    """Take one's own message away."""
    message = _own_message(request, "cant_delete_message")
    request.workspace.delete_message(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(request: Request) -> Answer:
    """A link to a message, which the sandbox's page understands."""
    room = bot_room(request, request.arguments.needed("channel", "channel_not_found"))
    ts = request.arguments.needed("message_ts")
    message = room.messages.get(ts)
    if message is None or message.deleted:
        raise SlackError("message_not_found")
    link = f"{request.address}/archives/{room.id}/p{ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={room.id}"
    return {"channel": room.id, "permalink": link}


@method("reactions.add", "reactions:write", tier=3)
def add_reaction(request: Request) -> Answer:
    """React to a message with an emoji's name."""
    room = bot_room(request, request.arguments.needed("channel", "channel_not_found"))
    name = request.arguments.needed("name", "invalid_name").strip(":")
    message = room.messages.get(request.arguments.needed("timestamp", "bad_timestamp"))
    if message is None or message.deleted:
        raise SlackError("message_not_found")
    people = message.reactions.setdefault(name, [])
    if request.workspace.app.user_id in people:
        raise SlackError("already_reacted")
    people.append(request.workspace.app.user_id)
    request.workspace.touch(message)
    return {}
