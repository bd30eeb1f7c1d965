"""Socket Mode: the connections of the bot, and envelopes that go to one of them and come back acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

MOST_CONNECTIONS = 10
LIFE_SECONDS = 18060
"""How long a connection lives before Slack asks for a new one, as its hello says."""

Line = dict[str, Any]
Told = Callable[[str, Line], object]


@dataclass(eq=False)
class Connection:
    """One open websocket; lines put into `outgoing` are sent, None closes it. `awaited` are its open envelopes."""

    loop: asyncio.AbstractEventLoop
    outgoing: asyncio.Queue[Line | None] = field(default_factory=asyncio.Queue)
    awaited: dict[str, Future[Any]] = field(default_factory=dict)

    def send(self, line: Line | None) -> None:
        """Send from any thread."""
        self.loop.call_soon_threadsafe(self.outgoing.put_nowait, line)


class Sockets:
    """All connections of the app. Each envelope goes to one of them, picked at random as Slack does.

    `told` is called with `socket:hello` or `socket:disconnect` and the line a connection is told.
    """

    def __init__(self, app_id: str, told: Told) -> None:
        """Nobody is connected."""
        self.app_id = app_id
        self.enabled = True
        self._told = told
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._last_of: dict[str, Connection] = {}

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def ticket(self) -> str:
        """A one-time ticket for a new connection."""
        found = secrets.token_urlsafe(16)
        self._tickets.add(found)
        return found

    async def serve(self, websocket: WebSocket) -> None:
        """Speak Socket Mode on one websocket until either side ends it."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(code=4001)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        refusal = self._refusal()
        if refusal is not None:
            await websocket.send_text(json.dumps(refusal))
            await websocket.close()
            return
        await self._attend(websocket, Connection(asyncio.get_running_loop()))

    def _refusal(self) -> Line | None:
        if not self.enabled:
            return self._farewell("link_disabled")
        return self._farewell("too_many_websockets") if self.count >= MOST_CONNECTIONS else None

    async def _attend(self, websocket: WebSocket, connection: Connection) -> None:
        self._connections.append(connection)
        try:
            await websocket.send_text(json.dumps(self._hello()))
            await self._converse(websocket, connection)
        finally:
            self._connections.remove(connection)
            for waiting in tuple(connection.awaited.values()):
                if not waiting.done():
                    waiting.set_exception(ConnectionError("the connection ended before it was acknowledged"))

    def _hello(self) -> Line:
        line = {
            "type": "hello",
            "num_connections": self.count,
            "connection_info": {"app_id": self.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": LIFE_SECONDS},
        }
        self._told("socket:hello", line)
        return line

    def _farewell(self, reason: str) -> Line:
        line = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        self._told("socket:disconnect", line)
        return line

    async def _converse(self, websocket: WebSocket, connection: Connection) -> None:
        reading = asyncio.create_task(self._read(websocket, connection))
        writing = asyncio.create_task(self._write(websocket, connection))
        _, pending = await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(reading, writing, return_exceptions=True)

    async def _read(self, websocket: WebSocket, connection: Connection) -> None:
        try:
            while True:
                line = json.loads(await websocket.receive_text())
                waiting = connection.awaited.pop(line.get("envelope_id", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(line.get("payload"))
        except (WebSocketDisconnect, ValueError, KeyError, AttributeError):
            return

    async def _write(self, websocket: WebSocket, connection: Connection) -> None:
        while True:
            line = await connection.outgoing.get()
            if line is None:
                await websocket.close()
                return
            await websocket.send_text(json.dumps(line))

    def deliver(self, kind: str, payload: Line, timeout: float, retry: tuple[int, str] | None = None) -> Any:
        """Send one envelope and give the acknowledgement's payload.

        A repetition goes to another connection than the time before, if there is one. TimeoutError when the
        acknowledgement comes too late, ConnectionError when nobody is connected or the connection ends.
        """
        connection = self._picked(payload.get("event_id"))
        envelope_id, waiting = secrets.token_hex(16), Future[Any]()
        connection.awaited[envelope_id] = waiting
        line: Line = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        if kind == "events_api":
            number, reason = retry or (0, "")
            line |= {"accepts_response_payload": False, "retry_attempt": number, "retry_reason": reason}
        else:
            line |= {"accepts_response_payload": True}
        connection.send(line)
        try:
            return waiting.result(timeout)
        except FutureTimeoutError:
            raise TimeoutError(f"no acknowledgement within {timeout:g} s") from None
        finally:
            connection.awaited.pop(envelope_id, None)

    def _picked(self, event_id: str | None) -> Connection:
        with self._lock:
            connections = tuple(self._connections)
            if not connections:
                raise ConnectionError("no Socket Mode connection is open")
            before = self._last_of.pop(event_id, None) if event_id else None
            others = tuple(one for one in connections if one is not before) or connections
            picked = random.choice(others)  # noqa: S311 - chance, not secrets
            if event_id:
                self._last_of[event_id] = picked
                while len(self._last_of) > 1_000:
                    del self._last_of[next(iter(self._last_of))]
            return picked

    # -- what Slack does to connections ----------------------------------------------------------------------

    def warn(self) -> None:
        """Tell every connection that it will be closed in a moment; it stays open."""
        self._tell_all("warning", close=False)

    def refresh(self) -> None:
        """Ask every connection to reconnect, as Slack does every few hours."""
        self._tell_all("refresh_requested", close=True)

    def disable(self) -> None:
        """Switch Socket Mode off for the app: connections are told, and new ones are refused."""
        self.enabled = False
        self._tell_all("link_disabled", close=True)

    def enable(self) -> None:
        """Switch Socket Mode on again."""
        self.enabled = True

    def drop(self) -> None:
        """Close every connection without a word."""
        for connection in tuple(self._connections):
            connection.send(None)

    def _tell_all(self, reason: str, *, close: bool) -> None:
        for connection in tuple(self._connections):
            connection.send(self._farewell(reason))
            if close:
                connection.send(None)
