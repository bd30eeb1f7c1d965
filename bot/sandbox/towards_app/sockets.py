"""Socket Mode: the connections of the bot, and envelopes that go to one of them and come back acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.strict_json import read_json

MOST_CONNECTIONS = 10
LIFE_SECONDS = 18060
"""How long a connection lives before Slack asks for a new one, as its hello says."""
CHANGING_SECONDS = 2.0
"""How long a connection that was asked to make room for a new one stays open, and how long an envelope waits for the
new one when there is no other. Slack names no number: it warns about ten seconds before it hangs up."""
KEPT_TICKETS = 100

Line = dict[str, Any]
Told = Callable[[str, Line], object]


@dataclass(eq=False)
class Connection:
    """One open websocket; lines put into `outgoing` are sent, None closes it. `awaited` are its open envelopes.

    One that is `changing` was asked to make room for a new one, and gets no envelopes any more.
    """

    loop: asyncio.AbstractEventLoop
    outgoing: asyncio.Queue[Line | None] = field(default_factory=asyncio.Queue)
    awaited: dict[str, Future[Any]] = field(default_factory=dict)
    changing: bool = False

    def send(self, line: Line | None) -> None:
        """Send from any thread."""
        self.loop.call_soon_threadsafe(self.outgoing.put_nowait, line)

    def close_later(self, seconds: float) -> None:
        """Close after a while, from any thread."""
        self.loop.call_soon_threadsafe(self.loop.call_later, seconds, self.outgoing.put_nowait, None)


class Sockets:
    """All connections of the app. Each envelope goes to one of them, picked at random as Slack does.

    `told` is called with `socket:hello` or `socket:disconnect` and the line a connection is told.
    """

    def __init__(self, app_id: str, told: Told) -> None:
        """Nobody is connected."""
        self.app_id = app_id
        self.enabled = True
        self._told = told
        self._lock = threading.Condition()
        self._tickets: dict[str, None] = {}
        self._connections: list[Connection] = []
        self._changing: list[Connection] = []
        self._awaited: dict[str, Future[Any]] = {}
        self._last_of: dict[str, Connection] = {}

    @property
    def count(self) -> int:
        """How many connections take envelopes."""
        return len(self._connections)

    @property
    def is_reached(self) -> bool:
        """Whether the app is connected, or about to connect anew."""
        return bool(self._connections or self._changing)

    def ticket(self) -> str:
        """A one-time ticket for a new connection."""
        found = secrets.token_urlsafe(16)
        with self._lock:
            self._tickets[found] = None
            while len(self._tickets) > KEPT_TICKETS:
                del self._tickets[next(iter(self._tickets))]
        return found

    def _used(self, ticket: str) -> bool:
        """Whether a ticket was good; it is not any more."""
        with self._lock:
            if ticket not in self._tickets:
                return False
            del self._tickets[ticket]
            return True

    async def serve(self, websocket: WebSocket) -> None:
        """Speak Socket Mode on one websocket until either side ends it."""
        if not self._used(websocket.query_params.get("ticket", "")):
            await websocket.close(code=4001)
            return
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
        try:
            with self._lock:
                self._connections.append(connection)
            await websocket.send_text(json.dumps(self._hello()))
            with self._lock:
                self._lock.notify_all()
            await self._converse(websocket, connection)
        finally:
            self._ended(connection)

    def _ended(self, connection: Connection) -> None:
        """Forget a connection. What nobody acknowledged has failed – unless another connection took its place."""
        with self._lock:
            for mine in (self._connections, self._changing):
                if connection in mine:
                    mine.remove(connection)
            self._lock.notify_all()
        if connection.changing:
            return
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
        reading = asyncio.create_task(self._read(websocket))
        writing = asyncio.create_task(self._write(websocket, connection))
        _, pending = await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(reading, writing, return_exceptions=True)

    async def _read(self, websocket: WebSocket) -> None:
        try:
            while True:
                self._acknowledged(read_json(await websocket.receive_text()))
        except (WebSocketDisconnect, ValueError, KeyError):
            return

    def _acknowledged(self, line: Any) -> None:
        """Take an acknowledgement, over whichever connection; a line that is none is let by.

        An app that connects anew answers over its new connection what came over the old one.
        """
        envelope_id = line.get("envelope_id") if isinstance(line, dict) else None
        waiting = self._awaited.pop(envelope_id, None) if isinstance(envelope_id, str) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(line.get("payload"))

    async def _write(self, websocket: WebSocket, connection: Connection) -> None:
        while True:
            line = await connection.outgoing.get()
            if line is None:
                await websocket.close()
                return
            await websocket.send_text(json.dumps(line))

    def deliver(self, kind: str, payload: Line, timeout: float, retry: tuple[int, str] | None = None) -> Any:
        """Send one envelope and give the acknowledgement's payload.

        A repetition goes to another connection than the time before, if there is one. While all connections make
        room for new ones it waits for the first of those. TimeoutError when the acknowledgement comes too late,
        ConnectionError when nobody is connected or the connection ends.
        """
        began, envelope_id, waiting = time.monotonic(), secrets.token_hex(16), Future[Any]()
        self._await_new(min(timeout, CHANGING_SECONDS))
        connection = self._picked(payload.get("event_id"), envelope_id, waiting)
        line: Line = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        if kind == "events_api":
            number, reason = retry or (0, "")
            line |= {"accepts_response_payload": False, "retry_attempt": number, "retry_reason": reason}
        else:
            line |= {"accepts_response_payload": True}
        connection.send(line)
        try:
            return waiting.result(max(timeout - (time.monotonic() - began), 0.0))
        except FutureTimeoutError:
            raise TimeoutError(f"no acknowledgement within {timeout:g} s") from None
        finally:
            connection.awaited.pop(envelope_id, None)
            self._awaited.pop(envelope_id, None)

    def _await_new(self, seconds: float) -> None:
        with self._lock:
            self._lock.wait_for(lambda: self._connections or not self._changing, seconds)

    def _picked(self, event_id: str | None, envelope_id: str, waiting: Future[Any]) -> Connection:
        """The connection an envelope goes to; it fails with it from now on."""
        with self._lock:
            connections = tuple(self._connections)
            if not connections:
                raise ConnectionError("no Socket Mode connection is open")
            before = self._last_of.pop(event_id, None) if event_id else None
            others = tuple(one for one in connections if one is not before) or connections
            picked = random.choice(others)  # noqa: S311 - chance, not secrets
            picked.awaited[envelope_id] = self._awaited[envelope_id] = waiting
            if event_id:
                self._last_of[event_id] = picked
                while len(self._last_of) > 1_000:
                    del self._last_of[next(iter(self._last_of))]
            return picked

    # -- what Slack does to connections ----------------------------------------------------------------------

    def warn(self) -> None:
        """Tell every connection that it will be closed in a moment; it stays open."""
        for connection in tuple(self._connections):
            connection.send(self._farewell("warning"))

    def refresh(self) -> None:
        """Ask every connection to reconnect, as Slack does every few hours; it stays open a moment longer."""
        for connection in self._taken_out(changing=True):
            connection.send(self._farewell("refresh_requested"))
            connection.close_later(CHANGING_SECONDS)

    def disable(self) -> None:
        """Switch Socket Mode off for the app: connections are told, and new ones are refused."""
        self.enabled = False
        for connection in self._taken_out():
            connection.send(self._farewell("link_disabled"))
            connection.send(None)

    def enable(self) -> None:
        """Switch Socket Mode on again."""
        self.enabled = True

    def drop(self) -> None:
        """Close every connection without a word."""
        for connection in self._taken_out():
            connection.send(None)

    def _taken_out(self, *, changing: bool = False) -> list[Connection]:
        """The connections that are about to end: no envelope goes to them any more."""
        with self._lock:
            taken = self._connections if changing else [*self._connections, *self._changing]
            self._connections = []
            self._changing = [*self._changing, *taken] if changing else []
            for connection in taken:
                connection.changing = changing
            return taken
