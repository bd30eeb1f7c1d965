"""Faults on demand: which calls of the bot, and which requests towards it, go wrong, how, and how often."""

from __future__ import annotations

import dataclasses
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

KINDS: Mapping[str, str] = {
    "rate_limit": "The bot's call is refused with 429 and a Retry-After.",
    "server_error": "The bot's call is answered with an empty 5xx.",
    "cut_before": "The connection is closed; the call is not done.",
    "cut_after": "The call is done, and the connection closed without an answer.",
    "slow": "The call is done at once, and answered late.",
    "html": "A proxy's page comes in place of the answer.",
    "cut_json": "The call is done, and half an answer comes.",
    "error": "The call is answered with ok: false and an error of one's choice.",
    "lost": "What Slack sends to the bot never arrives, and is not repeated.",
    "delayed": "What Slack sends to the bot arrives late.",
    "doubled": "The bot gets the same request twice: the same bytes, the same signature, the same event id.",
    "bad_signature": "What Slack sends to the bot is signed with another secret.",
    "stale": "What Slack sends to the bot carries a time of six minutes ago, rightly signed.",
}
"""Every kind of fault and what it does."""

TOWARDS_BOT = frozenset({"lost", "delayed", "doubled", "bad_signature", "stale"})
"""These strike what is sent to the bot; the others strike what the bot calls."""
ONLY_SIGNED = frozenset({"bad_signature", "stale"})
"""These have a meaning only where requests are signed: over HTTP, not over Socket Mode."""
_ACCEPTED = {"cut_after", "slow", "cut_json"}


@dataclass
class PlannedFault:
    """One way in which requests go wrong.

    Of the bot's calls: `rate_limit` (429 with `retry_after` seconds) · `server_error` (`status`) · `cut_before`
    (connection closed, nothing done) · `cut_after` (done, connection closed without an answer) · `slow` (done at
    once, answered after `seconds`) · `html` (a proxy's page with `status`) · `cut_json` (done, half an answer) ·
    `error` (`{"ok": false, "error": error}`). `accepted` overrides whether the call is done.

    Of what is sent to the bot: `lost` · `delayed` (by `seconds`) · `doubled` (again after `seconds`) ·
    `bad_signature` · `stale`; the last two over HTTP only.

    It strikes requests of `method` to `channel` (an id; None for all), `times` times (None: always), each with
    probability `share`. A method is a Web API method or `response_url`; towards the bot `command`, `block_actions`,
    `view_submission`, `event:app_mention` and so on; `*` stands for any letters (`chat.*`, `event:*`).
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
    number: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be planned: ValueError names the field and what may stand there."""
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind!r}; there are {', '.join(KINDS)}")
        for name, (fits, expected) in _CHECKS.items():
            if not fits(getattr(self, name)):
                raise ValueError(f"`{name}` of a fault must be {expected}, not {getattr(self, name)!r}")

    @property
    def is_accepted(self) -> bool:
        """Whether the call takes effect although it goes wrong."""
        return self.kind in _ACCEPTED if self.accepted is None else self.accepted

    def strikes(self, method: str, channel: str | None) -> bool:
        """Whether this request is one of those that may go wrong."""
        left = self.times is None or self.struck < self.times
        return left and fnmatchcase(method, self.method) and self.channel in (None, channel)

    def as_json(self) -> dict[str, Any]:
        """The fault as `/_sandbox/faults` shows it: its fields, what it does, and which side it strikes."""
        side = "bot" if self.kind in TOWARDS_BOT else "slack"
        return {**dataclasses.asdict(self), "towards": side, "does": KINDS[self.kind]}


def _whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "method": (lambda value: isinstance(value, str) and bool(value), "the name of a method, with * for any letters"),
    "channel": (lambda value: value is None or isinstance(value, str), "a channel's id, or null for all"),
    "times": (lambda value: value is None or _whole(value, 1), "a whole number from 1, or null for always"),
    "share": (lambda value: _number(value) and 0 < value <= 1, "a number above 0 and at most 1"),
    "seconds": (lambda value: _number(value) and value >= 0, "a number of seconds, 0 or more"),
    "status": (lambda value: _whole(value, 400) and value < 600, "an HTTP status from 400 to 599"),
    "retry_after": (lambda value: _whole(value, 0), "a whole number of seconds"),
    "error": (lambda value: isinstance(value, str) and bool(value), "an error code"),
    "accepted": (lambda value: value is None or isinstance(value, bool), "true, false or null"),
}
FIELDS = tuple(_CHECKS)
"""What may be said about a fault beside its kind."""


class Faults:
    """The faults planned now; the first that strikes a request decides."""

    def __init__(self) -> None:
        """Nothing goes wrong yet. The shares are drawn from a fixed seed, so that a run can be repeated."""
        self._lock = threading.Lock()
        self._random = random.Random(7)  # noqa: S311 - chance, not secrets
        self._count = 0
        self.planned: list[PlannedFault] = []

    def plan(self, kind: str, **details: Any) -> PlannedFault:
        """Plan a fault; `details` are fields of `PlannedFault`. ValueError names what is wrong and what there is."""
        for name in details:
            if name not in FIELDS:
                near = get_close_matches(name, FIELDS, 1)
                meant = f"; did you mean `{near[0]}`?" if near else ""
                raise ValueError(f"a fault has no field `{name}`; it has {', '.join(FIELDS)}{meant}")
        fault = PlannedFault(kind, **details)
        with self._lock:
            self._count += 1
            fault.number = self._count
            self.planned.append(fault)
        return fault

    def clear(self, number: int | None = None) -> None:
        """Plan nothing any more, or not the fault of this number: LookupError when there is none."""
        with self._lock:
            kept = [] if number is None else [fault for fault in self.planned if fault.number != number]
            if number is not None and len(kept) == len(self.planned):
                known = ", ".join(str(fault.number) for fault in self.planned) or "none"
                raise LookupError(f"no fault has the number {number}; there is: {known}")
            self.planned[:] = kept

    def take(self, method: str, channel: str | None) -> PlannedFault | None:
        """The fault that strikes this call of the bot, counted; None when it goes well."""
        return self._take(method, channel, KINDS.keys() - TOWARDS_BOT)

    def take_towards_bot(self, label: str, channel: str | None, *, signed: bool) -> PlannedFault | None:
        """The fault that strikes this request to the bot, counted; `signed` says whether it goes over HTTP."""
        return self._take(label, channel, TOWARDS_BOT if signed else TOWARDS_BOT - ONLY_SIGNED)

    def _take(self, method: str, channel: str | None, kinds: frozenset[str] | set[str]) -> PlannedFault | None:
        if not self.planned:
            return None
        with self._lock:
            for fault in self.planned:
                fits = fault.kind in kinds and fault.strikes(method, channel)
                if fits and self._random.random() < fault.share:
                    fault.struck += 1
                    return fault
        return None
