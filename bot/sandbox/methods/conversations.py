"""Web API: `conversations.*` and `users.conversations` – which rooms there are and who is in them."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.arguments import invalid
from bot.sandbox.methods.paging import page, read_limit
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.methods.rooms import SCOPE_OF_KIND, is_member, known_room
from bot.sandbox.state.records import Room
from bot.sandbox.state.shapes import conversation_json

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
DIRECT_WITH = 8
"""How many people, the app aside, a direct conversation can have."""


def _known_rooms(request: Request, member: str | None = None) -> list[Room]:
    kinds = request.arguments.words("types") or ["public_channel"]
    if not set(kinds) <= KINDS.keys():
        raise SlackError("invalid_types")
    for kind in kinds:
        request.need_any(f"{SCOPE_OF_KIND[KINDS[kind]]}:read")
    wanted = {KINDS[kind] for kind in kinds}
    without_archived = request.arguments.flag("exclude_archived")
    return [
        room
        for room in request.workspace.rooms.values()
        if room.kind in wanted
        and (room.kind == "public" or is_member(request, room))
        and (member is None or member in room.members)
        and not (room.is_archived and without_archived)
    ]


@method("conversations.list", *READ, tier=2, takes_json=False)
def list_conversations(request: Request) -> Answer:
    """The rooms of the workspace the bot may know of."""
    limit = read_limit(request.arguments, 100)
    rooms, more = page(_known_rooms(request), request.arguments, "team", _id, limit=limit)
    return {"channels": [conversation_json(request.workspace, room) for room in rooms], **more}


@method("users.conversations", *READ, tier=2, takes_json=False)
def user_conversations(request: Request) -> Answer:
    """The rooms a person (default: the bot) is in."""
    user = request.arguments.text("user") or request.workspace.app.user_id
    if user not in request.workspace.people and user != request.workspace.app.user_id:
        raise SlackError("user_not_found")
    limit, known = read_limit(request.arguments, 100), _known_rooms(request, user)
    rooms, more = page(known, request.arguments, f"rooms of {user}", _id, limit=limit)
    shown = [conversation_json(request.workspace, room) for room in rooms]
    left_out = ("is_member", "num_members")
    return {"channels": [{k: v for k, v in room.items() if k not in left_out} for room in shown], **more}


def _id(room: Room) -> str:
    return room.id


def _readable(request: Request) -> Room:
    room = known_room(request)
    request.need_any(f"{SCOPE_OF_KIND[room.kind]}:read")
    return room


@method("conversations.info", *READ, tier=3, required=("channel",), takes_json=False)
def info(request: Request) -> Answer:
    """One room; how many are in it only when asked for."""
    shape = conversation_json(request.workspace, _readable(request))
    if not request.arguments.flag("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


@method("conversations.members", *READ, tier=4, required=("channel",), takes_json=False)
def members(request: Request) -> Answer:
    """Who is in a room."""
    room, limit = _readable(request), read_limit(request.arguments, 100)
    people, more = page(room.members, request.arguments, f"members of {room.id}", str, limit=limit)
    return {"members": people, **more}


@method("conversations.join", "channels:join", tier=3, required=("channel",))
def join(request: Request) -> Answer:
    """Put the bot into a public channel; once more is a warning."""
    room = known_room(request)
    if room.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if room.is_archived:
        raise SlackError("is_archived")
    if is_member(request, room):
        request.warnings.append("already_in_channel")
    else:
        room.members.append(request.workspace.app.user_id)
        request.workspace.changes.tell()
    return {"channel": conversation_json(request.workspace, room)}


@method(
    "conversations.leave", "channels:manage", "groups:write", "im:write", "mpim:write", tier=3, required=("channel",)
)
def leave(request: Request) -> Answer:
    """Take the bot out of a channel."""
    room = known_room(request)
    if room.kind not in ("public", "private"):
        raise SlackError("method_not_supported_for_channel_type")
    request.need_any("channels:manage" if room.kind == "public" else "groups:write")
    if not is_member(request, room):
        return {"not_in_channel": True}
    if room.is_archived:
        raise SlackError("is_archived")
    if room.name == "general":
        raise SlackError("cant_leave_general")
    if len(room.members) == 1:
        raise SlackError("last_member")
    room.members.remove(request.workspace.app.user_id)
    request.workspace.changes.tell()
    return {}


INVITE = ("channels:write.invites", "channels:manage", "groups:write.invites", "groups:write")


@method("conversations.invite", *INVITE, tier=3, required=("channel", "users"))
def invite(request: Request) -> Answer:
    """Put people into a channel; nobody when one of them cannot be."""
    room, users = known_room(request), request.arguments.words("users")
    if room.kind not in ("public", "private"):
        raise SlackError("method_not_supported_for_channel_type")
    request.need_any(*(INVITE[:2] if room.kind == "public" else INVITE[2:]))
    if room.is_archived:
        raise SlackError("is_archived")
    if not is_member(request, room):
        raise SlackError("not_in_channel")
    if not users:
        raise SlackError("no_user")
    problems = [(user, problem) for user in users if (problem := _cannot_be_invited(request, room, user))]
    if problems:
        errors = [{"user": user, "ok": False, "error": problem} for user, problem in problems]
        raise SlackError(problems[0][1], errors=errors)
    room.members.extend(users)
    request.workspace.changes.tell()
    return {"channel": conversation_json(request.workspace, room)}


def _cannot_be_invited(request: Request, room: Room, user: str) -> str | None:
    workspace = request.workspace
    if user == workspace.app.user_id:
        return "cant_invite_self"
    person = workspace.people.get(user)
    if person is None or person.deleted:
        return "user_not_found"
    if user in room.members:
        return "already_in_channel"
    if person.is_stranger and not room.is_shared:
        return "cant_invite"
    return "ura_max_channels" if person.is_ultra_restricted and workspace.channels_of(user) else None


@method("conversations.open", "channels:manage", "groups:write", "im:write", "mpim:write", tier=3)
def open_direct(request: Request) -> Answer:
    """Open the direct conversation with one person or several, or resume one by its id."""
    users, workspace = request.arguments.words("users"), request.workspace
    before = len(workspace.rooms)
    if request.arguments.text("channel"):
        room = known_room(request)
        if room.kind not in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
    elif not users:
        raise SlackError("users_list_not_supplied")
    elif len(users) > DIRECT_WITH:
        raise SlackError("too_many_users")
    else:
        room = _direct_room(request, users)
    known = {} if len(workspace.rooms) > before else {"no_op": True, "already_open": True}
    if not request.arguments.flag("return_im"):
        return {**known, "channel": {"id": room.id}}
    return {**known, "channel": conversation_json(workspace, room)}


def _direct_room(request: Request, users: list[str]) -> Room:
    request.need_any("im:write" if len(users) == 1 else "mpim:write")
    workspace = request.workspace
    for user in users:
        person = workspace.people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        if workspace.is_unseen(person):
            raise SlackError("user_not_visible")
    if len(set(users)) < len(users):
        raise invalid("users must be different [json-pointer:/users]")
    return workspace.direct_room(users[0]) if len(users) == 1 else workspace.group_room(users)
