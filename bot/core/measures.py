"""Measuring a value: against its target, against the one before, against the calendar."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.history import History
from bot.core.periods import Period, period_at
from bot.core.words import Band


class Measured(Protocol):
    """What measuring has to know of a KPI."""

    @property
    def unit(self) -> str:
        """Its unit."""

    @property
    def direction(self) -> str:
        """Which way is good."""

    @property
    def target(self) -> float | Band | dict[str, float]:
        """What is aimed at: a number, a band, or a plan by period label."""

    @property
    def completeness_delay(self) -> int | None:
        """How many periods after its own a value counts as complete; None: at once."""

    def target_for(self, period: Period) -> float | Band | None:
        """Give what is aimed at in a period."""


def numeric_target(kpi: Measured, history: History) -> float | None:
    """Give what is aimed at in the newest value's period, if it is a number."""
    period = history.latest_period
    target = kpi.target_for(period) if period else None
    return None if isinstance(target, Band) else target


def complete_part(kpi: Measured, history: History, now: datetime, zone: ZoneInfo) -> History:
    """Give the history up to the newest value whose period counts as complete; all of it without a delay.

    A doubt about a later period is none about these.
    """
    if kpi.completeness_delay is None:
        return history
    begun = period_at(now, history.frequency, zone).shift(1 - kpi.completeness_delay).first
    complete = history.before(begun)
    sure = history.doubt is None or history.doubt.first >= begun
    return complete if sure else complete._replace(doubt=history.doubt)


def periods_without_value(history: History, now: datetime, zone: ZoneInfo, *, delay: int = 1) -> int | None:
    """Count whole periods that ended without a value after the newest one; None when there is no value at all.

    delay: how many periods after its own a value is looked for.
    """
    latest = history.latest_period
    if latest is None:
        return None
    running = period_at(now, history.frequency, zone).shift(1 - delay)
    missing, period = 0, latest.next
    while period.first < running.first:
        missing, period = missing + 1, period.next
    return missing


def change_of(value: float, previous: float) -> float | None:
    """Give the change as a fraction of the previous value; None against zero, where it means nothing."""
    return None if previous == 0 else (value - previous) / abs(previous)


def badness(kpi: Measured, value: float) -> float:
    """Give a number that is greater the worse the value is, by the KPI's direction or its distance from the band."""
    if isinstance(kpi.target, Band):
        return max(kpi.target.low - value, value - kpi.target.high, 0.0)
    return -value if kpi.direction == "higher_is_better" else value
