"""The values of one series as judging sees them: oldest first, one a period."""

from bisect import bisect_left
from datetime import date
from typing import NamedTuple

from bot.core.periods import Frequency, Period
from bot.core.verdict import Doubt


class Point(NamedTuple):
    """One value and the first day of its period."""

    first: date
    value: float


class Doubtful(NamedTuple):
    """Why a calculated series has no number for a period, and the period's first day."""

    first: date
    reason: Doubt


class History(NamedTuple):
    """A series up to some moment; points are in order of time, none twice.

    doubt: of a calculated series, why it has no number for a period newer than all of these; None when it has.
    """

    frequency: Frequency
    points: tuple[Point, ...]
    doubt: Doubtful | None = None

    @property
    def latest(self) -> Point | None:
        """The newest point, or None when there is none."""
        return self.points[-1] if self.points else None

    @property
    def latest_period(self) -> Period | None:
        """The period of the newest point."""
        return Period(self.frequency, self.points[-1].first) if self.points else None

    def without_last(self, count: int) -> "History":
        """The series as it stood so many values ago."""
        return History(self.frequency, self.points[: max(len(self.points) - count, 0)])

    def before(self, day: date) -> "History":
        """The series without the periods that begin on that day or later."""
        return History(self.frequency, self.points[: bisect_left(self.points, day, key=lambda point: point.first)])

    def value_at(self, period: Period) -> float | None:
        """Give the value of a period, or None when it has none."""
        return next((point.value for point in reversed(self.points) if point.first == period.first), None)
