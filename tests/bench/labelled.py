"""Labelled series of one's own: a folder of CSV files, one a series, with columns ``at``, ``value`` and ``label``."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.bench.shapes import Numbers, Window

_LABELS = ("label", "is_anomaly")
_NO = ("", "0", "0.0", "false", "no")


class Recorded(NamedTuple):
    """One series, oldest first, and the first and last place of each stretch that is labelled."""

    name: str
    values: Numbers
    windows: list[Window]


def read_folder(folder: Path) -> list[Recorded]:
    """Read every CSV file of a folder, in order of name; raises ValueError for one that is not of this form."""
    found = [_read(path) for path in sorted(folder.glob("*.csv"))]
    if not found:
        raise ValueError(f"{folder} holds no CSV file")
    return found


def _read(path: Path) -> Recorded:
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row.get("at") or "")
    label = next((name for name in _LABELS if rows and name in rows[0]), None)
    if label is None or "at" not in rows[0] or "value" not in rows[0]:
        raise ValueError(f"{path}: expected the columns at, value, and label or is_anomaly")
    values = np.array([float(row["value"]) for row in rows])
    return Recorded(path.stem, values, _windows(row[label].strip().lower() not in _NO for row in rows))


def _windows(labelled: Iterable[bool]) -> list[Window]:
    """Put labelled places in a row together."""
    windows: list[Window] = []
    for place, one in enumerate(labelled):
        if one and windows and windows[-1][1] == place - 1:
            windows[-1] = (windows[-1][0], place)
        elif one:
            windows.append((place, place))
    return windows
