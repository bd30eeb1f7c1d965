"""Periods a value may stand for: days, ISO weeks, months, quarters and years, named by label.

Labels: ``2026-11-22`` (day), ``2026-W47`` (ISO 8601 week), ``2026-11``, ``2026-Q4``, ``2026``. Quarters and years are
those of the company's fiscal year, if it has one of its own.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Frequency(StrEnum):
    """How often a KPI gets a value, and so the length of its periods.

    year_begins: the month in which the year 2026 begins, counted from January 2026 as 1: 4 is April 2026, and -8 the
    April before it, of a fiscal year that is named by its end. Frequencies that differ in nothing else are equal, so
    compare quarterly and yearly ones with ``==``.
    """

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    year_begins: int

    def __init__(self, _word: str) -> None:
        self.year_begins = 1

    def in_year(self, year_begins: int) -> "Frequency":
        """Give the same frequency in a year that begins otherwise; only quarters and years depend on that."""
        if self not in (Frequency.QUARTERLY, Frequency.YEARLY):
            return self
        return Frequency(self.value) if year_begins == 1 else _in_fiscal_year(self.value, year_begins)


@cache
def _in_fiscal_year(word: str, year_begins: int) -> Frequency:
    """Make a twin of a member that is no member itself: every period names its frequency, and so knows its year."""
    twin = str.__new__(Frequency, word)
    twin._name_, twin._value_, twin.year_begins = word.upper(), word, year_begins
    return twin


_SHAPES = {
    Frequency.DAILY: (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), "2026-11-22"),
    Frequency.WEEKLY: (re.compile(r"([0-9]{4})-W([0-9]{2})"), "2026-W47"),
    Frequency.MONTHLY: (re.compile(r"([0-9]{4})-([0-9]{2})"), "2026-11"),
    Frequency.QUARTERLY: (re.compile(r"([0-9]{4})-Q([1-4])"), "2026-Q4"),
    Frequency.YEARLY: (re.compile(r"([0-9]{4})"), "2026"),
}


_LENGTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}


class Period(NamedTuple):
    """One period: its frequency and its first day."""

    frequency: Frequency
    first: date

    @property
    def label(self) -> str:
        """The name people write, e.g. ``2026-Q4``."""
        day, frequency = self.first, self.frequency
        if frequency is Frequency.DAILY:
            return day.isoformat()
        if frequency is Frequency.WEEKLY:
            iso_year, iso_week, _ = day.isocalendar()
            return f"{iso_year:04d}-W{iso_week:02d}"
        if frequency is Frequency.MONTHLY:
            return f"{day.year:04d}-{day.month:02d}"
        year, month = divmod(_months(day) - frequency.year_begins + 1, 12)
        return f"{year:04d}" + (f"-Q{month // 3 + 1}" if frequency == Frequency.QUARTERLY else "")

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
        return Period(self.frequency, _month(_months(self.first) + _LENGTHS[self.frequency] * periods))

    def begins(self, zone: ZoneInfo) -> datetime:
        """The first moment of the period in the zone, as an aware UTC datetime."""
        return datetime.combine(self.first, time(), zone).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first moment after the period in the zone, as an aware UTC datetime."""
        return self.next.begins(zone)


def period_of(day: date, frequency: Frequency) -> Period:
    """Give the period of that frequency that holds the day."""
    if frequency is Frequency.DAILY:
        return Period(frequency, day)
    if frequency is Frequency.WEEKLY:
        return Period(frequency, day - timedelta(days=day.weekday()))
    months = _months(day)
    return Period(frequency, _month(months - (months - frequency.year_begins + 1) % _LENGTHS[frequency]))


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
    if frequency in (Frequency.DAILY, Frequency.MONTHLY):
        return date(*([*numbers, 1])[:3])
    year, quarter = (*numbers, 1)[:2]
    return _month(year * 12 + frequency.year_begins - 1 + (quarter - 1) * 3)


def _months(day: date) -> int:
    """Count the months from the year 0 to the day's."""
    return day.year * 12 + day.month - 1


def _month(months: int) -> date:
    """Give the first day of the month so many months from the year 0; raises ValueError outside the calendar."""
    return date(months // 12, months % 12 + 1, 1)
