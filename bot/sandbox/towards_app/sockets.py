"""Socket Mode: the connections of the bot, and envelopes that go to one of them and come back acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

MOST_CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    """One open websocket; lines put into `outgoing` are sent, None closes it."""

    loop: asyncio.AbstractEventLoop
    outgoing: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)

    def send(self, line: dict[str, Any] | None) -> None:
        """Send from any thread."""
        self.loop.call_soon_threadsafe(self.outgoing.put_nowait, line)


class Sockets:
    """All connections of the app. Each envelope goes to one of them, picked at random as Slack does."""

    def __init__(self, app_id: str) -> None:
        """Nobody is connected."""
        self.app_id = app_id
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._waiting: dict[str, Future[Any]] = {}

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
        if self.count >= MOST_CONNECTIONS:
            await websocket.send_text(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            await websocket.close()
            return
        connection = Connection(asyncio.get_running_loop())
        self._connections.append(connection)
        try:
            await websocket.send_text(json.dumps(self._hello()))
            await self._converse(websocket, connection)
        finally:
            self._connections.remove(connection)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": self.count,
            "connection_info": {"app_id": self.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }

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
                self._acknowledged(json.loads(await websocket.receive_text()))
        except (WebSocketDisconnect, ValueError, KeyError):
            return

    async def _write(self, websocket: WebSocket, connection: Connection) -> None:
        while True:
            line = await connection.outgoing.get()
            if line is None:
                await websocket.close()
                return
            await websocket.send_text(json.dumps(line))

    def _acknowledged(self, line: dict[str, Any]) -> None:
        waiting = self._waiting.pop(line.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(line.get("payload"))

    def deliver(self, kind: str, payload: dict[str, Any], timeout: float, **extra: Any) -> Any:
        """Send one envelope and give the acknowledgement's payload.

        TimeoutError when it comes too late, ConnectionError when nobody is connected.
        """
        connections = tuple(self._connections)
        if not connections:
            raise ConnectionError("no Socket Mode connection is open")
        envelope_id = secrets.token_hex(16)
        waiting: Future[Any] = Future()
        self._waiting[envelope_id] = waiting
        line = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        random.choice(connections).send({**line, **extra})  # noqa: S311 - chance, not secrets
        try:
            return waiting.result(timeout)
        except FutureTimeoutError:
            raise TimeoutError(f"no acknowledgement within {timeout:g} s") from None
        finally:
            self._waiting.pop(envelope_id, None)

    def refresh(self) -> None:
        """Ask every connection to reconnect, as Slack does every few hours."""
        for connection in tuple(self._connections):
            connection.send({"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "sandbox"}})
            connection.send(None)

    def drop(self) -> None:
        """Close every connection without a word."""
        for connection in tuple(self._connections):
            connection.send(None)
