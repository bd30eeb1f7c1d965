"""What goes towards the bot: signed HTTP requests or Socket Mode envelopes, the three seconds, faults and retries."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Faults, PlannedFault
from bot.sandbox.journal import Journal, channel_of
from bot.sandbox.strict_json import read_json
from bot.sandbox.towards_app.later import Later
from bot.sandbox.towards_app.signed_http import Door, HttpAnswer, Signer, encoded
from bot.sandbox.towards_app.sockets import Sockets

ANSWER_SECONDS = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)
"""Seconds before the first, second and third repetition of an event, each after the failure before it."""

HTTP_REASONS = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "connection_failed",
    "http_error": "http_error",
}
"""Slack's word in X-Slack-Retry-Reason for each way in which an event was not answered."""


@dataclass(frozen=True)
class BotAnswer:
    """What came back: the body (JSON value, text or None), or in `error` why nothing did.

    `operation_timeout` after three seconds, `dispatch_failed` when nobody listens, `http_error` for a bad status.
    """

    body: Any = None
    error: str | None = None
    status: int = 200
    stop_retrying: bool = False


@dataclass(frozen=True)
class Parcel:
    """One payload on its way: its kind (`slash_commands`, `interactive` or `events_api`), what the journal calls it,
    and for a repetition its number and the reason."""

    kind: str
    payload: dict[str, Any]
    label: str
    retry: tuple[int, str] | None = None


class Inbound:
    """The way to the bot: to `request_url` when it is set, else over a Socket Mode connection.

    `answer_seconds` is how long an answer may take, `retry_delays` when an event is repeated: in real seconds, or
    sooner when the sandbox's clock is moved past them.
    """

    def __init__(
        self, sockets: Sockets, journal: Journal, clock: SandboxClock, signing_secret: str, faults: Faults
    ) -> None:
        """Nothing is connected yet."""
        self.answer_seconds = ANSWER_SECONDS
        self.retry_delays: Sequence[float] = RETRY_DELAYS
        self.sockets = sockets
        self._journal, self._clock, self._faults = journal, clock, faults
        self._signer = Signer(signing_secret)
        self._later = Later(clock)
        self._closed = threading.Event()
        self._door: Door | None = None
        self._request_url: str | None = None

    @property
    def request_url(self) -> str | None:
        """Where signed HTTP goes; None for Socket Mode."""
        return self._request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        before, self._door = self._door, Door(url) if url else None
        self._request_url = url
        if before is not None:
            before.close()

    @property
    def connected(self) -> str:
        """How the bot is reached: `http`, `socket`, or nothing."""
        return "http" if self._request_url else "socket" if self.sockets.is_reached else ""

    def send(self, kind: str, payload: dict[str, Any], label: str) -> BotAnswer:
        """Send one payload and wait for its answer; what is planned to go wrong does."""
        return self._deliver(Parcel(kind, payload, label))

    def send_event(self, payload: dict[str, Any]) -> BotAnswer:
        """Send an event; when it is not answered well it is repeated up to three times, later and in the background."""
        parcel = Parcel("events_api", payload, f"event:{payload['event']['type']}")
        answer = self._deliver(parcel)
        self._repeat_later(parcel, answer, 1)
        return answer

    # -- one delivery ----------------------------------------------------------------------------------------

    def _deliver(self, parcel: Parcel) -> BotAnswer:
        door = self._door
        fault = self._faults.take_towards_bot(parcel.label, channel_of(parcel.payload), signed=door is not None)
        if fault is not None and fault.kind == "lost":
            return self._journaled(parcel, door, fault, _lost)
        if fault is not None and fault.kind == "delayed":
            return self._journaled(parcel, door, fault, partial(self._delayed, parcel, door, fault))
        return self._journaled(parcel, door, fault, partial(self._sent, parcel, door, fault))

    def _journaled(
        self, parcel: Parcel, door: Door | None, fault: PlannedFault | None, send: Callable[[], BotAnswer]
    ) -> BotAnswer:
        transport, retry = "http" if door else "socket", parcel.retry[0] if parcel.retry else 0
        now = self._clock.now()
        call = self._journal.open("sent", parcel.label, parcel.payload, now, transport=transport, retry=retry)
        try:
            answer = send()
        except TimeoutError:
            answer = BotAnswer(error="operation_timeout", status=0)
        except (OSError, http.client.HTTPException):
            answer = BotAnswer(error="dispatch_failed", status=0)
        self._journal.close(call, answer.status, answer.body, fault.kind if fault else answer.error)
        return answer

    def _delayed(self, parcel: Parcel, door: Door | None, fault: PlannedFault) -> BotAnswer:
        """Send it late; the person's three seconds run all the while."""
        started = time.monotonic()
        self._closed.wait(fault.seconds)
        answer = self._sent(parcel, door, None)
        late = time.monotonic() - started > self.answer_seconds
        return replace(answer, body=None, error="operation_timeout", status=0) if late else answer

    def _sent(self, parcel: Parcel, door: Door | None, fault: PlannedFault | None) -> BotAnswer:
        if door is None:
            send: Callable[[], BotAnswer] = partial(self._over_socket, parcel)
        else:
            content_type, body = encoded(parcel.kind, parcel.payload)
            headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **_retry_headers(parcel)}
            headers |= self._signer.headers(body, fault.kind if fault else None)
            send = partial(self._over_http, door, body, headers)
        if fault is not None and fault.kind == "doubled":
            again = partial(self._journaled, parcel, door, fault, send)
            self._later.after(fault.seconds, again)
        return send()

    def _over_http(self, door: Door, body: bytes, headers: dict[str, str]) -> BotAnswer:
        return _read(door.post(body, headers, self.answer_seconds))

    def _over_socket(self, parcel: Parcel) -> BotAnswer:
        return BotAnswer(self.sockets.deliver(parcel.kind, parcel.payload, self.answer_seconds, parcel.retry))

    # -- repeating -------------------------------------------------------------------------------------------

    def _repeat_later(self, parcel: Parcel, answer: BotAnswer, number: int) -> None:
        """Plan the repetition of this number, unless the event was answered, or is not to be repeated any more."""
        if answer.error is None or answer.stop_retrying or number > len(self.retry_delays) or not self.connected:
            return
        self._later.after(self.retry_delays[number - 1], partial(self._repeat, parcel, answer.error, number))

    def _repeat(self, parcel: Parcel, error: str, number: int) -> None:
        if self._closed.is_set():
            return
        reason = HTTP_REASONS[error] if self._request_url else "timeout"
        self._repeat_later(parcel, self._deliver(replace(parcel, retry=(number, reason))), number + 1)

    def close(self) -> None:
        """Stop repeating, and hang up."""
        self._closed.set()
        self._later.close()
        if self._door is not None:
            self._door.close()


def _lost() -> BotAnswer:
    """What the sender notes of a request that vanished: no answer in time, and nothing to repeat."""
    return BotAnswer(error="operation_timeout", status=0, stop_retrying=True)


def _retry_headers(parcel: Parcel) -> dict[str, str]:
    if parcel.retry is None:
        return {}
    number, reason = parcel.retry
    return {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}


def _read(answer: HttpAnswer) -> BotAnswer:
    if not 200 <= answer.status < 300:
        return BotAnswer(answer.text, "http_error", answer.status, answer.stop_retrying)
    try:
        body = read_json(answer.text)
    except ValueError:
        body = answer.text or None
    return BotAnswer(body, None, answer.status, answer.stop_retrying)
