"""Periods a value may stand for: days, ISO weeks, months, quarters and years, named by label.

Labels: ``2026-11-22`` (day), ``2026-W47`` (ISO 8601 week), ``2026-11``, ``2026-Q4``, ``2026``.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Frequency(StrEnum):
    """How often a KPI gets a value, and so the length of its periods."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


_SHAPES = {
    Frequency.DAILY: (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), "2026-11-22"),
    Frequency.WEEKLY: (re.compile(r"([0-9]{4})-W([0-9]{2})"), "2026-W47"),
    Frequency.MONTHLY: (re.compile(r"([0-9]{4})-([0-9]{2})"), "2026-11"),
    Frequency.QUARTERLY: (re.compile(r"([0-9]{4})-Q([1-4])"), "2026-Q4"),
    Frequency.YEARLY: (re.compile(r"([0-9]{4})"), "2026"),
}


class Period(NamedTuple):
    """One period: its frequency and its first day."""

    frequency: Frequency
    first: date

    @property
    def label(self) -> str:
        """The name people write, e.g. ``2026-Q4``."""
        day = self.first
        iso_year, iso_week, _ = day.isocalendar()
        return {
            Frequency.DAILY: day.isoformat(),
            Frequency.WEEKLY: f"{iso_year:04d}-W{iso_week:02d}",
            Frequency.MONTHLY: f"{day.year:04d}-{day.month:02d}",
            Frequency.QUARTERLY: f"{day.year:04d}-Q{(day.month + 2) // 3}",
            Frequency.YEARLY: f"{day.year:04d}",
        }[self.frequency]

    @property
    def next(self) -> "Period":
        """The period right after this one."""
        return self.shift(1)

    @property
    def previous(self) -> "Period":
        """The period right before this one."""
        return self.shift(-1)

    def shift(self, periods: int) -> "Period":
        """Give the period so many periods later (earlier when negative)."""
        if self.frequency is Frequency.DAILY:
            return Period(self.frequency, self.first + timedelta(days=periods))
        if self.frequency is Frequency.WEEKLY:
            return Period(self.frequency, self.first + timedelta(weeks=periods))
        months = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}[self.frequency]
        count = self.first.year * 12 + self.first.month - 1 + months * periods
        return Period(self.frequency, date(count // 12, count % 12 + 1, 1))

    def begins(self, zone: ZoneInfo) -> datetime:
        """The first moment of the period in the zone, as an aware UTC datetime."""
        return datetime.combine(self.first, time(), zone).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first moment after the period in the zone, as an aware UTC datetime."""
        return self.next.begins(zone)


def period_of(day: date, frequency: Frequency) -> Period:
    """Give the period of that frequency that holds the day."""
    first = {
        Frequency.DAILY: day,
        Frequency.WEEKLY: day - timedelta(days=day.weekday()),
        Frequency.MONTHLY: day.replace(day=1),
        Frequency.QUARTERLY: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        Frequency.YEARLY: day.replace(month=1, day=1),
    }[frequency]
    return Period(frequency, first)


def period_at(moment: datetime, frequency: Frequency, zone: ZoneInfo) -> Period:
    """Give the period that holds an aware moment, by the calendar of the zone."""
    return period_of(moment.astimezone(zone).date(), frequency)


def frequency_of_label(label: str) -> Frequency | None:
    """Say which frequency a label is written in, or None when it is no period label."""
    for frequency, (shape, _) in _SHAPES.items():
        if shape.fullmatch(label):
            return frequency
    return None


def example_label(frequency: Frequency) -> str:
    """Show how a label of that frequency is written."""
    return _SHAPES[frequency][1]


def parse_label(label: str, frequency: Frequency) -> Period:
    """Read a label of the given frequency.

    Raises ValueError, in words for a person, when the label is of another frequency or names no real period.
    """
    match = _SHAPES[frequency][0].fullmatch(label)
    if match is None:
        other = frequency_of_label(label)
        said = f"'{label}' is a {other} period" if other else f"'{label}' is no period"
        raise ValueError(f"{said}; a {frequency} KPI takes one such as {example_label(frequency)}")
    numbers = [int(group) for group in match.groups()]
    try:
        return Period(frequency, _first_day(frequency, numbers))
    except ValueError as error:
        raise ValueError(f"'{label}' is not in the calendar") from error


def _first_day(frequency: Frequency, numbers: list[int]) -> date:
    if frequency is Frequency.WEEKLY:
        return date.fromisocalendar(numbers[0], numbers[1], 1)
    if frequency is Frequency.QUARTERLY:
        return date(numbers[0], numbers[1] * 3 - 2, 1)
    return date(*([*numbers, 1, 1])[:3])
