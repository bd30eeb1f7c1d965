"""A rule's answer: breached with a finding, calm, or unsure with a reason; unsure changes nothing."""

from enum import StrEnum
from typing import Any, NamedTuple


class Finding(NamedTuple):
    """What a condition saw, as numbers; wording makes a sentence of it.

    value, previous, limit, low, high, target are in the KPI's unit; change is a fraction of the previous value
    (0.15 = 15 %) and absent for percent KPIs, which move in points (``difference``); periods is the condition's own
    count of them; lasting is how many values in a row broke the rule, at_least that it may be more of them; recovery is
    the level an open alert has still to come back to where the condition itself is no longer broken (of ``worsens_for``
    0: so many ``periods`` without a step for the worse); expected is where the value is heading; share (0..1) is how
    much of the period is over; kpi is the key of the other KPI it is about, None for the rule's own; parts are what
    several conditions together saw, each by itself.
    """

    condition: str
    value: float | None = None
    previous: float | None = None
    limit: float | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    difference: float | None = None
    change: float | None = None
    periods: int = 1
    lasting: int = 1
    at_least: bool | None = None
    recovery: float | None = None
    expected: float | None = None
    share: float | None = None
    kpi: str | None = None
    parts: "tuple[Finding, ...]" = ()

    @property
    def facts(self) -> dict[str, Any]:
        """What is known, by name: the form in which it is kept."""
        known = {name: fact for name, fact in self._asdict().items() if fact is not None and name != "parts"}
        return {**known, "parts": [part.facts for part in self.parts]} if self.parts else known


class Doubt(StrEnum):
    """Why a rule cannot tell."""

    NO_VALUE = "no_value"
    TOO_LITTLE_HISTORY = "too_little_history"
    INCOMPLETE_PERIOD = "incomplete_period"
    NO_TARGET = "no_target"
    CHANGE_FROM_ZERO = "change_from_zero"
    PENDING_FOR = "pending_for"
    KEPT_FIRING = "kept_firing"
    TOO_EARLY = "too_early"
    MISSING_INPUT = "missing_input"
    DIVISION_BY_ZERO = "division_by_zero"
    NO_NUMBER = "no_number"


class Breached(NamedTuple):
    """The rule is broken."""

    finding: Finding


class Calm(NamedTuple):
    """The rule holds; the finding says what was seen."""

    finding: Finding


class Unsure(NamedTuple):
    """The rule cannot tell, and so nothing changes."""

    reason: Doubt


Verdict = Breached | Calm | Unsure
