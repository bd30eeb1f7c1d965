"""HTTP towards the bot: bodies as Slack encodes them, signed, over connections that are kept open."""

from __future__ import annotations

import http.client
import json
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

STALE_SECONDS = 360
"""How old a stale request claims to be; Slack's own libraries refuse what is older than five minutes."""
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class HttpAnswer:
    """What an endpoint answered: its status, its words, and whether it asks for no repetition."""

    status: int
    text: str
    stop_retrying: bool


def encoded(kind: str, payload: Mapping[str, Any]) -> tuple[str, bytes]:
    """The content type and body in which Slack sends each kind of payload."""
    if kind == "slash_commands":
        return _FORM, urlencode(payload).encode()
    if kind == "interactive":
        return _FORM, urlencode({"payload": json.dumps(payload)}).encode()
    return _JSON, json.dumps(payload).encode()


class Signer:
    """Signs bodies with the app's secret, by the real time, since bots check against their own clock."""

    def __init__(self, secret: str) -> None:
        """Sign with this secret."""
        self._right, self._wrong = SignatureVerifier(secret), SignatureVerifier(f"not {secret}")

    def headers(self, body: bytes, fault: str | None = None) -> dict[str, str]:
        """The signature's headers; a `bad_signature` or `stale` one on demand."""
        moment = str(int(time.time()) - (STALE_SECONDS if fault == "stale" else 0))
        signer = self._wrong if fault == "bad_signature" else self._right
        signature = signer.generate_signature(timestamp=moment, body=body) or ""
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": signature}


class Door:
    """One address of a bot, with the connections to it that are free."""

    def __init__(self, url: str) -> None:
        """Connect when something is sent."""
        place = urlsplit(url)
        self._opener = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        self._host, self._port = place.hostname or "", place.port
        self._path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        self._lock = threading.Lock()
        self._free: deque[http.client.HTTPConnection] = deque()

    def post(self, body: bytes, headers: Mapping[str, str], timeout: float) -> HttpAnswer:
        """Send, and give the answer.

        Raises TimeoutError when it takes longer than `timeout` seconds, OSError or HTTPException when the
        connection fails. Nothing is ever sent twice.
        """
        started = time.monotonic()
        connection = self._connection(timeout)
        try:
            connection.request("POST", self._path, body, dict(headers))
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        if time.monotonic() - started > timeout:
            connection.close()
            raise TimeoutError
        if connection.sock is not None:
            self._give_back(connection)
        return HttpAnswer(response.status, text, response.headers.get("X-Slack-No-Retry") == "1")

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        while True:
            with self._lock:
                kept = self._free.pop() if self._free else None
            if kept is None:
                return self._opened(timeout)
            if kept.sock is not None and not _has_ended(kept.sock):
                kept.sock.settimeout(timeout)
                return kept
            kept.close()

    def _opened(self, timeout: float) -> http.client.HTTPConnection:
        connection = self._opener(self._host, self._port, timeout=timeout)
        connection.connect()
        # Headers and body go out in two writes; the second may not wait for the first one's acknowledgement.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            self._free.append(connection)

    def close(self) -> None:
        """Hang up every connection that is free."""
        with self._lock:
            free, self._free = list(self._free), deque()
        for connection in free:
            connection.close()


def _has_ended(kept: socket.socket) -> bool:
    """Whether the other side hung up meanwhile: there is something to read although nothing was asked."""
    poll = select.poll()
    poll.register(kept, select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(poll.poll(0))
