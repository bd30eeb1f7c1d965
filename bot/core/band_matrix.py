"""The bands of many series at once: the same numbers as `bot.core.bands.band`, in numpy.

Apart from `bot.core.bands` because numpy takes longer to load than a few series take to judge.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.core.bands import (
    CYCLES,
    DAYS,
    EXPLAINS,
    HOURS,
    JUDGED,
    LONG,
    LOOKS_BACK,
    NEEDED,
    REPEATS,
    ROUNDING,
    SHORT,
    SHORTER,
    WIDER,
    WIDTHS,
    band,
    tail_of,
)

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


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
    days: Places | None = None,
    widths: Numbers | float = WIDTHS,
    least: Numbers | float = 0.0,
) -> ExpectedOfMany | None:
    """Expect the next value of every series; None with fewer than ``NEEDED`` values each.

    values: shape (series, values), oldest first. days: shape (values + 1,) or (series, values + 1), the judged one's
    position last; series with gaps are made one by one. widths, least: one number or one a series. Meanings and
    formulas are those of `bot.core.bands.band`.
    """
    count, length = values.shape
    if length < NEEDED:
        return None
    wide, half = (np.broadcast_to(np.asarray(one, dtype=np.float64), (count,)) for one in (widths, least))
    found = np.empty((3, count))
    for start in range(0, count, _AT_ONCE):
        piece = slice(start, start + _AT_ONCE)
        found[:, piece] = _bands(values[piece], season, wide[piece], half[piece])
    if season is not None and days is not None:
        calendar = np.broadcast_to(days, (count, length + 1))
        for row in np.flatnonzero((np.diff(calendar) != 1).any(axis=1)):  # with gaps
            known, places = values[row].tolist(), calendar[row].tolist()
            found[:, row] = band(known, season=season, days=places, widths=wide[row], least=half[row]) or np.nan
    return ExpectedOfMany(*found)


def _bands(values: Numbers, season: int | None, widths: Numbers, least: Numbers) -> ExpectedOfMany:
    best, offset = _foreseen(values[:, -LOOKS_BACK:]), np.zeros(len(values))
    for length, cycles in ((season, CYCLES), (HOURS, DAYS)) if season is not None else ():
        known = values[:, -length * cycles :]
        if known.shape[1] < length * cycles:
            continue
        asked = np.arange(len(values)) if length == season else np.flatnonzero(_repeats(known))
        part, level = _without_season(known[asked], length)
        found = _foreseen(level)
        found[2] *= 1.0 if length == season else WIDER
        better = found[1] < EXPLAINS * best[1, asked]
        best[:, asked[better]], offset[asked[better]] = found[:, better], part[better]
    middle, _, deviation = best
    half = np.maximum(widths * deviation, np.maximum(least, ROUNDING * (np.abs(middle) + np.abs(offset))))
    return ExpectedOfMany(middle + offset, middle + offset - half, middle + offset + half)


def _repeats(values: Numbers) -> NDArray[np.bool_]:
    now, half_before, day_before = values[:, HOURS:], values[:, HOURS // 2 : -HOURS // 2], values[:, :-HOURS]
    apart, half = _middle(np.sort(np.abs(now - day_before))), _middle(np.sort(np.abs(now - half_before)))
    worth: NDArray[np.bool_] = apart < REPEATS * half
    return worth


def _without_season(values: Numbers, season: int) -> tuple[Numbers, Numbers]:
    """Give each judged value's part in the season, shape (series,), and every value without its own."""
    cycles = values.reshape(len(values), values.shape[1] // season, season)
    by_phase = np.ascontiguousarray((cycles - _middle(np.sort(cycles))[..., None]).transpose(0, 2, 1))
    ascending = np.sort(by_phase)
    last = ascending.shape[2] - 1  # so many others has each
    without = [
        np.where(by_phase <= ascending[..., place, None], ascending[..., place + 1, None], ascending[..., place, None])
        for place in ((last - 1) // 2, last // 2)
    ]
    level = cycles - ((without[0] + without[1]) / 2).transpose(0, 2, 1)
    return _middle(ascending[:, 0]), level.reshape(values.shape)


def _foreseen(level: Numbers) -> Numbers:
    """Give what is expected next, the typical error and the deviation of each series; shape (3, series)."""
    first = max(level.shape[1] - JUDGED, SHORT)
    long, short = _by_memory(level, LONG, first), _by_memory(level, SHORT, first)
    return np.where(short[1] < SHORTER * long[1], short, long)


def _by_memory(level: Numbers, memory: int, first: int) -> Numbers:
    medians = _medians_before(level, memory, first)
    errors = np.sort(np.abs(level[:, first:] - medians[:, :-1]))
    count = errors.shape[1]
    place, normal = tail_of(count)
    deviation = np.maximum(1.4826 * _middle(errors), errors[:, place] / normal)
    return np.stack([medians[:, -1], errors[:, count * 3 // 4], deviation])


def _medians_before(level: Numbers, memory: int, first: int) -> Numbers:
    """Give the median of up to `memory` values before each place from `first` to one past the last."""
    start = max(first, memory)
    growing = [_middle(np.sort(level[:, :place])) for place in range(first, start)]
    windows = np.lib.stride_tricks.sliding_window_view(level[:, start - memory :], memory, axis=1)
    return np.column_stack([*growing, _middle(np.sort(windows)) if memory > SHORT else _middle_of_three(windows)])


def _middle_of_three(windows: Numbers) -> Numbers:
    """Give their medians without sorting, in a fraction of the time."""
    one, two, three = windows[..., 0], windows[..., 1], windows[..., 2]
    middle: Numbers = np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))
    return middle


def _middle(ascending: Numbers) -> Numbers:
    count = ascending.shape[-1]
    middle: Numbers = (ascending[..., (count - 1) // 2] + ascending[..., count // 2]) / 2
    return middle
