"""Runs the lines that are named, or all of them, and prints each figure with its floor and their ratio."""

import argparse
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.alarms import a1
from tests.bench.asking import p10
from tests.bench.figures import TINY, Figure, Scale
from tests.bench.judging import p1, p1b, p1n
from tests.bench.pushing import p4, p8, p9
from tests.bench.resident import p1m
from tests.bench.sandbox import s1
from tests.bench.starting import p12

LINES: Mapping[str, Callable[[Scale, Path], Figure]] = {
    "P1": p1,
    "P1b": p1b,
    "P1m": p1m,
    "P1n": p1n,
    "P4": p4,
    "P8": p8,
    "P9": p9,
    "P10": p10,
    "P12": p12,
    "S1": s1,
    "A1": a1,
}


def main() -> None:
    """Measure; nothing is asserted about the figures, so a slow machine fails nobody."""
    asked = _arguments()
    scale = TINY if asked.tiny else Scale(runs=asked.runs)
    if asked.full:
        scale = scale._replace(stored=10_000_000, waiting=10_000)
    print(_machine(), file=sys.stderr)
    found = {}
    for name in asked.lines or LINES:
        with TemporaryDirectory(prefix="kpi-bot-bench-") as folder:
            found[name] = LINES[name](scale, Path(folder))
        if not asked.json:
            print(found[name].as_text(name), flush=True)
    if asked.json:
        print(json.dumps({name: figure.as_json() for name, figure in found.items()}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("lines", nargs="*", metavar="LINE", help=f"of {', '.join(LINES)}; without any, all")
    parser.add_argument("--json", action="store_true", help="print one JSON object, by line")
    parser.add_argument("--runs", type=int, default=5, help="how often what is measured as a whole is repeated")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--full", action="store_true", help="ten million values, ten thousand messages: takes minutes")
    sizes.add_argument("--tiny", action="store_true", help="only to see that it runs")
    asked = parser.parse_args()
    if unknown := [name for name in asked.lines if name not in LINES]:
        parser.error(f"no line {', '.join(unknown)}; there are {', '.join(LINES)}")
    return asked


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, load {load:.1f}, {platform.machine()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


if __name__ == "__main__":
    main()
