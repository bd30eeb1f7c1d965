"""Web API: `users.*`, `dnd.*` and `usergroups.*` – who the people are, and whether they can be disturbed."""

from __future__ import annotations

from bot.sandbox.cast import Person
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.paging import page, read_limit
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.state.shapes import Json, bot_json, group_json, person_json

TEAM_INFO_USERS = 50
"""How many people `dnd.teamInfo` tells of at once."""


def _person(request: Request, person: Person) -> Json:
    email, locale = "users:read.email" in request.scopes, request.arguments.flag("include_locale")
    return person_json(request.workspace, person, email=email, locale=locale and not person.deleted)


@method("users.list", "users:read", tier=2, takes_json=False)
def list_users(request: Request) -> Answer:
    """Everybody, the bot and the people of shared channels included; all at once without a `limit`."""
    workspace = request.workspace
    seen = [person for person in workspace.people.values() if not workspace.is_unseen(person)]
    everybody = [*(_person(request, person) for person in seen), bot_json(workspace)]
    limit = read_limit(request.arguments, 0) if request.arguments.text("limit") not in ("", "0") else len(everybody)
    members, more = page(everybody, request.arguments, "user", lambda user: str(user["id"]), limit=limit)
    return {"members": members, "cache_ts": int(workspace.clock.now().timestamp()), **more}


@method("users.info", "users:read", tier=4, required=("user",), takes_json=False)
def info(request: Request) -> Answer:
    """One person."""
    user = request.arguments.text("user")
    if user == request.workspace.app.user_id:
        return {"user": bot_json(request.workspace)}
    return {"user": _person(request, _found(request, user))}


def _found(request: Request, user: str) -> Person:
    person = request.workspace.people.get(user)
    if person is None:
        raise SlackError("user_not_found")
    return person


@method("users.lookupByEmail", "users:read.email", tier=3, required=("email",), takes_json=False)
def lookup_by_email(request: Request) -> Answer:
    """The active person of this workspace with this email address."""
    email = request.arguments.text("email").lower()
    for person in request.workspace.people.values():
        if email and person.email.lower() == email and not person.deleted and not person.is_stranger:
            return {"user": _person(request, person)}
    raise SlackError("users_not_found")


@method("users.getPresence", "users:read", tier=3, takes_json=False)
def get_presence(request: Request) -> Answer:
    """Whether a person (default: the bot) is `active` or `away`."""
    workspace = request.workspace
    user = request.arguments.text("user") or workspace.app.user_id
    if user == workspace.app.user_id:
        how = {"online": True, "auto_away": False, "manual_away": False, "connection_count": 1}
        return {"presence": "active", **how, "last_activity": int(workspace.clock.now().timestamp())}
    person = _found(request, user)
    return {"presence": "away" if person.deleted else person.presence}


def _dnd(request: Request, user: str) -> Json:
    window = request.workspace.quiet_time(user) if user in request.workspace.people else None
    start, end = (int(moment.timestamp()) for moment in window) if window else (1, 1)
    return {"dnd_enabled": window is not None, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


@method("dnd.info", "dnd:read", tier=3, takes_json=False)
def dnd_info(request: Request) -> Answer:
    """When a person (default: the bot) does not want to be disturbed, now or next."""
    user, me = request.arguments.text("user"), request.workspace.app.user_id
    if user in ("", me):
        return {**_dnd(request, me), "snooze_enabled": False, "snooze_endtime": 0, "snooze_remaining": 0}
    return _dnd(request, _found(request, user).id)


@method("dnd.teamInfo", "dnd:read", tier=2, required=("users",), takes_json=False)
def dnd_team_info(request: Request) -> Answer:
    """The same of several people, at most 50; those it does not know are left out."""
    users = request.arguments.words("users")
    if not users:
        raise SlackError("no_users_provided")
    if len(users) > TEAM_INFO_USERS:
        raise SlackError("too_many_users")
    return {"users": {user: _dnd(request, user) for user in users if user in request.workspace.people}}


@method("usergroups.list", "usergroups:read", tier=2, takes_json=False)
def list_groups(request: Request) -> Answer:
    """The user groups; their people and numbers only when asked for."""
    users, count = request.arguments.flag("include_users"), request.arguments.flag("include_count")
    groups = request.workspace.groups.values()
    return {"usergroups": [group_json(request.workspace, group, users=users, count=count) for group in groups]}


@method("usergroups.users.list", "usergroups:read", tier=2, required=("usergroup",), takes_json=False)
def list_group_users(request: Request) -> Answer:
    """The people of one user group."""
    group = request.workspace.groups.get(request.arguments.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}
