"""Sample history: thirteen months for a KPI, made up from where it stands and where it came from.

Nothing here is measured. The same anchor and the same last period always give the same numbers.
"""

import hashlib
import math
from collections.abc import Iterator
from datetime import date

from pydantic import Field

from bot.core.history import Point
from bot.core.periods import Frequency, Period, period_of
from bot.core.words import Frozen, Number

MONTHS = 13
_PERIODS = {
    Frequency.DAILY: 396,
    Frequency.WEEKLY: 57,
    Frequency.MONTHLY: MONTHS,
    Frequency.QUARTERLY: 5,
    Frequency.YEARLY: 2,
}


class Anchor(Frozen):
    """Where a series stands (``current``) and what it was a year before (``before``), from the source documents.

    decimals: how finely the series is measured; noise: the size of the wobble, as a share of the value.
    """

    current: Number
    before: Number
    decimals: int = Field(default=2, ge=0, le=6)
    noise: Number = Field(default=0.02, ge=0, le=0.5)
    low: Number | None = None
    high: Number | None = None


def sample_points(name: str, anchor: Anchor, last: Period) -> tuple[Point, ...]:
    """Make the points of the thirteen months that end with the period ``last``; the newest is ``anchor.current``."""
    count = _PERIODS[last.frequency]
    return tuple(
        Point(last.shift(back - count + 1).first, value) for back, value in enumerate(_values(name, anchor, count))
    )


def _values(name: str, anchor: Anchor, count: int) -> Iterator[float]:
    for place in range(count):
        share = place / (count - 1)
        smooth = anchor.before + (anchor.current - anchor.before) * (share - math.sin(2 * math.pi * share) / 14)
        wobble = _wobble(name, place) * anchor.noise * abs(smooth) * (1 if 0 < place < count - 1 else 0)
        yield _kept(smooth + wobble, anchor)


def _wobble(name: str, place: int) -> float:
    """A number from -1 to 1 that looks random and never changes."""
    digest = hashlib.sha256(f"{name}/{place}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**31 - 1


def _kept(value: float, anchor: Anchor) -> float:
    if anchor.low is not None:
        value = max(value, anchor.low)
    if anchor.high is not None:
        value = min(value, anchor.high)
    return round(value, anchor.decimals)


def last_complete(day: date, frequency: Frequency) -> Period:
    """Give the newest period that was over before the day began."""
    return period_of(day, frequency).previous
