"""Web API about the app itself: `auth.test`, `api.test`, `bots.info`, `team.info`, sockets, `blocks.validate`."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.state.message_shapes import pictures_json
from bot.slack.limits import Fault, check_blocks, check_message, check_view


@method("bots.info", "users:read", tier=3, takes_json=False)
def bot_info(request: Request) -> Answer:
    """The bot."""
    app = request.workspace.app
    if request.arguments.text("bot", app.bot_id) != app.bot_id:
        raise SlackError("bot_not_found")
    shape = {"id": app.bot_id, "name": app.name, "user_id": app.user_id, "app_id": app.app_id}
    return {"bot": {**shape, "deleted": False, "updated": 0, "icons": pictures_json(request.workspace, (36, 48, 72))}}


@method("team.info", "team:read", tier=3, takes_json=False)
def team_info(request: Request) -> Answer:
    """The workspace."""
    workspace = request.workspace
    if request.arguments.text("team", workspace.team_id) != workspace.team_id:
        raise SlackError("team_not_found")
    named = {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain}
    icon = {**pictures_json(workspace, (34, 44, 68, 88, 102, 132, 230)), "image_default": True}
    return {"team": {**named, "url": f"{request.address}/", "email_domain": "", "icon": icon}}


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


@method("api.test", tier=4, caller="none")
def api_test(request: Request) -> Answer:
    """Give back what was sent, or the error asked for."""
    if request.arguments.has("error"):
        raise SlackError(request.arguments.text("error"), args=dict(request.arguments.raw))
    return {"args": dict(request.arguments.raw)}


@method("apps.connections.open", "connections:write", tier=3, caller="app")
def open_connection(request: Request) -> Answer:
    """The address of a new Socket Mode connection."""
    return {"url": request.connect()}


@method("blocks.validate", caller="either")
def validate_blocks(request: Request) -> Answer:
    """Whether blocks, a message or a view would be accepted: exactly one of them, and no token needed."""
    given = [name for name in ("blocks", "message", "view") if request.arguments.has(name)]
    if len(given) != 1:
        problem = "must provide exactly one of `blocks`, `view`, or `message`"
        raise SlackError("invalid_arguments", response_metadata={"messages": [problem]})
    name = given[0]
    faults = _faults(name, request.arguments.structure(name))
    if not faults:
        return {}
    errors = [
        {"code": "failed_constraint", "message": fault.problem, "pointer": fault.pointer.removeprefix(f"/{name}")}
        for fault in faults
    ]
    raise SlackError(f"invalid_{name}", errors=errors, response_metadata={"messages": [str(one) for one in faults]})


def _faults(name: str, value: object) -> list[Fault]:
    if name == "blocks":
        return check_blocks(value, "message")
    if not isinstance(value, dict):
        return [Fault(f"/{name}", "invalid_arguments", "must be an object")]
    return check_message(value) if name == "message" else check_view(value)
