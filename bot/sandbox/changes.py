"""One counter of everything that changes, for those who wait in a thread and those who watch from the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

EVERYONE = "everyone"
"""The topic of what every person in a room can see."""
LOOK_AGAIN = 0.5
"""Seconds after which one who waits looks again although nobody told of a change: time itself may have passed."""


class Changes:
    """A version number that only grows. Who waits names topics, and is woken only when one of them changed.

    A topic is the id of a person or of a room, `EVERYONE`, or `call:` with a method of the journal. A change told
    without a topic wakes everybody, and one who waits without a topic is woken by every change.
    """

    def __init__(self) -> None:
        """Start at version 0 with nobody watching."""
        self._lock = threading.Lock()
        self._version = 0
        self._waiting: dict[threading.Event, frozenset[str]] = {}
        self._watchers: list[Callable[[int], object]] = []
        self.closed = False

    @property
    def version(self) -> int:
        """The number of changes so far."""
        return self._version

    def tell(self, *topics: str) -> int:
        """Count a change, wake those who wait for it, call those who watch; returns the new version."""
        with self._lock:
            self._version += 1
            version = self._version
            woken = [event for event, awaited in self._waiting.items() if _concerns(awaited, topics)]
        for event in woken:
            event.set()
        for watcher in tuple(self._watchers):
            watcher(version)
        return version

    def watch(self, watcher: Callable[[int], object]) -> Callable[[], None]:
        """Call `watcher` on every change, from whatever thread made it; returns the call that ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def close(self) -> None:
        """Say for the last time that something changed, so that everybody who watches can leave."""
        self.closed = True
        self.tell()

    def until(self, found: Callable[[], T], timeout: float, *topics: str) -> T:
        """Wait until `found()` is truthy and return it, or what it is after `timeout` seconds."""
        value = found()
        if value or timeout <= 0:
            return value
        changed = threading.Event()
        with self._lock:
            self._waiting[changed] = frozenset(topics)
        try:
            return self._wait(found, time.monotonic() + timeout, changed)
        finally:
            with self._lock:
                del self._waiting[changed]

    def _wait(self, found: Callable[[], T], deadline: float, changed: threading.Event) -> T:
        while True:
            changed.clear()
            started = time.monotonic()
            value = found()
            ended = time.monotonic()
            if value or ended >= deadline:
                return value
            # A question that takes long may not take all of the time in which others work.
            if ended - started > 0.001:
                time.sleep(min(ended - started, 0.05))
            changed.wait(min(deadline - ended, LOOK_AGAIN))


def _concerns(awaited: frozenset[str], told: tuple[str, ...]) -> bool:
    return not awaited or not told or not awaited.isdisjoint(told)
