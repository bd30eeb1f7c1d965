"""Web API: `reactions.*`, `pins.*` and `bookmarks.*` – what is put to messages and channels."""

from __future__ import annotations

import re
import secrets
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.chat import permalink
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.methods.rooms import found_message, joined_room, known_room, open_room
from bot.sandbox.state.message_shapes import message_json
from bot.sandbox.state.records import Message, Room

_EMOJI = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")
_TS = re.compile(r"\d+\.\d{6}")
BOOKMARK_TITLE, BOOKMARK_LINK = 256, 2048


def _item(request: Request, room: Room) -> Message:
    """The message a mark is put to, named by `timestamp`."""
    if not request.arguments.has("timestamp"):
        raise SlackError("no_item_specified")
    ts = request.arguments.text("timestamp")
    if not _TS.fullmatch(ts):
        raise SlackError("bad_timestamp")
    return found_message(room, ts)


def _emoji(request: Request) -> str:
    name = request.arguments.text("name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    return name


@method("reactions.add", "reactions:write", tier=3, required=("channel", "timestamp", "name"))
def add_reaction(request: Request) -> Answer:
    """React to a message with an emoji's name."""
    message, name, me = _item(request, open_room(request)), _emoji(request), request.workspace.app.user_id
    people = message.reactions.setdefault(name, [])
    if me in people:
        raise SlackError("already_reacted")
    people.append(me)
    request.workspace.touch(message)
    return {}


@method("reactions.remove", "reactions:write", tier=2, required=("name",))
def remove_reaction(request: Request) -> Answer:
    """Take one's own reaction back."""
    name, me = _emoji(request), request.workspace.app.user_id
    if not request.arguments.has("channel"):
        raise SlackError("no_item_specified")
    message = _item(request, open_room(request))
    people = message.reactions.get(name, [])
    if me not in people:
        raise SlackError("no_reaction")
    people.remove(me)
    if not people:
        del message.reactions[name]
    request.workspace.touch(message)
    return {}


@method("reactions.get", "reactions:read", tier=3, takes_json=False)
def get_reactions(request: Request) -> Answer:
    """A message with its reactions."""
    if not request.arguments.has("channel"):
        raise SlackError("no_item_specified")
    room = known_room(request)
    return {"type": "message", "channel": room.id, "message": _linked(request, room, _item(request, room))}


def _linked(request: Request, room: Room, message: Message) -> dict[str, Any]:
    return {**message_json(request.workspace, message), "permalink": permalink(request.address, room, message)}


@method("pins.add", "pins:write", tier=2, required=("channel",))
def add_pin(request: Request) -> Answer:
    """Pin a message to its channel."""
    room = open_room(request)
    message = _item(request, room)
    if message.ts in room.pins:
        raise SlackError("already_pinned")
    room.pins[message.ts] = (request.workspace.app.user_id, _now(request))
    request.workspace.touch(message)
    return {}


@method("pins.remove", "pins:write", tier=2, required=("channel",))
def remove_pin(request: Request) -> Answer:
    """Take a pin away."""
    room = open_room(request)
    message = _item(request, room)
    if message.ts not in room.pins:
        raise SlackError("no_pin")
    del room.pins[message.ts]
    request.workspace.touch(message)
    return {}


@method("pins.list", "pins:read", tier=2, required=("channel",), takes_json=False)
def list_pins(request: Request) -> Answer:
    """The pinned messages of a channel, the newest pin first."""
    room = known_room(request)
    items = [
        {
            "type": "message",
            "channel": room.id,
            "created": created,
            "created_by": user,
            "message": _linked(request, room, room.messages[ts]),
        }
        for ts, (user, created) in reversed(room.pins.items())
    ]
    return {"items": items}


def _now(request: Request) -> int:
    return int(request.workspace.clock.now().timestamp())


def _bookmarked(request: Request) -> Room:
    return joined_room(request, "channel_id", refusal="access_denied")


@method("bookmarks.add", "bookmarks:write", tier=2, required=("channel_id", "title", "type"))
def add_bookmark(request: Request) -> Answer:
    """Put a link at the top of a channel."""
    room, arguments = _bookmarked(request), request.arguments
    if room.is_archived:
        raise SlackError("permission_denied")
    if arguments.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    link, emoji = arguments.text("link"), arguments.text("emoji")
    if not re.match(r"https?://", link) or len(link) > BOOKMARK_LINK:
        raise SlackError("invalid_link")
    if emoji and not _EMOJI.fullmatch(emoji.strip(":")):
        raise SlackError("invalid_emoji")
    if not 1 <= len(arguments.text("title")) <= BOOKMARK_TITLE:
        raise SlackError("invalid_arguments")
    bookmark = {
        "id": "Bk" + secrets.token_hex(5).upper(),
        "channel_id": room.id,
        "title": arguments.text("title"),
        "link": link,
        "emoji": emoji,
        "icon_url": "",
        "type": "link",
        "entity_id": None,
        "date_created": _now(request),
        "date_updated": 0,
        "rank": chr(ord("g") + len(room.bookmarks) % 19),
        "last_updated_by_user_id": request.workspace.app.user_id,
        "last_updated_by_team_id": request.workspace.team_id,
        "shortcut_id": None,
        "app_id": request.workspace.app.app_id,
    }
    room.bookmarks[str(bookmark["id"])] = bookmark
    request.workspace.changes.tell()
    return {"bookmark": bookmark}


@method("bookmarks.list", "bookmarks:read", tier=3, required=("channel_id",))
def list_bookmarks(request: Request) -> Answer:
    """The links at the top of a channel."""
    return {"bookmarks": list(_bookmarked(request).bookmarks.values())}


@method("bookmarks.remove", "bookmarks:write", tier=2, required=("channel_id", "bookmark_id"))
def remove_bookmark(request: Request) -> Answer:
    """Take a link away."""
    if _bookmarked(request).bookmarks.pop(request.arguments.text("bookmark_id"), None) is None:
        raise SlackError("not_found")
    request.workspace.changes.tell()
    return {}
