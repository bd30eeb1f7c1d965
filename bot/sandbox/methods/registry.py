"""The registry of Web API methods, and the way one call goes: token, rate, scope, arguments, method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.arguments import Arguments
from bot.sandbox.methods.rates import RateLimits
from bot.sandbox.state.workspace import Workspace

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """What a method needs: the workspace, its arguments, the caller's scopes, and where the sandbox is reached.

    A method may add to `warnings`, which stand beside a good answer.
    """

    workspace: Workspace
    arguments: Arguments
    scopes: frozenset[str]
    address: str
    connect: Callable[[], str]
    warnings: list[str] = field(default_factory=list)

    def need_any(self, *scopes: str) -> None:
        """Raise `missing_scope` unless the token has one of these."""
        if not self.scopes & set(scopes):
            raise missing_scope(scopes, self.scopes)


@dataclass(frozen=True)
class Method:
    """One Web API method: its function, the scopes of which one is needed, its tier, whose token it takes.

    `required` are the arguments it cannot do without; `takes_json` is false for those that read forms only.
    """

    run: Callable[[Request], Answer]
    scopes: tuple[str, ...]
    tier: int | None
    caller: str
    required: tuple[str, ...]
    takes_json: bool


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *scopes: str,
    tier: int | None = None,
    caller: str = "bot",
    required: Sequence[str] = (),
    takes_json: bool = True,
) -> Callable[[Callable[[Request], Answer]], Callable[[Request], Answer]]:
    """Register a function as a Web API method.

    `caller` is whose token it takes: `bot`, `app`, `either` (or none at all), or `none` (it looks at none).
    """

    def register(run: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
        METHODS[name] = Method(run, scopes, tier, caller, tuple(required), takes_json)
        return run

    return register


def missing_scope(needed: Sequence[str], provided: frozenset[str]) -> SlackError:
    """Slack's refusal of a call for want of a scope."""
    return SlackError("missing_scope", needed=",".join(needed), provided=",".join(sorted(provided)))


def perform(name: str, token: str, request: Request, rates: RateLimits) -> Answer:
    """Run one call and give its answer. SlackError (or RateLimited) when it is refused."""
    found = METHODS.get(name)
    if found is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(found, token, request.workspace)
    rates.count(name, found.tier, request.workspace.key_of_room(str(request.arguments.raw.get("channel") or "")))
    if found.scopes and found.caller == "bot":
        request.need_any(*found.scopes)
    request.arguments.require(found.required)
    with request.workspace.lock:
        return {"ok": True, **found.run(request)}


def _check_token(found: Method, token: str, workspace: Workspace) -> None:
    if found.caller == "none" or (found.caller == "either" and not token):
        return
    known = {workspace.tokens.bot: "bot", workspace.tokens.app: "app"}
    if not token:
        raise SlackError("not_authed")
    if token not in known:
        raise SlackError("invalid_auth")
    if known[token] == "bot" and workspace.token_refusal:
        raise SlackError(workspace.token_refusal)
    if found.caller not in ("either", known[token]):
        raise SlackError("not_allowed_token_type")
