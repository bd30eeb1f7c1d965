"""The company's calendar: its zone, the weekdays it works, and its holidays."""

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
