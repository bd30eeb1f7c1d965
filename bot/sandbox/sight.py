"""What the page shows one person: their channels with unread marks, one conversation, their modal and Home."""

from __future__ import annotations

from typing import Any

from bot.sandbox.cast import TourStep
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.records import Message, Room, View
from bot.sandbox.state.shapes import Json, conversation_json, message_json, view_json
from bot.sandbox.state.workspace import Workspace

SHOWN_MESSAGES = 150
SHOWN_THREADS = 30
SHOWN_WARNINGS = 20
THREADS = "threads"
"""What the page asks for, in place of a room, to see every thread a person follows."""
FIRST_WORDS = 120
"""Characters of a parent shown over a reply that was sent to the channel as well."""


def everything(sandbox: Sandbox) -> Json:
    """The whole state, for tests in other processes: every room with every message."""
    workspace = sandbox.workspace
    rooms = [
        {
            **conversation_json(workspace, room),
            "members": room.members,
            "messages": [_whole_message(workspace, message) for message in tuple(room.messages.values())],
        }
        for room in tuple(workspace.rooms.values())
    ]
    return {**_surroundings(sandbox), "channels": rooms}


def _whole_message(workspace: Workspace, message: Message) -> Json:
    extra = {"plain": message.plain, "deleted": message.deleted, "ephemeral_for": message.ephemeral_for}
    return {**message_json(workspace, message), **extra, "changes": message.changes}


def seen_by(sandbox: Sandbox, user: str, room_id: str | None, shown: int = SHOWN_MESSAGES) -> Json:
    """What one person sees, with one conversation open and its last `shown` messages."""
    workspace = sandbox.workspace
    workspace.direct_room(user)
    rooms = [room for room in tuple(workspace.rooms.values()) if workspace.sees(user, room)]
    opened = next((room for room in rooms if room.id == room_id), None)
    threads = [thread for room in rooms if user in room.members for thread in _followed(room, user)]
    stack = workspace.modals.get(user, [])
    home = workspace.views.get(workspace.homes.get(user, ""))
    return {
        **_surroundings(sandbox),
        "me": user,
        "rooms": [_room(workspace, room, user) for room in rooms],
        "room": _conversation(workspace, opened, user, shown) if opened else None,
        "unread_threads": sum(1 for parent in threads if _unread_replies(workspace, parent, user)),
        "threads": _latest(workspace, threads, user) if room_id == THREADS else None,
        "modal": _view(workspace, workspace.views[stack[-1]], len(stack)) if stack else None,
        "home": _view(workspace, home, 1) if home else None,
        "warnings": [
            {"id": one.number, "text": one.words, "channel": one.channel, "ts": one.ts}
            for one in workspace.warnings[-SHOWN_WARNINGS:]
            if one.user == user
        ],
    }


def _surroundings(sandbox: Sandbox) -> Json:
    workspace, app = sandbox.workspace, sandbox.workspace.app
    return {
        "version": sandbox.changes.version,
        "start": sandbox.start,
        "now": sandbox.clock.now().isoformat(),
        "running": sandbox.clock.running,
        "zone": sandbox.zone.key,
        "company": workspace.name,
        "connected": sandbox.inbound.connected,
        "app": {
            "id": app.user_id,
            "name": app.name,
            "handle": app.handle,
            "about": app.about,
            "commands": list(app.commands),
            "home_tab": app.home_tab,
            "messages_tab": app.messages_tab,
            "hears_home": "app_home_opened" in app.subscriptions,
            "revoked": workspace.token_revoked,
            "hints": [{"text": hint.text, "description": hint.description} for hint in app.hints],
        },
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "real_name": person.shown_name,
                "title": person.title,
                "tz": person.tz,
                "locale": person.locale,
                "deleted": person.deleted,
                "guest": person.is_restricted or person.is_ultra_restricted or person.is_stranger,
                "stranger": person.is_stranger,
                "presence": person.presence,
            }
            for person in workspace.people.values()
        ],
        "groups": [
            {"id": group.id, "handle": group.handle, "users": list(group.users)} for group in workspace.groups.values()
        ],
        "events": [
            {"id": event.id, "label": event.label, "description": event.description}
            for event in sandbox.events.values()
        ],
        "tour": [_step(sandbox, step) for step in sandbox.tour],
    }


def _step(sandbox: Sandbox, step: TourStep) -> Json:
    room = sandbox.workspace.room(step.channel) if step.channel else None
    return {
        "title": step.title,
        "text": step.text,
        "done": bool(step.done(sandbox)) if step.done else None,
        "person": sandbox.workspace.person(step.person).id if step.person else None,
        "channel": room.id if room else None,
        "channel_name": _label(sandbox.workspace, room) if room else None,
        "event": step.event or None,
        "command": step.command or None,
        "advance": step.advance.total_seconds() if step.advance else None,
        "tomorrow_at": step.tomorrow_at or None,
        "press": step.press or None,
    }


def _label(workspace: Workspace, room: Room) -> str:
    return workspace.app.name if room.kind == "im" else f"#{room.name}"


def _room(workspace: Workspace, room: Room, user: str) -> Json:
    read = workspace.reads.get((user, room.id), "0")
    fresh = [m for m in tuple(room.messages.values()) if m.ts > read and m.user != user and m.visible_to(user)]
    unread = [message for message in fresh if not message.is_reply or message.broadcast]
    return {
        "id": room.id,
        "name": room.name,
        "kind": room.kind,
        "topic": room.topic or room.purpose,
        "members": room.members,
        "is_member": user in room.members,
        "is_archived": room.is_archived,
        "is_shared": room.is_shared,
        "has_app": workspace.app.user_id in room.members,
        "read": read,
        "pins": _pins(room, user),
        "bookmarks": [{"title": one.get("title"), "link": one.get("link")} for one in room.bookmarks.values()],
        "unread": len(unread) if user in room.members else 0,
        "mentioned": any(f"<@{user}>" in message.text for message in fresh),
    }


def _pins(room: Room, user: str) -> list[Json]:
    """The pinned messages a person can see, the newest pin first."""
    pinned = [room.messages[ts] for ts in reversed(room.pins) if ts in room.messages]
    return [
        {"ts": message.ts, "user": message.user, "words": _first_line(message)}
        for message in pinned
        if message.visible_to(user)
    ]


def _conversation(workspace: Workspace, room: Room, user: str, shown: int) -> Json:
    """The last messages of a room, and whether there are earlier ones. A parent taken away stays with its thread."""
    messages = [
        message
        for message in tuple(room.messages.values())
        if (message.visible_to(user) or message.thread) and (not message.is_reply or message.broadcast)
    ]
    latest = messages[-shown:]
    return {
        "id": room.id,
        "messages": [_message(workspace, message, user) for message in latest],
        "earlier": len(latest) < len(messages),
    }


def _message(workspace: Workspace, message: Message, user: str) -> Json:
    if message.deleted:
        base: Json = {"ts": message.ts, "user": message.user, "deleted": True}
    else:
        base = message_json(workspace, message, metadata=False)
    ephemeral = [m for m in workspace.rooms[message.channel].messages.values() if _private_reply(m, message, user)]
    replies = sorted({*message.thread, *ephemeral}, key=lambda reply: reply.ts)
    return {
        **base,
        "user": message.user,
        "channel": message.channel,
        "pinned": message.ts in workspace.rooms[message.channel].pins,
        "changes": message.changes,
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited,
        "is_app": message.bot_id is not None,
        "username": message.username,
        "broadcast": message.broadcast,
        "replied_to": _first_words(workspace, message) if message.broadcast and message.is_reply else None,
        "thread": [_message(workspace, reply, user) for reply in replies if reply.visible_to(user)],
        "thread_read": workspace.reads.get((user, reading_place(message.channel, message.ts)), "0"),
        "unread_replies": len(_unread_replies(workspace, message, user)),
    }


def reading_place(room_id: str, thread_ts: str | None = None) -> str:
    """Under which name it is kept how far a person has read: of a room, or of one of its threads."""
    return f"{room_id}/{thread_ts}" if thread_ts else room_id


def _follows(message: Message, user: str) -> bool:
    """Whether a person takes part in a thread: wrote in it, or is named in it."""
    return any(one.user == user or f"<@{user}>" in one.text for one in (message, *message.thread))


def _followed(room: Room, user: str) -> list[Message]:
    return [message for message in tuple(room.messages.values()) if message.thread and _follows(message, user)]


def _unread_replies(workspace: Workspace, message: Message, user: str) -> list[Message]:
    """The replies by others that somebody who follows the thread has not read."""
    if not message.thread or not _follows(message, user):
        return []
    read = workspace.reads.get((user, reading_place(message.channel, message.ts)), "0")
    return [reply for reply in message.thread if reply.ts > read and reply.user != user and reply.visible_to(user)]


def _latest(workspace: Workspace, threads: list[Message], user: str) -> list[Json]:
    newest = sorted(threads, key=lambda parent: parent.thread[-1].ts, reverse=True)
    return [_message(workspace, parent, user) for parent in newest[:SHOWN_THREADS]]


def _first_words(workspace: Workspace, reply: Message) -> str:
    parent = workspace.rooms[reply.channel].messages.get(reply.thread_ts or "")
    if parent is None or parent.deleted:
        return "a message that was deleted"
    return _first_line(parent)


def _first_line(message: Message) -> str:
    return next((line.strip() for line in message.plain.splitlines() if line.strip()), "")[:FIRST_WORDS]


def _private_reply(message: Message, parent: Message, user: str) -> bool:
    return message.thread_ts == parent.ts and message is not parent and message.ephemeral_for == user


def _view(workspace: Workspace, view: View, depth: int) -> dict[str, Any]:
    return {**view_json(workspace, view), "errors": view.errors, "depth": depth, "stamp": view.stamp}
