"""Web API: `views.*` – modals in a stack of at most three, and the Home tab."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.errors import SlackError, refuse
from bot.sandbox.methods.arguments import Arguments, invalid
from bot.sandbox.methods.content import check_slack_files
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.state.block_ids import with_ids
from bot.sandbox.state.inputs import initial_values
from bot.sandbox.state.records import View
from bot.sandbox.state.shapes import view_json
from bot.sandbox.state.workspace import Workspace
from bot.slack.limits import check_view

STACK = 3


def checked_view(payload: Any, kind: str) -> dict[str, Any]:
    """The view with ids filled in. SlackError when it is not a valid one of its kind (modal or home)."""
    if not isinstance(payload, dict) or payload.get("type") != kind:
        raise invalid(f"must be a {kind} [json-pointer:/view/type]")
    refuse(check_view(payload))
    return {**payload, "blocks": [with_ids(block) for block in payload["blocks"]]}


def new_view(workspace: Workspace, user: str, payload: dict[str, Any], previous: View | None = None) -> View:
    """Show a person a new view; on top of `previous` when given. SlackError when it names what is not there."""
    _check_names(workspace, payload, None)
    view_id = "V" + secrets.token_hex(5).upper()
    root = previous.root_id if previous else view_id
    view = View(view_id, user, payload, _hash(), root, previous.id if previous else None)
    view.values = initial_values(view.blocks)
    workspace.keep_view(view)
    return _shown(workspace, view)


def replace_view(workspace: Workspace, view: View, payload: dict[str, Any]) -> View:
    """Change a view in place; inputs whose ids stay keep what was typed. SlackError as for a new one."""
    _check_names(workspace, payload, view)
    typed = view.values
    view.payload, view.hash, view.errors = payload, _hash(), {}
    view.values = {
        block: {action: typed.get(block, {}).get(action, value) for action, value in actions.items()}
        for block, actions in initial_values(view.blocks).items()
    }
    return _shown(workspace, view)


def _check_names(workspace: Workspace, payload: dict[str, Any], changed: View | None) -> None:
    """Refuse an `external_id` that another view has (`duplicate_external_id`), and images of unknown files."""
    check_slack_files(workspace.files, payload["blocks"], "/view/blocks")
    external = payload.get("external_id")
    others = (view for view in workspace.views.values() if view is not changed and workspace.is_open(view))
    if external and any(view.payload.get("external_id") == external for view in others):
        raise SlackError("duplicate_external_id")


def _shown(workspace: Workspace, view: View) -> View:
    view.stamp = workspace.changes.version + 1
    workspace.changes.tell()
    return view


def _hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"


def _use_trigger(request: Request) -> tuple[str, View | None]:
    """The person behind a trigger id, and the modal it came from. One use, three seconds."""
    workspace = request.workspace
    trigger = workspace.triggers.get(_trigger_id(request.arguments))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if workspace.trigger_expired(trigger):
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger.user, workspace.views.get(trigger.view or "")


def _trigger_id(arguments: Arguments) -> str:
    """The trigger id, which goes by either of two names."""
    if not arguments.has("interactivity_pointer"):
        arguments.require(("trigger_id",))
    return arguments.text("trigger_id") or arguments.text("interactivity_pointer")


@method("views.open", tier=4, required=("view",))
def open_view(request: Request) -> Answer:
    """Open a modal for the person behind the trigger id."""
    payload = checked_view(request.arguments.structure("view"), "modal")
    user, _ = _use_trigger(request)
    view = new_view(request.workspace, user, payload)
    request.workspace.modals[user] = [view.id]
    return {"view": view_json(request.workspace, view)}


@method("views.push", tier=4, required=("view",))
def push_view(request: Request) -> Answer:
    """Put a modal on top of the one the trigger came from."""
    payload = checked_view(request.arguments.structure("view"), "modal")
    user, below = _use_trigger(request)
    return {"view": view_json(request.workspace, push_on_stack(request.workspace, user, payload, below))}


def push_on_stack(workspace: Workspace, user: str, payload: dict[str, Any], below: View | None) -> View:
    """Put a modal on a person's stack. `push_limit_reached` when three are open."""
    stack = workspace.modals.setdefault(user, [])
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    if not stack or (below is not None and below.id not in stack):
        raise SlackError("not_found")
    view = new_view(workspace, user, payload, below or workspace.views[stack[-1]])
    stack.append(view.id)
    return view


@method("views.update", tier=4, required=("view",))
def update_view(request: Request) -> Answer:
    """Change an open modal or a Home tab, named by `view_id` or `external_id`."""
    workspace, arguments = request.workspace, request.arguments
    external = arguments.text("external_id")
    if not external:
        arguments.require(("view_id",))
    named = [view for view in workspace.views.values() if external and view.payload.get("external_id") == external]
    view = workspace.views.get(arguments.text("view_id")) or (named[-1] if named else None)
    if view is None or not workspace.is_open(view):
        raise SlackError("not_found")
    payload = checked_view(arguments.structure("view"), str(view.payload["type"]))
    _check_hash(request, view)
    return {"view": view_json(workspace, replace_view(workspace, view, payload))}


@method("views.publish", tier=4, required=("user_id", "view"))
def publish_view(request: Request) -> Answer:
    """Set a person's Home tab."""
    workspace, user = request.workspace, request.arguments.text("user_id")
    if user not in workspace.people:
        raise invalid("invalid `user_id`")
    payload = checked_view(request.arguments.structure("view"), "home")
    if not workspace.app.home_tab:
        raise SlackError("not_enabled")
    view = workspace.views.get(workspace.homes.get(user, ""))
    if view is None:
        view = new_view(workspace, user, payload)
        workspace.homes[user] = view.id
    else:
        _check_hash(request, view)
        replace_view(workspace, view, payload)
    return {"view": view_json(workspace, view)}


def _check_hash(request: Request, view: View) -> None:
    given = request.arguments.text("hash")
    if given and given != view.hash:
        raise SlackError("hash_conflict")
