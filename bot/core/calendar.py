"""The company's calendar: its zone, the weekdays it works, its holidays, and the words for them."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Weekday(StrEnum):
    """A day of the week, as it is written in ``company.yaml``."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Month(StrEnum):
    """A month, as it is written in ``company.yaml``."""

    JANUARY = "january"
    FEBRUARY = "february"
    MARCH = "march"
    APRIL = "april"
    MAY = "may"
    JUNE = "june"
    JULY = "july"
    AUGUST = "august"
    SEPTEMBER = "september"
    OCTOBER = "october"
    NOVEMBER = "november"
    DECEMBER = "december"

    @property
    def number(self) -> int:
        """Its number, 1 to 12."""
        return list(Month).index(self) + 1


WORKING_WEEK = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
_NUMBERS = {day: number for number, day in enumerate(Weekday)}


class Calendar(NamedTuple):
    """When the company is at work."""

    zone: ZoneInfo
    workdays: tuple[Weekday, ...] = WORKING_WEEK
    holidays: frozenset[date] = frozenset()

    def working_days(self, first: date, until: date) -> int:
        """Count the days on which people work, from ``first`` to the day before ``until``."""
        at_work = {_NUMBERS[day] for day in self.workdays}
        days = (first + timedelta(days=number) for number in range((until - first).days))
        return sum(day.weekday() in at_work and day not in self.holidays for day in days)
