"""What goes towards the bot: signed HTTP requests or Socket Mode envelopes, the three seconds, and retries."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

from bot.sandbox.clock import SandboxClock
from bot.sandbox.journal import Call, Journal
from bot.sandbox.towards_app.sockets import Sockets

ANSWER_SECONDS = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)
"""Seconds before the first, second and third repetition of an event."""


@dataclass(frozen=True)
class BotAnswer:
    """What came back: the body (JSON value, text or None), or in `error` why nothing did.

    `operation_timeout` after three seconds, `dispatch_failed` when nobody listens, `http_error` for a bad status.
    """

    body: Any = None
    error: str | None = None
    status: int = 200
    stop_retrying: bool = False


class Inbound:
    """The way to the bot: to `request_url` when it is set, else over a Socket Mode connection."""

    def __init__(self, sockets: Sockets, journal: Journal, clock: SandboxClock, signing_secret: str) -> None:
        """Nothing is connected yet. Signatures use the real time, as the bot checks them against its own."""
        self.request_url: str | None = None
        self.answer_seconds = ANSWER_SECONDS
        self.retry_delays: Sequence[float] = RETRY_DELAYS
        self.sockets = sockets
        self._journal = journal
        self._clock = clock
        self._signer = SignatureVerifier(signing_secret)
        self._closed = threading.Event()

    @property
    def connected(self) -> str:
        """How the bot is reached: `http`, `socket`, or nothing."""
        return "http" if self.request_url else "socket" if self.sockets.count else ""

    def send(
        self, kind: str, payload: dict[str, Any], label: str, *, retry: tuple[int, str] | None = None
    ) -> BotAnswer:
        """Send one payload (`slash_commands`, `interactive` or `events_api`) and wait for its answer."""
        call = self._journal.open("sent", label, payload, self._clock.now())
        try:
            answer = self._send(kind, payload, retry)
        except TimeoutError:
            answer = BotAnswer(error="operation_timeout", status=0)
        except (OSError, http.client.HTTPException):
            answer = BotAnswer(error="dispatch_failed", status=0)
        self._close(call, answer)
        return answer

    def _close(self, call: Call, answer: BotAnswer) -> None:
        self._journal.close(call, answer.status, answer.body, answer.error)

    def _send(self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None) -> BotAnswer:
        if self.request_url is None:
            extra = {"retry_attempt": retry[0], "retry_reason": retry[1]} if retry else {}
            return BotAnswer(self.sockets.deliver(kind, payload, self.answer_seconds, **extra))
        headers = {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]} if retry else {}
        content_type, body = _encoded(kind, payload)
        return self._post(self.request_url, body, {**headers, "Content-Type": content_type})

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> BotAnswer:
        place = urlsplit(url)
        opener = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = opener(place.hostname or "", place.port, timeout=self.answer_seconds)
        started = time.monotonic()
        try:
            connection.request("POST", place.path or "/", body, {**headers, **self._signature(body)})
            response = connection.getresponse()
            answer = _read(response)
        finally:
            connection.close()
        if time.monotonic() - started > self.answer_seconds:
            raise TimeoutError
        return answer

    def _signature(self, body: bytes) -> dict[str, str]:
        moment = str(int(time.time()))
        signature = self._signer.generate_signature(timestamp=moment, body=body) or ""
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": signature, "User-Agent": "Slackbot 1.0"}

    def send_event(self, payload: dict[str, Any]) -> BotAnswer:
        """Send an event; when it is not answered well it is repeated up to three times, later and in the background."""
        label = f"event:{payload['event']['type']}"
        answer = self.send("events_api", payload, label)
        if answer.error and not answer.stop_retrying and self.connected:
            repeating = threading.Thread(target=self._repeat, args=(payload, label, answer), daemon=True)
            repeating.start()
        return answer

    def _repeat(self, payload: dict[str, Any], label: str, answer: BotAnswer) -> None:
        for number, delay in enumerate(self.retry_delays, start=1):
            if self._closed.wait(delay):
                return
            reason = "http_timeout" if answer.error == "operation_timeout" else "http_error"
            answer = self.send("events_api", payload, label, retry=(number, reason))
            if answer.error is None or answer.stop_retrying:
                return

    def close(self) -> None:
        """Stop repeating."""
        self._closed.set()


def _encoded(kind: str, payload: dict[str, Any]) -> tuple[str, bytes]:
    """The content type and body in which Slack sends each kind of payload."""
    if kind == "slash_commands":
        return "application/x-www-form-urlencoded", urlencode(payload).encode()
    if kind == "interactive":
        return "application/x-www-form-urlencoded", urlencode({"payload": json.dumps(payload)}).encode()
    return "application/json", json.dumps(payload).encode()


def _read(response: http.client.HTTPResponse) -> BotAnswer:
    text = response.read().decode("utf-8", "replace")
    stop = response.headers.get("X-Slack-No-Retry") == "1"
    if not 200 <= response.status < 300:
        return BotAnswer(text, "http_error", response.status, stop)
    try:
        return BotAnswer(json.loads(text), None, response.status, stop)
    except ValueError:
        return BotAnswer(text or None, None, response.status, stop)
