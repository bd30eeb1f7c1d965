"""The band a value is expected in, from the values before it alone: robust, seasonal, as wide as its past errors."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

# What the band looks at. Chosen on the synthetic shapes of tests/bench/anomalies.py, which prints what they give.
LONG, SHORT = 14, 3  # the two memories of the level: a median over so many values
JUDGED = 70  # how many past errors say how wide the band is
LOOKS_BACK = LONG + JUDGED  # older values make no difference (unless eight cycles of a season take more)
NEEDED = 15  # 12 errors at least, and three values for the first level: below that a width is a guess
CYCLES = 8  # how many of the newest cycles a seasonal deviation is the median of; with fewer, no season
TRUSTED = 4  # and how many values a phase (a weekday) must have among them to deviate at all
EXPLAINS = 0.75  # a season counts only when it takes the typical deviation below this share: others only add noise
SHORTER = 0.875  # the short memory is taken only when its errors are below this share of the long one's
SET_ASIDE = 24  # one error in so many may be of any size without widening the band
WIDTHS = 4.0  # the default half-width, in deviations
ROUNDING = 1e-12  # of the level: so that a series that repeats itself exactly is not outside by the last binary digit


class Expected(NamedTuple):
    """Where the judged value was expected, in the KPI's unit; low and high still belong to the band."""

    middle: float
    low: float
    high: float


def band(
    values: Sequence[float],
    *,
    season: int | None = None,
    days: Sequence[int] | None = None,
    widths: float = WIDTHS,
    least: float = 0.0,
) -> Expected | None:
    """Expect the value that comes after the given ones; None with fewer than ``NEEDED`` of them.

    It never looks at the judged value, so no spike can widen the band it is judged by. Cost: some 80 µs.

    values: finite, oldest first, without the judged one. season: how many positions a cycle has (7 for daily KPIs).
    days: a position on the calendar for each value **and one more for the judged one** (``date.toordinal()`` for daily
    KPIs); what matters is their remainder by the season, so that gaps do not move weekdays. Without it, values are
    taken as consecutive. widths: half the band in robust deviations. least: the smallest half-width, in the KPI's unit.

    The level is a median over 14 values or over 3, whichever foresaw the past better: steady noise is averaged, and
    after a level shift or on a wandering series the band follows within two weeks or at once. A deviation is the
    greater of the median absolute error times 1.4826 (Hampel 1974: the standard deviation for normal errors, unmoved
    by fewer than half of them) and a high quantile of the absolute errors by its normal counterpart, so that heavy
    tails and counts that are mostly zero get the width they use. A constant series has deviation 0 and keeps `least`.
    """
    if len(values) < NEEDED:
        return None
    offset, level = _season_of(values, season, days)
    middle, errors = _foreseen(level)
    half = max(widths * _deviation(errors), least, ROUNDING * (abs(middle) + abs(offset)))
    return Expected(middle + offset, middle + offset - half, middle + offset + half)


@cache
def tail_of(count: int) -> tuple[int, float]:
    """Say which of so many ascending absolute errors is the tail, and where it lies for normal ones, in deviations.

    The r-th of n is taken to lie at the quantile (r − ½) / n (Hazen 1914).
    """
    rank = count - count // SET_ASIDE
    return rank - 1, NormalDist().inv_cdf((1 + (rank - 0.5) / count) / 2)


def _season_of(
    values: Sequence[float], season: int | None, days: Sequence[int] | None
) -> tuple[float, Sequence[float]]:
    """Give the judged value's seasonal deviation, and the values that matter without theirs."""
    level = values[-LOOKS_BACK:]
    if season is None or len(values) < CYCLES * season:
        return 0.0, level
    positions = range(len(values) + 1) if days is None else days
    phases = [day % season for day in positions[-max(LOOKS_BACK, CYCLES * season) - 1 :]]
    judged = phases.pop()
    pattern = _pattern(values[-CYCLES * season :], phases[-CYCLES * season :], season)
    if pattern is None:
        return 0.0, level
    return pattern[judged], [value - pattern[phase] for value, phase in zip(level, phases[-len(level) :], strict=True)]


def _pattern(values: Sequence[float], phases: Sequence[int], season: int) -> list[float] | None:
    """Give the deviation of each phase from the level of its own cycle; None when they explain too little."""
    deviations: list[float] = []
    of_phase: list[list[float]] = [[] for _ in range(season)]
    for start in range(0, len(values), season):
        cycle = values[start : start + season]
        level = _middle(sorted(cycle))
        deviations += [value - level for value in cycle]
    for phase, deviation in zip(phases, deviations, strict=True):
        of_phase[phase].append(deviation)
    pattern = [_middle(sorted(found)) if len(found) >= TRUSTED else 0.0 for found in of_phase]
    before = _middle(sorted([abs(one) for one in deviations]))
    after = _middle(sorted([abs(one - pattern[phase]) for phase, one in zip(phases, deviations, strict=True)]))
    return pattern if after < EXPLAINS * before else None


def _foreseen(level: Sequence[float]) -> tuple[float, list[float]]:
    """Give the level expected next and the past absolute errors, ascending, of the memory that foresaw better."""
    first = max(len(level) - JUDGED, SHORT)
    long_next, long = _by_long_memory(level, first)
    short_next, short = _by_short_memory(level, first)
    typical = len(long) * 3 // 4  # three quarters of the errors are no greater: spikes have no say
    return (short_next, short) if short[typical] < SHORTER * long[typical] else (long_next, long)


def _by_long_memory(level: Sequence[float], first: int) -> tuple[float, list[float]]:
    kept = sorted(level[max(first - LONG, 0) : first])
    foreseen = []
    for place in range(first, LONG):  # while it still grows
        foreseen.append(_middle(kept))
        insort(kept, level[place])
    for leaving, entering in zip(level, level[LONG:], strict=False):
        foreseen.append((kept[LONG // 2 - 1] + kept[LONG // 2]) / 2)
        del kept[bisect_left(kept, leaving)]
        insort(kept, entering)
    return _middle(kept), sorted([abs(value - middle) for value, middle in zip(level[first:], foreseen, strict=False)])


def _by_short_memory(level: Sequence[float], first: int) -> tuple[float, list[float]]:
    """The same over three values; their median is written out, four times as fast as sorting."""
    before = level[first - SHORT :]
    foreseen = [
        (b if b < c else max(a, c)) if a < b else (a if a < c else max(b, c))
        for a, b, c in zip(before, before[1:], before[2:], strict=False)
    ]
    errors = sorted([abs(value - middle) for value, middle in zip(level[first:], foreseen, strict=False)])
    return foreseen[-1], errors


def _deviation(errors: list[float]) -> float:
    place, normal = tail_of(len(errors))
    return max(1.4826 * _middle(errors), errors[place] / normal)


def _middle(ascending: Sequence[float]) -> float:
    count = len(ascending)
    return (ascending[(count - 1) // 2] + ascending[count // 2]) / 2
