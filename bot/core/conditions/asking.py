"""What every condition is asked, and what it may look at to answer."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from bot.core.calendar import Calendar
from bot.core.history import History
from bot.core.measures import Measured, complete_part
from bot.core.verdict import Breached, Calm, Finding, Verdict
from bot.core.words import Amount, Frozen


class Other(NamedTuple):
    """Another KPI a condition names, with its values: the same segment's where it has that, else the total's."""

    kpi: Measured
    history: History


Others = Callable[[str], Other | None]
"""Gives another KPI by its key; None for one that is not watched."""


def nobody_else(_: str) -> Other | None:
    """There is no other KPI in sight."""
    return None


class Surroundings(NamedTuple):
    """When and where something is judged: the moment, the company's calendar, and the other KPIs."""

    now: datetime
    calendar: Calendar
    others: Others = nobody_else

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return self.calendar.zone


class Sight(NamedTuple):
    """What a condition may look at.

    history: the KPI's values up to the newest complete one; running: all of them, the running period's included;
    firing: its alert is open.
    """

    kpi: Measured
    history: History
    running: History
    firing: bool
    around: Surroundings

    @classmethod
    def of(cls, kpi: Measured, values: History, *, firing: bool, around: Surroundings) -> "Sight":
        """Look at a KPI and all its values."""
        complete = complete_part(kpi, values, around.now, around.zone)
        return cls(kpi, complete, values, firing, around)

    def so_long_ago(self, values: int) -> "Sight":
        """Give the same as it stood so many values ago."""
        earlier, running = self.history.without_last(values), self.running.without_last(values)
        return self._replace(history=earlier, running=running)


class Condition(Protocol):
    """A question with three answers, asked of a series; looks_back: how many of its newest values matter."""

    @property
    def looks_back(self) -> int:
        """How many of the newest values the answer depends on."""

    @property
    def names(self) -> frozenset[str]:
        """The other KPIs it asks about."""

    @property
    def timed(self) -> bool:
        """Whether the mere passing of time may change the answer."""

    def judge(self, sight: Sight) -> Verdict:
        """Answer for the newest value in sight."""


class Alone(Frozen):
    """What conditions share that ask about one KPI only."""

    @property
    def names(self) -> frozenset[str]:
        """No other KPI."""
        return frozenset()

    @property
    def timed(self) -> bool:
        """Only a new value changes the answer."""
        return False


class OfNewest(Alone):
    """What conditions share to which the newest value alone matters."""

    @property
    def looks_back(self) -> int:
        """The newest value alone decides."""
        return 1


class ByAmount(Alone):
    """What conditions share that ask for a distance; recovery: the distance at which a firing alert is calm again."""

    by: Amount
    recovery: Amount | None = None

    def breaks(self, sight: Sight, distance: float, value: float, reference: float) -> bool:
        """Say whether such a distance between a value and what it is measured against breaks the rule."""
        if sight.firing and self.recovery is not None:
            return distance > self.recovery.of(reference)
        return reaches(distance, self.by.of(reference), value, reference)

    def unmeasurable(self, reference: float) -> bool:
        """Say whether the amounts mean nothing against this: a share of zero."""
        return reference == 0 and (self.by.relative or (self.recovery is not None and self.recovery.relative))


def answer(breached: bool, finding: Finding) -> Verdict:  # noqa: FBT001 - the one place a verdict is made of a truth
    """Make a verdict of a truth."""
    return Breached(finding=finding) if breached else Calm(finding=finding)


def reaches(distance: float, needed: float, *scale: float) -> bool:
    """Say whether a distance is real and at least as great as needed; exactly so much is enough.

    scale: the numbers the distance is the difference of, for two decimal numbers do not differ exactly.
    """
    rounding = 1e-12 * max(map(abs, scale), default=0.0)
    return distance > 0 and distance >= needed - rounding
