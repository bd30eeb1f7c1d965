"""A served sandbox with a small company in it, a client for its Web API, and a web server for a Bolt app.

For our own tests of the sandbox; other apps take `bot.sandbox.fixtures`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import Channel, Person, Sandbox, SandboxClock, UserGroup, serve
from bot.sandbox.hosting import connected, served

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

PEOPLE = (
    Person("U0ANA", "ana", "Ana Ruiz", "ana@example.com", "Europe/Madrid", "es-ES", "Chief Revenue Officer"),
    Person("U0BOB", "bob", "Bob Stone", "bob@example.com", "America/New_York", "en-US", "Head of Sales"),
    Person("U0CAT", "cat", "Cat Guest", "cat@example.com", is_restricted=True),
    Person("U0GON", "gone", "Gone Person", "gone@example.com", deleted=True),
)
CHANNELS = (
    Channel("C0REV", "revenue", ("ana", "bob"), topic="Revenue and churn"),
    Channel("C0OPS", "operations", ("bob",), with_bot=False),
    Channel("C0OLD", "old-news", ("ana",), is_archived=True),
    Channel("G0EXE", "executives", ("ana",), is_private=True),
    Channel("G0SEC", "secret", ("bob",), is_private=True, with_bot=False),
)
GROUPS = (UserGroup("S0REV", "revenue-team", "Revenue team", ("ana", "bob")),)


def small_sandbox(**changes: Any) -> Sandbox:
    """A sandbox with the small company; `changes` are arguments of `Sandbox`."""
    given: dict[str, Any] = {"people": PEOPLE, "channels": CHANNELS, "user_groups": GROUPS}
    return Sandbox(**{**given, "clock": SandboxClock(TUESDAY), "company": "Small Company", **changes})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The small company, served on loopback."""
    built = small_sandbox()
    with serve(built):
        yield built


def client_of(sandbox: Sandbox, token: str = "xoxb-sandbox") -> WebClient:
    """A client that repeats nothing by itself."""
    return WebClient(token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    """The bot's client for the served sandbox."""
    return client_of(sandbox)


@contextmanager
def served_over_http(app: App) -> Iterator[str]:
    """A Bolt app at `/slack/events` on an ephemeral port; gives the request address."""

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        answer = await run_in_threadpool(app.dispatch, to_bolt_request(request, body))
        return to_starlette_response(answer)

    with endpoint_over_http(endpoint) as url:
        yield url


@contextmanager
def endpoint_over_http(endpoint: Callable[[Request], Awaitable[Response]]) -> Iterator[str]:
    """Any endpoint at `/slack/events` on an ephemeral port; gives the request address."""
    site = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    with served(site) as address:
        yield f"{address}/slack/events"


@contextmanager
def connected_by_socket(sandbox: Sandbox, app: App) -> Iterator[SocketModeHandler]:
    """A Bolt app connected to a served sandbox by Socket Mode."""
    handler = SocketModeHandler(app, "xapp-sandbox", web_client=client_of(sandbox, "xapp-sandbox"))
    with connected(sandbox, handler):
        yield handler
