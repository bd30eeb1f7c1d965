"""Faults on demand: which calls go wrong, how, and how often."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Any

KINDS = ("rate_limit", "server_error", "cut_before", "cut_after", "slow", "html", "cut_json", "error")
_ACCEPTED = {"cut_after", "slow", "cut_json"}


@dataclass
class PlannedFault:
    """One way in which calls go wrong.

    `rate_limit` (429 with `retry_after` seconds) · `server_error` (`status`) · `cut_before` (connection closed,
    nothing done) · `cut_after` (done, connection closed without an answer) · `slow` (done at once, answered after
    `seconds`) · `html` (a proxy's page with `status`) · `cut_json` (done, half an answer) · `error`
    (`{"ok": false, "error": error}`). `accepted` overrides whether the call is done.

    It strikes calls of `method` (`*` for all; `response_url` is one) to `channel` (an id; None for all),
    `times` times (None: always), each with probability `share`.
    """

    kind: str
    method: str = "*"
    channel: str | None = None
    times: int | None = 1
    share: float = 1.0
    seconds: float = 0.0
    status: int = 503
    retry_after: int = 1
    error: str = "internal_error"
    accepted: bool | None = None
    struck: int = 0

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind!r}; there are {', '.join(KINDS)}")

    @property
    def is_accepted(self) -> bool:
        """Whether the call takes effect although it goes wrong."""
        return self.kind in _ACCEPTED if self.accepted is None else self.accepted

    def strikes(self, method: str, channel: str | None) -> bool:
        """Whether this call is one of those that may go wrong."""
        left = self.times is None or self.struck < self.times
        return left and self.method in ("*", method) and self.channel in (None, channel)


class Faults:
    """The faults planned now; the first that strikes a call decides."""

    def __init__(self) -> None:
        """Nothing goes wrong yet. The shares are drawn from a fixed seed, so that a run can be repeated."""
        self._lock = threading.Lock()
        self._random = random.Random(7)  # noqa: S311 - chance, not secrets
        self.planned: list[PlannedFault] = []

    def plan(self, kind: str, **details: Any) -> PlannedFault:
        """Plan a fault; `details` are the fields of `PlannedFault`."""
        fault = PlannedFault(kind, **details)
        with self._lock:
            self.planned.append(fault)
        return fault

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self.planned.clear()

    def take(self, method: str, channel: str | None) -> PlannedFault | None:
        """The fault that strikes this call, counted; None when it goes well."""
        with self._lock:
            for fault in self.planned:
                if fault.strikes(method, channel) and self._random.random() < fault.share:
                    fault.struck += 1
                    return fault
        return None
