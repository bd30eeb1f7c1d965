"""A first glance never overlooks a broken rule, and it does spare the calm: checked against judging one by one."""

import itertools
import random
from datetime import timedelta
from typing import Any

import pytest

from bot.core.evaluate import looks_back
from bot.core.glance import Glimpse, glances_back, worth_judging
from bot.core.history import History, Point
from bot.core.kpi import Kpi, Rule
from bot.core.periods import Frequency
from bot.core.verdict import Breached
from bot.core.words import Band
from tests.core.examples import history, make_kpi, make_rule, verdict_on

GLANCED: list[dict[str, Any]] = [
    {"above": {"limit": 5, "recovery": 3}},
    {"below": 3},
    {"outside": {"low": 3, "high": 5}},
    {"misses_target_by": "20 %"},
    {"beats_target_by": "20 %"},
    {"rises": {"by": "50 %", "over": "3 periods"}},
    {"falls": {"by": 2}},
    {"worsens_for": "2 periods"},
    {"all_of": [{"above": 4}, {"stale": "1 period"}]},
    {"all_of": [{"above": 4}, {"kpi": "sample", "below": 6}]},
    {"any_of": [{"above": 5}, {"falls": {"by": 3}}]},
]
JUDGED: list[dict[str, Any]] = [
    {"stale": "1 period"},
    {"forecast_misses_target": "3 periods"},
    {"off_pace": "10 %"},
    {"any_of": [{"above": 5}, {"stale": "1 period"}]},
]
KPIS = [
    make_kpi(target=4.0),
    make_kpi(target=4.0, direction="lower_is_better"),
    make_kpi(target={"2026-01": 3.0, "2026-06": 5.0}),
    make_kpi(target=Band(low=3, high=5), direction="within_band"),
]
QUIET = {"above": 1000}


def with_gaps(whole: History, chance: random.Random, share: float) -> History:
    return History(whole.frequency, tuple(point for point in whole.points if chance.random() >= share))


def glimpse(kpi: Kpi, rule: Rule, seen: History) -> Glimpse:
    """Look at a history as the store hands it over: so many numbers, and whether days were left out."""
    points = seen.points[-(glances_back(kpi, [rule]) or 1) :]
    days = [point.first for point in points]
    unbroken = all(later - earlier == timedelta(days=1) for earlier, later in itertools.pairwise(days))
    return Glimpse(kpi, [rule], [point.value for point in points], unbroken)


def is_broken(kpi: Kpi, rule: Rule, seen: History) -> bool:
    return isinstance(verdict_on(kpi, rule, seen), Breached)


@pytest.mark.parametrize("lasting", ["1 period", "3 periods"])
@pytest.mark.parametrize("when", GLANCED, ids=str)
def test_what_a_glance_rules_out_is_not_broken(when: dict[str, Any], lasting: str) -> None:
    rule, chance = make_rule(when, **{"for": lasting}), random.Random(1)
    seen = [
        (chance.choice(KPIS), with_gaps(history(*(float(chance.randint(2, 6)) for _ in range(12))), chance, 0.2))
        for _ in range(400)
    ]
    worth = worth_judging([glimpse(kpi, rule, known) for kpi, known in seen])
    broken = [is_broken(kpi, rule, known) for kpi, known in seen]
    assert all(worthy or not bad for worthy, bad in zip(worth, broken, strict=True))
    assert not all(worth)


@pytest.mark.parametrize("when", GLANCED, ids=str)
def test_a_series_without_a_value_is_ruled_out_unless_another_kpi_decides(when: dict[str, Any]) -> None:
    assert worth_judging([glimpse(KPIS[0], make_rule(when), history())]) == [False]


@pytest.mark.parametrize("when", JUDGED, ids=str)
def test_what_time_or_more_than_the_values_decides_is_always_judged(when: dict[str, Any]) -> None:
    assert glances_back(KPIS[0], [make_rule(QUIET), make_rule(when)]) is None


def test_missing_values_that_break_a_rule_and_periods_that_are_waited_for_are_always_judged() -> None:
    assert glances_back(KPIS[0], [make_rule(QUIET, no_data="breached")]) is None
    assert glances_back(KPIS[0], [make_rule({"anomaly": {}}, no_data="breached")]) is None
    assert glances_back(make_kpi(completeness_delay="1 period"), [make_rule(QUIET)]) is None


def test_a_glance_goes_as_far_back_as_the_rule_that_looks_furthest() -> None:
    rules = [make_rule(QUIET), make_rule({"worsens_for": "5 periods"}), make_rule({"falls": {"by": 2}})]
    assert glances_back(KPIS[0], rules) == looks_back(KPIS[0], rules[1]) == 6


ANOMALIES: list[dict[str, Any]] = [
    {},
    {"widths": 2, "by": 0},
    {"by": "20 %"},
    {"side": "worse"},
    {"seen": "2 of 3", "widths": 3},
]


def walk(chance: random.Random, length: int) -> list[float]:
    """Values with a weekly swing, now and then a spike, and for one in three something new in the last two."""
    swing = chance.choice([0.0, 20.0])
    values = [100 + swing * (day % 7 == 5) + chance.gauss(0, 3) for day in range(length)]
    spikes = [chance.choice([0, 0, 0, 0, 30]) if chance.random() < 0.1 else 0 for _ in values]
    values = [value + spike for value, spike in zip(values, spikes, strict=True)]
    new = chance.choice([0, 0, chance.uniform(-40, 40)])
    return [*values[:-2], values[-2] + new, values[-1] + new]


@pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY])
@pytest.mark.parametrize("asked", ANOMALIES, ids=str)
def test_no_unusual_value_is_overlooked_among_many(asked: dict[str, Any], frequency: Frequency) -> None:
    rule, chance = make_rule({"anomaly": asked}), random.Random(7)
    kpi, last = make_kpi(frequency=frequency), {"daily": "2026-11-21", "weekly": "2026-W46", "monthly": "2026-10"}
    seen = []
    for _ in range(150):
        whole = history(*walk(chance, chance.choice([10, 16, 60, 90, 120])), last=last[frequency], frequency=frequency)
        seen.append(with_gaps(whole, chance, chance.choice([0.0, 0.0, 0.05])))
    worth = worth_judging([glimpse(kpi, rule, known) for known in seen])
    broken = [is_broken(kpi, rule, known) for known in seen]
    assert all(worthy or not bad for worthy, bad in zip(worth, broken, strict=True))
    assert any(broken)
    assert sum(worth) < len(worth) * 0.7


def test_a_band_is_asked_only_where_no_other_rule_is_broken_and_of_each_kpi_by_its_own_width() -> None:
    flat = history(*[100.0 + day % 2 for day in range(90)], 104.0, last="2026-11-21", frequency=Frequency.DAILY)
    kpi = make_kpi(frequency="daily")
    values, rules = (
        [point.value for point in flat.points],
        {by: make_rule({"anomaly": {"by": by}}) for by in (0, "9 %")},
    )
    loud = Glimpse(kpi, [make_rule({"above": 103}), rules["9 %"]], values, unbroken=True)
    narrow, wide = (Glimpse(kpi, [rule], values, unbroken=True) for rule in rules.values())
    assert worth_judging([wide, narrow, loud, wide]) == [False, True, True, False]


def test_nothing_is_worth_judging_where_no_rule_asks() -> None:
    assert worth_judging([Glimpse(KPIS[0], [], [1.0], unbroken=True)]) == [False]
    assert worth_judging([]) == []


def test_days_that_are_left_out_leave_a_daily_series_to_be_judged_by_itself() -> None:
    rule, kpi = make_rule({"anomaly": {}}), make_kpi(frequency="daily")
    whole = history(*walk(random.Random(3), 90), last="2026-11-21", frequency=Frequency.DAILY)
    gone = History(whole.frequency, tuple(Point(*point) for point in whole.points[:40] + whole.points[41:]))
    assert worth_judging([glimpse(kpi, rule, gone)]) == [True]
