"""The band a value is expected in, from the values before it alone: robust, seasonal, as wide as its past errors."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

# What the band looks at. Chosen on labelled series of the Numenta Anomaly Benchmark (hourly and five-minute prices,
# tweets, requests, traffic; taxi rides by the hour and the day) and on the shapes of tests/bench/anomalies.py.
LONG, SHORT = 14, 3  # the two memories of the level: a median over so many values
JUDGED = 86  # how many past errors say how wide the band is
LOOKS_BACK = LONG + JUDGED  # older values make no difference; it also holds the cycles below
NEEDED = 15  # 12 errors at least, and three values for the first level: below that a width is a guess
CYCLES = 8  # how many of the newest cycles a seasonal deviation is the median of; with fewer, no season
HOURS, DAYS = 24, 4  # where there is a season, a day's course in 24 values is tried as well, over so many days
WIDER = 1.25  # a course learnt from so few days knows nothing of weekends: its deviation is taken so much greater
TRUSTED = 4  # how many values a phase (a weekday) must have among them to deviate at all
REPEATS = 0.75  # hours are tried only if values a day apart differ by less than this share of those half a day apart
EXPLAINS = 0.7  # a season counts only when it takes the typical error below this share: others only add noise
SHORTER = 0.875  # the short memory is taken only when its errors are below this share of the long one's
SET_ASIDE = 24  # one error in so many may be of any size without widening the band
WIDTHS = 3.5  # the default half-width, in deviations
ROUNDING = 1e-12  # of the level: so that a series that repeats itself exactly is not outside by the last binary digit


class Expected(NamedTuple):
    """Where the judged value was expected, in the KPI's unit; low and high still belong to the band."""

    middle: float
    low: float
    high: float


class _Foreseen(NamedTuple):
    """What a level lets one expect next, the size three quarters of its past errors kept to, and their deviation."""

    middle: float
    typical: float
    deviation: float


def band(
    values: Sequence[float],
    *,
    season: int | None = None,
    days: Sequence[int] | None = None,
    widths: float = WIDTHS,
    least: float = 0.0,
) -> Expected | None:
    """Expect the value that comes after the given ones; None with fewer than ``NEEDED`` of them.

    It never looks at the judged value, so no spike can widen the band it is judged by. Cost: some 150 µs.

    values: finite, oldest first, without the judged one. season: how many positions a cycle has (7 for daily KPIs).
    days: a position on the calendar for each value **and one more for the judged one** (``date.toordinal()`` for daily
    KPIs); what matters is their remainder by the season, so that gaps do not move weekdays. Without it, values are
    taken as consecutive. widths: half the band in robust deviations. least: the smallest half-width, in the KPI's unit.

    The level is a median over 14 values or over 3, whichever foresaw the past better: steady noise is averaged, and
    after a level shift or on a wandering series the band follows within two weeks or at once. The same is asked of the
    values without their season, if that foresaw the past clearly better: a value's part in it is the median of what
    the *other* cycles had at its place, so that past errors are as honest as the next one. A deviation is the
    greater of the median absolute error times 1.4826 (Hampel 1974: the standard deviation for normal errors, unmoved
    by fewer than half of them) and a high quantile of the absolute errors by its normal counterpart, so that heavy
    tails and counts that are mostly zero get the width they use. A constant series has deviation 0 and keeps `least`.
    """
    if len(values) < NEEDED:
        return None
    offset, best = 0.0, _foreseen(values[-LOOKS_BACK:])
    for length, cycles in ((season, CYCLES), (HOURS, DAYS)) if season is not None else ():
        known = length * cycles
        if len(values) < known or (length != season and not _repeats(values[-known:])):
            continue
        positions = range(len(values) + 1) if days is None else days
        phases = [day % length for day in positions[-known - 1 :]]
        part, level = _without_season(values[-known:], phases, length)
        found = _foreseen(level)
        if found.typical < EXPLAINS * best.typical:
            wider = 1.0 if length == season else WIDER
            offset, best = part, found._replace(deviation=wider * found.deviation)
    half = max(widths * best.deviation, least, ROUNDING * (abs(best.middle) + abs(offset)))
    middle = best.middle + offset
    return Expected(middle, middle - half, middle + half)


@cache
def tail_of(count: int) -> tuple[int, float]:
    """Say which of so many ascending absolute errors is the tail, and where it lies for normal ones, in deviations.

    The r-th of n is taken to lie at the quantile (r − ½) / n (Hazen 1914).
    """
    rank = count - count // SET_ASIDE
    return rank - 1, NormalDist().inv_cdf((1 + (rank - 0.5) / count) / 2)


def _repeats(values: Sequence[float]) -> bool:
    """Say at small cost whether a day's course in hours is worth looking for."""
    now, half_before = values[HOURS:], values[HOURS // 2 :]
    apart = _middle(sorted([abs(one - other) for one, other in zip(now, values, strict=False)]))
    half = _middle(sorted([abs(one - other) for one, other in zip(now, half_before, strict=False)]))
    return apart < REPEATS * half


def _without_season(values: Sequence[float], phases: Sequence[int], season: int) -> tuple[float, list[float]]:
    """Give the judged value's part in the season, and every value without its own; phases: the judged one's last."""
    deviations: list[float] = []
    of_phase: list[list[float]] = [[] for _ in range(season)]
    for start in range(0, len(values), season):
        cycle = values[start : start + season]
        level = _middle(sorted(cycle))
        deviations += [value - level for value in cycle]
    for phase, deviation in zip(phases, deviations, strict=False):
        of_phase[phase].append(deviation)
    for found in of_phase:
        found.sort()
    judged = of_phase[phases[-1]]
    return _middle(judged) if len(judged) >= TRUSTED else 0.0, [
        value - _middle_of_others(of_phase[phase], deviation)
        for value, phase, deviation in zip(values, phases, deviations, strict=False)
    ]


def _middle_of_others(ascending: Sequence[float], one: float) -> float:
    """Give the median of a phase's deviations without this one; 0 where they are too few to be trusted."""
    others = len(ascending) - 1
    if others + 1 < TRUSTED:
        return 0.0
    place = bisect_left(ascending, one)
    lower, upper = (others - 1) // 2, others // 2
    return (ascending[lower + (lower >= place)] + ascending[upper + (upper >= place)]) / 2


def _foreseen(level: Sequence[float]) -> _Foreseen:
    """Expect by the memory that foresaw the past better; spikes have no say, for they are not among three quarters."""
    first = max(len(level) - JUDGED, SHORT)
    long, short = _by_long_memory(level, first), _by_short_memory(level, first)
    return short if short.typical < SHORTER * long.typical else long


def _by_long_memory(level: Sequence[float], first: int) -> _Foreseen:
    kept = sorted(level[max(first - LONG, 0) : first])
    foreseen = []
    for place in range(first, LONG):  # while it still grows
        foreseen.append(_middle(kept))
        insort(kept, level[place])
    for leaving, entering in zip(level[max(first - LONG, 0) :], level[max(first, LONG) :], strict=False):
        foreseen.append((kept[LONG // 2 - 1] + kept[LONG // 2]) / 2)
        del kept[bisect_left(kept, leaving)]
        insort(kept, entering)
    return _of_errors(_middle(kept), level[first:], foreseen)


def _by_short_memory(level: Sequence[float], first: int) -> _Foreseen:
    """The same over three values; their median is written out, four times as fast as sorting."""
    before = level[first - SHORT :]
    foreseen = [
        (b if b < c else max(a, c)) if a < b else (a if a < c else max(b, c))
        for a, b, c in zip(before, before[1:], before[2:], strict=False)
    ]
    return _of_errors(foreseen[-1], level[first:], foreseen)


def _of_errors(middle: float, came: Sequence[float], foreseen: Sequence[float]) -> _Foreseen:
    errors = sorted([abs(value - expected) for value, expected in zip(came, foreseen, strict=False)])
    place, normal = tail_of(len(errors))
    return _Foreseen(middle, errors[len(errors) * 3 // 4], max(1.4826 * _middle(errors), errors[place] / normal))


def _middle(ascending: Sequence[float]) -> float:
    count = len(ascending)
    return (ascending[(count - 1) // 2] + ascending[count // 2]) / 2
