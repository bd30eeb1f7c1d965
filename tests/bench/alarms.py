"""A1: how often the default anomaly rule is right, beside the rule of the rolling deviation."""

from pathlib import Path

import numpy as np

from tests.bench.anomalies import Score, by_band, by_rolling_deviation, scored
from tests.bench.figures import Figure, Scale
from tests.bench.shapes import SHAPES, make

_SERIES = 20


def a1(scale: Scale, _: Path) -> Figure:
    """The mean, over all shapes, of the harmonic mean of precision and recall."""
    made = [make(shape, min(_SERIES, scale.judged)) for shape in SHAPES]
    ours = [scored(labelled, by_band) for labelled in made]
    theirs = [scored(labelled, by_rolling_deviation) for labelled in made]
    return Figure(
        value=float(np.mean([_balance(one) for one in ours])),
        floor=float(np.mean([_balance(one) for one in theirs])),
        unit="F1",
        what=f"the default anomaly rule on {len(made)} shapes of series",
        floor_is="three rolling deviations; here more is better",
        also=_means("", ours) | _means("rolling ", theirs),
    )


def _means(name: str, scores: list[Score]) -> dict[str, float]:
    return {
        f"{name}precision": float(np.mean([one.precision for one in scores])),
        f"{name}recall": float(np.mean([one.recall for one in scores])),
    }


def _balance(one: Score) -> float:
    return 2 * one.precision * one.recall / max(one.precision + one.recall, 1e-9)
