"""Serving an app over HTTP in a thread of its own, from a bound socket to a clean stop."""

import contextlib
import errno
import socket
import threading
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from bot.core.errors import KpiBotError

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what `web` and `run` listen on inside their container or behind their proxy
LOOPBACK = "127.0.0.1"

_GRACE_SECONDS = 4
_START_SECONDS = 10.0


class CannotListen(KpiBotError):
    """The address and port cannot be listened on."""


class Server:
    """A served app. address: where to reach it, known from the beginning."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        """Bind at once. Raises CannotListen."""
        self._socket = _bind(host, port)
        shown = LOOPBACK if host == EVERYWHERE else f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(_config(app))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="web", daemon=True)

    def start(self) -> None:
        """Serve; returns once requests are answered. Raises CannotListen when that does not come to pass."""
        self._thread.start()
        waiting = threading.Event()
        for _ in range(int(_START_SECONDS / 0.005)):
            if self._server.started:
                return
            if not self._thread.is_alive():
                break
            waiting.wait(0.005)
        self.stop()
        raise CannotListen(f"the web server did not start at {self.address}; the log says why")

    def stop(self) -> None:
        """Take no new requests, give those under way a few seconds, and return when it is over."""
        self._server.should_exit = True
        self._thread.join(timeout=_GRACE_SECONDS + 2)
        self._socket.close()


@contextlib.contextmanager
def serve(app: FastAPI, host: str, port: int) -> Iterator[str]:
    """Serve the app for the length of the block; port 0 takes any free one. Gives the address. Raises CannotListen."""
    server = Server(app, host, port)
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            problem = f"port {port} on {host} is in use by another program; stop it, or choose another with PORT"
        elif error.errno == errno.EACCES:
            problem = f"port {port} on {host} is not ours to take; choose one above 1023 with PORT"
        else:
            problem = f"cannot listen on {host} port {port}: {error.strerror or error}; choose another with PORT"
        raise CannotListen(problem) from error
    except OverflowError as error:
        raise CannotListen(f"{port} is no port; set PORT to a number from 0 to 65535") from error
    # asyncio does so for sockets it makes itself; without it an answer's second packet waits 40 ms for the first's ACK.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,  # how logs look is decided by whoever starts us
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
