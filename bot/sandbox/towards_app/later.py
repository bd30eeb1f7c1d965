"""What is done later: after so many seconds of real time, or as soon as the sandbox's clock has moved past them."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.clock import SandboxClock


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    by_real_time: float = field(compare=False)
    act: Callable[[], object] = field(compare=False)


class Later:
    """Acts that wait for their time; each then runs in a thread of its own."""

    def __init__(self, clock: SandboxClock) -> None:
        """Go by this clock when it is moved, and by real time while it stands."""
        self._clock = clock
        self._condition = threading.Condition()
        self._due: list[_Due] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False
        clock.listen(lambda _: self._look_again())

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Do it `seconds` from now, by whichever clock is there first."""
        at = self._clock.now() + timedelta(seconds=seconds)
        due = _Due(at, next(self._numbers), time.monotonic() + seconds, act)
        with self._condition:
            self._due.append(due)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sandbox-later", daemon=True)
                self._thread.start()
            self._condition.notify()

    def _run(self) -> None:
        while True:
            with self._condition:
                if self._closed:
                    return
                ready = self._take()
                if not ready:
                    self._condition.wait(self._pause())
            for due in ready:
                threading.Thread(target=due.act, daemon=True).start()

    def _take(self) -> list[_Due]:
        now, real = self._clock.now(), time.monotonic()
        ready = [due for due in self._due if due.at <= now or due.by_real_time <= real]
        if ready:
            self._due = [due for due in self._due if due not in ready]
        return sorted(ready)

    def _pause(self) -> float | None:
        return min((max(due.by_real_time - time.monotonic(), 0.0) for due in self._due), default=None)

    def _look_again(self) -> None:
        with self._condition:
            self._condition.notify()

    def close(self) -> None:
        """Do nothing of it any more."""
        with self._condition:
            self._closed = True
            self._due.clear()
            self._condition.notify()
