"""Which room a call means, and whether the app may do there what it asks for."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.registry import Request
from bot.sandbox.state.records import Message, Room

SCOPE_OF_KIND = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def known_room(request: Request, name: str = "channel") -> Room:
    """A room the app may know of, by id only. `channel_not_found` for private ones it is not in."""
    room = request.workspace.rooms.get(request.arguments.text(name))
    if room is None or (room.kind != "public" and not is_member(request, room)):
        raise SlackError("channel_not_found")
    return room


def is_member(request: Request, room: Room) -> bool:
    """Whether the app is in the room."""
    return request.workspace.app.user_id in room.members


def joined_room(request: Request, name: str = "channel", *, refusal: str = "not_in_channel") -> Room:
    """A room the app is in. `channel_not_found`, or `refusal` for a public channel it has not joined."""
    room = known_room(request, name)
    if not is_member(request, room):
        raise SlackError(refusal)
    return room


def open_room(request: Request, name: str = "channel") -> Room:
    """A room the app is in and which is not archived (`is_archived`)."""
    room = joined_room(request, name)
    if room.is_archived:
        raise SlackError("is_archived")
    return room


def posting_room(request: Request) -> Room:
    """The room a post goes to: by id or name, or a person's id for a direct message."""
    workspace, key = request.workspace, request.arguments.text("channel")
    room = _direct(request, key) if key in workspace.people else workspace.find_room(key)
    is_in = room is not None and is_member(request, room)
    if room is None or (room.kind != "public" and not is_in):
        raise SlackError("channel_not_found")
    if room.is_archived:
        raise SlackError("is_archived")
    if not is_in and "chat:write.public" not in request.scopes:
        raise SlackError("not_in_channel")
    if room.kind == "im" and not workspace.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return room


def _direct(request: Request, user: str) -> Room | None:
    """The direct conversation with a person; None with somebody who has left, or whom the app cannot see."""
    person = request.workspace.people[user]
    return None if person.deleted or request.workspace.is_unseen(person) else request.workspace.direct_room(user)


def found_message(room: Room, ts: str, refusal: str = "message_not_found") -> Message:
    """The message of this time that everybody in the room can see."""
    message = room.messages.get(ts)
    if message is None or message.deleted or message.ephemeral_for:
        raise SlackError(refusal)
    return message
