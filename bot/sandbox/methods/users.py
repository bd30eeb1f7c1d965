"""Web API: `users.*`, `usergroups.*`, `bots.info`, `team.info`, `auth.test`, `api.test`, sockets, `blocks.validate`."""

from __future__ import annotations

from bot.sandbox.cast import Person, UserGroup
from bot.sandbox.errors import SlackError, refuse
from bot.sandbox.methods.registry import Answer, Request, method, page
from bot.sandbox.state.shapes import Json, bot_json, person_json
from bot.slack.limits import check_blocks, check_message, check_view


def _person(request: Request, person: Person) -> Json:
    return person_json(request.workspace, person, email="users:read.email" in request.scopes)


@method("users.list", "users:read", tier=2)
def list_users(request: Request) -> Answer:
    """Everybody, the bot included."""
    everybody = [_person(request, person) for person in request.workspace.people.values()]
    members, more = page([*everybody, bot_json(request.workspace)], request.arguments)
    return {"members": members, "cache_ts": int(request.workspace.clock.now().timestamp()), **more}


@method("users.info", "users:read", tier=4)
def info(request: Request) -> Answer:
    """One person."""
    user = request.arguments.needed("user", "user_not_found")
    if user == request.workspace.app.user_id:
        return {"user": bot_json(request.workspace)}
    if user not in request.workspace.people:
        raise SlackError("user_not_found")
    return {"user": _person(request, request.workspace.people[user])}


@method("users.lookupByEmail", "users:read.email", tier=3)
def lookup_by_email(request: Request) -> Answer:
    """The active person with this email address."""
    email = request.arguments.needed("email", "users_not_found").lower()
    for person in request.workspace.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": _person(request, person)}
    raise SlackError("users_not_found")


def _group(request: Request, group: UserGroup, *, users: bool) -> Json:
    shape: Json = {
        "id": group.id,
        "team_id": request.workspace.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.users),
    }
    return {**shape, "users": list(group.users)} if users else shape


@method("usergroups.list", "usergroups:read", tier=2)
def list_groups(request: Request) -> Answer:
    """The user groups."""
    users = request.arguments.flag("include_users")
    return {"usergroups": [_group(request, group, users=users) for group in request.workspace.groups.values()]}


@method("usergroups.users.list", "usergroups:read", tier=2)
def list_group_users(request: Request) -> Answer:
    """The people of one user group."""
    group = request.workspace.groups.get(request.arguments.needed("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


@method("bots.info", "users:read", tier=3)
def bot_info(request: Request) -> Answer:
    """The bot."""
    app = request.workspace.app
    if request.arguments.text("bot", app.bot_id) != app.bot_id:
        raise SlackError("bot_not_found")
    shape = {"id": app.bot_id, "name": app.name, "user_id": app.user_id, "app_id": app.app_id, "deleted": False}
    return {"bot": shape}


@method("team.info", "team:read", tier=3)
def team_info(request: Request) -> Answer:
    """The workspace."""
    workspace = request.workspace
    return {"team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain, "icon": {}}}


@method("auth.test")
def auth_test(request: Request) -> Answer:
    """Who the token belongs to."""
    workspace = request.workspace
    return {
        "url": f"{request.address}/",
        "team": workspace.name,
        "user": workspace.app.handle,
        "team_id": workspace.team_id,
        "user_id": workspace.app.user_id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


@method("api.test", caller="none")
def api_test(request: Request) -> Answer:
    """Give back what was sent, or the error asked for."""
    if request.arguments.has("error"):
        raise SlackError(request.arguments.text("error"), args=dict(request.arguments.raw))
    return {"args": dict(request.arguments.raw)}


@method("apps.connections.open", "connections:write", tier=3, caller="app")
def open_connection(request: Request) -> Answer:
    """The address of a new Socket Mode connection."""
    return {"url": request.connect()}


@method("blocks.validate")
def validate_blocks(request: Request) -> Answer:
    """Whether blocks, a message or a view would be accepted: exactly one of them."""
    given = [name for name in ("blocks", "message", "view") if request.arguments.has(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    value = request.arguments.structure(given[0])
    if given[0] == "blocks":
        refuse(check_blocks(value, "message"))
    else:
        refuse(check_message(value) if given[0] == "message" else check_view(value))
    return {}
