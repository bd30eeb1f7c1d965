"""The sandbox as a web server: which path leads where, and running it in a thread or in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Mount, Route, WebSocketRoute
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.core.errors import KpiBotError
from bot.sandbox.control import Control
from bot.sandbox.doorkeeper import Doorkeeper, is_own
from bot.sandbox.file_door import FileDoor
from bot.sandbox.page_files import PageFiles
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.webapi import WebApi

LOOPBACK = "127.0.0.1"
_ANOTHER_PORT = "name another with --port, or --port 0 for any free one"


class CannotServe(KpiBotError):
    """The sandbox's port cannot be taken; the text names it and the way out."""


class OpenConnections:
    """The transports of all open connections by the caller's address, so that one can be cut."""

    def __init__(self) -> None:
        """Nobody is connected."""
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """A protocol class that writes its connections down here."""
        transports = self._transports

        class Recorded(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                self.caller = transport.get_extra_info("peername")
                transports[self.caller[:2]] = transport
                super().connection_made(transport)

            def handle_websocket_upgrade(self, event: Any) -> None:
                # From here on another protocol hears when the connection ends, and nobody may cut it.
                transports.pop(self.caller[:2], None)
                super().handle_websocket_upgrade(event)

            def connection_lost(self, exc: Exception | None) -> None:
                transports.pop(self.caller[:2], None)
                super().connection_lost(exc)

        return Recorded

    def cut(self, request: Request) -> None:
        """Close the connection of a request at once, without an answer."""
        if request.client is not None:
            transport = self._transports.get((request.client.host, request.client.port))
            if transport is not None:
                transport.abort()


def build_app(sandbox: Sandbox, connections: OpenConnections, *, only_own_names: bool = True) -> Starlette:
    """The ASGI application: Slack's side under `/api`, the tests' under `/_sandbox`, the page at `/`."""
    api = WebApi(sandbox, connections.cut)
    control = Control(sandbox)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        sandbox.close()

    return Starlette(
        routes=[
            Route("/api/{method:path}", api.call, methods=["GET", "POST"]),
            Route("/_response/{key}", api.response_url, methods=["POST"]),
            WebSocketRoute("/_socket/", sandbox.sockets.serve),
            *FileDoor(sandbox).routes(),
            Mount("/_sandbox", routes=[*control.routes(), control.nowhere()]),
            Mount("/", app=PageFiles()),
        ],
        middleware=[Middleware(Doorkeeper, only_own_names=only_own_names)],
        lifespan=lifespan,
    )


class PromptServer(uvicorn.Server):
    """A web server that ends at once when asked from another thread, not at its next look ten times a second."""

    async def main_loop(self) -> None:
        """Serve until asked to end, or until a signal says so."""
        self._loop, self._asked = asyncio.get_running_loop(), asyncio.Event()
        looking = asyncio.create_task(super().main_loop())
        asked = asyncio.create_task(self._asked.wait())
        _, left = await asyncio.wait({looking, asked}, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()

    def end(self) -> None:
        """Ask it to end."""
        self.should_exit = True
        if self.started:
            self._loop.call_soon_threadsafe(self._asked.set)


class Server:
    """A served sandbox; `address` is known once the socket is bound."""

    def __init__(self, sandbox: Sandbox, *, host: str = LOOPBACK, port: int = 0) -> None:
        """Bind at once, so that a taken port is an error here: CannotServe."""
        self._sandbox = sandbox
        self._listening = _bind(host, port)
        self.address = f"http://{_shown(host)}:{self._listening.getsockname()[1]}"
        sandbox.address = self.address
        connections = OpenConnections()
        self._server = PromptServer(
            uvicorn.Config(
                build_app(sandbox, connections, only_own_names=is_own(host)),
                http=connections.protocol(),
                ws="websockets-sansio",
                log_level="warning",
                proxy_headers=False,
                timeout_graceful_shutdown=1,
            )
        )

    def run(self) -> None:
        """Serve until `stop` is called (or a signal comes, in the main thread)."""
        self._server.run(sockets=[self._listening])

    def stop(self) -> None:
        """End `run`."""
        self._sandbox.sockets.drop()
        self._sandbox.changes.close()
        self._server.end()

    @property
    def started(self) -> bool:
        """Whether it answers."""
        return self._server.started


def _bind(host: str, port: int) -> socket.socket:
    try:
        bound = socket.create_server((host, port), backlog=512, family=_family(host))
    except OSError as error:
        raise CannotServe(_problem(host, port, error)) from error
    except OverflowError as error:
        raise CannotServe(f"{port} is no port; name one from 0 to 65535 with --port") from error
    # Accepted sockets inherit it; without it an answer's second packet waits 40 ms for the first one's ACK.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _shown(host: str) -> str:
    """A host as it stands in an address; one that means every address is shown as this machine's own."""
    own = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 - named here to be replaced
    return f"[{own}]" if ":" in own else own


def _problem(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; {_ANOTHER_PORT}"
    is_host = isinstance(error.__context__, socket.gaierror) or error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
    way_out = "name an address of this machine with --host, or leave it out" if is_host else _ANOTHER_PORT
    return f"cannot listen on {host} port {port}: {error.strerror or error}; {way_out}"


@contextlib.contextmanager
def serve(sandbox: Sandbox, *, host: str = LOOPBACK, port: int = 0) -> Iterator[str]:
    """Serve the sandbox in a thread; gives its address, stops it at the end of the block. Raises CannotServe."""
    server = Server(sandbox, host=host, port=port)
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    waiting = threading.Event()
    while not server.started and thread.is_alive():
        waiting.wait(0.005)
    try:
        if not server.started:
            raise CannotServe(f"the sandbox ended before it answered at {server.address}; the log says why")
        yield server.address
    finally:
        server.stop()
        thread.join(timeout=5)
