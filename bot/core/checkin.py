"""Check-in: asking a KPI's owner, in their morning, for a value that is due and that only a person knows."""

from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from bot.core.calendar import Calendar
from bot.core.periods import Frequency, Period, period_at
from bot.core.units import Unit, is_money
from bot.core.words import Frozen, Key

NUDGES = 2
"""How often a person is asked for the value of one period."""
WORKING_DAYS_BETWEEN = 2
EARLIER_PERIODS = 11
"""How many complete periods a form offers besides the newest."""
_HOURS = 4


class CheckIn(Frozen):
    """Its owner is asked for the value of a complete period; at: from when in the morning, on the owner's clock.

    ``check_in: true`` means 09:00. approval: the role (or person) without whom a number entered in chat does not count.
    """

    at: str = Field(default="09:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    approval: Key | None = None

    @model_validator(mode="before")
    @classmethod
    def _simply_yes(cls, given: Any) -> Any:
        return {} if given is True else given

    @property
    def moment(self) -> time:
        """The time of day as such."""
        return time.fromisoformat(self.at)


class Nudge(NamedTuple):
    """Asking for a period's value: on which day of the person's calendar, and whether for the first or second time."""

    day: date
    period: str
    number: int


def due_period(frequency: Frequency, zone: ZoneInfo, now: datetime) -> Period:
    """Give the period whose value is due: the newest complete one by the company's calendar."""
    return period_at(now, frequency, zone).previous


def offered_periods(frequency: Frequency, zone: ZoneInfo, now: datetime) -> tuple[Period, ...]:
    """Give the periods a form offers: those that are over, the newest first, and at last the running one."""
    due = due_period(frequency, zone, now)
    return (*(due.shift(-back) for back in range(EARLIER_PERIODS + 1)), due.next)


def example(unit: str) -> float:
    """Give a number of the unit's kind that nobody takes for a value."""
    return 1250.0 if is_money(unit) or unit == Unit.COUNT else 3.2


def nudge_due(
    check_in: CheckIn, period: Period, calendar: Calendar, zone: ZoneInfo, now: datetime, last: Nudge | None
) -> Nudge | None:
    """Say whether to ask somebody now for the value of a period that has none.

    zone: the person's own; last: when they were asked last about this KPI. They are asked on working days only, from
    the time named until four hours later: what was missed then waits for the next working day's morning.
    """
    local = now.astimezone(zone)
    day = local.date()
    if not calendar.working_days(day, date.fromordinal(day.toordinal() + 1)) or not _in_the_morning(check_in, local):
        return None
    if last is None or last.period != period.label:
        return Nudge(day, period.label, 1)
    rested = calendar.working_days(last.day, day) >= WORKING_DAYS_BETWEEN
    return Nudge(day, period.label, last.number + 1) if rested and last.number < NUDGES else None


def _in_the_morning(check_in: CheckIn, local: datetime) -> bool:
    minutes, begins = _minutes(local.time()), _minutes(check_in.moment)
    return begins <= minutes < begins + _HOURS * 60


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
