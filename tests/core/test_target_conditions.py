"""Recovery from a distance, pace towards the end of a period, and conditions that ask several things together."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import Calendar, Weekday
from bot.core.conditions import Other, Surroundings
from bot.core.evaluate import evaluate
from bot.core.history import History
from bot.core.kpi import Kpi
from bot.core.verdict import Breached, Calm, Finding, Verdict
from tests.core.examples import MADRID, NOW, answer, gappy, history, make_kpi, make_rule, verdict_on

HIGHER = make_kpi()
LOWER = make_kpi(direction="lower_is_better")
CHURN = make_kpi(unit="percent", direction="lower_is_better", target=2.5)
SALES = make_kpi(key="sales", accumulates=True, target=3000.0)
COSTS = make_kpi(key="costs", accumulates=True, target=3000.0, direction="lower_is_better")
NOVEMBER = "2026-11"


def said(kpi: Kpi, when: dict[str, Any], *values: float, firing: bool = False, last: str = "2026-10") -> str:
    return answer(verdict_on(kpi, make_rule(when), history(*values, last=last), firing=firing))


RECOVERIES = [
    # a condition, the values, the answer at rest and while firing
    (HIGHER, {"misses_target_by": {"by": "15 %", "recovery": "10 %"}}, (85.0,), "breached", "breached"),
    (HIGHER, {"misses_target_by": {"by": "15 %", "recovery": "10 %"}}, (89.0,), "calm", "breached"),
    (HIGHER, {"misses_target_by": {"by": "15 %", "recovery": "10 %"}}, (90.0,), "calm", "calm"),
    # exactly the recovery, though 2.8 - 2.5 is less than 0.3 and 1.1 - 1.0 more than 0.1 where one counts in twos
    (CHURN, {"misses_target_by": {"by": "0.7 points", "recovery": "0.3 points"}}, (2.8,), "calm", "calm"),
    (CHURN, {"misses_target_by": {"by": "0.7 points", "recovery": "0.3 points"}}, (2.81,), "calm", "breached"),
    (CHURN, {"rises": {"by": "0.5 points", "recovery": "0.1 points"}}, (1.0, 1.1), "calm", "calm"),
    (make_kpi(target=0.7), {"misses_target_by": {"by": "15 %", "recovery": "10 %"}}, (0.63,), "calm", "calm"),
    (HIGHER, {"beats_target_by": {"by": 20, "recovery": 10}}, (115.0,), "calm", "breached"),
    (HIGHER, {"beats_target_by": {"by": 20, "recovery": 10}}, (110.0,), "calm", "calm"),
    (HIGHER, {"rises": {"by": "20 %", "recovery": "5 %"}}, (100.0, 110.0), "calm", "breached"),
    (HIGHER, {"rises": {"by": "20 %", "recovery": "5 %"}}, (100.0, 105.0), "calm", "calm"),
    (HIGHER, {"falls": {"by": 20, "recovery": 0}}, (100.0, 99.0), "calm", "breached"),
    (HIGHER, {"falls": {"by": 20, "recovery": 0}}, (100.0, 100.0), "calm", "calm"),
    (HIGHER, {"worsens_for": {"periods": "2 periods", "recovery": "2 periods"}}, (3, 2, 1), "breached", "breached"),
    (HIGHER, {"worsens_for": {"periods": "2 periods", "recovery": "2 periods"}}, (2, 1, 2), "calm", "breached"),
    (HIGHER, {"worsens_for": {"periods": "2 periods", "recovery": "2 periods"}}, (1, 2, 2), "calm", "calm"),
]


@pytest.mark.parametrize(("kpi", "when", "values", "at_rest", "firing"), RECOVERIES)
def test_a_firing_alert_is_calm_only_past_its_recovery(
    kpi: Kpi, when: dict[str, Any], values: tuple[float, ...], at_rest: str, firing: str
) -> None:
    assert said(kpi, when, *values) == at_rest
    assert said(kpi, when, *values, firing=True) == firing


KEPT = make_rule({"above": 4}, keep_firing_for="2 periods")


@pytest.mark.parametrize(
    ("values", "firing", "expected"),
    [
        ((5.0, 3.0), True, "kept_firing"),
        ((5.0, 3.0, 3.0), True, "kept_firing"),
        ((5.0, 3.0, 3.0, 3.0), True, "calm"),
        ((3.0, 5.0, 3.0, 5.0), True, "breached"),
        ((5.0, 3.0), False, "calm"),
        ((3.0,), True, "kept_firing"),
        ((3.0, 3.0), True, "kept_firing"),
        ((3.0, 3.0, 3.0), True, "calm"),
    ],
)
def test_an_alert_is_kept_firing_until_enough_calm_values_have_come(
    values: tuple[float, ...], firing: bool, expected: str
) -> None:
    assert answer(verdict_on(HIGHER, KEPT, history(*values), firing=firing)) == expected


@pytest.mark.parametrize(
    ("no_data", "last", "expected"),
    [
        ("unsure", "2026-08", "calm"),
        ("breached", "2026-08", "breached"),
        ("calm", "2026-08", "calm"),
        ("breached", "2026-10", "calm"),
    ],
)
def test_a_rule_says_what_a_missing_value_means(no_data: str, last: str, expected: str) -> None:
    verdict = verdict_on(HIGHER, make_rule({"above": 4}, no_data=no_data), history(3.0, last=last))
    assert answer(verdict) == expected
    if (no_data, last) == ("breached", "2026-08"):
        assert isinstance(verdict, Breached)
        assert verdict.finding == Finding("stale", value=3.0, periods=2)


def test_without_a_value_a_rule_that_takes_none_for_calm_ends_its_alert() -> None:
    rule = make_rule({"above": 4}, no_data="calm")
    assert answer(verdict_on(HIGHER, rule, history(5.0, last="2026-08"), firing=True)) == "calm"


# -- pace ----------------------------------------------------------------------------------------------------


def pace(
    kpi: Kpi, value: float, day: int, when: Any = "10 %", *, firing: bool = False, calendar: Calendar | None = None
) -> Verdict:
    """Judge November's value so far at ten in the morning of a day of November 2026."""
    now = datetime(2026, 11, day, 10, 0, tzinfo=UTC)
    around = Surroundings(now, calendar or Calendar(MADRID))
    return evaluate(kpi, make_rule({"off_pace": when}), history(value, last=NOVEMBER), firing=firing, around=around)


@pytest.mark.parametrize(
    ("kpi", "value", "day", "expected"),
    [
        (SALES, 900.0, 11, "breached"),  # 10 of 30 days: heading for 2,700, exactly 10 % short
        (SALES, 901.0, 11, "calm"),
        (SALES, 100.0, 6, "too_early"),  # 5 of 30 days
        (SALES, 100.0, 7, "breached"),  # 6 of 30: a fifth
        (SALES, 3000.0, 30, "calm"),
        (COSTS, 1100.0, 11, "breached"),
        (COSTS, 1099.0, 11, "calm"),
    ],
)
def test_pace_extends_the_value_so_far_to_the_end_of_the_period(
    kpi: Kpi, value: float, day: int, expected: str
) -> None:
    assert answer(pace(kpi, value, day)) == expected


def test_pace_tells_where_it_is_heading() -> None:
    verdict = pace(SALES, 900.0, 11)
    assert isinstance(verdict, Breached)
    assert verdict.finding == Finding("off_pace", value=900.0, target=3000.0, expected=2700.0, share=1 / 3)


def test_pace_of_a_period_that_is_over_is_its_value() -> None:
    rule = make_rule({"off_pace": "10 %"})
    assert answer(verdict_on(SALES, rule, history(2700.0))) == "breached"
    assert answer(verdict_on(SALES, rule, history(2701.0))) == "calm"


def test_pace_in_working_days_leaves_weekends_and_holidays_out() -> None:
    # 1 November 2026 is a Sunday; by the 11th seven working days are over, of 21.
    working = {"by": "10 %", "days": "working"}
    verdict = pace(SALES, 900.0, 11, working)
    assert isinstance(verdict, Breached)
    assert verdict.finding.share == 7 / 21
    holidays = Calendar(MADRID, holidays=frozenset({date(2026, 11, 2), date(2026, 11, 9)}))
    verdict = pace(SALES, 900.0, 11, working, calendar=holidays)
    assert isinstance(verdict, Calm)
    assert verdict.finding.share == 5 / 19


def test_a_company_may_work_other_days() -> None:
    calendar = Calendar(MADRID, workdays=(Weekday.SATURDAY, Weekday.SUNDAY))
    assert calendar.working_days(date(2026, 11, 1), date(2026, 11, 9)) == 3


def test_pace_may_wait_longer() -> None:
    assert answer(pace(SALES, 100.0, 11, {"by": "10 %", "from": "50 %"})) == "too_early"
    assert answer(pace(SALES, 100.0, 16, {"by": "10 %", "from": "50 %"})) == "breached"


def test_pace_recovers_at_its_recovery() -> None:
    when = {"by": "10 %", "recovery": "5 %"}
    assert answer(pace(SALES, 940.0, 11, when, firing=True)) == "breached"
    assert answer(pace(SALES, 950.0, 11, when, firing=True)) == "calm"


@given(value=st.floats(0, 1e6), day=st.integers(7, 30))
def test_more_of_what_is_good_never_breaks_the_pace(value: float, day: int) -> None:
    if answer(pace(SALES, value, day)) == "calm":
        assert answer(pace(SALES, value + 1, day)) == "calm"


# -- several together ----------------------------------------------------------------------------------------

BREACHED, CALM, UNSURE = {"above": 4}, {"above": 6}, {"rises": {"by": 1, "over": "3 periods"}}


@pytest.mark.parametrize(
    ("parts", "every", "some"),
    [
        ((BREACHED, BREACHED), "breached", "breached"),
        ((BREACHED, CALM), "calm", "breached"),
        ((CALM, CALM), "calm", "calm"),
        ((BREACHED, UNSURE), "too_little_history", "breached"),
        ((UNSURE, CALM), "calm", "too_little_history"),
        ((UNSURE, UNSURE), "too_little_history", "too_little_history"),
        ((BREACHED, {"all_of": [BREACHED, CALM]}), "calm", "breached"),
    ],
)
def test_three_answers_are_combined(parts: tuple[dict[str, Any], ...], every: str, some: str) -> None:
    assert said(HIGHER, {"all_of": list(parts)}, 5.0) == every
    assert said(HIGHER, {"any_of": list(parts)}, 5.0) == some


def together(
    kpi: Kpi, when: dict[str, Any], seen: History, others: Mapping[str, Other], *, firing: bool = False, **rule: Any
) -> Verdict:
    around = Surroundings(NOW, Calendar(MADRID), others.get)
    return evaluate(kpi, make_rule(when, **rule), seen, firing=firing, around=around)


NPS = make_kpi(key="nps", target=50.0)
UNHAPPY = {"all_of": [{"above": 4}, {"kpi": "nps", "below": 30}]}


@pytest.mark.parametrize(
    ("nps", "expected"),
    [
        ([("2026-10", 25.0)], "breached"),
        ([("2026-10", 35.0)], "calm"),
        ([("2026-09", 25.0)], "breached"),
        ([("2026-08", 25.0)], "missing_input"),
        ([("2026-10", 35.0), ("2026-11", 25.0)], "calm"),
        ([("2026-11", 25.0)], "no_value"),
        ([], "no_value"),
    ],
)
def test_another_kpi_is_asked_as_it_stood_in_the_judged_period(nps: list[tuple[str, float]], expected: str) -> None:
    verdict = together(HIGHER, UNHAPPY, history(5.0), {"nps": Other(NPS, gappy(nps))})
    assert answer(verdict) == expected


def test_a_kpi_that_is_not_watched_makes_the_whole_unsure() -> None:
    assert answer(together(HIGHER, UNHAPPY, history(5.0), {})) == "no_value"


def test_lasting_asks_every_kpi_at_the_same_time_before() -> None:
    nps = Other(NPS, gappy([("2026-09", 35.0), ("2026-10", 25.0)]))
    assert answer(together(HIGHER, UNHAPPY, history(5.0, 5.0), {"nps": nps}, lasting="2 periods")) == "pending_for"
    nps = Other(NPS, gappy([("2026-09", 25.0), ("2026-10", 25.0)]))
    assert answer(together(HIGHER, UNHAPPY, history(5.0, 5.0), {"nps": nps}, lasting="2 periods")) == "breached"


def test_a_finding_says_what_each_part_saw_and_of_whom() -> None:
    verdict = together(HIGHER, UNHAPPY, history(5.0), {"nps": Other(NPS, gappy([("2026-10", 25.0)]))})
    assert isinstance(verdict, Breached)
    above, below = verdict.finding.parts
    assert above == Finding("above", value=5.0, limit=4.0)
    assert below == Finding("below", value=25.0, limit=30.0, kpi="nps")


def test_of_some_conditions_only_the_broken_ones_are_told() -> None:
    verdict = verdict_on(HIGHER, make_rule({"any_of": [CALM, BREACHED]}), history(5.0))
    assert isinstance(verdict, Breached)
    assert [part.limit for part in verdict.finding.parts] == [4.0]


def test_whether_another_kpi_is_late_is_asked_of_now_however_far_one_looks_back() -> None:
    when = {"any_of": [{"above": 6}, {"kpi": "nps", "stale": "1 period"}]}
    fresh = {"nps": Other(NPS, gappy([("2026-09", 25.0), ("2026-10", 25.0)]))}
    assert answer(together(HIGHER, when, history(5.0, 7.0), fresh, lasting="2 periods")) == "pending_for"
    assert answer(together(HIGHER, when, history(5.0, last="2026-08"), fresh)) == "calm", "its own lateness is another"


def test_a_missing_value_of_another_kpi_can_be_asked_for() -> None:
    when = {"any_of": [{"above": 6}, {"kpi": "nps", "stale": "2 periods"}]}
    late = {"nps": Other(NPS, gappy([("2026-08", 25.0)]))}
    assert answer(together(HIGHER, when, history(5.0), late)) == "breached"
    assert make_rule(when).timed


def test_recovery_levels_reach_the_parts() -> None:
    when = {"all_of": [{"above": {"limit": 4, "recovery": 3}}, {"above": 1}]}
    assert said(HIGHER, when, 3.5) == "calm"
    assert said(HIGHER, when, 3.5, firing=True) == "breached"


@pytest.mark.parametrize("day", range(7, 31))
def test_exactly_on_pace_is_not_behind(day: int) -> None:
    hundred = make_kpi(accumulates=True, target=100.0)
    assert answer(pace(hundred, 100.0 * (day - 1) / 30, day, "0 %")) == "calm"
    assert answer(pace(hundred, 100.0 * (day - 1) / 30 - 0.001, day, "0 %")) == "breached"


def test_pace_looks_at_the_running_period_whatever_the_others_wait_for() -> None:
    patient = make_kpi(key="sales", accumulates=True, target=3000.0, completeness_delay="1 period")
    assert answer(pace(patient, 900.0, 11)) == "breached"
    both = {"all_of": [{"off_pace": "10 %"}, {"below": 100}]}
    around = Surroundings(datetime(2026, 11, 11, 10, 0, tzinfo=UTC), Calendar(MADRID))
    seen = history(50.0, 900.0, last=NOVEMBER)
    verdict = evaluate(patient, make_rule(both), seen, firing=False, around=around)
    assert isinstance(verdict, Breached)
    assert [part.value for part in verdict.finding.parts] == [900.0, 50.0]
