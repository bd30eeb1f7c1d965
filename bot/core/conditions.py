"""The vocabulary of ``when:``: each condition is one small class whose docstring is the operator's manual."""

import itertools
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from pydantic import model_validator

from bot.core.history import History
from bot.core.measures import Measured, badness, change_of, periods_without_value
from bot.core.units import Unit
from bot.core.verdict import Breached, Calm, Doubt, Finding, Unsure, Verdict
from bot.core.words import Amount, Band, Frozen, Number, Periods


class Sight(NamedTuple):
    """What a condition may look at: the KPI, its values so far, whether its alert is open, and the time."""

    kpi: Measured
    history: History
    firing: bool
    now: datetime
    zone: ZoneInfo


class Condition(Protocol):
    """A question with three answers, asked of a series; looks_back: how many of its newest values matter."""

    @property
    def looks_back(self) -> int:
        """How many of the newest values the answer depends on."""

    def judge(self, sight: Sight) -> Verdict:
        """Answer for the newest value in sight."""


def _answer(breached: bool, finding: Finding) -> Verdict:  # noqa: FBT001 - the one place a verdict is made of a truth
    return Breached(finding=finding) if breached else Calm(finding=finding)


class _OfNewest(Frozen):
    @property
    def looks_back(self) -> int:
        """The newest value alone decides."""
        return 1


class _Limit(_OfNewest):
    limit: Number
    recovery: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"limit": given}

    def _beyond(self, sight: Sight, word: str, sign: int) -> Verdict:
        point = sight.history.latest
        if point is None:
            return Unsure(reason=Doubt.NO_VALUE)
        limit = self.recovery if sight.firing and self.recovery is not None else self.limit
        finding = Finding(condition=word, value=point.value, limit=self.limit)
        return _answer(sign * point.value > sign * limit, finding)


class Above(_Limit):
    """``above: 4`` – the value is greater than the limit; equal to it is calm.

    With ``above: {limit: 4, recovery: 3.8}`` a firing alert is calm again only at 3.8 or less.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the limit."""
        return self._beyond(sight, "above", sign=1)


class Below(_Limit):
    """``below: 15`` – the value is less than the limit; equal to it is calm.

    With ``below: {limit: 15, recovery: 17}`` a firing alert is calm again only at 17 or more.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the limit."""
        return self._beyond(sight, "below", sign=-1)


class Outside(_OfNewest, Band):
    """``outside: {low: 85, high: 95}`` – the value has left the band; both ends still belong to it.

    With ``recovery: {low: 86, high: 94}`` a firing alert is calm again only inside that narrower band.
    """

    recovery: Band | None = None

    def judge(self, sight: Sight) -> Verdict:
        """Look whether the newest value lies in the band."""
        point = sight.history.latest
        if point is None:
            return Unsure(reason=Doubt.NO_VALUE)
        band = self.recovery if sight.firing and self.recovery is not None else self
        finding = Finding(condition="outside", value=point.value, low=self.low, high=self.high)
        return _answer(not band.holds(point.value), finding)


class Reaches(_OfNewest):
    """A threshold of the KPI itself: the value has reached the level or is worse, by the KPI's direction.

    Equal to the level is breached. A firing alert is calm again at the recovery level or better, or, without one,
    as soon as the value is better than the level.
    """

    limit: Number
    recovery: Number | None = None

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the level on the KPI's bad side."""
        point = sight.history.latest
        if point is None:
            return Unsure(reason=Doubt.NO_VALUE)
        sign = -1 if sight.kpi.direction == "higher_is_better" else 1
        breached = sign * point.value >= sign * self.limit
        if sight.firing and self.recovery is not None:
            breached = sign * point.value > sign * self.recovery
        target = _numeric_target(sight)
        return _answer(breached, Finding(condition="reaches", value=point.value, limit=self.limit, target=target))


class MissesTargetBy(_OfNewest):
    """``misses_target_by: 15 %`` – the value is worse than its target by at least so much, by the KPI's direction.

    ``0.7 points`` measures percent KPIs in percentage points, a plain number uses the KPI's unit. For a band the
    distance to the nearer end counts. Exactly so much is breached. A percentage of a target of zero is unsure.
    """

    by: Amount

    @model_validator(mode="before")
    @classmethod
    def _plain_amount(cls, given: Any) -> Any:
        return given if isinstance(given, dict) and "by" in given else {"by": given}

    def judge(self, sight: Sight) -> Verdict:
        """Measure the shortfall of the newest value against its period's target."""
        return _against_target(sight, self.by, "misses_target_by", sign=1)


class BeatsTargetBy(_OfNewest):
    """``beats_target_by: 25 %`` – the value is better than its target by at least so much: an opportunity.

    Amounts as in ``misses_target_by``. A band cannot be beaten.
    """

    by: Amount

    @model_validator(mode="before")
    @classmethod
    def _plain_amount(cls, given: Any) -> Any:
        return given if isinstance(given, dict) and "by" in given else {"by": given}

    def judge(self, sight: Sight) -> Verdict:
        """Measure the lead of the newest value over its period's target."""
        return _against_target(sight, self.by, "beats_target_by", sign=-1)


class _Move(Frozen):
    by: Amount
    over: Periods = 1

    @property
    def looks_back(self) -> int:
        """The newest value and the one it is compared with."""
        return self.over + 1


class Rises(_Move):
    """``rises: {by: 20 %, over: 1 period}`` – the value has grown by at least so much since then.

    Percent KPIs are measured in points, so ``by: 2 points``; a change against zero or a missing value is unsure.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the one so many periods before it."""
        return _moved(sight, self, "rises", sign=1)


class Falls(_Move):
    """``falls: {by: 10 %, over: 3 periods}`` – the value has shrunk by at least so much since then.

    Measured as in ``rises``.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the one so many periods before it."""
        return _moved(sight, self, "falls", sign=-1)


class WorsensFor(Frozen):
    """``worsens_for: 3 periods`` – each of the last so many values was worse than the one before it.

    Worse goes by the KPI's direction, for a band by the distance from it; an equal or better value breaks the run.
    """

    periods: Periods

    @model_validator(mode="before")
    @classmethod
    def _plain_periods(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"periods": given}

    @property
    def looks_back(self) -> int:
        """One more than the steps between them."""
        return self.periods + 1

    def judge(self, sight: Sight) -> Verdict:
        """Look at the last so many steps."""
        points = sight.history.points[-(self.periods + 1) :]
        if not points:
            return Unsure(reason=Doubt.NO_VALUE)
        steps = itertools.pairwise(badness(sight.kpi, point.value) for point in points)
        worse = all(later > earlier for earlier, later in steps)
        if worse and len(points) <= self.periods:
            return Unsure(reason=Doubt.TOO_LITTLE_HISTORY)
        finding = Finding(
            condition="worsens_for", value=points[-1].value, previous=points[0].value, periods=self.periods
        )
        return _answer(worse, finding)


class Stale(_OfNewest):
    """``stale: 2 periods`` – so many whole periods have ended without a value since the newest one.

    The running period does not count: a monthly KPI with October's value is 0 periods late all November. A KPI that
    never had a value is unsure: there is nothing yet that could be late.
    """

    periods: Periods

    @model_validator(mode="before")
    @classmethod
    def _plain_periods(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"periods": given}

    def judge(self, sight: Sight) -> Verdict:
        """Count the whole periods that have passed without a value."""
        missing = periods_without_value(sight.history, sight.now, sight.zone)
        if missing is None:
            return Unsure(reason=Doubt.NO_VALUE)
        point = sight.history.points[-1]
        finding = Finding(condition="stale", value=point.value, periods=missing)
        return _answer(missing >= self.periods, finding)


class When(Frozen):
    """Exactly one condition of the vocabulary."""

    above: Above | None = None
    below: Below | None = None
    outside: Outside | None = None
    misses_target_by: MissesTargetBy | None = None
    beats_target_by: BeatsTargetBy | None = None
    rises: Rises | None = None
    falls: Falls | None = None
    worsens_for: WorsensFor | None = None
    stale: Stale | None = None
    reaches: Reaches | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "When":
        if len(self.model_fields_set) != 1:
            raise ValueError("takes exactly one condition")
        return self

    @property
    def condition(self) -> Condition:
        """The condition that is set."""
        (word,) = self.model_fields_set
        chosen: Condition = getattr(self, word)
        return chosen


def _numeric_target(sight: Sight) -> float | None:
    period = sight.history.latest_period
    target = sight.kpi.target_for(period) if period else None
    return None if isinstance(target, Band) else target


def _rounding(value: float, reference: float) -> float:
    """Give what the difference of two decimal numbers may be off by, so that exactly so much counts as so much."""
    return 1e-12 * max(abs(value), abs(reference))


def _against_target(sight: Sight, by: Amount, word: str, sign: int) -> Verdict:
    point, period = sight.history.latest, sight.history.latest_period
    if point is None or period is None:
        return Unsure(reason=Doubt.NO_VALUE)
    target = sight.kpi.target_for(period)
    if target is None:
        return Unsure(reason=Doubt.NO_TARGET)
    if isinstance(target, Band):
        end = target.low if point.value < target.low else target.high
        distance = 0.0 if target.holds(point.value) else abs(point.value - end)
    else:
        end = target
        higher = sight.kpi.direction == "higher_is_better"
        distance = (target - point.value) if higher else (point.value - target)
    if by.relative and end == 0:
        return Unsure(reason=Doubt.CHANGE_FROM_ZERO)
    needed = by.of(end)
    finding = Finding(condition=word, value=point.value, target=end, difference=abs(point.value - end), limit=needed)
    return _answer(sign * distance > 0 and sign * distance >= needed - _rounding(point.value, end), finding)


def _moved(sight: Sight, move: _Move, word: str, sign: int) -> Verdict:
    point, period = sight.history.latest, sight.history.latest_period
    if point is None or period is None:
        return Unsure(reason=Doubt.NO_VALUE)
    before = sight.history.value_at(period.shift(-move.over))
    if before is None:
        return Unsure(reason=Doubt.TOO_LITTLE_HISTORY)
    if before == 0 and move.by.relative:
        return Unsure(reason=Doubt.CHANGE_FROM_ZERO)
    moved = point.value - before
    in_points = sight.kpi.unit == Unit.PERCENT
    finding = Finding(
        condition=word,
        value=point.value,
        previous=before,
        difference=abs(moved),
        change=None if in_points else change_of(point.value, before),
        periods=move.over,
    )
    needed = move.by.of(before)
    return _answer(sign * moved > 0 and sign * moved >= needed - _rounding(point.value, before), finding)
