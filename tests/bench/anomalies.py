"""How often the default anomaly rule and the forecast are right on made-up series of many shapes, beside plain rules.

``python -m tests.bench.anomalies`` prints precision and recall for each shape and overall. An alarm is a run of values
outside the band; it is right when it touches a labelled window, and each window counts once however often it is hit.
Shifts, bursts and heavy tails that carry no label are there to provoke false alarms.

``python -m tests.bench.anomalies FOLDER`` does the same for labelled series of your own: one CSV file a series, with
the columns ``at``, ``value`` and ``label`` (or ``is_anomaly``; 1 or true where something is wrong). Every row counts as
one day of a daily KPI, whatever time lies between them, and is judged by the rows before it alone; labelled rows in a
row are one window, and the first 30 rows are not judged. Precision is told twice: of the alarms, and (*once a window*)
with each window that was hit counting once, so that many alarms in one long window are no merit.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.core.band_matrix import bands
from bot.core.bands import LOOKS_BACK, Expected, band
from bot.core.forecasts import forecast, forecasts
from tests.bench.figures import middle, timed
from tests.bench.labelled import Recorded, read_folder
from tests.bench.shapes import FIRST, SEED, SHAPES, Labelled, Numbers, Window, make, shops, weekly

Truths = NDArray[np.bool_]

BEGIN = 30  # the first place of a recorded series that is judged, by every rule
LATE = 2  # so many values after its window an alarm still counts
LEAST = 0.01  # the rule's minimum change, as a share of the level
AHEAD = 14


class Score(NamedTuple):
    """Alarms that were right, all alarms, windows that were hit, all windows."""

    right: int = 0
    alarms: int = 0
    hit: int = 0
    windows: int = 0

    def plus(self, other: "Score") -> "Score":
        return Score(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        return self.right / max(self.alarms, 1)

    @property
    def once(self) -> float:
        """Precision with each window that was hit counting once."""
        return self.hit / max(self.hit + self.alarms - self.right, 1)

    @property
    def recall(self) -> float:
        return self.hit / max(self.windows, 1)


def by_band(values: Numbers, first: int = FIRST) -> Truths:
    """Judge one series from a place on as a daily KPI by the default rule: each value by those before it."""
    young = [_outside(values[place], band(values[:place].tolist(), season=7)) for place in range(first, LOOKS_BACK)]
    judged = values[max(first, LOOKS_BACK) :]
    if not judged.size:
        return np.array(young[: len(values) - first], dtype=np.bool_)
    before = np.lib.stride_tricks.sliding_window_view(values, LOOKS_BACK)[-len(judged) - 1 : -1]
    found = bands(before, season=7)
    assert found is not None
    half = np.maximum(found.high - found.middle, LEAST * np.abs(found.middle))
    return np.concatenate((np.array(young, dtype=np.bool_), np.abs(judged - found.middle) > half))


def _outside(value: float, expected: Expected | None) -> bool:
    if expected is None:
        return False
    return abs(value - expected.middle) > max(expected.high - expected.middle, LEAST * abs(expected.middle))


def by_two_of_three(values: Numbers) -> Truths:
    """The default rule with persistence: two of three values in a row outside."""
    outside = by_band(values).astype(int)
    before = np.concatenate(([0, 0], outside))
    twice: Truths = (outside == 1) & (before[1:-1] + before[:-2] >= 1)
    return twice


def by_rolling_deviation(values: Numbers, first: int = FIRST, over: int = 28) -> Truths:
    """Judge one series by the mean and three standard deviations of so many values before."""
    before = np.lib.stride_tricks.sliding_window_view(values, over)[first - over : -1]
    outside: Truths = np.abs(values[first:] - before.mean(axis=1)) > 3 * before.std(axis=1)
    return outside


def score(outside: Truths, windows: Sequence[Window], first: int = FIRST) -> Score:
    """Compare the alarms of one series, judged from a place on, with its windows."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], outside, [False])).astype(np.int8))) + first
    alarms = list(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True))
    touches = [[begin <= end and finish >= start for start, end in _reaching(windows)] for begin, finish in alarms]
    hit = sum(any(column) for column in zip(*touches, strict=True))
    return Score(sum(map(any, touches)), len(alarms), hit, len(windows))


def _reaching(windows: Sequence[Window]) -> list[Window]:
    return [(start, end + LATE) for start, end in windows]


def scored(labelled: Labelled, detect: Callable[[Numbers], Truths]) -> Score:
    """Add up the scores of all series of a shape."""
    total = Score()
    for values, windows in zip(labelled.values, labelled.windows, strict=True):
        total = total.plus(score(detect(values), windows))
    return total


class Foreseen(NamedTuple):
    """sMAPE in percent of our forecast, of the value a week before and of the last value; share inside the interval."""

    ours: float
    week_before: float
    last_value: float
    inside: float


def foreseen(labelled: Labelled) -> Foreseen:
    """Forecast two weeks from four places of every series, each from the 120 values before."""
    rows = []
    for place in (140, 210, 280, 350):
        known, comes = labelled.values[:, place - 120 : place], labelled.values[:, place : place + AHEAD]
        ours = forecasts(known, ahead=AHEAD, season=7)
        inside = (comes >= ours.low - 1e-9) & (comes <= ours.high + 1e-9)  # constant series have an interval of nothing
        naive = smape(comes, np.tile(known[:, -7:], 2)), smape(comes, np.repeat(known[:, -1:], AHEAD, axis=1))
        rows.append((smape(comes, ours.middle), *naive, float(inside.mean())))
    return Foreseen(*np.mean(rows, axis=0).tolist())


def smape(came: Numbers, expected: Numbers) -> float:
    """Give the symmetric mean absolute percentage error, 0 to 200; nothing against nothing is no error."""
    size = np.abs(came) + np.abs(expected)
    return float(200 * np.mean(np.abs(came - expected) / np.where(size == 0, 1, size)))


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser("python -m tests.bench.anomalies", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="of labelled series, instead of made-up ones")
    parser.add_argument("--series", type=int, default=60, help="of each shape; of the first, ten times as many")
    asked = parser.parse_args()
    if asked.folder:
        print_recorded(read_folder(asked.folder))
        return
    series = asked.series
    made = {shape.__name__: make(shape, series * (10 if shape is shops else 1)) for shape in SHAPES}
    _print_anomalies(made)
    _print_forecasts(made)
    _print_times()


def print_recorded(recorded: Sequence[Recorded]) -> None:
    """Print precision, precision once a window, and recall of every series, of all together, and their mean."""
    detectors: dict[str, Callable[[Numbers], Truths]] = {"band": partial(by_band, first=BEGIN)}
    for over in (14, 28, 30):
        detectors[f"rolling {over}"] = partial(by_rolling_deviation, first=BEGIN, over=over)
    print(f"{'precision / once a window / recall':40}" + "".join(f"{name:>22}" for name in detectors))
    scores = {
        one.name: [
            score(detect(one.values), [window for window in one.windows if window[1] >= BEGIN], BEGIN)
            for detect in detectors.values()
        ]
        for one in recorded
        if len(one.values) > BEGIN
    }
    for name, row in scores.items():
        _print_row(name, [(one.precision, one.once, one.recall) for one in row])
    columns = list(zip(*scores.values(), strict=True))
    together = [Score(*map(sum, zip(*column, strict=True))) for column in columns]
    _print_row("all together", [(one.precision, one.once, one.recall) for one in together])
    with_windows = [[one for one in column if one.windows] for column in columns]
    means = [np.mean([(one.precision, one.once, one.recall) for one in column], axis=0) for column in with_windows]
    _print_row("mean of series with windows", [tuple(mean) for mean in means])


def _print_row(name: str, row: Sequence[tuple[float, ...]]) -> None:
    print(f"{name:40}" + "".join(f"{' / '.join(f'{part:.2f}' for part in one):>22}" for one in row))


def _print_anomalies(made: dict[str, Labelled]) -> None:
    detectors = {"band": by_band, "band, 2 of 3": by_two_of_three, "rolling 3 deviations": by_rolling_deviation}
    print(f"{'precision / recall':20}" + "".join(f"{name:>24}" for name in detectors))
    scores = {name: [scored(labelled, detect) for detect in detectors.values()] for name, labelled in made.items()}
    for name, row in scores.items():
        print(f"{name:20}" + "".join(f"{f'{one.precision:.2f} / {one.recall:.2f}':>24}" for one in row))
    for word, mean in (("mean of shapes", np.mean), ("worst shape", np.min)):
        columns = list(zip(*scores.values(), strict=True))
        both = [(mean([one.precision for one in row]), mean([one.recall for one in row])) for row in columns]
        print(f"{word:20}" + "".join(f"{f'{precision:.2f} / {recall:.2f}':>24}" for precision, recall in both))


def _print_forecasts(made: dict[str, Labelled]) -> None:
    print(f"\n{'sMAPE, 14 days':20}{'ours':>12}{'week before':>12}{'last value':>12}{'inside 80 %':>12}")
    rows = {name: foreseen(labelled) for name, labelled in made.items()}
    rows["mean of shapes"] = Foreseen(*np.mean(list(rows.values()), axis=0).tolist())
    for name, row in rows.items():
        print(f"{name:20}{row.ours:12.2f}{row.week_before:12.2f}{row.last_value:12.2f}{row.inside:12.2f}")


def _print_times() -> None:
    random = np.random.default_rng(SEED)
    many = 100 + weekly(random, 8)[:120] + random.normal(0, 3, (10_000, 120))
    one, short = many[0].tolist(), many[:1000, :60]
    moments = {
        "band of one series of 120, in µs": 1000 * middle([timed(lambda: band(one, season=7)) for _ in range(500)]),
        "the same without a season": 1000 * middle([timed(lambda: band(one)) for _ in range(500)]),
        "bands of 10,000 series of 120, in ms": middle([timed(lambda: bands(many, season=7)) for _ in range(5)]),
        "forecast of one series of 60, in ms": middle(
            [timed(lambda: forecast(one[:60], ahead=AHEAD, season=7)) for _ in range(50)]
        ),
        "forecasts of 1,000 series of 60, in ms": middle(
            [timed(lambda: forecasts(short, ahead=AHEAD, season=7)) for _ in range(5)]
        ),
    }
    print()
    for words, moment in moments.items():
        print(f"{words:40}{moment:8.1f}")


if __name__ == "__main__":
    main()
