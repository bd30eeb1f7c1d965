"""What the page shows one person: their channels with unread marks, one conversation, their modal and Home."""

from __future__ import annotations

from typing import Any

from bot.sandbox.cast import TourStep
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.records import Message, Room, View
from bot.sandbox.state.shapes import Json, conversation_json, message_json, view_json
from bot.sandbox.state.workspace import Workspace

SHOWN_MESSAGES = 150
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


def seen_by(sandbox: Sandbox, user: str, room_id: str | None) -> Json:
    """What one person sees, with one conversation open."""
    workspace = sandbox.workspace
    workspace.direct_room(user)
    rooms = [room for room in tuple(workspace.rooms.values()) if _listed(room, user)]
    opened = next((room for room in rooms if room.id == room_id), None)
    stack = workspace.modals.get(user, [])
    home = workspace.views.get(workspace.homes.get(user, ""))
    return {
        **_surroundings(sandbox),
        "me": user,
        "rooms": [_room(workspace, room, user) for room in rooms],
        "room": {"id": opened.id, "messages": _messages(workspace, opened, user)} if opened else None,
        "modal": _view(workspace, workspace.views[stack[-1]], len(stack)) if stack else None,
        "home": _view(workspace, home, 1) if home else None,
        "warnings": [{"id": number, "text": words} for number, who, words in workspace.warnings[-20:] if who == user],
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
            }
            for person in workspace.people.values()
        ],
        "groups": [{"id": group.id, "handle": group.handle} for group in workspace.groups.values()],
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
    }


def _label(workspace: Workspace, room: Room) -> str:
    return workspace.app.name if room.kind == "im" else f"#{room.name}"


def _listed(room: Room, user: str) -> bool:
    return user in room.members or room.kind == "public"


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
        "unread": len(unread) if user in room.members else 0,
        "mentioned": any(f"<@{user}>" in message.text for message in fresh),
    }


def _messages(workspace: Workspace, room: Room, user: str) -> list[Json]:
    everything = tuple(room.messages.values())
    shown = [
        message
        for message in everything
        if (message.visible_to(user) or message.thread) and (not message.is_reply or message.broadcast)
    ]
    return [_message(workspace, message, user) for message in shown[-SHOWN_MESSAGES:]]


def _message(workspace: Workspace, message: Message, user: str) -> Json:
    if message.deleted:
        base: Json = {"ts": message.ts, "user": message.user, "deleted": True}
    else:
        base = message_json(workspace, message, metadata=False)
    ephemeral = [m for m in workspace.rooms[message.channel].messages.values() if _private_reply(m, message, user)]
    replies = sorted({*message.thread, *ephemeral}, key=lambda reply: reply.ts)
    return {
        **base,
        "channel": message.channel,
        "changes": message.changes,
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited,
        "is_app": message.bot_id is not None,
        "username": message.username,
        "broadcast": message.broadcast,
        "replied_to": _first_words(workspace, message) if message.broadcast and message.is_reply else None,
        "thread": [_message(workspace, reply, user) for reply in replies if reply.visible_to(user)],
    }


def _first_words(workspace: Workspace, reply: Message) -> str:
    parent = workspace.rooms[reply.channel].messages.get(reply.thread_ts or "")
    if parent is None or parent.deleted:
        return "a message that was deleted"
    return next((line.strip() for line in parent.plain.splitlines() if line.strip()), "")[:FIRST_WORDS]


def _private_reply(message: Message, parent: Message, user: str) -> bool:
    return message.thread_ts == parent.ts and message is not parent and message.ephemeral_for == user


def _view(workspace: Workspace, view: View, depth: int) -> dict[str, Any]:
    return {**view_json(workspace, view), "errors": view.errors, "depth": depth, "stamp": view.stamp}
