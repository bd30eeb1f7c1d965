"""The JSON shapes of Slack's objects: people, rooms, views. Messages and files have files of their own."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.cast import BotApp, Person, UserGroup
from bot.sandbox.state.message_shapes import message_json, pictures_json
from bot.sandbox.state.records import Room, View
from bot.sandbox.state.workspace import Workspace

Json = dict[str, Any]
STRANGERS_TEAM = "T0STRANGER"
"""The workspace that people of other workspaces are from."""

_USER_EXTRAS: Json = {"color": "9f69e7", "is_email_confirmed": True, "who_can_share_contact_card": "EVERYONE"}
"""What Slack says of everybody and nothing here depends on."""

__all__ = ["Json", "bot_json", "conversation_json", "group_json", "message_json", "person_json", "view_json"]


def person_json(workspace: Workspace, person: Person, *, email: bool = True, locale: bool = True) -> Json:
    """A member, as `users.info` gives it. Who has left has no time zone; a person from elsewhere shows no email."""
    shape: Json = {
        "id": person.id,
        "team_id": STRANGERS_TEAM if person.is_stranger else workspace.team_id,
        "name": person.name,
        "real_name": person.shown_name,
        "deleted": person.deleted,
        "profile": _profile(workspace, person, email=email),
        **_USER_EXTRAS,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
    if person.deleted:
        return shape
    offset = workspace.clock.now().astimezone(ZoneInfo(person.tz)).utcoffset()
    shape |= {
        "tz": person.tz,
        "tz_label": person.tz.rpartition("/")[2].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
    }
    if person.is_stranger:
        # Slack's mark of a person from elsewhere who shares no channel with the app.
        shape["is_stranger"] = workspace.is_unseen(person)
    return {**shape, "locale": person.locale} if locale else shape


def _named_profile(workspace: Workspace, *, real_name: str, display_name: str, title: str) -> Json:
    """What every profile holds, with the one picture the sandbox has in every size Slack names."""
    first, _, last = real_name.partition(" ")
    return {
        "real_name": real_name,
        "real_name_normalized": real_name,
        "display_name": display_name,
        "display_name_normalized": display_name,
        "first_name": first,
        "last_name": last,
        "title": title,
        "phone": "",
        "skype": "",
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": "sandbox",
        **pictures_json(workspace, (24, 32, 48, 72, 192, 512)),
    }


def _profile(workspace: Workspace, person: Person, *, email: bool) -> Json:
    named = _named_profile(workspace, real_name=person.shown_name, display_name=person.name, title=person.title)
    profile: Json = {
        **named,
        "team": STRANGERS_TEAM if person.is_stranger else workspace.team_id,
    }
    return {**profile, "email": person.email} if email and person.email and not person.is_stranger else profile


def bot_json(workspace: Workspace) -> Json:
    """The bot's own user."""
    app: BotApp = workspace.app
    return {
        "id": app.user_id,
        "team_id": workspace.team_id,
        "name": app.handle,
        "real_name": app.name,
        "deleted": False,
        "tz": "America/Los_Angeles",
        "tz_label": "Pacific Standard Time",
        "tz_offset": -28800,
        **_USER_EXTRAS,
        "profile": {
            **_named_profile(workspace, real_name=app.name, display_name=app.name, title=""),
            "bot_id": app.bot_id,
            "api_app_id": app.app_id,
            "always_active": True,
            "team": workspace.team_id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": True,
        "is_app_user": False,
        "updated": 0,
    }


def conversation_json(workspace: Workspace, room: Room) -> Json:
    """A room, as `conversations.list` gives it."""
    shape: Json = {
        "id": room.id,
        "created": 0,
        "is_channel": room.kind == "public",
        "is_group": room.kind in ("private", "mpim"),
        "is_im": room.kind == "im",
        "is_mpim": room.kind == "mpim",
        "is_private": room.kind != "public",
        "is_archived": room.is_archived,
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
        "updated": 0,
    }
    if room.kind == "im":
        person = workspace.people[room.person or ""]
        return {**shape, "user": person.id, "is_user_deleted": person.deleted, "priority": 0, "is_open": True}
    return {
        **shape,
        "name": room.name,
        "name_normalized": room.name,
        "creator": "",
        "is_member": workspace.app.user_id in room.members,
        "is_general": room.name == "general",
        "is_ext_shared": room.is_shared,
        "is_shared": room.is_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "previous_names": [],
        "unlinked": 0,
        "topic": {"value": room.topic, "creator": "", "last_set": 0},
        "purpose": {"value": room.purpose, "creator": "", "last_set": 0},
        "num_members": len(room.members),
    }


def group_json(workspace: Workspace, group: UserGroup, *, users: bool, count: bool) -> Json:
    """A user group, as `usergroups.list` gives it; its people and their number only when asked for."""
    shape: Json = {
        "id": group.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "auto_type": None,
        "prefs": {"channels": [], "groups": []},
    }
    shape |= {"users": list(group.users)} if users else {}
    return {**shape, "user_count": len(group.users)} if count else shape


def view_json(workspace: Workspace, view: View) -> Json:
    """A view, as `views.*` answer it and as interactions carry it."""
    payload = view.payload
    return {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": payload.get("type"),
        "title": payload.get("title"),
        "submit": payload.get("submit"),
        "close": payload.get("close"),
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
