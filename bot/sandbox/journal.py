"""The journal: every request the sandbox received and every one it sent, without tokens."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.changes import Changes

KEPT = 20_000
"""Older calls are dropped, so that a long run does not fill the memory."""


@dataclass
class Call:
    """One request. `direction` is `received` (from the bot) or `sent` (to it).

    `method` is the Web API method, or `response_url`, or for sent ones the kind of payload (`command`,
    `block_actions`, `view_submission`, `event:app_mention` …). `status` is None until answered, 0 when the
    connection was cut. `seconds` is how long the answer took.
    """

    number: int
    direction: str
    method: str
    arguments: Mapping[str, Any]
    at: datetime
    status: int | None = None
    answer: Any = None
    fault: str | None = None
    seconds: float = 0.0
    _started: float = field(default_factory=time.monotonic, repr=False)

    @property
    def channel(self) -> str | None:
        """The channel named in the request, if any."""
        value = self.arguments.get("channel") or self.arguments.get("channel_id")
        return value if isinstance(value, str) else None

    @property
    def ok(self) -> bool:
        """Whether it was answered, and well."""
        good = not isinstance(self.answer, Mapping) or self.answer.get("ok", True)
        return self.status is not None and 200 <= self.status < 300 and bool(good)

    def as_json(self) -> dict[str, Any]:
        """The call as `/_sandbox/calls` shows it."""
        names = ("number", "direction", "method", "arguments", "status", "answer", "fault", "seconds")
        return {**{name: getattr(self, name) for name in names}, "at": self.at.isoformat(), "channel": self.channel}


class Journal:
    """All calls in the order they came."""

    def __init__(self, changes: Changes) -> None:
        """Tell `changes` of every entry."""
        self._changes = changes
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._count = 0

    def open(self, direction: str, method: str, arguments: Mapping[str, Any], at: datetime) -> Call:
        """Write a call down when it arrives or leaves; `close` completes it."""
        with self._lock:
            self._count += 1
            call = Call(self._count, direction, method, arguments, at)
            self._calls.append(call)
            del self._calls[:-KEPT]
        self._changes.tell()
        return call

    def close(self, call: Call, status: int, answer: Any, fault: str | None = None) -> None:
        """Complete a call with its answer."""
        call.answer, call.fault = answer, fault
        call.seconds = time.monotonic() - call._started
        call.status = status
        self._changes.tell()

    def calls(
        self,
        *,
        method: str | None = None,
        direction: str | None = None,
        channel: str | None = None,
        after: int = 0,
    ) -> list[Call]:
        """The calls that match everything given; `after` is a call's number."""
        with self._lock:
            entries = list(self._calls)
        return [
            call
            for call in entries
            if call.number > after
            and method in (None, call.method)
            and direction in (None, call.direction)
            and channel in (None, call.channel)
        ]

    def clear(self) -> None:
        """Forget everything written so far."""
        with self._lock:
            self._calls.clear()
