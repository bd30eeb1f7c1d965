"""The journal: every request the sandbox received and every one it sent, without tokens."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from bot.sandbox.changes import Changes

KEPT = 20_000
"""Older calls are dropped, so that a long run does not fill the memory."""


@dataclass
class Call:
    """One request. `direction` is `received` (from the bot) or `sent` (to it).

    `method` is the Web API method, or `response_url`, or for sent ones the kind of payload (`command`,
    `block_actions`, `view_submission`, `event:app_mention` …; `socket:hello` and `socket:disconnect` for what a
    connection is told). `transport` is `http` or `socket`. `status` is None until answered, 0 when the connection
    was cut or no answer came. `fault` is what went wrong: a planned fault, or for sent ones Slack's word for it.
    `retry` numbers the repetitions of an event. `seconds` is how long the answer took.
    """

    number: int
    direction: str
    method: str
    arguments: Mapping[str, Any]
    at: datetime
    transport: str = "http"
    retry: int = 0
    status: int | None = None
    answer: Any = None
    fault: str | None = None
    seconds: float = 0.0
    _started: float = field(default_factory=time.monotonic, repr=False)

    @property
    def channel(self) -> str | None:
        """The id of the channel named in the request, if any."""
        return channel_of(self.arguments)

    @property
    def ok(self) -> bool:
        """Whether it was answered, and well."""
        good = not isinstance(self.answer, Mapping) or self.answer.get("ok", True)
        return self.status is not None and 200 <= self.status < 300 and bool(good)

    def as_json(self) -> dict[str, Any]:
        """The call as `/_sandbox/calls` shows it."""
        names = ("number", "direction", "transport", "method", "arguments", "retry", "status", "answer", "fault")
        shown = {name: getattr(self, name) for name in names}
        return {**shown, "seconds": self.seconds, "at": self.at.isoformat(), "channel": self.channel, "ok": self.ok}


def channel_of(arguments: Mapping[str, Any]) -> str | None:
    """The id of the channel a request is about: of a call, a command, an interaction or an event."""
    event = arguments.get("event")
    inner = event if isinstance(event, Mapping) else arguments
    item = inner.get("item")
    place = item if isinstance(item, Mapping) else inner
    value = place.get("channel") or place.get("channel_id")
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else None


@dataclass(frozen=True)
class Which:
    """Which calls one asks for; everything given must fit. `method` may hold `*`, `after` is a call's number,
    `containing` stands somewhere in the request or the answer, `answered` leaves out those still on their way."""

    method: str | None = None
    direction: str | None = None
    channel: str | None = None
    after: int = 0
    status: int | None = None
    fault: str | None = None
    ok: bool | None = None
    containing: str | None = None
    answered: bool = False

    def fits(self, call: Call) -> bool:
        """Whether this call is one of them."""
        return (
            call.number > self.after
            and (self.method is None or fnmatchcase(call.method, self.method))
            and self.direction in (None, call.direction)
            and self.channel in (None, call.channel)
            and self.status in (None, call.status)
            and self.fault in (None, call.fault)
            and self.ok in (None, call.ok)
            and (not self.answered or call.status is not None)
            and (self.containing is None or self.containing in _written(call))
        )


def _written(call: Call) -> str:
    return json.dumps([call.arguments, call.answer], ensure_ascii=False, default=str)


class Journal:
    """All calls in the order they came."""

    def __init__(self, changes: Changes) -> None:
        """Tell `changes` of every entry."""
        self._changes = changes
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque()
        self._by_method: defaultdict[str, deque[Call]] = defaultdict(deque)
        self._count = 0
        self._listeners: list[Callable[[Call], object]] = []

    def listen(self, listener: Callable[[Call], object]) -> None:
        """Call `listener` with every call once it has been answered."""
        self._listeners.append(listener)

    def open(
        self,
        direction: str,
        method: str,
        arguments: Mapping[str, Any],
        at: datetime,
        *,
        transport: str = "http",
        retry: int = 0,
    ) -> Call:
        """Write a call down when it arrives or leaves; `close` completes it."""
        with self._lock:
            self._count += 1
            call = Call(self._count, direction, method, arguments, at, transport, retry)
            self._calls.append(call)
            self._by_method[method].append(call)
            if len(self._calls) > KEPT:
                self._forget_oldest()
        self._changes.tell(_topic(method))
        return call

    def _forget_oldest(self) -> None:
        oldest = self._calls.popleft()
        same = self._by_method[oldest.method]
        same.popleft()
        if not same:
            del self._by_method[oldest.method]

    def close(self, call: Call, status: int, answer: Any, fault: str | None = None) -> None:
        """Complete a call with its answer."""
        call.answer, call.fault = answer, fault
        call.seconds = time.monotonic() - call._started
        call.status = status
        for listener in self._listeners:
            listener(call)
        self._changes.tell(_topic(call.method))

    def calls(self, **which: Any) -> list[Call]:
        """The calls that fit everything given (the fields of `Which`), oldest first."""
        wanted = Which(**which)
        return [call for call in self._entries(wanted.method) if wanted.fits(call)]

    def wait(self, count: int, timeout: float, **which: Any) -> list[Call]:
        """Wait until `count` answered calls fit, at most `timeout` seconds; gives those that do."""
        named = which.get("method")
        topics = () if named is None or "*" in named else (_topic(named),)

        def found() -> list[Call]:
            calls = self.calls(**{**which, "answered": True})
            return calls if len(calls) >= count else []

        enough = self._changes.until(found, timeout, *topics)
        return enough or self.calls(**{**which, "answered": True})

    def _entries(self, method: str | None) -> list[Call]:
        with self._lock:
            if method is None or "*" in method:
                return list(self._calls)
            return list(self._by_method.get(method, ()))

    def clear(self) -> None:
        """Forget everything written so far."""
        with self._lock:
            self._calls.clear()
            self._by_method.clear()


def _topic(method: str) -> str:
    return f"call:{method}"
