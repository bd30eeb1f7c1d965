"""The sandbox's clock: it can be moved forward, never back, and tells those who listen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""As far as the clock goes: what is planned from there still has a date."""


class SandboxClock:
    """A clock that stands still until moved, or runs with real time when `running`.

    Every part that reads the time (the sandbox, and a bot in the same process) takes the same object.
    """

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        """Start at `start` (aware; default: the real time now)."""
        begin = start or datetime.fromtimestamp(time.time(), UTC)
        if begin.tzinfo is None:
            raise ValueError(f"the clock's start {begin.isoformat()} needs a time zone")
        self._lock = threading.Lock()
        self._shown = begin.astimezone(UTC)
        self.running = running
        self._anchor = time.monotonic()
        self._listeners: list[Callable[[datetime], object]] = []

    def now(self) -> datetime:
        """The time in the sandbox: aware, UTC."""
        with self._lock:
            return self._now()

    def run(self) -> None:
        """Go with real time from now on."""
        with self._lock:
            self._shown = self._now()
            self._anchor = time.monotonic()
            self.running = True

    def _now(self) -> datetime:
        passed = time.monotonic() - self._anchor if self.running else 0.0
        return self._shown + timedelta(seconds=passed)

    def advance(self, by: timedelta) -> datetime:
        """Move forward by `by`; returns the new time. ValueError for a step back."""
        if by < timedelta(0):
            raise ValueError(f"the clock only moves forward, not by {_seconds(by)}")
        with self._lock:
            if by > LATEST - self._now():
                raise ValueError(f"the clock goes no further than the year {LATEST.year}")
            self._shown = self._now() + by
            self._anchor = time.monotonic()
            shown = self._shown
        for listener in tuple(self._listeners):
            listener(shown)
        return shown

    def move_to(self, moment: datetime) -> datetime:
        """Move forward to `moment` (aware); returns it in UTC. ValueError for the past or a naive time."""
        if moment.tzinfo is None:
            raise ValueError(f"the moment {moment.isoformat()} needs a time zone")
        now = self.now()
        if moment < now:
            raise ValueError(f"the clock only moves forward: it is {now.isoformat()}, not yet {moment.isoformat()}")
        return self.advance(moment - now)

    def listen(self, listener: Callable[[datetime], object]) -> None:
        """Call `listener` with the new time after every move (not while it merely runs)."""
        self._listeners.append(listener)


def _seconds(by: timedelta) -> str:
    found = by.total_seconds()
    return f"{'−' if found < 0 else ''}{abs(found):g} seconds"
