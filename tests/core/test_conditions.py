"""Every condition of the vocabulary: at the boundary, while firing, against nothing, without data."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.conditions import When
from bot.core.kpi import Kpi
from bot.core.periods import Frequency
from bot.core.verdict import Breached, Calm, Finding
from tests.core.examples import MADRID, NOW, answer, gappy, history, make_kpi, make_rule, verdict_on

HIGHER = make_kpi()
LOWER = make_kpi(direction="lower_is_better")
CHURN = make_kpi(unit="percent", direction="lower_is_better", target=2.5)
MARGIN = make_kpi(unit="percent", target=80.0)
BAND = make_kpi(unit="percent", direction="within_band", target={"low": 85.0, "high": 95.0})
NO_TARGET_YET = make_kpi(target={"2026-11": 100.0})
ZERO = make_kpi(direction="lower_is_better", target=0.0)
PLAN = make_kpi(target={"2026-01": 100.0, "2026-07": 200.0})


def judged(kpi: Kpi, when: dict[str, Any], *values: float, firing: bool = False) -> str:
    return answer(verdict_on(kpi, make_rule(when), history(*values), firing=firing))


def finding(kpi: Kpi, when: dict[str, Any], *values: float) -> Finding:
    verdict = verdict_on(kpi, make_rule(when), history(*values))
    assert isinstance(verdict, Breached | Calm)
    return verdict.finding


LEVELS = [
    # a condition, a value, the answer at rest and while firing
    ({"above": 4}, 3.9, "calm", "calm"),
    ({"above": 4}, 4.0, "calm", "calm"),
    ({"above": 4}, 4.000001, "breached", "breached"),
    ({"above": {"limit": 4, "recovery": 3.8}}, 3.8, "calm", "calm"),
    ({"above": {"limit": 4, "recovery": 3.8}}, 3.81, "calm", "breached"),
    ({"above": {"limit": 4, "recovery": 3.8}}, 4.0, "calm", "breached"),
    ({"above": {"limit": 4, "recovery": 3.8}}, 4.1, "breached", "breached"),
    ({"above": 0}, 0.0, "calm", "calm"),
    ({"above": -5}, -4.9, "breached", "breached"),
    ({"below": 15}, 15.1, "calm", "calm"),
    ({"below": 15}, 15.0, "calm", "calm"),
    ({"below": 15}, 14.999999, "breached", "breached"),
    ({"below": {"limit": 15, "recovery": 17}}, 17.0, "calm", "calm"),
    ({"below": {"limit": 15, "recovery": 17}}, 16.9, "calm", "breached"),
    ({"below": {"limit": 15, "recovery": 17}}, 14.0, "breached", "breached"),
    ({"outside": {"low": 85, "high": 95}}, 84.9, "breached", "breached"),
    ({"outside": {"low": 85, "high": 95}}, 85.0, "calm", "calm"),
    ({"outside": {"low": 85, "high": 95}}, 95.0, "calm", "calm"),
    ({"outside": {"low": 85, "high": 95}}, 95.1, "breached", "breached"),
    ({"outside": {"low": 85, "high": 95, "recovery": {"low": 86, "high": 94}}}, 85.5, "calm", "breached"),
    ({"outside": {"low": 85, "high": 95, "recovery": {"low": 86, "high": 94}}}, 94.5, "calm", "breached"),
    ({"outside": {"low": 85, "high": 95, "recovery": {"low": 86, "high": 94}}}, 86.0, "calm", "calm"),
    ({"outside": {"low": 85, "high": 95, "recovery": {"low": 86, "high": 94}}}, 94.0, "calm", "calm"),
]


@pytest.mark.parametrize(("when", "value", "at_rest", "while_firing"), LEVELS)
def test_a_level_is_left_calm_at_equality_and_needs_its_recovery_while_firing(
    when: dict[str, Any], value: float, at_rest: str, while_firing: str
) -> None:
    assert judged(HIGHER, when, value) == at_rest
    assert judged(HIGHER, when, value, firing=True) == while_firing


REACHES = [
    # a KPI, its level, a value, the answer at rest and while firing
    (CHURN, {"limit": 4.0}, 3.99, "calm", "calm"),
    (CHURN, {"limit": 4.0}, 4.0, "breached", "breached"),
    (CHURN, {"limit": 4.0}, 4.1, "breached", "breached"),
    (CHURN, {"limit": 4.0, "recovery": 3.8}, 3.9, "calm", "breached"),
    (CHURN, {"limit": 4.0, "recovery": 3.8}, 3.81, "calm", "breached"),
    (CHURN, {"limit": 4.0, "recovery": 3.8}, 3.8, "calm", "calm"),
    (MARGIN, {"limit": 70.0}, 70.1, "calm", "calm"),
    (MARGIN, {"limit": 70.0}, 70.0, "breached", "breached"),
    (MARGIN, {"limit": 70.0}, 69.9, "breached", "breached"),
    (MARGIN, {"limit": 70.0, "recovery": 72.0}, 71.9, "calm", "breached"),
    (MARGIN, {"limit": 70.0, "recovery": 72.0}, 72.0, "calm", "calm"),
    (LOWER, {"limit": 0.0}, 0.0, "breached", "breached"),
    (HIGHER, {"limit": -10.0}, -9.9, "calm", "calm"),
    (HIGHER, {"limit": -10.0}, -10.0, "breached", "breached"),
]


@pytest.mark.parametrize(("kpi", "level", "value", "at_rest", "while_firing"), REACHES)
def test_a_threshold_is_crossed_when_reached_on_the_bad_side(
    kpi: Kpi, level: dict[str, Any], value: float, at_rest: str, while_firing: str
) -> None:
    assert judged(kpi, {"reaches": level}, value) == at_rest
    assert judged(kpi, {"reaches": level}, value, firing=True) == while_firing


AGAINST_TARGET = [
    # misses: "at least so much worse"; exactly so much is breached
    (CHURN, {"misses_target_by": "0.7 points"}, 3.2, "breached"),
    (CHURN, {"misses_target_by": "0.7 points"}, 3.19, "calm"),
    (CHURN, {"misses_target_by": "0.7 points"}, 1.0, "calm"),
    (CHURN, {"misses_target_by": "20 %"}, 3.0, "breached"),
    (CHURN, {"misses_target_by": "20 %"}, 2.99, "calm"),
    (HIGHER, {"misses_target_by": "15 %"}, 85.0, "breached"),
    (HIGHER, {"misses_target_by": "15 %"}, 85.01, "calm"),
    (HIGHER, {"misses_target_by": "15 %"}, 200.0, "calm"),
    (HIGHER, {"misses_target_by": 20}, 80.0, "breached"),
    (HIGHER, {"misses_target_by": 20}, 80.5, "calm"),
    (HIGHER, {"misses_target_by": {"by": "15 %"}}, 85.0, "breached"),
    (HIGHER, {"misses_target_by": 0}, 100.0, "calm"),
    (HIGHER, {"misses_target_by": 0}, 99.9, "breached"),
    (BAND, {"misses_target_by": "2 points"}, 83.0, "breached"),
    (BAND, {"misses_target_by": "2 points"}, 83.1, "calm"),
    (BAND, {"misses_target_by": "2 points"}, 97.0, "breached"),
    (BAND, {"misses_target_by": "2 points"}, 96.9, "calm"),
    (BAND, {"misses_target_by": "0 points"}, 85.0, "calm"),
    (BAND, {"misses_target_by": "10 %"}, 76.5, "breached"),
    (BAND, {"misses_target_by": "10 %"}, 104.5, "breached"),
    (BAND, {"misses_target_by": "10 %"}, 104.4, "calm"),
    (ZERO, {"misses_target_by": 1}, 1.0, "breached"),
    (ZERO, {"misses_target_by": 1}, 0.0, "calm"),
    (PLAN, {"misses_target_by": "10 %"}, 180.0, "breached"),
    (PLAN, {"misses_target_by": "10 %"}, 190.0, "calm"),
    (NO_TARGET_YET, {"misses_target_by": "10 %"}, 1.0, "no_target"),
    # beats: the same the other way round
    (HIGHER, {"beats_target_by": "25 %"}, 125.0, "breached"),
    (HIGHER, {"beats_target_by": "25 %"}, 124.9, "calm"),
    (HIGHER, {"beats_target_by": "25 %"}, 10.0, "calm"),
    (CHURN, {"beats_target_by": "0.5 points"}, 2.0, "breached"),
    (CHURN, {"beats_target_by": "0.5 points"}, 2.1, "calm"),
    (CHURN, {"beats_target_by": "0.5 points"}, 9.0, "calm"),
    (ZERO, {"beats_target_by": 0}, 0.0, "breached"),
    (HIGHER, {"beats_target_by": "0 %"}, 100.0, "breached"),
    (HIGHER, {"beats_target_by": "0 %"}, 99.9, "calm"),
    (CHURN, {"beats_target_by": "0 points"}, 2.5, "breached"),
    (NO_TARGET_YET, {"beats_target_by": "10 %"}, 500.0, "no_target"),
]


@pytest.mark.parametrize(("kpi", "when", "value", "expected"), AGAINST_TARGET)
def test_distance_to_the_target_goes_by_direction_and_exactly_so_much_is_breached(
    kpi: Kpi, when: dict[str, Any], value: float, expected: str
) -> None:
    assert judged(kpi, when, value) == expected


@pytest.mark.parametrize("value", [0.0, 84.0, 90.0, 96.0, 500.0])
def test_a_band_cannot_be_beaten(value: float) -> None:
    assert judged(BAND, {"beats_target_by": "0 points"}, value) == "calm"


MOVES = [
    (HIGHER, {"rises": {"by": "20 %", "over": "1 period"}}, (100.0, 120.0), "breached"),
    (HIGHER, {"rises": {"by": "20 %", "over": "1 period"}}, (100.0, 119.9), "calm"),
    (HIGHER, {"rises": {"by": "20 %"}}, (100.0, 120.0), "breached"),
    (HIGHER, {"rises": {"by": "20 %"}}, (100.0, 60.0), "calm"),
    (HIGHER, {"rises": {"by": 5}}, (100.0, 105.0), "breached"),
    (HIGHER, {"rises": {"by": "50 %"}}, (-100.0, -50.0), "breached"),
    (HIGHER, {"falls": {"by": "10 %"}}, (100.0, 90.0), "breached"),
    (HIGHER, {"falls": {"by": "10 %"}}, (100.0, 90.1), "calm"),
    (HIGHER, {"falls": {"by": "10 %"}}, (100.0, 200.0), "calm"),
    (HIGHER, {"falls": {"by": "50 %"}}, (-100.0, -150.0), "breached"),
    (HIGHER, {"falls": {"by": "10 %", "over": "3 periods"}}, (100.0, 50.0, 20.0, 90.0), "breached"),
    (HIGHER, {"falls": {"by": "10 %", "over": "3 periods"}}, (100.0, 99.0, 98.0, 97.0), "calm"),
    (CHURN, {"rises": {"by": "2 points"}}, (2.0, 4.0), "breached"),
    (CHURN, {"rises": {"by": "2 points"}}, (2.0, 3.9), "calm"),
    (HIGHER, {"rises": {"by": 0}}, (100.0, 100.0), "calm"),
    (HIGHER, {"rises": {"by": 1000}}, (0.1, 1000.1), "breached"),
    (HIGHER, {"rises": {"by": 10093.7}}, (0.1, 10093.8), "breached"),
    (HIGHER, {"rises": {"by": 10093.7}}, (0.1, 10093.7), "calm"),
    # against zero, or nothing
    (HIGHER, {"rises": {"by": "20 %"}}, (0.0, 50.0), "change_from_zero"),
    (HIGHER, {"falls": {"by": "20 %"}}, (0.0, -50.0), "change_from_zero"),
    (HIGHER, {"rises": {"by": 20}}, (0.0, 50.0), "breached"),
    (CHURN, {"rises": {"by": "2 points"}}, (0.0, 2.0), "breached"),
    (HIGHER, {"rises": {"by": "20 %"}}, (100.0,), "too_little_history"),
    (HIGHER, {"falls": {"by": "20 %", "over": "3 periods"}}, (100.0, 90.0, 10.0), "too_little_history"),
]


@pytest.mark.parametrize(("kpi", "when", "values", "expected"), MOVES)
def test_a_move_is_measured_from_so_many_periods_before(
    kpi: Kpi, when: dict[str, Any], values: tuple[float, ...], expected: str
) -> None:
    assert judged(kpi, when, *values) == expected


def test_a_move_is_not_measured_across_a_missing_period() -> None:
    holed = gappy([("2026-08", 100.0), ("2026-10", 10.0)])
    assert answer(verdict_on(HIGHER, make_rule({"falls": {"by": "20 %"}}), holed)) == "too_little_history"
    assert answer(verdict_on(HIGHER, make_rule({"falls": {"by": "20 %", "over": "2 periods"}}), holed)) == "breached"


WORSENING = [
    (CHURN, "3 periods", (2.0, 2.4, 2.9, 3.2), "breached"),
    (CHURN, "3 periods", (9.0, 2.0, 2.4, 2.9, 3.2), "breached"),
    (CHURN, "3 periods", (2.0, 2.4, 2.4, 3.2), "calm"),
    (CHURN, "3 periods", (3.2, 2.9, 3.0), "calm"),
    (CHURN, "3 periods", (2.4, 2.9, 3.2), "too_little_history"),
    (CHURN, "1 period", (2.4, 2.4), "calm"),
    (CHURN, "1 period", (2.4, 2.5), "breached"),
    (CHURN, "1 period", (2.4,), "too_little_history"),
    (HIGHER, "2 periods", (5.0, 4.0, 3.0), "breached"),
    (HIGHER, "2 periods", (3.0, 4.0, 5.0), "calm"),
    (HIGHER, "2 periods", (1.0, 0.0, -1.0), "breached"),
    (BAND, "2 periods", (85.0, 84.0, 83.0), "breached"),
    (BAND, "2 periods", (95.0, 96.0, 97.0), "breached"),
    (BAND, "2 periods", (84.0, 97.0, 82.0), "breached"),
    (BAND, "2 periods", (94.0, 90.0, 86.0), "calm"),
]


@pytest.mark.parametrize(("kpi", "periods", "values", "expected"), WORSENING)
def test_worsening_means_each_value_worse_than_the_one_before(
    kpi: Kpi, periods: str, values: tuple[float, ...], expected: str
) -> None:
    assert judged(kpi, {"worsens_for": periods}, *values) == expected


STALENESS = [
    # (newest label, frequency, now, whole periods without a value)
    ("2026-10", Frequency.MONTHLY, datetime(2026, 11, 1, tzinfo=UTC), 0),
    ("2026-10", Frequency.MONTHLY, datetime(2026, 11, 30, 22, 59, tzinfo=UTC), 0),
    ("2026-10", Frequency.MONTHLY, datetime(2026, 11, 30, 23, 0, tzinfo=UTC), 1),
    ("2026-10", Frequency.MONTHLY, datetime(2027, 1, 2, tzinfo=UTC), 2),
    ("2026-11", Frequency.MONTHLY, NOW, 0),
    ("2026-11-20", Frequency.DAILY, NOW, 1),
    ("2026-11-21", Frequency.DAILY, NOW, 0),
    ("2026-W45", Frequency.WEEKLY, NOW, 1),
    ("2026-Q1", Frequency.QUARTERLY, NOW, 2),
    ("2023", Frequency.YEARLY, NOW, 2),
]


@pytest.mark.parametrize(("label", "frequency", "now", "missing"), STALENESS)
def test_staleness_counts_whole_periods_of_the_local_calendar_without_a_value(
    label: str, frequency: Frequency, now: datetime, missing: int
) -> None:
    kpi = make_kpi(frequency=frequency)
    seen = history(5.0, last=label, frequency=frequency)
    for asked in (1, 2, 3):
        unit = "period" if asked == 1 else "periods"
        verdict = verdict_on(kpi, make_rule({"stale": f"{asked} {unit}"}), seen, now=now)
        assert isinstance(verdict, Breached) is (missing >= asked)
        assert isinstance(verdict, Breached | Calm)
        assert verdict.finding.periods == missing


CONDITIONS: list[dict[str, Any]] = [
    {"above": 4},
    {"below": 4},
    {"outside": {"low": 1, "high": 2}},
    {"misses_target_by": "15 %"},
    {"beats_target_by": "15 %"},
    {"rises": {"by": "15 %"}},
    {"falls": {"by": "15 %"}},
    {"worsens_for": "2 periods"},
    {"reaches": {"limit": 4}},
    {"stale": "12 periods"},
    {"off_pace": "15 %"},
    {"anomaly": {}},
    {"forecast_misses_target": "2 periods"},
    {"all_of": [{"above": 4}, {"below": 5}]},
    {"any_of": [{"above": 4}, {"below": 3}]},
]


@pytest.mark.parametrize("when", CONDITIONS)
@pytest.mark.parametrize("firing", [False, True])
def test_without_a_value_nothing_can_be_said(when: dict[str, Any], firing: bool) -> None:
    assert judged(HIGHER, when, firing=firing) == "no_value"


def test_these_are_all_the_conditions_there_are() -> None:
    assert set(When.model_fields) == {word for when in CONDITIONS for word in when}


@pytest.mark.parametrize("when", [{}, {"above": 1, "below": 2}, {"over": 3}, {"above": "4"}, {"above": float("nan")}])
def test_a_rule_has_exactly_one_known_condition(when: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        When.model_validate(when)


@pytest.mark.parametrize(
    ("kpi", "when", "values", "expected"),
    [
        (HIGHER, {"above": {"limit": 4, "recovery": 3}}, (5.0,), Finding(condition="above", value=5.0, limit=4.0)),
        (HIGHER, {"below": 4}, (5.0,), Finding(condition="below", value=5.0, limit=4.0)),
        (
            BAND,
            {"outside": {"low": 85, "high": 95}},
            (84.0,),
            Finding(condition="outside", value=84.0, low=85.0, high=95.0),
        ),
        (CHURN, {"reaches": {"limit": 4}}, (4.3,), Finding(condition="reaches", value=4.3, limit=4.0, target=2.5)),
        (BAND, {"worsens_for": "1 period"}, (84.0, 83.0), Finding(condition="worsens_for", value=83.0, previous=84.0)),
        (
            HIGHER,
            {"misses_target_by": "15 %"},
            (80.0,),
            Finding(condition="misses_target_by", value=80.0, target=100.0, difference=20.0, limit=15.0),
        ),
        (
            BAND,
            {"misses_target_by": "1 point"},
            (97.0,),
            Finding(condition="misses_target_by", value=97.0, target=95.0, difference=2.0, limit=1.0),
        ),
        (
            HIGHER,
            {"falls": {"by": "10 %", "over": "2 periods"}},
            (100.0, 95.0, 80.0),
            Finding(condition="falls", value=80.0, previous=100.0, difference=20.0, change=-0.2, periods=2),
        ),
    ],
)
def test_a_finding_says_in_numbers_what_was_seen(
    kpi: Kpi, when: dict[str, Any], values: tuple[float, ...], expected: Finding
) -> None:
    assert finding(kpi, when, *values) == expected


def test_a_percent_kpi_moves_in_points_and_never_in_percent_of_itself() -> None:
    moved = finding(CHURN, {"rises": {"by": "1 point"}}, 2.0, 4.0)
    assert (moved.difference, moved.change) == (2.0, None)
    assert finding(HIGHER, {"rises": {"by": 1}}, 2.0, 4.0).change == 1.0


def test_the_zone_decides_when_a_period_is_over() -> None:
    now = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    rule = make_rule({"stale": "1 period"})
    assert answer(verdict_on(HIGHER, rule, history(5.0), now=now, zone=MADRID)) == "breached"
    utc = type(MADRID)("UTC")
    assert answer(verdict_on(HIGHER, rule, history(5.0), now=now, zone=utc)) == "calm"
