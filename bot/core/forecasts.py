"""Where a series is going: damped Holt-Winters that outliers cannot drag along, with an interval from its own errors.

A module that loads numpy: import it where a forecast is asked for, not where a command line starts.
"""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LOOKS_BACK = 120  # older values make no difference
NEEDED = 8  # values, without a season; with one, two cycles and three values more
CLIPPED = 3.0  # an error moves the state by no more than so many deviations
REMEMBERED = 0.1  # how fast the deviation follows the errors: after a level shift it opens within days
FITTED = 3  # level, trend and season were fitted to the same errors, so these are smaller than those to come
_DEARER_TREND, _DEARER_SEASON = 1.1, 1.05  # by how much either must better the errors to be taken
_LEVELS = (0.1, 0.3, 0.6, 1.0)
_TRENDS = ((0.0, 0.0), (0.1, 0.9), (0.3, 0.9), (0.1, 0.98))  # with their damping; 0: no trend
_SEASONS = ((1.0, 0.05), (1.0, 0.2), (0.0, 0.0))  # whether there is one, and how fast it changes


class Path(NamedTuple):
    """What is expected 1, 2 … periods after the last value, in the KPI's unit; low and high hold `share` of it."""

    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class Paths(NamedTuple):
    """The same for many series: arrays of shape (series, ahead)."""

    middle: Numbers
    low: Numbers
    high: Numbers


class _Grid(NamedTuple):
    """Every combination that is tried, each an array of shape (1, combinations)."""

    level: Numbers
    trend: Numbers
    damping: Numbers
    seasonal: Numbers
    season: Numbers


class _Ran(NamedTuple):
    """One run over the history: the state at its end, and the errors on the way, (values, series, combinations)."""

    level: Numbers
    trend: Numbers
    pattern: Numbers
    errors: Numbers


def forecast(values: Sequence[float], *, ahead: int, season: int | None = None, share: float = 0.8) -> Path | None:
    """Forecast one series `ahead` periods on; None with too little history (see ``needed``).

    values: one a period, oldest first; ``math.nan`` for a period without a value. season: periods in a cycle.
    share: how much of what comes the interval is to hold.
    """
    known = sum(not math.isnan(value) for value in values[-LOOKS_BACK:])
    if known < needed(season):
        return None
    path = forecasts(np.array([values], dtype=np.float64), ahead=ahead, season=season, share=share)
    middle, low, high = (tuple(side[0].tolist()) for side in path)
    return Path(middle, low, high)


def needed(season: int | None) -> int:
    """Say how many values a forecast takes: fewer cannot tell a level from a trend, or a season from either."""
    return NEEDED if season is None else max(NEEDED, 2 * season + 3)


def forecasts(values: Numbers, *, ahead: int, season: int | None = None, share: float = 0.8) -> Paths:
    """Forecast every row of an array of shape (series, values); each row with at least ``needed(season)`` values.

    Additive Holt-Winters with a damped trend in its error-correction form (Gardner & McKenzie 1985). Every error is
    clipped before it moves the state (Gelper, Fried & Croux 2010). Of a small grid of smoothing weights, each series
    takes those with the least sum of absolute one-step errors, and a trend or a season only when it earns its place.
    """
    values = values[:, -LOOKS_BACK:]
    grid = _grid(seasonal=season is not None)
    cycle = season or 1
    ran = _run(values, grid, cycle)
    rows = np.arange(len(values))
    dearer = np.where(grid.trend > 0, _DEARER_TREND, 1.0) * np.where(grid.seasonal > 0, _DEARER_SEASON, 1.0)
    best = (np.nansum(np.abs(ran.errors), axis=0) * dearer).argmin(axis=1)
    chosen = _Grid(*(weights[0, best][:, None] for weights in grid))
    steps = np.arange(1, ahead + 1)
    carried = np.cumsum(chosen.damping**steps, axis=1)
    phases = (values.shape[1] + steps - 1) % cycle
    pattern = ran.pattern[phases][:, rows, best].T
    middle = ran.level[rows, best][:, None] + carried * ran.trend[rows, best][:, None] + pattern
    half = _half_width(ran.errors[:, rows, best], share)[:, None] * _widening(chosen, carried, cycle)
    return Paths(middle, middle - half, middle + half)


def _grid(*, seasonal: bool) -> _Grid:
    kinds = itertools.product(_LEVELS, _TRENDS, _SEASONS if seasonal else _SEASONS[-1:])
    columns = np.array([(level, *trend, *season) for level, trend, season in kinds]).T
    return _Grid(*columns[:, None, :])


def _run(values: Numbers, grid: _Grid, cycle: int) -> _Ran:
    """Go through the history once with every combination at the same time."""
    slope, start, pattern, deviation = _beginning(values, cycle)
    shape = (len(values), grid.level.shape[1])
    level, trend = (np.broadcast_to(one[:, None], shape) for one in (start - slope, slope))
    scale = np.broadcast_to(deviation[:, None], shape)
    state = pattern.T[:, :, None] * grid.seasonal
    moves_trend, moves_season = grid.level * grid.trend, grid.season * (1 - grid.level)
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    errors = np.empty((values.shape[1], *shape))
    for place in range(values.shape[1]):
        trend = grid.damping * trend
        foreseen = level + trend
        error = filled[:, place, None] - foreseen - state[place % cycle]
        error *= known[:, place, None]  # a period without a value teaches nothing
        errors[place] = error
        limit = CLIPPED * scale
        clipped = np.minimum(np.maximum(error, -limit), limit)
        scale = scale + REMEMBERED * (1.2533 * np.abs(clipped) - scale)  # mean |error| is σ / 1.2533 for normal ones
        level = foreseen + grid.level * clipped
        trend = trend + moves_trend * clipped
        state[place % cycle] += moves_season * clipped
    errors[~known.T] = np.nan
    return _Ran(level, trend, state, errors[cycle:])


def _beginning(values: Numbers, cycle: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Give slope, level, seasonal pattern and deviation to begin with, each by medians over the history."""
    count = values.shape[1]
    apart = max(count // 2 // cycle, 1) * cycle  # whole cycles, so that the season cancels out
    slope = _median(values[:, apart:] - values[:, :-apart]) / apart
    straight = values - slope[:, None] * np.arange(count)
    whole = straight[:, : count // cycle * cycle].reshape(len(values), -1, cycle)
    pattern = _median((whole - _median(whole)[..., None]).swapaxes(1, 2))
    plain = straight - pattern[:, np.arange(count) % cycle]
    deviation = 1.4826 * _median(np.abs(np.diff(plain))) / np.sqrt(2)
    deviation = np.maximum(deviation, np.abs(slope))  # a straight line has none, and must still be followed
    return slope, _median(plain[:, : max(cycle, 4)]), pattern, deviation


def _median(values: Numbers) -> Numbers:
    """Give the median along the last axis of what is not nan; 0 where nothing is left."""
    ascending = np.sort(values)  # nan goes last
    counts = np.isfinite(ascending).sum(axis=-1, keepdims=True)
    low, high = np.maximum(counts - 1, 0) // 2, np.minimum(counts // 2, values.shape[-1] - 1)
    both = np.take_along_axis(ascending, low, -1) + np.take_along_axis(ascending, high, -1)
    middle: Numbers = np.where(counts > 0, both / 2, 0.0)[..., 0]
    return middle


def _half_width(errors: Numbers, share: float) -> Numbers:
    """Give the absolute one-step error that `share` of them stay within; (values, series) to (series,).

    Few errors give a wide interval, not a bold one: the rank is rounded up from one error more than there are, and the
    width grows by the degrees of freedom that fitting has used up.
    """
    ascending = np.sort(np.abs(errors), axis=0)  # nan goes last
    counts = np.isfinite(ascending).sum(axis=0)
    ranks = np.minimum(np.ceil((counts + 1) * share).astype(int), counts)
    half = ascending[ranks - 1, np.arange(errors.shape[1])]
    wide: Numbers = half * np.sqrt(counts / (counts - FITTED))
    return wide


def _widening(chosen: _Grid, carried: Numbers, cycle: int) -> Numbers:
    """Say how many times wider each step ahead is than the first: shape (series, ahead).

    The variance h steps ahead is that of one step times 1 + c₁² + … + c₍ₕ₋₁₎², c being what an error leaves behind
    (Hyndman, Koehler, Ord & Snyder 2008, class 1).
    """
    steps = np.arange(1, carried.shape[1] + 1)
    left = chosen.level * (1 + chosen.trend * carried) + chosen.season * (1 - chosen.level) * (steps % cycle == 0)
    before = np.cumsum(left**2, axis=1) - left**2
    wider: Numbers = np.sqrt(1 + before)
    return wider
