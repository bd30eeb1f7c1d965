"""Waiting for SIGTERM or Ctrl-C."""

import signal
import threading


class Stop:
    """Hears from the moment it is made that somebody wants the process to stop."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._wanted.set())

    def within(self, seconds: float) -> bool:
        """Wait for so long at most; say whether the process is to stop."""
        return self._wanted.wait(seconds)

    def wait(self) -> None:
        """Return once the process is to stop."""
        # Waiting in slices lets the interpreter run the handler on every platform.
        while not self._wanted.wait(0.5):
            pass
