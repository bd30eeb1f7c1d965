"""Made-up series of many shapes with what is wrong in them labelled: the same series for the same seed."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Random = np.random.Generator
Window = tuple[int, int]  # first and last place that are not as usual
Made = tuple[Numbers, list[Window]]

LENGTH, FIRST = 400, 100  # values of a series; the first place anything is labelled at
SEED = 20_261_122


class Labelled(NamedTuple):
    """Series of one shape, (series, LENGTH), and the windows of each."""

    values: Numbers
    windows: list[list[Window]]


class Injected(NamedTuple):
    """What is added to a series: sizes in units of `noise`, lengths in values; sign 0 is up or down."""

    noise: float
    least: float = 5.0
    most: float = 12.0
    longest: int = 1
    shortest: int = 1
    sign: int = 0


def inject(random: Random, values: Numbers, what: Injected, count: int = 2) -> list[Window]:
    """Add so many anomalies to a series, well apart, and say where."""
    windows: list[Window] = []
    for _ in range(count):
        at = int(random.integers(FIRST, LENGTH - 10))
        if any(first - 15 <= at <= last + 15 for first, last in windows):
            continue
        last = min(at + int(random.integers(what.shortest, what.longest + 1)), LENGTH) - 1
        sign = what.sign or random.choice([-1, 1])
        values[at : last + 1] += sign * random.uniform(what.least, what.most) * what.noise
        windows.append((at, last))
    return windows


def weekly(random: Random, size: float) -> Numbers:
    return np.resize(random.normal(0, size, 7), LENGTH)


def walk(random: Random, kept: float) -> Numbers:
    """Noise that remembers: each value keeps so much of the one before."""
    values = random.normal(0, 1, LENGTH)
    for place in range(1, LENGTH):
        values[place] += kept * values[place - 1]
    return values


def shops(random: Random) -> Made:
    """Weekly pattern, heavy tails, an unlabelled level shift in 30 %, about 1.5 outliers."""
    values = 100 + weekly(random, 5) + random.standard_t(3, LENGTH) * 2
    if random.random() < 0.3:
        values[int(random.integers(80, LENGTH - 40)) :] += random.choice([-1, 1]) * random.uniform(8, 20)
    return values, inject(random, values, Injected(2, 8, 20), int(random.poisson(1.5)))


def plain(random: Random) -> Made:
    values = 50 + random.normal(0, 3, LENGTH)
    return values, inject(random, values, Injected(3))


def hourly(random: Random) -> Made:
    """A day's course in 24 or 48 values, which no weekly pattern explains; the anomalies last for hours."""
    turn = np.arange(LENGTH) * 2 * np.pi / random.choice([24, 48]) + random.uniform(0, 6)
    values = 100 + 30 * np.sin(turn) + 10 * np.sin(2 * turn) + random.normal(0, 3, LENGTH)
    return values, inject(random, values, Injected(30, 1.5, 3, longest=11, shortest=3))


def wandering(random: Random) -> Made:
    values = 80 + walk(random, float(random.choice([0.9, 0.97, 1.0])))
    return values, inject(random, values, Injected(1, 8, 15, longest=19, shortest=4))


def machine(random: Random) -> Made:
    """Slow waves under noise that remembers, and one long fall."""
    values = 85 + 3 * np.sin(np.arange(LENGTH) * 6.28 / random.uniform(100, 300)) + walk(random, 0.8)
    return values, inject(random, values, Injected(1, 12, 25, longest=24, shortest=10, sign=-1), 1)


def bursts(random: Random) -> Made:
    values = np.round(20 * np.exp(random.normal(0, 0.5, LENGTH)))
    return values, inject(random, values, Injected(20, 6, 20, longest=3, sign=1))


def drift(random: Random) -> Made:
    slope = random.uniform(-0.5, 0.5) * np.arange(LENGTH)
    values = 100 + slope + weekly(random, 5) + random.normal(0, 2, LENGTH)
    return values, inject(random, values, Injected(2, 6, 12))


def shifts(random: Random) -> Made:
    """Two level shifts, labelled for their first week."""
    values = 100 + random.normal(0, 2, LENGTH)
    places = int(random.integers(110, 180)), int(random.integers(260, 340))
    for place in places:
        values[place:] += random.choice([-1, 1]) * random.uniform(8, 20)
    return values, [(place, place + 6) for place in places]


def growing(random: Random) -> Made:
    """Growth, with season and noise in proportion."""
    level = 50 * np.exp(np.arange(LENGTH) * random.uniform(0, 0.005))
    values = level * (1 + weekly(random, 0.15)) * np.exp(random.normal(0, 0.05, LENGTH))
    places = [int(place) for place in random.choice(np.arange(FIRST, LENGTH, 20), 2, replace=False)]
    values[places] *= random.choice([0.6, 1.5], 2)
    return values, [(place, place) for place in places]


def weekends(random: Random) -> Made:
    values = np.resize([100.0, 103, 102, 101, 95, 40, 35], LENGTH) * np.exp(random.normal(0, 0.06, LENGTH))
    mondays = [
        int(place) for place in random.choice(np.arange(FIRST - FIRST % 7 + 7, LENGTH - 7, 21), 2, replace=False)
    ]
    for monday in mondays:
        values[monday : monday + random.integers(1, 3)] *= random.choice([0.5, 1.5])
    return values, [(monday, monday + 1) for monday in mondays]


def counts(random: Random) -> Made:
    """Whole numbers, most of them zero."""
    values = random.poisson(random.choice([0.1, 0.3, 0.8]), LENGTH).astype(np.float64)
    return values, inject(random, values, Injected(1, 6, 12, sign=1))


def uptime(random: Random) -> Made:
    """As good as constant, now and then a tenth less."""
    values = np.full(LENGTH, 99.9) - (random.random(LENGTH) < 0.03) * random.choice([0.1, 0.2], LENGTH)
    return values, inject(random, values, Injected(1, 2, 8, longest=3, sign=-1))


def heavy(random: Random) -> Made:
    values = 200 + random.standard_t(2, LENGTH) * 5
    return values, inject(random, values, Injected(5, 15, 30))


def processor(random: Random) -> Made:
    """Quiet, with small unlabelled bumps and steps."""
    values = 40 + random.normal(0, 0.5, LENGTH) + (random.random(LENGTH) < 0.05) * random.uniform(2, 6, LENGTH)
    values *= np.repeat(1 + random.normal(0, 0.03, LENGTH // 100), 100)
    return values, inject(random, values, Injected(1, 10, 30, longest=9))


SHAPES: tuple[Callable[[Random], Made], ...] = (
    shops, plain, hourly, wandering, machine, bursts, drift,
    shifts, growing, weekends, counts, uptime, heavy, processor,
)  # fmt: skip


def make(shape: Callable[[Random], Made], count: int, seed: int = SEED) -> Labelled:
    """Make so many series of a shape; the same for the same seed."""
    made = [shape(np.random.default_rng([seed, SHAPES.index(shape), number])) for number in range(count)]
    return Labelled(np.array([values for values, _ in made]), [windows for _, windows in made])
