"""Where a KPI stands now: status, attainment, trend, and the scores that departments and the company get from them."""

import math
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from bot.core.evaluate import evaluate
from bot.core.history import History, Point
from bot.core.kpi import Direction, Kpi
from bot.core.measures import badness, change_of, complete_part, periods_without_value
from bot.core.organisation import ScoreLabels, StatusBands
from bot.core.periods import Period
from bot.core.policy import Policy, critical_rule_id, threshold_rules
from bot.core.units import Unit
from bot.core.verdict import Breached
from bot.core.words import Band, Frozen

_RECENT = 13
"""How many values are drawn: those of a year of months, and the one a year before."""


class Status(StrEnum):
    """The traffic light of a KPI; blue beats its target by far, grey has no or only stale data."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


class Label(StrEnum):
    """A score in a word."""

    EXCELLENT = "excellent"
    STRONG = "strong"
    GOOD = "good"
    AT_RISK = "at_risk"
    CRITICAL = "critical"


class Trend(Frozen):
    """The move from the value before: in the KPI's unit, as a fraction, and whether it is a good one.

    change is None for percent KPIs (they move in points) and against zero; better is None when nothing moved.
    """

    previous: float
    difference: float
    change: float | None
    better: bool | None


class Running(Frozen):
    """The newest number of a period that does not count as complete yet: told, but not judged."""

    period: Period
    value: float
    target: float | Band | None


class Standing(Frozen):
    """One series now, by its newest complete period; ``running`` is what there is of a later one.

    attainment is 0..100 % of the target, None without one or without data.
    """

    kpi: Kpi
    segment: str = ""
    period: Period | None = None
    value: float | None = None
    target: float | Band | None = None
    status: Status = Status.GREY
    attainment: float | None = None
    trend: Trend | None = None
    missing_periods: int | None = None
    recent: tuple[Point, ...] = ()
    running: Running | None = None

    @property
    def newest_period(self) -> Period | None:
        """The newest period with a value, complete or not."""
        return self.running.period if self.running else self.period


class Score(Frozen):
    """A weighted mean of attainments, 0..100, with its label; ``of`` counts the KPIs in it."""

    value: float
    label: Label
    of: int


def stand(policy: Policy, kpi: Kpi, segment: str, history: History, now: datetime) -> Standing:
    """Say where a series stands: its newest complete value, target, status, attainment and trend."""
    complete = complete_part(kpi, history, now, policy.zone)
    point, period = complete.latest, complete.latest_period
    running = _running(kpi, history, complete)
    missing = periods_without_value(history, now, policy.zone)
    if point is None or period is None:
        return Standing(kpi=kpi, segment=segment, missing_periods=missing, running=running)
    target = kpi.target_for(period)
    ratio = None if target is None else attained(kpi.direction, point.value, target)
    late = periods_without_value(complete, now, policy.zone, delay=kpi.completeness_delay or 1) or 0
    stale = late >= policy.company.stale_after
    return Standing(
        kpi=kpi,
        segment=segment,
        period=period,
        value=point.value,
        target=target,
        status=Status.GREY if stale else _status(policy, kpi, history, now, ratio),
        attainment=None if ratio is None or stale else min(ratio, 100.0),
        trend=trend_of(kpi, complete.points[-2].value, point.value) if len(complete.points) > 1 else None,
        missing_periods=missing,
        recent=complete.points[-_RECENT:],
        running=running,
    )


def stands_on(kpis: Iterable[Kpi]) -> int:
    """Say how many of the newest values of each KPI are enough to say where it stands."""
    return max((_stands_on(kpi) for kpi in kpis), default=1)


def _stands_on(kpi: Kpi) -> int:
    lasting = kpi.thresholds.lasting if kpi.thresholds else 1
    return max(_RECENT, lasting) + (kpi.completeness_delay or 0)


def _running(kpi: Kpi, history: History, complete: History) -> Running | None:
    point, period = history.latest, history.latest_period
    if point is None or period is None or point == complete.latest:
        return None
    return Running(period=period, value=point.value, target=kpi.target_for(period))


def attained(direction: Direction, value: float, target: float | Band) -> float:
    """Give value against target in %, by direction; above 100 beats it. Never negative.

    Against a target of zero or less there is no share: 100 when it is met, else 0. Where less is better, a value of
    zero or less beats every target above zero without end. A band gives 100 inside, and outside 100 less the distance
    to it as a share of the nearer end.
    """
    if isinstance(target, Band):
        return _attained_band(value, target)
    if direction is Direction.LOWER_IS_BETTER:
        if target > 0:
            return 100.0 * target / value if value > 0 else math.inf
        return 100.0 if value <= target else 0.0
    if target > 0:
        return max(0.0, 100.0 * value / target)
    return 100.0 if value >= target else 0.0


def _attained_band(value: float, band: Band) -> float:
    if band.holds(value):
        return 100.0
    end = band.low if value < band.low else band.high
    scale = abs(end) or (band.high - band.low) or 1.0
    return max(0.0, 100.0 * (1 - abs(value - end) / scale))


def _status(policy: Policy, kpi: Kpi, history: History, now: datetime, ratio: float | None) -> Status:
    reached = _threshold_reached(policy, kpi, history, now)
    if reached is not None:
        return reached
    if ratio is None:
        return Status.GREY
    return _by_attainment(ratio, policy.company.statuses, judged_by_threshold=kpi.thresholds is not None)


def _threshold_reached(policy: Policy, kpi: Kpi, history: History, now: datetime) -> Status | None:
    for rule in threshold_rules(kpi, policy.priorities):
        verdict = evaluate(kpi, rule, history, firing=False, around=policy.around(now))
        if isinstance(verdict, Breached):
            return Status.RED if rule.id == critical_rule_id(kpi) else Status.YELLOW
    return None


def _by_attainment(ratio: float, bands: StatusBands, *, judged_by_threshold: bool) -> Status:
    if ratio >= bands.blue:
        return Status.BLUE
    if judged_by_threshold or ratio >= bands.green:
        return Status.GREEN
    return Status.YELLOW if ratio >= bands.yellow else Status.RED


def trend_of(kpi: Kpi, before: float, value: float) -> Trend:
    """Give the move from one value of a KPI to the next."""
    return Trend(
        previous=before,
        difference=value - before,
        change=None if kpi.unit == Unit.PERCENT else change_of(value, before),
        better=_is_better(kpi, before, value),
    )


def _is_better(kpi: Kpi, before: float, value: float) -> bool | None:
    was, now = badness(kpi, before), badness(kpi, value)
    return None if was == now else now < was


def score(standings: Iterable[Standing], labels: ScoreLabels) -> Score | None:
    """Give the weighted mean attainment of totals (segments do not count twice); None when nothing has one."""
    counted = [one for one in standings if one.attainment is not None and not one.segment and one.kpi.weight > 0]
    return _mean([(one.attainment or 0.0, one.kpi.weight) for one in counted], labels)


def overall_score(departments: Iterable[tuple[Score, float]], labels: ScoreLabels) -> Score | None:
    """Give the company's score from its departments' scores and weights."""
    return _mean([(one.value, weight) for one, weight in departments if weight > 0], labels)


def _mean(parts: list[tuple[float, float]], labels: ScoreLabels) -> Score | None:
    if not parts:
        return None
    value = sum(part * weight for part, weight in parts) / sum(weight for _, weight in parts)
    return Score(value=value, label=label_of(value, labels), of=len(parts))


def label_of(value: float, labels: ScoreLabels) -> Label:
    """Give the word for a score."""
    for least, label in (
        (labels.excellent, Label.EXCELLENT),
        (labels.strong, Label.STRONG),
        (labels.good, Label.GOOD),
        (labels.at_risk, Label.AT_RISK),
    ):
        if value >= least:
            return label
    return Label.CRITICAL
