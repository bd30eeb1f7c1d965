"""Rolling values up: several short periods into one long one, as a formula needs its inputs."""

from datetime import date, timedelta
from enum import StrEnum

from bot.core.history import History, Point
from bot.core.periods import Frequency, Period, period_of
from bot.core.verdict import Doubt

_LENGTHS = {frequency: length for length, frequency in enumerate(Frequency)}
_TO_THURSDAY = timedelta(days=3)


class Rollup(StrEnum):
    """How the values of short periods make that of a long one: added up, averaged, or the newest of them."""

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"


def is_finer(one: Frequency, other: Frequency) -> bool:
    """Say whether the periods of one frequency are shorter than those of the other."""
    return _LENGTHS[one] < _LENGTHS[other]


def containing(first: date, frequency: Frequency, longer: Frequency) -> Period:
    """Give the longer period a short one belongs to; a week belongs where its Thursday lies, as in ISO 8601."""
    return period_of(_day_of(first, frequency), longer)


def rolled_up(history: History, period: Period, how: Rollup, today: date) -> float | Doubt:
    """Give the value of a period from the values of shorter ones, or of the period itself.

    Sum and mean want every short period from the beginning to the newest there is; of a period that is over by today,
    or that has been followed by another, every one. Otherwise an input is missing.
    """
    if history.frequency == period.frequency:
        found = history.value_at(period)
        return Doubt.MISSING_INPUT if found is None else found
    inside = [point for point in history.points if _belongs(point, history.frequency, period)]
    if not inside or (how is not Rollup.LAST and not _whole(inside, history, period, today)):
        return Doubt.MISSING_INPUT
    if how is Rollup.LAST:
        return inside[-1].value
    total = sum(point.value for point in inside)
    return total if how is Rollup.SUM else total / len(inside)


def _whole(inside: list[Point], history: History, period: Period, today: date) -> bool:
    """Say whether no short period is missing between the beginning and the newest value, or the end."""
    frequency = history.frequency
    first = period_of(period.first, frequency)
    if containing(first.first, frequency, period.frequency) != period:
        first = first.next
    over = today >= period.next.first or history.points[-1].first > inside[-1].first
    count, current = 0, first
    while _belongs(Point(current.first, 0.0), frequency, period) and (over or current.first <= inside[-1].first):
        count, current = count + 1, current.next
    return count == len(inside)


def _belongs(point: Point, frequency: Frequency, period: Period) -> bool:
    return period.first <= _day_of(point.first, frequency) < period.next.first


def _day_of(first: date, frequency: Frequency) -> date:
    return first + _TO_THURSDAY if frequency is Frequency.WEEKLY else first
