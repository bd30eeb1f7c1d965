"""Where a KPI stands: status, attainment, trend; and what departments and the company score."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.history import History, Point
from bot.core.kpi import Direction, Kpi
from bot.core.organisation import ScoreLabels, StatusBands
from bot.core.periods import Frequency, parse_label
from bot.core.standing import (
    Label,
    Running,
    Score,
    Status,
    Trend,
    attained,
    label_of,
    overall_score,
    score,
    stand,
    stands_on,
)
from bot.core.words import Band
from tests.core.examples import NOW, history, make_kpi, policy_of, small_policy, standing_of

THRESHOLDS: dict[str, Any] = {"warning": 2.5, "warning_recovery": 2.4, "critical": 4.0, "critical_recovery": 3.8}
CHURN = make_kpi(unit="percent", direction="lower_is_better", target=2.5, thresholds=THRESHOLDS)
PLAIN = make_kpi()
BANDED = make_kpi(
    unit="percent",
    direction="within_band",
    target={"low": 85.0, "high": 95.0},
    thresholds={"warning": {"low": 85.0, "high": 95.0}, "critical": {"low": 80.0, "high": 99.0}},
)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (4.1, Status.RED),
        (4.0, Status.RED),
        (3.9, Status.YELLOW),
        (2.5, Status.YELLOW),
        (2.45, Status.GREEN),
        (2.3, Status.GREEN),
        (2.2, Status.BLUE),
        (0.1, Status.BLUE),
        (0.0, Status.BLUE),
    ],
)
def test_thresholds_decide_the_status_and_a_beaten_target_is_blue(value: float, status: Status) -> None:
    assert standing_of(CHURN, value).status is status


def test_status_is_of_now_so_recovery_levels_do_not_colour_it() -> None:
    assert standing_of(CHURN, 4.2, 3.9).status is Status.YELLOW
    assert standing_of(CHURN, 2.6, 2.45).status is Status.GREEN


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (79.9, Status.RED),
        (80.0, Status.YELLOW),
        (84.9, Status.YELLOW),
        (85.0, Status.GREEN),
        (95.0, Status.GREEN),
        (95.1, Status.YELLOW),
        (99.1, Status.RED),
    ],
)
def test_leaving_a_band_colours_the_status_on_either_side(value: float, status: Status) -> None:
    assert standing_of(BANDED, value).status is status


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (110.0, Status.BLUE),
        (109.9, Status.GREEN),
        (90.0, Status.GREEN),
        (89.9, Status.YELLOW),
        (70.0, Status.YELLOW),
        (69.9, Status.RED),
        (-5.0, Status.RED),
    ],
)
def test_without_thresholds_attainment_decides_the_status(value: float, status: Status) -> None:
    assert standing_of(PLAIN, value).status is status


def test_the_bands_of_attainment_are_the_company_s() -> None:
    company = small_policy().company.model_copy(update={"statuses": StatusBands(green=99, yellow=50, blue=200)})
    strict = policy_of(PLAIN, company=company)
    assert [standing_of(PLAIN, value, policy=strict).status for value in (120.0, 98.0, 55.0, 49.0)] == [
        Status.GREEN,
        Status.YELLOW,
        Status.YELLOW,
        Status.RED,
    ]


def test_no_data_is_grey() -> None:
    nothing = stand(policy_of(PLAIN), PLAIN, "size:small", History(Frequency.MONTHLY, ()), NOW)
    assert (nothing.status, nothing.segment) == (Status.GREY, "size:small")
    assert (nothing.value, nothing.attainment, nothing.trend, nothing.missing_periods) == (None,) * 4


@pytest.mark.parametrize(
    ("last", "missing", "grey"), [("2026-10", 0, False), ("2026-09", 1, False), ("2026-08", 2, True)]
)
def test_stale_data_is_grey_and_counts_for_nothing(last: str, missing: int, grey: bool) -> None:
    standing = standing_of(CHURN, 9.0, last=last)
    assert standing.missing_periods == missing
    assert (standing.status is Status.GREY) is grey
    assert (standing.attainment is None) is grey
    assert standing.value == 9.0, "the last number known is still told"


def test_how_old_data_may_be_is_the_company_s() -> None:
    patient = policy_of(CHURN, company=small_policy().company.model_copy(update={"stale_after": 6}))
    assert standing_of(CHURN, 9.0, last="2026-06", policy=patient).status is Status.RED


def test_before_a_plan_begins_there_is_nothing_to_stand_against() -> None:
    planned = make_kpi(target={"2026-11": 100.0})
    standing = standing_of(planned, 50.0)
    assert (standing.target, standing.attainment, standing.status) == (None, None, Status.GREY)


def test_a_plan_holds_until_its_next_number() -> None:
    planned = make_kpi(target={"2026-01": 100.0, "2026-07": 200.0})
    assert [standing_of(planned, 100.0, last=last).target for last in ("2026-06", "2026-07", "2026-10")] == [
        100,
        200,
        200,
    ]


HIGHER, LOWER = Direction.HIGHER_IS_BETTER, Direction.LOWER_IS_BETTER
ATTAINED = [
    (HIGHER, 100.0, 100.0, 100.0),
    (HIGHER, 85.0, 100.0, 85.0),
    (HIGHER, 125.0, 100.0, 125.0),
    (HIGHER, 0.0, 100.0, 0.0),
    (HIGHER, -20.0, 100.0, 0.0),
    (HIGHER, 0.0, 0.0, 100.0),
    (HIGHER, -1.0, 0.0, 0.0),
    (HIGHER, -40.0, -50.0, 100.0),
    (HIGHER, -60.0, -50.0, 0.0),
    (LOWER, 2.5, 2.5, 100.0),
    (LOWER, 5.0, 2.5, 50.0),
    (LOWER, 1.25, 2.5, 200.0),
    (LOWER, 0.0, 0.0, 100.0),
    (LOWER, 1.0, 0.0, 0.0),
    (LOWER, -5.0, -5.0, 100.0),
    (LOWER, -4.0, -5.0, 0.0),
    (LOWER, 1.0, -5.0, 0.0),
    (Direction.WITHIN_BAND, 85.0, Band(low=85, high=95), 100.0),
    (Direction.WITHIN_BAND, 95.0, Band(low=85, high=95), 100.0),
    (Direction.WITHIN_BAND, 68.0, Band(low=85, high=95), 80.0),
    (Direction.WITHIN_BAND, 114.0, Band(low=85, high=95), 80.0),
    (Direction.WITHIN_BAND, 500.0, Band(low=85, high=95), 0.0),
    (Direction.WITHIN_BAND, -2.0, Band(low=0, high=10), 80.0),
    (Direction.WITHIN_BAND, 1.0, Band(low=0, high=0), 0.0),
]


@pytest.mark.parametrize(("direction", "value", "target", "percent"), ATTAINED)
def test_attainment_is_value_against_target_by_direction(
    direction: Direction, value: float, target: float | Band, percent: float
) -> None:
    assert attained(direction, value, target) == pytest.approx(percent)


NUMBERS = st.integers(-1000, 1000).map(lambda tenths: tenths / 10)


@given(st.sampled_from([HIGHER, LOWER]), NUMBERS, NUMBERS, NUMBERS)
def test_a_better_value_never_attains_less(direction: Direction, one: float, other: float, target: float) -> None:
    worse, better = sorted((one, other), reverse=direction is LOWER)
    assert 0 <= attained(direction, worse, target) <= attained(direction, better, target)


@given(st.sampled_from([HIGHER, LOWER]), NUMBERS, NUMBERS)
def test_a_target_is_attained_exactly_when_it_is_met(direction: Direction, value: float, target: float) -> None:
    met = value >= target if direction is HIGHER else value <= target
    assert (attained(direction, value, target) >= 100 - 1e-9) is met


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_nearer_to_a_band_s_end_never_attains_less(low: float, width: float, near: float, more: float) -> None:
    band = Band(low=low, high=low + abs(width))
    above = [attained(Direction.WITHIN_BAND, band.high + abs(near) + step, band) for step in (0.0, abs(more))]
    below = [attained(Direction.WITHIN_BAND, band.low - abs(near) - step, band) for step in (0.0, abs(more))]
    assert above[0] >= above[1] >= 0
    assert below[0] >= below[1] >= 0


def test_shown_attainment_stops_at_one_hundred() -> None:
    assert standing_of(PLAIN, 250.0).attainment == 100.0
    assert standing_of(CHURN, 0.0).attainment == 100.0
    assert standing_of(PLAIN, 85.0).attainment == pytest.approx(85.0)


@pytest.mark.parametrize(
    ("kpi", "values", "trend"),
    [
        (PLAIN, (100.0, 115.0), Trend(previous=100.0, difference=15.0, change=0.15, better=True)),
        (PLAIN, (100.0, 80.0), Trend(previous=100.0, difference=-20.0, change=-0.2, better=False)),
        (PLAIN, (100.0, 100.0), Trend(previous=100.0, difference=0.0, change=0.0, better=None)),
        (PLAIN, (0.0, 5.0), Trend(previous=0.0, difference=5.0, change=None, better=True)),
        (PLAIN, (-100.0, -50.0), Trend(previous=-100.0, difference=50.0, change=0.5, better=True)),
        (CHURN, (2.0, 4.0), Trend(previous=2.0, difference=2.0, change=None, better=False)),
        (CHURN, (4.0, 2.0), Trend(previous=4.0, difference=-2.0, change=None, better=True)),
        (BANDED, (84.0, 83.0), Trend(previous=84.0, difference=-1.0, change=None, better=False)),
        (BANDED, (97.0, 96.0), Trend(previous=97.0, difference=-1.0, change=None, better=True)),
        (BANDED, (86.0, 94.0), Trend(previous=86.0, difference=8.0, change=None, better=None)),
        (BANDED, (300.0, 200.0), Trend(previous=300.0, difference=-100.0, change=None, better=True)),
    ],
)
def test_a_trend_is_in_points_for_percent_and_a_fraction_for_the_rest(
    kpi: Kpi, values: tuple[float, ...], trend: Trend
) -> None:
    assert standing_of(kpi, *values).trend == trend


def test_one_value_is_no_trend() -> None:
    assert standing_of(PLAIN, 5.0).trend is None


def test_a_year_and_a_month_of_recent_values_are_kept() -> None:
    standing = standing_of(PLAIN, *map(float, range(20)))
    assert [point.value for point in standing.recent] == [float(value) for value in range(7, 20)]


LABELS = ScoreLabels()


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (100.0, Label.EXCELLENT),
        (90.0, Label.EXCELLENT),
        (89.999, Label.STRONG),
        (80.0, Label.STRONG),
        (79.9, Label.GOOD),
        (70.0, Label.GOOD),
        (69.9, Label.AT_RISK),
        (50.0, Label.AT_RISK),
        (49.9, Label.CRITICAL),
        (0.0, Label.CRITICAL),
    ],
)
def test_a_score_has_a_word_from_its_band_s_lower_end_on(value: float, label: Label) -> None:
    assert label_of(value, LABELS) is label


@pytest.mark.parametrize(
    ("of", "value", "label"),
    [
        ("overall health", 92, Label.EXCELLENT),
        ("sales", 88, Label.STRONG),
        ("marketing", 85, Label.STRONG),
        ("customer success", 82, Label.STRONG),
        ("engineering", 90, Label.EXCELLENT),
        ("finance", 87, Label.STRONG),
    ],
)
def test_the_performance_document_s_own_scores_get_its_own_words(of: str, value: float, label: Label) -> None:
    assert label_of(value, LABELS) is label, of


def test_the_words_are_the_company_s() -> None:
    assert label_of(85, ScoreLabels(excellent=85, strong=75, good=60, at_risk=40)) is Label.EXCELLENT


def test_a_score_is_the_weighted_mean_of_attainments() -> None:
    light, heavy = make_kpi("light", weight=1.0), make_kpi("heavy", weight=3.0)
    both = [standing_of(light, 60.0), standing_of(heavy, 100.0)]
    assert score(both, LABELS) == Score(value=90.0, label=Label.EXCELLENT, of=2)


def test_a_score_counts_totals_that_have_data_and_weight_once() -> None:
    kpi, silent, weightless = make_kpi("a"), make_kpi("b"), make_kpi("c", weight=0.0)
    standings = [
        standing_of(kpi, 80.0),
        standing_of(kpi, 10.0).model_copy(update={"segment": "size:small"}),
        standing_of(silent, 10.0, last="2025-01"),
        standing_of(weightless, 10.0),
    ]
    assert score(standings, LABELS) == Score(value=80.0, label=Label.STRONG, of=1)


def test_nothing_known_has_no_score() -> None:
    assert score([], LABELS) is None
    assert score([standing_of(PLAIN, 50.0, last="2025-01")], LABELS) is None
    assert overall_score([], LABELS) is None


def test_an_attainment_of_zero_counts() -> None:
    assert score([standing_of(make_kpi("a"), 0.0), standing_of(make_kpi("b"), 100.0)], LABELS) == Score(
        value=50.0, label=Label.AT_RISK, of=2
    )


def test_the_company_s_score_weighs_its_departments() -> None:
    good, bad = Score(value=90.0, label=Label.EXCELLENT, of=9), Score(value=60.0, label=Label.AT_RISK, of=1)
    assert overall_score([(good, 2.0), (bad, 1.0)], LABELS) == Score(value=80.0, label=Label.STRONG, of=2)
    assert overall_score([(good, 1.0), (bad, 0.0)], LABELS) == Score(value=90.0, label=Label.EXCELLENT, of=1)


def test_a_threshold_that_has_not_lasted_long_enough_does_not_colour_yet() -> None:
    patient = make_kpi(thresholds={"critical": 50.0, "for": "2 periods"})
    assert standing_of(patient, 100.0, 40.0).status is not Status.RED
    assert standing_of(patient, 45.0, 40.0).status is Status.RED


@pytest.mark.parametrize(("timezone", "missing"), [("Europe/Madrid", 1), ("Pacific/Auckland", 2)])
def test_standing_is_by_the_company_s_calendar(timezone: str, missing: int) -> None:
    daily = make_kpi(frequency="daily")
    policy = policy_of(daily, company=small_policy().company.model_copy(update={"timezone": timezone}))
    evening = NOW.replace(hour=20)
    seen = history(5.0, last="2026-11-20", frequency=Frequency.DAILY)
    assert stand(policy, daily, "", seen, evening).missing_periods == missing


MONTHLY_SALES: dict[str, Any] = {"target": {"2026-01": 100.0, "2026-11": 110.0}, "accumulates": True}
SALES = make_kpi(**MONTHLY_SALES, completeness_delay="1 period")
NOVEMBER = parse_label("2026-11", Frequency.MONTHLY)


def test_the_running_period_is_told_and_the_one_before_is_judged() -> None:
    standing = standing_of(SALES, 90.0, 95.0, 30.0, last="2026-11")
    assert standing.running == Running(period=NOVEMBER, value=30.0, target=110.0)
    assert (standing.period, standing.value, standing.target) == (NOVEMBER.previous, 95.0, 100.0)
    assert (standing.status, standing.attainment) == (Status.GREEN, 95.0)
    assert standing.trend == Trend(previous=90.0, difference=5.0, change=5 / 90, better=True)
    assert [point.value for point in standing.recent] == [90.0, 95.0]
    assert standing.newest_period == NOVEMBER
    whole = standing_of(make_kpi(**MONTHLY_SALES), 90.0, 95.0, 30.0, last="2026-11")
    assert (whole.value, whole.status, whole.running) == (30.0, Status.RED, None), "without a delay the newest counts"


def test_what_only_began_has_no_status_yet() -> None:
    standing = standing_of(SALES, 30.0, last="2026-11")
    assert (standing.value, standing.status, standing.attainment, standing.trend) == (None, Status.GREY, None, None)
    assert standing.running is not None
    assert (standing.newest_period, standing.missing_periods) == (NOVEMBER, 0)
    assert score([standing], ScoreLabels()) is None


def test_a_complete_value_grows_old_whatever_of_the_running_period_arrives() -> None:
    seen = history(95.0, last="2026-08", frequency=Frequency.MONTHLY)
    seen = seen._replace(points=(*seen.points, Point(NOVEMBER.first, 30.0)))
    standing = stand(policy_of(SALES), SALES, "", seen, NOW)
    assert (standing.value, standing.status, standing.missing_periods) == (95.0, Status.GREY, 0)


def test_as_many_values_are_asked_for_as_a_standing_goes_by() -> None:
    late = make_kpi("late", completeness_delay="3 periods", thresholds={"critical": 10.0, "for": "20 periods"})
    values = [float(value) for value in range(100, 140)]
    for kpi, critical in ((SALES, ()), (late, [5.0] * 20)):
        seen = history(*values, *critical, *[1.0] * (kpi.completeness_delay or 0), last="2026-11")
        enough = seen._replace(points=seen.points[-stands_on([kpi]) :])
        assert stand(policy_of(kpi), kpi, "", enough, NOW) == stand(policy_of(kpi), kpi, "", seen, NOW)
    assert stands_on([SALES, late]) == stands_on([late]) > stands_on([SALES])
    assert stands_on([]) == 1
