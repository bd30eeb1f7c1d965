"""Conditions that measure a KPI against what is aimed at: now, at the pace it keeps, and as it is heading."""

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from bot.core.conditions.asking import ByAmount, OfNewest, Sight, Surroundings, answer
from bot.core.measures import Measured
from bot.core.periods import Period
from bot.core.verdict import Doubt, Finding, Unsure, Verdict
from bot.core.words import Band, Number


class AgainstTarget(ByAmount):
    """What conditions share that ask for a distance from the target."""

    @model_validator(mode="before")
    @classmethod
    def _plain_amount(cls, given: Any) -> Any:
        return given if isinstance(given, dict) and "by" in given else {"by": given}


class MissesTargetBy(AgainstTarget, OfNewest):
    """``misses_target_by: 15 %`` – the value is worse than its target by at least so much, by the KPI's direction.

    ``0.7 points`` measures percent KPIs in percentage points, a plain number uses the KPI's unit. For a band the
    distance to the nearer end counts. Exactly so much is breached; ``0`` is a miss of any size. A percentage of a
    target of zero is unsure.

    With ``misses_target_by: {by: 15 %, recovery: 10 %}`` a firing alert is calm again only at 10 % or less.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Measure the shortfall of the newest value against its period's target."""
        return _of_newest(self, sight, "misses_target_by", sign=1)

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Only when the newest value is worse by so much."""
        return _can_break(self, kpi, values, sign=1)


class BeatsTargetBy(AgainstTarget, OfNewest):
    """``beats_target_by: 25 %`` – the value is better than its target by at least so much: an opportunity.

    Amounts and recovery as in ``misses_target_by``; ``0 %`` is breached as soon as the target is reached. A band cannot
    be beaten.
    """

    reached_by_nothing: ClassVar[bool] = True

    def judge(self, sight: Sight) -> Verdict:
        """Measure the lead of the newest value over its period's target."""
        return _of_newest(self, sight, "beats_target_by", sign=-1)

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Only when the newest value is better by so much."""
        return _can_break(self, kpi, values, sign=-1)


class OffPace(AgainstTarget, OfNewest):
    """``off_pace: 10 %`` – at the pace so far, the running period will end short of its target by at least so much.

    For KPIs that add up over their period (``accumulates: true``), such as the month's sales. Where they will end is
    the value so far divided by the share of the period that is over: whole days, today not counted. With
    ``off_pace: {by: 10 %, days: working}`` only the company's working days count. Before a fifth of the period is
    over it is unsure; ``from: 50 %`` waits longer. Once the period is over, the value itself is measured. It looks at
    the running period even where ``completeness_delay`` keeps other conditions from it. It is asked when a value
    arrives, and not already when a day is over whose value is still to come.

    Amounts and recovery as in ``misses_target_by``.
    """

    days: Literal["calendar", "working"] = "calendar"
    begin: Number = Field(default=20.0, alias="from", ge=0, le=100)

    @model_validator(mode="before")
    @classmethod
    def _share(cls, given: Any) -> Any:
        """``from: 50 %`` is a share like any other, written with its sign."""
        share = given.get("from") if isinstance(given, dict) else None
        if isinstance(share, str) and share.endswith("%"):
            return {**given, "from": _percent(share)}
        return given

    @property
    def unfinished(self) -> bool:
        """It asks where the running period will end."""
        return True

    def judge(self, sight: Sight) -> Verdict:
        """Extend the value so far to the end of its period, and measure that against the target."""
        point, period = sight.running.latest, sight.running.latest_period
        if sight.running.doubt is not None:
            return Unsure(sight.running.doubt.reason)
        if point is None or period is None:
            return Unsure(Doubt.NO_VALUE)
        target = sight.kpi.target_for(period)
        if target is None or isinstance(target, Band):
            return Unsure(Doubt.NO_TARGET)
        share = share_over(period, sight.around, working=self.days == "working")
        if share <= 0 or share * 100 < self.begin:
            return Unsure(Doubt.TOO_EARLY)
        if self.unmeasurable(target):
            return Unsure(Doubt.CHANGE_FROM_ZERO)
        heading = point.value / share
        distance = shortfall(sight.kpi, heading, target)
        finding = Finding("off_pace", value=point.value, target=target, expected=heading, share=share)
        return answer(self.breaks(distance, heading, target, firing=sight.firing), finding)


def share_over(period: Period, around: Surroundings, *, working: bool) -> float:
    """Give the share of a period's days that are over, 0..1; 1 for a period without a day to count."""
    first, until = period.first, period.next.first
    today = min(max(around.now.astimezone(around.zone).date(), first), until)
    if not working:
        return (today - first).days / (until - first).days
    whole = around.calendar.working_days(first, until)
    return around.calendar.working_days(first, today) / whole if whole else 1.0


def shortfall(kpi: Measured, value: float, target: float) -> float:
    """Give how much worse than its target a value is, by the KPI's direction; negative when it is better."""
    return target - value if kpi.direction == "higher_is_better" else value - target


def nearer_end(target: float | Band, value: float) -> float:
    """Give the number of a target that a value is measured against: of a band, the end it lies at."""
    if not isinstance(target, Band):
        return target
    return target.low if value < target.low else target.high


def distance_from(kpi: Measured, target: float | Band, value: float) -> float:
    """Give how much worse than its target a value is; inside a band 0, outside the distance to the nearer end."""
    if isinstance(target, Band):
        return 0.0 if target.holds(value) else abs(value - nearer_end(target, value))
    return shortfall(kpi, value, target)


def _percent(share: str) -> object:
    """Read ``50 %`` as 50; anything else is left for the field itself to refuse."""
    try:
        return float(share.removesuffix("%"))
    except ValueError:
        return share


def _of_newest(condition: AgainstTarget, sight: Sight, word: str, sign: int) -> Verdict:
    point, period = sight.history.latest, sight.history.latest_period
    if point is None or period is None:
        return Unsure(Doubt.NO_VALUE)
    target = sight.kpi.target_for(period)
    if target is None:
        return Unsure(Doubt.NO_TARGET)
    end, distance = nearer_end(target, point.value), _signed(sign, sight.kpi, target, point.value)
    if condition.unmeasurable(end):
        return Unsure(Doubt.CHANGE_FROM_ZERO)
    limit, difference = condition.by.of(end), abs(point.value - end)
    finding = Finding(word, value=point.value, target=end, difference=difference, limit=limit)
    return answer(condition.breaks(distance, point.value, end, firing=sight.firing), finding)


def _can_break(condition: AgainstTarget, kpi: Measured, values: Sequence[float], sign: int) -> bool:
    """Say whether the newest value is far enough from a target that is the same in every period; a plan is not."""
    if not values or isinstance(kpi.target, dict):
        return bool(values)
    end, distance = nearer_end(kpi.target, values[-1]), _signed(sign, kpi, kpi.target, values[-1])
    return condition.breaks(distance, values[-1], end)


def _signed(sign: int, kpi: Measured, target: float | Band, value: float) -> float:
    """Give the distance from a target on its bad side (1) or its good one (-1), of which a band has none."""
    return -math.inf if isinstance(target, Band) and sign < 0 else sign * distance_from(kpi, target, value)
