"""Judging one rule: "for how long", incomplete periods, and doubts that never become a change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.alert import State
from bot.core.history import History
from bot.core.judging import Case, judge
from bot.core.kpi import Rule
from bot.core.lifecycle import Notice
from bot.core.periods import Frequency
from bot.core.verdict import Breached
from tests.core.examples import NOW, answer, history, make_alert, make_kpi, make_rule, policy_of, verdict_on

KPI = make_kpi()
LASTING: Any = {"for": "3 periods"}


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
    verdict = verdict_on(KPI, make_rule({"above": 4}, **LASTING), history(5.0, 5.0, 5.0))
    assert isinstance(verdict, Breached)
    assert verdict.finding.periods == 3


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
    rule, seen = make_rule({"above": 4}, lasting="2 periods"), history(5.0, 6.0)
    opened, again = verdict_on(make_kpi(), rule, seen), verdict_on(make_kpi(), rule, seen, firing=True)
    assert opened == again
    assert isinstance(again, Breached)
    assert again.finding.periods == 2
