"""The JSON shapes of messages and of the files in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from bot.sandbox.state.files import IMAGE_TYPES, SharedFile
from bot.sandbox.state.records import Message
from bot.sandbox.state.workspace import Workspace

Json = dict[str, Any]
_MESSAGES = uuid.UUID("6d4f4f4e-3a51-4d6e-9f0a-0b6f8f1c2d3e")
"""The namespace of people's `client_msg_id`s."""


def message_json(workspace: Workspace, message: Message, *, metadata: bool = True) -> Json:
    """A message, as history and interactions carry it. One that was taken away but has a thread is a tombstone."""
    if message.deleted and message.thread:
        said: Json = {"subtype": "tombstone", "hidden": True, "user": "USLACKBOT", "text": "This message was deleted."}
        return {"type": "message", **said, "ts": message.ts, **_thread(message)}
    shape: Json = {"type": "message", **_author(workspace, message), "text": message.text, "ts": message.ts}
    shape["team"] = workspace.team_id
    for name, given in (("blocks", message.blocks), ("attachments", _attachments(message))):
        if given:
            shape[name] = given
    if message.files:
        shape["files"] = [file_json(workspace, file) for file in message.files]
        shape["upload"] = False
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.ts}
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    if message.reactions:
        shape["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    if message.ts in workspace.rooms[message.channel].pins:
        shape["pinned_to"] = [message.channel]
    return {**shape, **_thread(message), **_place_in_thread(workspace, message)}


def _author(workspace: Workspace, message: Message) -> Json:
    if message.bot_id is None:
        sent = uuid.uuid5(_MESSAGES, f"{message.channel} {message.ts}")
        return {"user": message.user, "client_msg_id": str(sent)}
    shape: Json = {"bot_id": message.bot_id, "app_id": workspace.app.app_id}
    if message.username or message.icon_emoji or message.icon_url:
        # With a name or face of its own a post counts as an old bot's, which has no user.
        given = {"emoji": message.icon_emoji, "image_64": message.icon_url}
        icons = {"icons": known} if (known := {name: face for name, face in given.items() if face}) else {}
        return {"subtype": "bot_message", "username": message.username or workspace.app.name, **icons, **shape}
    return {"user": message.user, **shape, "bot_profile": bot_profile_json(workspace)}


def bot_profile_json(workspace: Workspace) -> Json:
    """The bot, as its messages carry it."""
    app = workspace.app
    shape = {"id": app.bot_id, "app_id": app.app_id, "name": app.name, "deleted": False, "updated": 0}
    return {**shape, "icons": pictures_json(workspace, (36, 48, 72)), "team_id": workspace.team_id}


def pictures_json(workspace: Workspace, sizes: Iterable[int]) -> Json:
    """The addresses of a picture in several sizes; the sandbox has one for all."""
    return {f"image_{size}": f"{workspace.address}/icon.svg" for size in sizes}


def _attachments(message: Message) -> list[Json]:
    numbered = enumerate(message.attachments, start=1)
    return [{"id": number, "fallback": "[no preview available]", **given} for number, given in numbered]


def _thread(message: Message) -> Json:
    replies = [reply for reply in message.thread if reply.ephemeral_for is None]
    if not replies:
        return {"thread_ts": message.thread_ts} if message.thread_ts else {}
    writers = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(writers),
        "reply_users": writers,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def _place_in_thread(workspace: Workspace, message: Message) -> Json:
    parent = workspace.rooms[message.channel].messages.get(message.thread_ts or "")
    if parent is None or not message.is_reply:
        return {}
    return {"parent_user_id": parent.user, **({"subtype": "thread_broadcast"} if message.broadcast else {})}


def file_json(workspace: Workspace, file: SharedFile) -> Json:
    """A file, as `files.info` gives it; what it is and where it stands are known only once it is ready."""
    shape: Json = {"id": file.id, "created": file.created, "timestamp": file.created, "name": file.name}
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    link = f"{workspace.address}/files/{file.id}/{file.name}"
    shape |= {
        "title": file.title,
        "user": file.user,
        "user_team": workspace.team_id,
        "editable": False,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(workspace.rooms[room].kind == "public" for room in file.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": link,
        "url_private_download": f"{link}?download=1",
        "permalink": link,
        "comments_count": 0,
        "has_rich_preview": False,
        "file_access": "visible",
        **({"alt_txt": file.alt_text} if file.alt_text else {}),
    }
    return {**shape, **_known_late(workspace, file)} if workspace.files.is_ready(file) else shape


def _known_late(workspace: Workspace, file: SharedFile) -> Json:
    shape: Json = {"mimetype": file.mimetype, "filetype": file.filetype, "pretty_type": file.filetype.upper()}
    if file.mimetype in IMAGE_TYPES:
        shape["image_exif_rotation"] = 1
    for name, kinds in (("channels", ("public",)), ("groups", ("private", "mpim")), ("ims", ("im",))):
        shape[name] = [room for room in file.shares if workspace.rooms[room].kind in kinds]
    shares: dict[str, Json] = {}
    for room, times in file.shares.items():
        side = shares.setdefault("public" if workspace.rooms[room].kind == "public" else "private", {})
        side[room] = [_share(workspace, room, ts) for ts in times]
    return {**shape, "shares": shares}


def _share(workspace: Workspace, room: str, ts: str) -> Json:
    message = workspace.rooms[room].messages[ts]
    thread = {"thread_ts": message.thread_ts} if message.is_reply else {}
    named = {"channel_name": workspace.rooms[room].name, "team_id": workspace.team_id, "share_user_id": message.user}
    return {"ts": ts, **named, "reply_users": [], "reply_users_count": 0, "reply_count": 0, **thread}
