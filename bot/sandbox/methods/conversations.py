"""Web API: `conversations.*` and `users.conversations` – which rooms there are and what was said in them."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.registry import Answer, Request, method, page
from bot.sandbox.state.records import Message, Room
from bot.sandbox.state.shapes import conversation_json, message_json

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
SCOPE_OF_KIND = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def bot_room(request: Request, key: str) -> Room:
    """A room the bot may know of, by id only. `channel_not_found` for private ones it is not in."""
    room = request.workspace.rooms.get(key)
    if room is None or (room.kind != "public" and request.workspace.app.user_id not in room.members):
        raise SlackError("channel_not_found")
    return room


def _known_rooms(request: Request, member: str | None = None) -> list[Room]:
    kinds = request.arguments.text("types", "public_channel").replace(" ", "").split(",")
    if not set(kinds) <= KINDS.keys():
        raise SlackError("invalid_types")
    for kind in kinds:
        request.need_any(f"{SCOPE_OF_KIND[KINDS[kind]]}:read")
    wanted = {KINDS[kind] for kind in kinds}
    bot = request.workspace.app.user_id
    return [
        room
        for room in request.workspace.rooms.values()
        if room.kind in wanted
        and (room.kind == "public" or bot in room.members)
        and (member is None or member in room.members)
        and not (room.is_archived and request.arguments.flag("exclude_archived"))
    ]


@method("conversations.list", *READ, tier=2)
def list_conversations(request: Request) -> Answer:
    """The rooms of the workspace the bot may know of."""
    rooms, more = page(_known_rooms(request), request.arguments)
    return {"channels": [conversation_json(request.workspace, room) for room in rooms], **more}


@method("users.conversations", *READ, tier=2)
def user_conversations(request: Request) -> Answer:
    """The rooms a person (default: the bot) is in."""
    user = request.arguments.text("user") or request.workspace.app.user_id
    if user not in request.workspace.people and user != request.workspace.app.user_id:
        raise SlackError("user_not_found")
    rooms, more = page(_known_rooms(request, user), request.arguments)
    return {"channels": [conversation_json(request.workspace, room) for room in rooms], **more}


@method("conversations.info", *READ, tier=3)
def info(request: Request) -> Answer:
    """One room."""
    room = bot_room(request, request.arguments.needed("channel", "channel_not_found"))
    request.need_any(f"{SCOPE_OF_KIND[room.kind]}:read")
    return {"channel": conversation_json(request.workspace, room)}


@method("conversations.members", *READ, tier=4)
def members(request: Request) -> Answer:
    """Who is in a room."""
    room = bot_room(request, request.arguments.needed("channel", "channel_not_found"))
    request.need_any(f"{SCOPE_OF_KIND[room.kind]}:read")
    people, more = page(room.members, request.arguments)
    return {"members": people, **more}


@method("conversations.join", "channels:join", tier=3)
def join(request: Request) -> Answer:
    """Put the bot into a public channel."""
    room = bot_room(request, request.arguments.needed("channel", "channel_not_found"))
    if room.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if room.is_archived:
        raise SlackError("is_archived")
    if request.workspace.app.user_id not in room.members:
        room.members.append(request.workspace.app.user_id)
        request.workspace.changes.tell()
    return {"channel": conversation_json(request.workspace, room)}


@method("conversations.open", "im:write", tier=3)
def open_direct(request: Request) -> Answer:
    """Open the direct conversation with one person."""
    users = [user for user in request.arguments.text("users").split(",") if user]
    if request.arguments.has("channel"):
        room = bot_room(request, request.arguments.text("channel"))
    elif not users:
        raise SlackError("users_list_not_supplied")
    elif len(users) > 1:
        raise SlackError("missing_scope", needed="mpim:write", provided=",".join(sorted(request.scopes)))
    else:
        person = request.workspace.people.get(users[0])
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        room = request.workspace.direct_room(person.id)
    whole = request.arguments.flag("return_im")
    return {"channel": conversation_json(request.workspace, room) if whole else {"id": room.id}}


def _readable(request: Request) -> Room:
    room = bot_room(request, request.arguments.needed("channel", "channel_not_found"))
    request.need_any(f"{SCOPE_OF_KIND[room.kind]}:history")
    if request.workspace.app.user_id not in room.members:
        raise SlackError("not_in_channel")
    return room


def _between(request: Request, messages: list[Message]) -> list[Message]:
    """Messages between `oldest` and `latest`, the bounds themselves only when `inclusive`."""
    arguments = request.arguments
    oldest, latest, inclusive = arguments.text("oldest"), arguments.text("latest"), arguments.flag("inclusive")
    try:
        low, high = float(oldest or 0), float(latest or "inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    return [
        message
        for message in messages
        if low < float(message.ts) < high or (inclusive and message.ts in (oldest, latest))
    ]


@method("conversations.history", *HISTORY, tier=3)
def history(request: Request) -> Answer:
    """What was said in a room, newest first."""
    room = _readable(request)
    newest_first = _between(request, request.workspace.posts(room))[::-1]
    messages, more = page(newest_first, request.arguments)
    return _messages(request, messages, more)


@method("conversations.replies", *HISTORY, tier=3)
def replies(request: Request) -> Answer:
    """A message and its thread, oldest first."""
    room = _readable(request)
    parent = room.messages.get(request.arguments.needed("ts"))
    if parent is None or parent.ephemeral_for or (parent.deleted and not parent.thread):
        raise SlackError("thread_not_found")
    root = room.messages[parent.thread_ts or parent.ts]
    messages, more = page([root, *_between(request, root.thread)], request.arguments)
    return _messages(request, messages, more)


def _messages(request: Request, messages: list[Message], more: Answer) -> Answer:
    with_metadata = request.arguments.flag("include_all_metadata")
    shown = [message_json(request.workspace, message, metadata=with_metadata) for message in messages]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": shown, "has_more": has_more, **(more if has_more else {})}
