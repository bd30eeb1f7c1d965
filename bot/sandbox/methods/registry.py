"""The registry of Web API methods, and the way one call goes: token, rate, scope, method."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.rates import RateLimits
from bot.sandbox.state.workspace import Workspace

Item = TypeVar("Item")
Answer = dict[str, Any]


class Arguments:
    """The arguments of one call, from a form or from JSON, read by type."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take the raw fields; a form carries objects as JSON text."""
        self.raw = raw

    def has(self, name: str) -> bool:
        """Whether the argument was given at all."""
        return self.raw.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.raw.get(name)
        return default if value is None else str(value)

    def needed(self, name: str, code: str = "invalid_arguments") -> str:
        """A string that must be there."""
        value = self.text(name)
        if not value:
            lines = [f"[ERROR] missing required field: {name}"]
            raise SlackError(code, response_metadata={"messages": lines})
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false, also as `1`, `true`."""
        value = self.raw.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.raw.get(name)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def structure(self, name: str, code: str = "invalid_arguments") -> Any:
        """An object or array, given as such or as JSON text; None when absent."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(code) from None


@dataclass(frozen=True)
class Request:
    """What a method needs: the workspace, its arguments, the caller's scopes, and where the sandbox is reached."""

    workspace: Workspace
    arguments: Arguments
    scopes: frozenset[str]
    address: str
    connect: Callable[[], str]

    def need_any(self, *scopes: str) -> None:
        """Raise `missing_scope` unless the token has one of these."""
        if not self.scopes & set(scopes):
            raise missing_scope(scopes, self.scopes)


@dataclass(frozen=True)
class Method:
    """One Web API method: its function, the scopes of which one is needed, its tier, whose token it takes."""

    run: Callable[[Request], Answer]
    scopes: tuple[str, ...]
    tier: int | None
    caller: str


METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, tier: int | None = None, caller: str = "bot"
) -> Callable[[Callable[[Request], Answer]], Callable[[Request], Answer]]:
    """Register a function as a Web API method. `caller` is whose token it takes: bot, app, or none's."""

    def register(run: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
        METHODS[name] = Method(run, scopes, tier, caller)
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
    rates.count(name, found.tier, request.arguments.text("channel"))
    if found.scopes and found.caller == "bot":
        request.need_any(*found.scopes)
    with request.workspace.lock:
        return {"ok": True, **found.run(request)}


def _check_token(found: Method, token: str, workspace: Workspace) -> None:
    if found.caller == "none":
        return
    known = {workspace.tokens.bot: "bot", workspace.tokens.app: "app"}
    if not token:
        raise SlackError("not_authed")
    if token not in known:
        raise SlackError("invalid_auth")
    if workspace.token_revoked and known[token] == "bot":
        raise SlackError("token_revoked")
    if known[token] != found.caller:
        raise SlackError("not_allowed_token_type")


def page(items: Sequence[Item], arguments: Arguments, *, default: int = 100) -> tuple[list[Item], Answer]:
    """The part of a list a call asks for by `cursor` and `limit`, and the answer's `response_metadata`."""
    limit = arguments.number("limit", default) or default
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    start = _offset(arguments.text("cursor"), len(items))
    end = start + limit
    more = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": more}}


def _offset(cursor: str, length: int) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        offset = int(number)
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
    if word != "next" or not 0 < offset < length:
        raise SlackError("invalid_cursor")
    return offset
