"""Anomalies and forecasts as rules: what is unusual, what is heading for a miss, and what cannot be told yet."""

import random
from typing import Any

import pytest

from bot.core.history import History
from bot.core.kpi import Kpi
from bot.core.periods import Frequency
from bot.core.verdict import Breached, Calm, Finding
from tests.core.examples import answer, history, make_kpi, make_rule, verdict_on

DAILY = make_kpi(frequency="daily", target=100.0)
COST = make_kpi(frequency="daily", target=100.0, direction="lower_is_better")
BAND = make_kpi(frequency="daily", direction="within_band", target={"low": 90.0, "high": 110.0})
MONTHLY = make_kpi(target=100.0)
CHANCE = random.Random(11)
NOISE = [100 + CHANCE.gauss(0, 2) for _ in range(90)]
WEEKS = [(60.0 if day % 7 > 4 else 100.0) + CHANCE.gauss(0, 1) for day in range(90)]


def days(*values: float) -> History:
    return history(*values, last="2026-11-21", frequency=Frequency.DAILY)


def said(kpi: Kpi, when: dict[str, Any], seen: History, *, firing: bool = False, **rule: Any) -> str:
    return answer(verdict_on(kpi, make_rule(when, **rule), seen, firing=firing))


def seen_by(kpi: Kpi, when: dict[str, Any], seen: History) -> Finding:
    verdict = verdict_on(kpi, make_rule(when), seen)
    assert isinstance(verdict, Breached | Calm)
    return verdict.finding


@pytest.mark.parametrize(
    ("kpi", "side", "value", "expected"),
    [
        (DAILY, "both", 101.0, "calm"),
        (DAILY, "both", 130.0, "breached"),
        (DAILY, "both", 70.0, "breached"),
        (DAILY, "worse", 130.0, "calm"),
        (DAILY, "worse", 70.0, "breached"),
        (COST, "worse", 130.0, "breached"),
        (COST, "worse", 70.0, "calm"),
        (BAND, "worse", 130.0, "breached"),
    ],
)
def test_a_value_far_from_what_was_expected_is_an_anomaly(kpi: Kpi, side: str, value: float, expected: str) -> None:
    assert said(kpi, {"anomaly": {"side": side}}, days(*NOISE, value)) == expected


def test_an_anomaly_tells_what_was_expected() -> None:
    finding = seen_by(DAILY, {"anomaly": {}}, days(*NOISE, 130.0))
    assert finding.value == 130.0
    assert finding.expected == pytest.approx(100, abs=2)
    assert finding.low is not None
    assert finding.high is not None
    assert finding.low < 96 < 104 < finding.high < 115


def test_what_every_weekend_does_is_no_anomaly() -> None:
    # The 90 days end on a Saturday like the five others before: day 90 of the pattern is a Sunday.
    assert said(DAILY, {"anomaly": {}}, days(*WEEKS, 60.0)) == "calm"
    assert said(DAILY, {"anomaly": {}}, days(*WEEKS, 100.0)) == "breached"


@pytest.mark.parametrize(("count", "expected"), [(14, "too_little_history"), (15, "breached")])
def test_fifteen_values_before_are_needed(count: int, expected: str) -> None:
    assert said(DAILY, {"anomaly": {}}, days(*NOISE[:count], 300.0)) == expected


def test_a_change_smaller_than_asked_for_is_no_anomaly() -> None:
    steady = days(*[100.0] * 40, 104.0)
    assert said(DAILY, {"anomaly": {}}, steady) == "breached"
    assert said(DAILY, {"anomaly": {"by": "5 %"}}, steady) == "calm"
    assert said(DAILY, {"anomaly": {"by": 4}}, steady) == "calm"
    assert said(DAILY, {"anomaly": {"by": 3.9}}, steady) == "breached"


@pytest.mark.parametrize(
    ("newest", "expected", "while_firing"),
    [
        ((130.0,), "calm", "calm"),
        ((130.0, 100.0, 130.0), "breached", "breached"),
        ((130.0, 130.0, 100.0), "calm", "breached"),
        ((130.0, 100.0, 100.0), "calm", "calm"),
    ],
)
def test_a_patient_rule_waits_for_several_unusual_values(
    newest: tuple[float, ...], expected: str, while_firing: str
) -> None:
    patient, seen = {"anomaly": {"seen": "2 of 3"}}, days(*NOISE, *newest)
    assert said(DAILY, patient, seen) == expected
    assert said(DAILY, patient, seen, firing=True) == while_firing


def test_a_firing_anomaly_is_calm_within_its_recovery() -> None:
    near = days(*NOISE, 106.0)
    assert said(DAILY, {"anomaly": {}}, near) == "calm"
    assert said(DAILY, {"anomaly": {"recovery": 1.5}}, near, firing=True) == "breached"
    assert said(DAILY, {"anomaly": {"recovery": 1.5}}, near) == "calm"


@pytest.mark.parametrize("seen", ["3 of 2", "0 of 2", "2 of 40", "two of three", "2", 2])
def test_how_many_of_how_many_is_written_so(seen: object) -> None:
    with pytest.raises(ValueError, match="how many of how many"):
        make_rule({"anomaly": {"seen": seen}})


FALLING = [130.0 - 2 * month for month in range(13)]  # 106 now, 100 in three months, 98 in four


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2 periods", "calm"),
        ("6 periods", "breached"),
        ({"within": "6 periods", "by": "20 %"}, "calm"),
        ({"within": "6 periods", "surely": True}, "breached"),
    ],
)
def test_a_kpi_that_is_heading_for_a_miss_is_told_in_time(when: object, expected: str) -> None:
    assert said(MONTHLY, {"forecast_misses_target": when}, history(*FALLING)) == expected


def test_the_first_miss_is_told_with_its_interval() -> None:
    finding = seen_by(MONTHLY, {"forecast_misses_target": "12 periods"}, history(*FALLING))
    assert (finding.value, finding.target) == (106.0, 100.0)
    assert 3 <= finding.periods <= 6
    assert finding.low is not None
    assert finding.expected is not None
    assert finding.high is not None
    assert finding.low <= finding.expected <= finding.high
    assert finding.expected < 100.0


def test_what_may_yet_be_met_is_not_surely_missed() -> None:
    wild = [100.0 + (8.0 if month % 2 else -9.0) for month in range(24)]
    assert said(MONTHLY, {"forecast_misses_target": {"within": "2 periods", "surely": True}}, history(*wild)) == "calm"


def test_each_period_is_measured_against_its_own_target() -> None:
    rising = make_kpi(target={"2026-01": 100.0, "2027-01": 140.0})
    steady = history(*[120.0] * 12)
    assert said(rising, {"forecast_misses_target": "2 periods"}, steady) == "calm"
    assert said(rising, {"forecast_misses_target": "3 periods"}, steady) == "breached"
    later = make_kpi(target={"2027-06": 140.0})
    assert said(later, {"forecast_misses_target": "3 periods"}, steady) == "no_target"


def test_a_forecast_leaves_a_band_too() -> None:
    monthly_band = make_kpi(direction="within_band", target={"low": 102.0, "high": 130.0})
    assert said(monthly_band, {"forecast_misses_target": "6 periods"}, history(*FALLING)) == "breached"
    assert said(monthly_band, {"forecast_misses_target": "6 periods"}, history(*[110.0] * 13)) == "calm"


def test_a_forecast_wants_eight_values() -> None:
    assert said(MONTHLY, {"forecast_misses_target": "2 periods"}, history(*FALLING[:7])) == "too_little_history"
    assert said(MONTHLY, {"forecast_misses_target": "2 periods"}, history(*FALLING[:8])) == "calm"


def test_a_forecast_recovers_at_its_recovery() -> None:
    when = {"forecast_misses_target": {"within": "1 period", "by": "4 %", "recovery": "1 %"}}
    assert said(MONTHLY, when, history(*[98.0] * 13)) == "calm"
    assert said(MONTHLY, when, history(*[98.0] * 13), firing=True) == "breached"
    assert said(MONTHLY, when, history(*[99.5] * 13), firing=True) == "calm"
