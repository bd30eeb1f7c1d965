"""The JSON shapes of Slack's objects: people, rooms, messages, views."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.cast import Person
from bot.sandbox.state.records import Message, Room, View
from bot.sandbox.state.workspace import Workspace

Json = dict[str, Any]


def person_json(workspace: Workspace, person: Person, *, email: bool = True) -> Json:
    """A member, as `users.info` gives it."""
    offset = workspace.clock.now().astimezone(ZoneInfo(person.tz)).utcoffset()
    profile: Json = {
        "real_name": person.shown_name,
        "display_name": person.name,
        "title": person.title,
        **({"email": person.email} if email and person.email else {}),
    }
    return {
        "id": person.id,
        "team_id": "T0STRANGER" if person.is_stranger else workspace.team_id,
        "name": person.name,
        "real_name": person.shown_name,
        "deleted": person.deleted,
        "tz": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "locale": person.locale,
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_bot": False,
        "is_app_user": False,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_stranger": person.is_stranger,
    }


def bot_json(workspace: Workspace) -> Json:
    """The bot's own user."""
    app = workspace.app
    return {
        "id": app.user_id,
        "team_id": workspace.team_id,
        "name": app.handle,
        "real_name": app.name,
        "deleted": False,
        "tz": "America/Los_Angeles",
        "tz_offset": 0,
        "profile": {"real_name": app.name, "bot_id": app.bot_id, "api_app_id": app.app_id},
        "is_bot": True,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
    }


def conversation_json(workspace: Workspace, room: Room) -> Json:
    """A room, as `conversations.info` gives it."""
    shape: Json = {
        "id": room.id,
        "is_channel": room.kind == "public",
        "is_group": room.kind == "private",
        "is_im": room.kind == "im",
        "is_mpim": False,
        "is_private": room.kind != "public",
        "is_archived": room.is_archived,
        "is_member": workspace.app.user_id in room.members,
        "is_ext_shared": room.is_shared,
        "is_shared": room.is_shared,
        "context_team_id": workspace.team_id,
    }
    if room.kind == "im":
        return {**shape, "user": room.person, "is_user_deleted": workspace.people[room.person or ""].deleted}
    return {
        **shape,
        "name": room.name,
        "name_normalized": room.name,
        "is_general": room.name == "general",
        "topic": {"value": room.topic, "creator": "", "last_set": 0},
        "purpose": {"value": room.purpose, "creator": "", "last_set": 0},
        "num_members": len(room.members),
    }


def message_json(workspace: Workspace, message: Message, *, metadata: bool = True) -> Json:
    """A message, as history and interactions carry it."""
    shape: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": workspace.team_id,
    }
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.bot_id:
        shape |= {"bot_id": message.bot_id, "app_id": workspace.app.app_id}
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.ts}
    if message.thread_ts or message.thread:
        shape["thread_ts"] = message.thread_ts or message.ts
    if message.thread:
        writers = list(dict.fromkeys(reply.user for reply in message.thread))
        shape |= {"reply_count": len(message.thread), "latest_reply": message.thread[-1].ts, "reply_users": writers}
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    if message.reactions:
        shape["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    return shape


def view_json(workspace: Workspace, view: View) -> Json:
    """A view, as `views.*` answer it and as interactions carry it."""
    payload = view.payload
    is_modal = payload.get("type") == "modal"
    shape: Json = {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": payload.get("type"),
        "blocks": view.blocks,
        "private_metadata": payload.get("private_metadata", ""),
        "callback_id": payload.get("callback_id", ""),
        "external_id": payload.get("external_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "clear_on_close": payload.get("clear_on_close", False),
        "notify_on_close": payload.get("notify_on_close", False),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": workspace.app.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.app.bot_id,
    }
    return shape | {name: payload.get(name) for name in ("title", "submit", "close")} if is_modal else shape
