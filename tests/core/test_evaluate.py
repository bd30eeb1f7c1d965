"""Judging one rule: "for how long", incomplete periods, and doubts that never become a change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.core.alert import State
from bot.core.calendar import Calendar
from bot.core.conditions import Surroundings
from bot.core.evaluate import explain
from bot.core.history import Doubtful, History
from bot.core.judging import Case, judge
from bot.core.kpi import Rule
from bot.core.lifecycle import Notice
from bot.core.periods import Frequency
from bot.core.verdict import Breached, Doubt, Finding
from tests.core.examples import (
    MADRID,
    NOW,
    answer,
    gappy,
    history,
    make_alert,
    make_kpi,
    make_rule,
    policy_of,
    verdict_on,
)

KPI = make_kpi()
LASTING: Any = {"for": "3 periods"}
AROUND = Surroundings(NOW, Calendar(MADRID))


def explained(rule: Rule, *values: float, firing: bool = False) -> Finding:
    """Give what is said of a broken rule to somebody who asks why."""
    verdict = explain(KPI, rule, history(*values), firing=firing, around=AROUND)
    assert isinstance(verdict, Breached)
    return verdict.finding


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((5.0, 5.0, 5.0), "breached"),
        ((1.0, 5.0, 5.0, 5.0), "breached"),
        ((5.0, 1.0, 5.0), "pending_for"),
        ((1.0, 5.0, 5.0), "pending_for"),
        ((5.0, 5.0), "pending_for"),
        ((5.0,), "pending_for"),
        ((5.0, 5.0, 1.0), "calm"),
        ((), "no_value"),
    ],
)
def test_for_asks_the_values_before_the_same_question(values: tuple[float, ...], expected: str) -> None:
    assert answer(verdict_on(KPI, make_rule({"above": 4}, **LASTING), history(*values))) == expected


def test_a_breach_says_how_long_it_has_lasted() -> None:
    assert explained(make_rule({"above": 4}, **LASTING), 5.0, 5.0, 5.0).lasting == 3


def test_the_values_before_must_reach_the_limit_itself_not_only_miss_the_recovery() -> None:
    rule = make_rule({"above": {"limit": 4, "recovery": 3}}, **{"for": "2 periods"})
    assert answer(verdict_on(KPI, rule, history(3.5, 5.0))) == "pending_for"


def test_while_firing_for_is_not_asked_again() -> None:
    rule = make_rule({"above": 4}, **LASTING)
    assert answer(verdict_on(KPI, rule, history(1.0, 1.0, 5.0), firing=True)) == "breached"
    assert answer(verdict_on(KPI, rule, history(5.0, 5.0, 1.0), firing=True)) == "calm"


def test_staleness_measures_time_itself_so_for_does_not_add_to_it() -> None:
    rule = make_rule({"stale": "1 period"}, **LASTING)
    assert answer(verdict_on(KPI, rule, history(5.0, last="2026-09"))) == "breached"


def test_any_new_value_ends_staleness_however_long_the_rest_is_kept_firing() -> None:
    kept: Any = {"keep_firing_for": "2 periods"}
    fresh = history(5.0, 1.0, 1.0, 1.0)
    assert answer(verdict_on(KPI, make_rule({"stale": "1 period"}, **kept), fresh, firing=True)) == "calm"
    several = make_rule({"any_of": [{"above": 4}, {"stale": "1 period"}]}, **kept)
    assert answer(verdict_on(KPI, several, fresh, firing=True)) == "calm"
    assert answer(verdict_on(KPI, several, history(5.0, 1.0, 1.0), firing=True)) == "kept_firing"


def test_one_bad_value_is_not_made_to_last_by_a_gap_that_never_was() -> None:
    several = make_rule({"any_of": [{"above": 4}, {"stale": "1 period"}]}, **{"for": "2 periods"})
    assert answer(verdict_on(KPI, several, history(0.0, 0.0, 5.0))) == "pending_for"
    assert answer(verdict_on(KPI, several, history(0.0, 0.0, last="2026-08"))) == "breached"


def test_a_value_of_which_nothing_can_be_said_does_not_end_what_is_kept_firing() -> None:
    rule = make_rule({"rises": {"by": "50 %"}}, keep_firing_for="1 period")
    assert answer(verdict_on(KPI, rule, history(0.0, 9.0, 9.0), firing=True)) == "kept_firing"
    assert answer(verdict_on(KPI, rule, history(0.0, 9.0, 9.0, 9.0), firing=True)) == "calm"


@pytest.mark.parametrize(
    ("when", "values", "periods"),
    [
        ({"rises": {"by": "10 %", "over": "3 periods"}}, (100.0, 100.0, 100.0, 120.0, 130.0), 3),
        ({"worsens_for": "3 periods"}, (9.0, 8.0, 7.0, 6.0, 5.0), 3),
        ({"forecast_misses_target": "4 periods"}, tuple(200.0 - 6 * month for month in range(16)), 2),
    ],
)
def test_how_long_it_has_lasted_leaves_the_condition_s_own_count_alone(
    when: dict[str, Any], values: tuple[float, ...], periods: int
) -> None:
    finding = explained(make_rule(when, **{"for": "2 periods"}), *values)
    assert (finding.periods, finding.lasting) == (periods, 2)


def test_an_open_alert_says_it_has_lasted_only_as_long_as_it_has() -> None:
    rule = make_rule({"above": {"limit": 4, "recovery": 3}}, **LASTING)
    for values, lasting in (((5.0,) * 7, 7), ((5.0, 5.0, 3.5, 5.0, 5.0), 2), ((5.0, 5.0, 3.5), 1)):
        finding = explained(rule, *values, firing=True)
        assert (finding.lasting, finding.at_least) == (lasting, None)


@pytest.mark.parametrize(
    ("when", "lasting", "count", "told"),
    [
        ({"above": 4}, "1 period", 3, (3, None)),
        ({"above": 4}, "1 period", 11, (11, None)),
        ({"above": 4}, "1 period", 20, (12, True)),
        ({"above": 4}, "15 periods", 20, (15, True)),
        ({"any_of": [{"above": 4}, {"below": -1}]}, "1 period", 3, (3, None)),
        ({"rises": {"by": 1}}, "1 period", 3, (1, None)),
        ({"rises": {"by": 1}}, "2 periods", 5, (2, True)),
        ({"any_of": [{"above": 4}, {"stale": "1 period"}]}, "2 periods", 5, (1, None)),
    ],
)
def test_how_long_it_has_lasted_is_counted_as_far_as_that_takes_no_time(
    when: dict[str, Any], lasting: str, count: int, told: tuple[int, bool | None]
) -> None:
    rule, values = make_rule(when, **{"for": lasting}), (0.0, *(5.0 + 2 * place for place in range(count)))
    for firing in (False, True):
        finding = explained(rule, *values, firing=firing)
        assert (finding.lasting, finding.at_least) == told


@pytest.mark.parametrize(
    ("when", "value", "recovery"),
    [
        ({"above": {"limit": 4, "recovery": 3}}, 3.5, 3.0),
        ({"above": {"limit": 4, "recovery": 3}}, 4.0, 3.0),
        ({"above": {"limit": 4, "recovery": 3}}, 4.1, None),
        ({"below": {"limit": 4, "recovery": 5}}, 4.5, 5.0),
        ({"outside": {"low": 1, "high": 9, "recovery": {"low": 2, "high": 8}}}, 1.5, 2.0),
        ({"outside": {"low": 1, "high": 9, "recovery": {"low": 2, "high": 8}}}, 8.5, 8.0),
        ({"outside": {"low": 1, "high": 9, "recovery": {"low": 2, "high": 8}}}, 9.5, None),
        ({"reaches": {"limit": 4, "recovery": 5}}, 4.5, 5.0),
        ({"reaches": {"limit": 4, "recovery": 5}}, 4.0, None),
    ],
)
def test_an_open_alert_says_what_it_has_still_to_come_back_to(
    when: dict[str, Any], value: float, recovery: float | None
) -> None:
    verdict = verdict_on(KPI, make_rule(when), history(value), firing=True)
    assert isinstance(verdict, Breached)
    assert verdict.finding.recovery == recovery


LATE = make_rule({"below": 0}, no_data="breached")


@pytest.mark.parametrize(
    ("delay", "values", "expected"),
    [
        ("2 periods", [("2026-09", 50.0)], "calm"),  # in November: October is complete in December
        ("2 periods", [("2026-08", 50.0)], "breached"),
        ("1 period", [("2026-10", 50.0)], "calm"),
        ("1 period", [("2026-09", 50.0), ("2026-11", 5.0)], "breached"),  # the running month's value is not October's
        ("1 period", [("2026-11", 5.0)], "incomplete_period"),
        (None, [("2026-09", 50.0), ("2026-11", 5.0)], "calm"),
    ],
)
def test_a_value_is_missed_once_its_period_counts_as_complete(
    delay: str | None, values: list[tuple[str, float]], expected: str
) -> None:
    kpi = make_kpi(completeness_delay=delay)
    assert answer(verdict_on(kpi, LATE, gappy(values))) == expected


@pytest.mark.parametrize(("first", "expected"), [(11, "breached"), (10, "missing_input")])
def test_a_doubt_about_the_running_period_is_none_about_the_complete_one(first: int, expected: str) -> None:
    doubt = Doubtful(date(2026, first, 1), Doubt.MISSING_INPUT)
    seen = history(5.0, last="2026-10" if first == 11 else "2026-09")._replace(doubt=doubt)
    assert answer(verdict_on(make_kpi(completeness_delay="1 period"), make_rule({"above": 4}), seen)) == expected
    assert answer(verdict_on(KPI, make_rule({"above": 4}), seen)) == "missing_input", "it is judged at once"


def test_a_doubt_about_the_running_period_is_one_about_its_pace() -> None:
    doubt = Doubtful(date(2026, 11, 1), Doubt.MISSING_INPUT)
    kpi = make_kpi(completeness_delay="1 period", accumulates=True)
    seen = history(5.0)._replace(doubt=doubt)
    assert answer(verdict_on(kpi, make_rule({"off_pace": "10 %"}), seen)) == "missing_input"
    assert answer(verdict_on(kpi, make_rule({"off_pace": "10 %"}), history(5.0))) == "breached"


@pytest.mark.parametrize(
    ("delay", "now", "expected"),
    [
        (None, datetime(2026, 10, 5, tzinfo=UTC), "breached"),
        ("1 period", datetime(2026, 10, 31, 22, 59, tzinfo=UTC), "incomplete_period"),
        ("1 period", datetime(2026, 10, 31, 23, 0, tzinfo=UTC), "breached"),
        ("2 periods", datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "incomplete_period"),
        ("2 periods", datetime(2026, 11, 30, 23, 0, tzinfo=UTC), "breached"),
    ],
)
@pytest.mark.parametrize("firing", [False, True])
def test_a_period_is_judged_once_it_is_complete(delay: str | None, now: datetime, expected: str, firing: bool) -> None:
    kpi = make_kpi(completeness_delay=delay) if delay else KPI
    assert answer(verdict_on(kpi, make_rule({"above": 4}), history(5.0), now=now, firing=firing)) == expected


def test_completeness_delay_leaves_a_series_without_values_to_its_rules() -> None:
    kpi = make_kpi(completeness_delay="1 period")
    assert answer(verdict_on(kpi, make_rule({"above": 4}), History(Frequency.MONTHLY, ()))) == "no_value"


DOUBTFUL: list[tuple[str, Rule, History]] = [
    ("no_value", make_rule({"above": 4}), history()),
    ("too_little_history", make_rule({"rises": {"by": 1}}), history(5.0)),
    ("too_little_history", make_rule({"worsens_for": "2 periods"}), history(5.0, 4.0)),
    ("change_from_zero", make_rule({"rises": {"by": "1 %"}}), history(0.0, 5.0)),
    ("no_target", make_rule({"misses_target_by": "1 %"}), history(5.0, last="2025-12")),
    ("pending_for", make_rule({"above": 4}, **LASTING), history(5.0)),
    ("incomplete_period", make_rule({"above": 4}), history(5.0, last="2026-11")),
]


@pytest.mark.parametrize(("reason", "rule", "seen"), DOUBTFUL)
@pytest.mark.parametrize("state", [None, *State])
def test_unsure_never_becomes_a_change(reason: str, rule: Rule, seen: History, state: State | None) -> None:
    delay = {"completeness_delay": "1 period"} if reason == "incomplete_period" else {}
    kpi = make_kpi(target={"2026-01": 100.0}, **delay)
    firing = state in (State.FIRING, State.ACKNOWLEDGED)
    known = {} if state is None else {rule.id: make_alert(state=state, rule=rule.id, kpi=kpi.key, resolved_at=NOW)}
    steps = judge(Case(policy_of(kpi), kpi, "", seen, NOW + timedelta(hours=1)), [rule], known)
    if reason == "pending_for" and firing:
        assert [taken.notice for taken in steps] == [Notice.UPDATED], "how long is not asked of a firing alert"
    else:
        assert answer(verdict_on(kpi, rule, seen, firing=firing)) == reason
        assert steps == []


@pytest.mark.parametrize("firing", [False, True])
def test_judging_the_same_twice_gives_the_same(firing: bool) -> None:
    rule, seen = make_rule({"above": {"limit": 4, "recovery": 3}}, **LASTING), history(5.0, 5.0, 5.0)
    assert verdict_on(KPI, rule, seen, firing=firing) == verdict_on(KPI, rule, seen, firing=firing)


def test_a_rule_sees_only_the_newest_value_as_now() -> None:
    rule = make_rule({"above": 4})
    assert answer(verdict_on(KPI, rule, history(9.0, 9.0, 1.0))) == "calm"


def test_while_a_period_is_incomplete_the_one_before_it_is_judged() -> None:
    kpi = make_kpi(completeness_delay="1 period")
    seen = history(5.0, 1.0, last="2026-11")
    assert answer(verdict_on(kpi, make_rule({"above": 4}), seen, now=datetime(2026, 11, 20, tzinfo=UTC))) == "breached"
    assert answer(verdict_on(kpi, make_rule({"above": 4}), seen, now=datetime(2026, 12, 1, tzinfo=UTC))) == "calm"


def test_what_is_seen_while_firing_is_what_opened_the_alert() -> None:
    rule = make_rule({"above": 4}, lasting="2 periods")
    opened, again = explained(rule, 5.0, 6.0), explained(rule, 5.0, 6.0, firing=True)
    assert opened == again
    assert again.lasting == 2
