"""A first glance at many series at once: which are worth judging one by one, because a rule could be broken."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bot.core import bands
from bot.core.band_matrix import bands as bands_of_many
from bot.core.conditions.foreseen import WEEK, Anomaly
from bot.core.kpi import Kpi, Rule

_ROUNDING = 1e-9  # of the band: one series alone and many at once may differ in the last digits


class Glimpse(NamedTuple):
    """What is seen of a series: its newest values, oldest first; unbroken: each is of the day after the one before."""

    kpi: Kpi
    rules: Sequence[Rule]
    values: Sequence[float]
    unbroken: bool


class _Asked(NamedTuple):
    """An anomaly that is asked for, and the values of the series; place: of the series among those seen."""

    place: int
    anomaly: Anomaly
    values: Sequence[float]


def glances_back(kpi: Kpi, rules: Sequence[Rule]) -> int | None:
    """Say how many of the newest values to look at; None: whatever they are, the series has to be judged."""
    if kpi.completeness_delay is not None:
        return None
    depth = 1
    for rule in rules:
        if not rule.glanced:
            return None
        depth = max(depth, rule.looks_back)
    return depth


def worth_judging(seen: Sequence[Glimpse]) -> list[bool]:
    """Say of each series, whose alerts are all at rest, whether a rule could be broken: False is certain, True is not.

    seen: of KPIs for which there is something to look at, as many values as ``glances_back`` says.
    A band takes long to make, and far less for many series at once: so they are left for last and made together.
    """
    worth = [_can_break(one) for one in seen]
    together: dict[tuple[int, int | None], list[_Asked]] = {}
    for place, one in enumerate(seen):
        if worth[place]:
            continue
        for rule in one.rules:
            if rule.when.anomaly is not None:
                season = WEEK.get(one.kpi.frequency)
                # The days of all are counted through as one, so a series with gaps is judged by itself.
                worth[place] = season is not None and not one.unbroken
                values = one.values[-bands.LOOKS_BACK - 1 :]
                together.setdefault((len(values), season), []).append(_Asked(place, rule.when.anomaly, values))
    for (_, season), asked in together.items():
        for place in _unusual(asked, season):
            worth[place] = True
    return worth


def _can_break(one: Glimpse) -> bool:
    """Say whether a rule other than an anomaly could be broken."""
    kpi, rules, values, _ = one
    return any(rule.when.condition.can_break(kpi, values) for rule in rules if rule.when.anomaly is None)


def _unusual(asked: Sequence[_Asked], season: int | None) -> Iterator[int]:
    """Give the places of the series whose newest value lies outside its band; all have equally many values."""
    values = np.array([one.values for one in asked])
    widths = np.array([one.anomaly.widths for one in asked])
    found = bands_of_many(values[:, :-1], season=season, widths=widths)
    if found is None:
        return
    least = np.array([one.anomaly.by.of(middle) for one, middle in zip(asked, found.middle.tolist(), strict=True)])
    half = np.maximum(found.high - found.middle, least) * (1 - _ROUNDING)
    outside = np.abs(values[:, -1] - found.middle) > half
    yield from (one.place for one, beyond in zip(asked, outside.tolist(), strict=True) if beyond)
