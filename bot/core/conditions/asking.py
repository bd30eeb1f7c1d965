"""What every condition is asked, and what it may look at to answer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol
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
    segment: str = ""


Others = Callable[[str], Other | None]
"""Gives another KPI by its key; None for one that is not watched."""


def nobody_else(_: str) -> Other | None:
    """There is no other KPI in sight."""
    return None


class Surroundings(NamedTuple):
    """When and where something is judged: the moment, the company's calendar, the other KPIs, and which segment."""

    now: datetime
    calendar: Calendar
    others: Others = nobody_else
    segment: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return self.calendar.zone


class Sight(NamedTuple):
    """What a condition may look at.

    history: the KPI's values up to the newest complete one; running: the running period's included; firing: its alert
    is open; arrived: all that has arrived by now, also of a sight of so long ago.
    """

    kpi: Measured
    history: History
    running: History
    firing: bool
    around: Surroundings
    arrived: History

    @classmethod
    def of(cls, kpi: Measured, values: History, *, firing: bool, around: Surroundings) -> "Sight":
        """Look at a KPI and all its values."""
        complete = complete_part(kpi, values, around.now, around.zone)
        return cls(kpi, complete, values, firing, around, values)

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

    @property
    def unfinished(self) -> bool:
        """Whether it is about the running period, and so waits for none to be complete."""

    def judge(self, sight: Sight) -> Verdict:
        """Answer for the newest value in sight."""

    @property
    def glanced(self) -> bool:
        """Whether ``can_break`` is of use: there are values of which it says no."""

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Say, of the newest values alone, whether ``judge`` could find a KPI broken that is at rest.

        values: as many as it looks back, or all there are, oldest first, whenever they are from. False is certain, True
        is not: it is asked of thousands of series to find the few that are worth judging.
        """


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

    @property
    def unfinished(self) -> bool:
        """It is about the newest complete period."""
        return False

    @property
    def glanced(self) -> bool:
        """Most need more than a glance."""
        return False

    def can_break(self, _kpi: Measured, _values: Sequence[float]) -> bool:
        """Nothing is ruled out."""
        return True


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

    reached_by_nothing: ClassVar[bool] = False

    def breaks(self, distance: float, value: float, reference: float, *, firing: bool = False) -> bool:
        """Say whether such a distance between a value and what it is measured against breaks the rule.

        Exactly so much does, but no distance at all only where nothing is enough; exactly the recovery is calm again.
        """
        rounding = _rounding(value, reference)
        if firing and self.recovery is not None:
            return distance > self.recovery.of(reference) + rounding
        enough = distance >= self.by.of(reference) - rounding
        return enough and (distance > rounding or self.reached_by_nothing)

    def unmeasurable(self, reference: float) -> bool:
        """Say whether the amounts mean nothing against this: a share of zero."""
        return reference == 0 and (self.by.relative or (self.recovery is not None and self.recovery.relative))


def answer(breached: bool, finding: Finding) -> Verdict:  # noqa: FBT001 - the one place a verdict is made of a truth
    """Make a verdict of a truth."""
    return Breached(finding=finding) if breached else Calm(finding=finding)


def _rounding(value: float, reference: float) -> float:
    """Give how far the difference of two decimal numbers may lie from the exact one."""
    return 1e-12 * max(abs(value), abs(reference))
