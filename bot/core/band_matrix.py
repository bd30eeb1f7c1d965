"""The bands of many series at once: the same numbers as `bot.core.bands.band`, in numpy.

Apart from `bot.core.bands` because numpy takes longer to load than a few series take to judge.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.core.bands import (
    CYCLES,
    EXPLAINS,
    JUDGED,
    LONG,
    LOOKS_BACK,
    NEEDED,
    ROUNDING,
    SHORT,
    SHORTER,
    TRUSTED,
    WIDTHS,
    tail_of,
)

Numbers = NDArray[np.float64]


_AT_ONCE = 500  # series: their windows are copied to be sorted, and so many copies still fit a processor's cache


class ExpectedOfMany(NamedTuple):
    """For each series where its judged value was expected, in its own unit; arrays of shape (series,)."""

    middle: Numbers
    low: Numbers
    high: Numbers


def bands(
    values: Numbers,
    *,
    season: int | None = None,
    days: NDArray[np.int64] | None = None,
    widths: float = WIDTHS,
    least: Numbers | float = 0.0,
) -> ExpectedOfMany | None:
    """Expect the next value of every series; None with fewer than ``NEEDED`` values each.

    values: shape (series, values), oldest first. days: shape (values + 1,) or (series, values + 1), the judged one's
    position last. least: one number or one a series. Meanings and formulas are those of `bot.core.bands.band`.
    """
    count, length = values.shape
    if length < NEEDED:
        return None
    calendar = np.broadcast_to(np.arange(length + 1) if days is None else days, (count, length + 1))
    half = np.broadcast_to(np.asarray(least, dtype=np.float64), (count,))
    found = np.empty((3, count))
    for start in range(0, count, _AT_ONCE):
        piece = slice(start, start + _AT_ONCE)
        found[:, piece] = _bands(values[piece], season, calendar[piece], widths, half[piece])
    return ExpectedOfMany(*found)


def _bands(
    values: Numbers, season: int | None, days: NDArray[np.int64], widths: float, least: Numbers
) -> ExpectedOfMany:
    offset, level = _season_of(values, season, days)
    middle, errors = _foreseen(level)
    place, normal = tail_of(errors.shape[1])
    deviation = np.maximum(1.4826 * _middle(errors), errors[:, place] / normal)
    least = np.maximum(least, ROUNDING * (np.abs(middle) + np.abs(offset)))
    half = np.maximum(widths * deviation, least)
    return ExpectedOfMany(middle + offset, middle + offset - half, middle + offset + half)


def _season_of(values: Numbers, season: int | None, days: NDArray[np.int64]) -> tuple[Numbers | float, Numbers]:
    level = values[:, -LOOKS_BACK:]
    if season is None or values.shape[1] < CYCLES * season:
        return 0.0, level
    phases = days % season
    known = CYCLES * season
    pattern = _patterns(values[:, -known:], phases[:, -known - 1 : -1], season)
    offsets = np.take_along_axis(pattern, phases[:, -level.shape[1] - 1 :], axis=1)
    return offsets[:, -1], level - offsets[:, :-1]


def _patterns(values: Numbers, phases: NDArray[np.int64], season: int) -> Numbers:
    """Give each phase's deviation, shape (series, season); zeros where they explain too little."""
    cycles = values.reshape(len(values), CYCLES, season)
    deviations = (cycles - _middle(np.sort(cycles))[..., None]).reshape(values.shape)
    pattern = np.stack([_of_phase(deviations, phases == phase) for phase in range(season)], axis=1)
    before = _middle(np.sort(np.abs(deviations)))
    after = _middle(np.sort(np.abs(deviations - np.take_along_axis(pattern, phases, axis=1))))
    return np.where((after < EXPLAINS * before)[:, None], pattern, 0.0)


def _of_phase(deviations: Numbers, belongs: NDArray[np.bool_]) -> Numbers:
    counts = belongs.sum(axis=1)
    ascending = np.sort(np.where(belongs, deviations, np.inf))
    rows = np.arange(len(counts))
    enough = counts >= TRUSTED
    low, high = np.where(enough, (counts - 1) // 2, 0), np.where(enough, counts // 2, 0)
    return np.where(enough, (ascending[rows, low] + ascending[rows, high]) / 2, 0.0)


def _foreseen(level: Numbers) -> tuple[Numbers, Numbers]:
    first = max(level.shape[1] - JUDGED, SHORT)
    long, short = _medians_before(level, LONG, first), _medians_before(level, SHORT, first)
    long_errors = np.sort(np.abs(level[:, first:] - long[:, :-1]))
    short_errors = np.sort(np.abs(level[:, first:] - short[:, :-1]))
    typical = long_errors.shape[1] * 3 // 4
    shorter = short_errors[:, typical] < SHORTER * long_errors[:, typical]
    return np.where(shorter, short[:, -1], long[:, -1]), np.where(shorter[:, None], short_errors, long_errors)


def _medians_before(level: Numbers, memory: int, first: int) -> Numbers:
    """Give the median of up to `memory` values before each place from `first` to one past the last."""
    start = max(first, memory)
    growing = [_middle(np.sort(level[:, :place])) for place in range(first, start)]
    windows = np.lib.stride_tricks.sliding_window_view(level[:, start - memory :], memory, axis=1)
    return np.column_stack([*growing, _middle(np.sort(windows))])


def _middle(ascending: Numbers) -> Numbers:
    count = ascending.shape[-1]
    middle: Numbers = (ascending[..., (count - 1) // 2] + ascending[..., count // 2]) / 2
    return middle
