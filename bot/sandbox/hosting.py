"""An app brought to a sandbox in the same process: served over HTTP or connected by Socket Mode, then let go of."""

from __future__ import annotations

import contextlib
import inspect
import socket
import threading
import time
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any, Protocol, runtime_checkable
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import uvicorn

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import LOOPBACK, PromptServer

EVENTS_PATH = "/slack/events"
"""Where an app's web server takes what Slack sends, by Bolt's custom."""

CONNECTED_WITHIN = 10.0
CLOSED_WITHIN = 5.0


@runtime_checkable
class SocketHandler(Protocol):
    """What Bolt's `SocketModeHandler` looks like from here; `client` is the Socket Mode client."""

    client: Any

    def connect(self) -> None:
        """Connect, and come back."""

    def close(self) -> None:
        """Close for good."""


def environment_of(sandbox: Sandbox) -> dict[str, str]:
    """The environment an app needs to take a served sandbox for Slack; the app token only for Socket Mode."""
    tokens = sandbox.workspace.tokens
    secret = {"SLACK_SIGNING_SECRET": sandbox.signing_secret}
    reached = secret if sandbox.inbound.request_url else {"SLACK_APP_TOKEN": tokens.app}
    return {"SLACK_API_URL": sandbox.api_url, "SLACK_BOT_TOKEN": tokens.bot, **reached}


@contextlib.contextmanager
def connected(sandbox: Sandbox, app: Any, *, path: str = EVENTS_PATH) -> Iterator[None]:
    """Let a served sandbox reach an app for as long as the block lasts.

    `app` is a request URL (of an app that runs already), a `SocketModeHandler`, or a web application: WSGI or ASGI,
    which is served on loopback and reached at `path`. TypeError for anything else, TimeoutError when it does not
    connect.
    """
    if isinstance(app, SocketHandler):
        with _by_socket(sandbox, app):
            yield
    elif isinstance(app, str):
        with _by_http(sandbox, app):
            yield
    elif callable(app):
        with served(app) as address, _by_http(sandbox, f"{address}{path}"):
            yield
    else:
        raise TypeError(
            f"a {type(app).__name__} cannot be connected: give a request URL, a WSGI or ASGI application "
            "(Bolt's adapters make one: slack_bolt.adapter.wsgi.SlackRequestHandler(app)), or a SocketModeHandler"
        )


@contextlib.contextmanager
def _by_http(sandbox: Sandbox, request_url: str) -> Iterator[None]:
    before = sandbox.inbound.request_url
    sandbox.connect(request_url)
    try:
        yield
    finally:
        sandbox.connect(before)


@contextlib.contextmanager
def _by_socket(sandbox: Sandbox, handler: SocketHandler) -> Iterator[None]:
    base_url = str(handler.client.web_client.base_url)
    if base_url.rstrip("/") != sandbox.api_url.rstrip("/"):
        raise ValueError(f"the handler's client talks to {base_url}; give it base_url={sandbox.api_url!r}")
    before = sandbox.sockets.count
    handler.connect()
    try:
        sandbox.wait_for(lambda: sandbox.sockets.count > before, CONNECTED_WITHIN)
        yield
    finally:
        _let_go(sandbox, handler)


def _let_go(sandbox: Sandbox, handler: SocketHandler) -> None:
    # The client waits out a three-second read when it hangs up first, so the sandbox does.
    handler.client.auto_reconnect_enabled = False
    sandbox.sockets.drop()
    deadline = time.monotonic() + CLOSED_WITHIN
    while handler.client.is_connected() and time.monotonic() < deadline:
        time.sleep(0.01)
    handler.close()


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve a WSGI or ASGI application on a free port of this machine; gives its address."""
    is_asgi = inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None))  # noqa: B004 - asked for its kind, not whether it is there
    with _asgi_server(app) if is_asgi else _wsgi_server(app) as port:
        yield f"http://{LOOPBACK}:{port}"


@contextlib.contextmanager
def _asgi_server(app: Any) -> Iterator[int]:
    listening = socket.create_server((LOOPBACK, 0))
    server = PromptServer(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="app", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        if not server.started:
            raise RuntimeError("the app's web server ended before it answered; the log says why")
        yield listening.getsockname()[1]
    finally:
        server.end()
        thread.join(CLOSED_WITHIN)


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the sandbox's journal has every request."""


@contextlib.contextmanager
def _wsgi_server(app: Any) -> Iterator[int]:
    with make_server(LOOPBACK, 0, app, _ThreadingServer, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="app", daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join(CLOSED_WITHIN)
