"""Our own end of a reading, whatever the other side does."""

import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

import structlog

from bot.core.errors import KpiBotError
from bot.sources.rows import SourceFailed

log = structlog.get_logger()

Answer = TypeVar("Answer")


class Deadline:
    """A block with an end: when its seconds are over, what was asked for is done, from another thread, once."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._ended = False
        self._cuts: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def on_end(self, cut: Callable[[], None]) -> None:
        """Ask for something to be done at the end; when that is past, at once."""
        with self._lock:
            self._cuts.append(cut)
            if self.over:
                cut()

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._ended = True

    def _end(self) -> None:
        with self._lock:
            if not self._ended:
                self.over = True
                for cut in self._cuts:
                    cut()


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """Call, and wait so many seconds at most; a call that does not come back is left behind.

    Raises SourceFailed when the time is over, else what the call raised.
    """
    answers: list[Answer] = []
    failures: list[KpiBotError] = []

    def run() -> None:
        try:
            answers.append(call())
        except KpiBotError as error:
            failures.append(error)
        except Exception as error:  # noqa: BLE001 - one broken reader stops no other; what it says may hold data
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.warning("reader_broke", error=type(error).__name__, file=where.filename, line=where.lineno)
            problem = f"the reader broke down with {type(error).__name__}; the log says where"
            failures.append(SourceFailed("reader", problem, passing=False))

    thread = threading.Thread(target=run, name="reading", daemon=True)
    thread.start()
    thread.join(seconds)
    if failures:
        raise failures[0]
    if answers:
        return answers[0]
    raise SourceFailed("timeout", f"gave no answer within {seconds:g} s", passing=True)
