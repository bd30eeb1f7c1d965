"""The payloads Slack sends to an app: commands, block actions, views, suggestions, events."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.state.inputs import VALUE_FIELD
from bot.sandbox.state.records import Message, Room, View
from bot.sandbox.state.shapes import Json, message_json, view_json
from bot.sandbox.state.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - a legacy field that proves nothing


def _channel_name(room: Room) -> str:
    return {"im": "directmessage", "private": "privategroup"}.get(room.kind, room.name)


def command_payload(
    workspace: Workspace, user: str, room: Room, command: str, text: str, *, trigger: str, response_url: str
) -> Json:
    """A slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": room.id,
        "channel_name": _channel_name(room),
        "user_id": user,
        "user_name": workspace.people[user].name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def _interaction(workspace: Workspace, kind: str, user: str) -> Json:
    person = workspace.people[user]
    return {
        "type": kind,
        "token": VERIFICATION_TOKEN,
        "api_app_id": workspace.app.app_id,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": workspace.team_id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _origin(workspace: Workspace, origin: Message | View) -> Json:
    """Where an action happened: the container, with the message and its channel or the view."""
    if isinstance(origin, View):
        shown = view_json(workspace, origin)
        return {"container": {"type": "view", "view_id": origin.id}, "view": shown}
    room = workspace.rooms[origin.channel]
    container: Json = {
        "type": "message",
        "message_ts": origin.ts,
        "channel_id": room.id,
        "is_ephemeral": origin.ephemeral_for is not None,
    }
    if origin.thread_ts:
        container["thread_ts"] = origin.thread_ts
    place: Json = {"container": container, "channel": {"id": room.id, "name": _channel_name(room)}}
    return place if origin.ephemeral_for else {**place, "message": message_json(workspace, origin)}


def action_payload(
    workspace: Workspace,
    user: str,
    origin: Message | View,
    block: Json,
    element: Json,
    *,
    state: dict[str, Json],
    chosen: Json,
    trigger: str,
    response_url: str | None,
) -> Json:
    """A click on a button or a choice in a menu. `chosen` is the element's new state."""
    names = (
        ("placeholder", "confirm") if element["type"] in VALUE_FIELD else ("text", "value", "style", "url", "confirm")
    )
    kept: Json = {name: element[name] for name in names if name in element}
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": workspace.next_ts(),
        **kept,
        **chosen,
    }
    payload = {
        **_interaction(workspace, "block_actions", user),
        **_origin(workspace, origin),
        "trigger_id": trigger,
        "state": {"values": state},
        "actions": [action],
    }
    return {**payload, "response_url": response_url} if response_url else payload


def shortcut_payload(workspace: Workspace, user: str, callback_id: str, trigger: str) -> Json:
    """A global shortcut."""
    shape = _interaction(workspace, "shortcut", user)
    return {**shape, "callback_id": callback_id, "trigger_id": trigger, "action_ts": workspace.next_ts()}


def message_shortcut_payload(
    workspace: Workspace, user: str, message: Message, callback_id: str, *, trigger: str, response_url: str
) -> Json:
    """A shortcut chosen from a message's menu."""
    room = workspace.rooms[message.channel]
    return {
        **_interaction(workspace, "message_action", user),
        "callback_id": callback_id,
        "trigger_id": trigger,
        "action_ts": workspace.next_ts(),
        "message_ts": message.ts,
        "channel": {"id": room.id, "name": _channel_name(room)},
        "message": message_json(workspace, message),
        "response_url": response_url,
    }


def submission_payload(workspace: Workspace, user: str, view: View, trigger: str, response_urls: list[Json]) -> Json:
    """The submission of a modal with its values; `response_urls` are those its inputs asked for."""
    shown = view_json(workspace, view)
    return {
        **_interaction(workspace, "view_submission", user),
        "trigger_id": trigger,
        "view": shown,
        "response_urls": response_urls,
    }


def closed_payload(workspace: Workspace, user: str, view: View, *, cleared: bool) -> Json:
    """The closing of a modal that asked to be told."""
    shape = _interaction(workspace, "view_closed", user)
    return {**shape, "view": view_json(workspace, view), "is_cleared": cleared}


def suggestion_payload(
    workspace: Workspace, user: str, origin: Message | View, block: Json, element: Json, typed: str
) -> Json:
    """The question for the options of an external menu."""
    return {
        **_interaction(workspace, "block_suggestion", user),
        **_origin(workspace, origin),
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }


def event_payload(workspace: Workspace, event: dict[str, Any], *, is_shared: bool = False) -> Json:
    """An event in its envelope; `is_shared`: it happened in a channel shared with another workspace."""
    event_id = "Ev" + secrets.token_hex(5).upper()
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(workspace.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.app.user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": is_shared,
        "event_context": secrets.token_hex(12),
    }
