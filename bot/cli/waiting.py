"""Waiting for SIGTERM or Ctrl-C."""

import signal
import threading


def until_stopped() -> None:
    """Return once somebody wants the process to stop."""
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    # Waiting in slices lets the interpreter run the handler on every platform.
    while not stopped.wait(0.5):
        pass
