"""Who may knock: nobody under a foreign host name, and no page of another site that wants to act."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
_DOORS = "/_sandbox"
_OWN_SITES = frozenset({None, "none", "same-origin"})
"""What a browser says of a request our own page makes, or somebody types; a program says nothing."""


def is_own(name: str | None) -> bool:
    """Whether this machine calls itself so. A site that points its own name here (DNS rebinding) does not."""
    try:
        return name == "localhost" or ipaddress.ip_address(name or "").is_loopback
    except ValueError:
        return False


class Doorkeeper:
    """Stands before the whole application, WebSockets included. `only_own_names` is for one that listens on
    loopback: whoever listens for other machines is reached by names nobody here can know."""

    def __init__(self, app: ASGIApp, *, only_own_names: bool) -> None:
        """Guard this application."""
        self._app, self._only_own_names = app, only_own_names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer 421 to a foreign host name and 403 to another site."""
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
        else:
            await PlainTextResponse(refusal[1], refusal[0])(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if self._only_own_names and not is_own(_name(headers)):
            return 421, "this sandbox answers to 127.0.0.1 and localhost alone; open it there"
        if scope.get("method") not in _LOOKING and not from_here(headers):
            return 403, "another site may not act here"
        if scope["path"].startswith(_DOORS) and headers.get("sec-fetch-site") not in _OWN_SITES:
            return 403, "another site may not look here"
        return None


def from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from our own page or from no page at all."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _name(headers: Mapping[str, str]) -> str | None:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return None
