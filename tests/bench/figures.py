"""What a line of the bench answers, how large it is measured, and how moments become figures."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType
from typing import Any, NamedTuple


class Scale(NamedTuple):
    """How large the lines are.

    runs: of whatever is repeated as a whole; kpis, parts: of the company values are pushed to, parts being the segments
    of each KPI; judged, days: KPIs of one pass and the values of each; requests: how many are timed one by one;
    stored: values in the database while questions are asked; waiting: messages in the outbox at the start.
    """

    runs: int = 5
    kpis: int = 100
    parts: int = 99
    judged: int = 10_000
    days: int = 400
    requests: int = 200
    stored: int = 1_000_000
    waiting: int = 1_000


TINY = Scale(runs=1, kpis=5, parts=2, judged=20, days=5, requests=3, stored=1_000, waiting=5)


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, the least it could take on this machine just now, and further figures beside it."""

    value: float
    floor: float
    what: str
    floor_is: str
    unit: str = "ms"
    also: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def ratio(self) -> float:
        """How many times the floor it is."""
        return self.value / self.floor if self.floor else math.inf

    def as_json(self) -> dict[str, Any]:
        """The line as a script reads it."""
        plain = {"value": _short(self.value), "unit": self.unit, "floor": _short(self.floor)}
        return {**plain, "ratio": _short(self.ratio), "also": {name: _short(one) for name, one in self.also.items()}}

    def as_text(self, name: str) -> str:
        """The line as a person reads it."""
        also = "".join(f", {word} {_short(one):g}" for word, one in self.also.items())
        figures = f"{name:4}{_short(self.value):>9g} {self.unit}  {_short(self.ratio):>6g} x {_short(self.floor):g}"
        return f"{figures:40}{self.what}{also}; floor: {self.floor_is}"


def timed(act: Callable[[], object]) -> float:
    """Say how many milliseconds it takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def middle(times: Sequence[float]) -> float:
    """Give the median."""
    return median(times)


def worst_but_one_in_a_hundred(times: Sequence[float]) -> float:
    """Give the 99th percentile: 99 of 100 are no slower."""
    return sorted(times)[max(math.ceil(len(times) * 0.99) - 1, 0)]


def _short(number: float) -> float:
    return float(f"{number:.3g}")
