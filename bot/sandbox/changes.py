"""One counter of everything that changes, for those who wait in a thread and those who watch from the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """A version number that only grows; waiting for a condition costs no polling."""

    def __init__(self) -> None:
        """Start at version 0 with nobody watching."""
        self._condition = threading.Condition()
        self._version = 0
        self._watchers: list[Callable[[int], object]] = []
        self.closed = False

    @property
    def version(self) -> int:
        """The number of changes so far."""
        return self._version

    def tell(self) -> int:
        """Count a change, wake those who wait, call those who watch; returns the new version."""
        with self._condition:
            self._version += 1
            version = self._version
            self._condition.notify_all()
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

    def until(self, found: Callable[[], T], timeout: float) -> T:
        """Wait until `found()` is truthy and return it, or what it is after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            before, started = self._version, time.monotonic()
            value = found()
            if value or time.monotonic() >= deadline:
                return value
            # A question that takes long may not take all of the time in which others work.
            time.sleep(min(time.monotonic() - started, 0.05))
            with self._condition:
                if self._version == before:
                    self._condition.wait(max(0.0, min(deadline - time.monotonic(), 0.5)))
