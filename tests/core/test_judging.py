"""Judging a series: which alerts open, are updated, end or open again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.alert import Alert, Resolution, State
from bot.core.judging import Case, judge, timed_rules
from bot.core.kpi import Kpi, Rule
from bot.core.lifecycle import Act as Deed
from bot.core.lifecycle import Event, Notice, Step, start_clocks, step
from bot.core.policy import Dimension, Policy
from tests.core.examples import NOW, OCTOBER, history, make_kpi, make_rule, policy_of, small_policy

HOUR = timedelta(hours=1)
SIZES = Dimension.model_validate({"key": "size", "name": "Size", "members": {"small": "Small"}})
POLICY = small_policy()
CHURN = POLICY.kpis["churn_rate"]  # lower is better; warning 2.5 (recovery 2.4), critical 4.0 (recovery 3.8)
WARNING, CRITICAL, WORSENING = "churn-rate-warning", "churn-rate-critical", "churn-worsening"


class Series:
    """One series that is judged again and again, as record does it, with the alerts that come of it."""

    def __init__(self, policy: Policy = POLICY, kpi: Kpi = CHURN, rules: tuple[Rule, ...] | None = None) -> None:
        self.policy, self.kpi = policy, kpi
        self.rules = policy.rules_of(kpi)[:2] if rules is None else rules
        self.alerts: dict[str, Alert] = {}

    def see(
        self, *values: float, now: datetime = NOW, restated: bool = False, last: str = OCTOBER
    ) -> list[tuple[str, Notice]]:
        seen = history(*values, last=last, frequency=self.kpi.frequency)
        case = Case(self.policy, self.kpi, "", seen, now, restated)
        steps = judge(case, self.rules, self.alerts)
        self.alerts |= {taken.alert.rule: taken.alert for taken in steps}
        return [(taken.alert.rule, taken.notice) for taken in steps]

    def act(self, rule: str, event: Event, now: datetime = NOW) -> Step:
        alert = self.alerts[rule]
        taken = step(alert, event, Deed(by="U0BRUNO01"), self.policy.priority(alert.priority), now)
        assert taken is not None
        self.alerts[rule] = taken.alert
        return taken


def test_a_breach_opens_an_alert_with_everything_it_needs() -> None:
    series = Series()
    assert series.see(2.0, 4.3) == [(CRITICAL, Notice.OPENED)]
    alert = series.alerts[CRITICAL]
    assert (alert.kpi, alert.segment, alert.priority, alert.state) == ("churn_rate", "", "critical", State.FIRING)
    assert (alert.period, alert.opened_at, alert.version, alert.ts) == ("2026-10", NOW, 1, None)
    assert (alert.finding.value, alert.finding.limit) == (4.3, 4.0)
    assert alert.chain == ("bruno", "carla", "ana")
    assert alert.channel == "C0REVENUE1"
    assert alert.policy_version == POLICY.version
    assert alert.acknowledge_by == start_clocks(POLICY.priority("critical"), NOW)["acknowledge_by"]


def test_a_calm_series_says_nothing() -> None:
    assert Series().see(2.0, 2.1) == []


def test_every_alert_has_an_id_of_its_own() -> None:
    one, other = Series(), Series()
    one.see(4.3)
    other.see(4.3)
    assert one.alerts[CRITICAL].id != other.alerts[CRITICAL].id


PACED = make_kpi(
    "sales", accumulates=True, target=3000.0, completeness_delay="1 period", thresholds={"critical": 100.0},
    rules=[
        {"id": "slow", "when": {"off_pace": "5 %"}, "priority": "high"},
        {"id": "slow-and-low", "when": {"all_of": [{"off_pace": "5 %"}, {"below": 100}]}, "priority": "high"},
        {"id": "slow-or-late", "when": {"off_pace": "5 %"}, "no_data": "breached", "priority": "high"},
    ],
)  # fmt: skip


def test_an_alert_names_the_period_its_rule_looked_at() -> None:
    series = Series(policy_of(PACED), PACED, policy_of(PACED).rules_of(PACED))
    series.see(50.0, 900.0, last="2026-11")
    assert {rule: (one.period, one.finding.value) for rule, one in series.alerts.items()} == {
        "sales-critical": ("2026-10", 50.0),
        "slow": ("2026-11", 900.0),
        "slow-and-low": ("2026-10", 50.0),
        "slow-or-late": ("2026-11", 900.0),
    }


def test_a_day_that_is_over_does_not_ask_for_the_pace_before_its_value_is_there() -> None:
    asked = [rule.id for rule in timed_rules(policy_of(PACED), PACED)]
    assert asked == ["sales-critical", "slow-and-low", "slow-or-late"]


def test_of_a_segment_no_value_has_to_come() -> None:
    kpi = make_kpi(
        segments=("size",),
        rules=[
            {"id": "late", "when": {"stale": "1 period"}, "priority": "high"},
            {"id": "none", "when": {"below": 1}, "no_data": "breached", "priority": "high"},
            {"id": "late-too", "when": {"any_of": [{"stale": "1 period"}, {"below": 1}]}, "priority": "high"},
        ],
    )
    policy = policy_of(kpi, dimensions={"size": SIZES})
    seen = history(5.0, last="2026-07")
    for segment, expected in (("", {"late", "none", "late-too"}), ("size:small", set())):
        steps = judge(Case(policy, kpi, segment, seen, NOW), policy.rules_of(kpi), {})
        assert {taken.alert.rule for taken in steps} == expected


def test_critical_inhibits_the_warning_that_would_say_less() -> None:
    series = Series()
    series.see(4.3)
    assert set(series.alerts) == {CRITICAL}
    assert series.see(4.4) == [(CRITICAL, Notice.UPDATED)]


def test_a_warning_grows_into_a_critical_alert_and_ends_there() -> None:
    series = Series()
    assert series.see(3.0) == [(WARNING, Notice.OPENED)]
    assert series.see(3.0, 4.3) == [(CRITICAL, Notice.OPENED), (WARNING, Notice.OUTGROWN)]
    assert series.alerts[WARNING].resolution is Resolution.OUTGROWN


def test_when_critical_is_over_the_warning_speaks_again() -> None:
    series = Series()
    series.see(4.3)
    assert series.see(4.3, 3.9) == [(CRITICAL, Notice.UPDATED)], "3.9 is not yet the recovery level"
    assert series.see(4.3, 3.0) == [(CRITICAL, Notice.RECOVERED), (WARNING, Notice.OPENED)]
    assert series.see(4.3, 2.0) == [(WARNING, Notice.RECOVERED)]


def test_a_warning_that_was_outgrown_goes_on_as_itself_without_a_loud_word() -> None:
    series = Series()
    series.see(3.0)
    series.see(4.3)
    assert series.see(3.0, now=NOW + HOUR) == [(CRITICAL, Notice.RECOVERED), (WARNING, Notice.UPDATED)]
    warning = series.alerts[WARNING]
    assert (warning.state, warning.resolution, warning.reopened) == (State.FIRING, None, 0)
    assert warning.acknowledge_by == start_clocks(POLICY.priority(warning.priority), NOW + HOUR)["acknowledge_by"]


def test_a_warning_that_was_outgrown_rings_when_all_was_well_in_between() -> None:
    series = Series()
    series.see(3.0)
    series.see(4.3)
    series.see(2.0)
    assert series.see(3.0, now=NOW + HOUR) == [(WARNING, Notice.REOPENED)]


def test_critical_does_not_inhibit_the_kpi_s_other_rules() -> None:
    series = Series(rules=POLICY.rules_of(CHURN))
    assert series.see(2.0, 3.0, 4.3) == [(CRITICAL, Notice.OPENED), (WORSENING, Notice.OPENED)]


@pytest.mark.parametrize(("hours", "notice"), [(1, Notice.REOPENED), (24, Notice.REOPENED), (25, Notice.OPENED)])
def test_a_new_breach_reopens_within_the_window_and_opens_another_after_it(hours: int, notice: Notice) -> None:
    series = Series(rules=POLICY.rules_of(CHURN)[:1])
    series.see(4.3)
    first = series.alerts[CRITICAL]
    series.see(2.0)
    assert series.see(4.5, now=NOW + hours * HOUR) == [(CRITICAL, notice)]
    second = series.alerts[CRITICAL]
    assert (second.id == first.id) is (notice is Notice.REOPENED)
    assert second.reopened == (1 if notice is Notice.REOPENED else 0)


def test_an_open_alert_is_never_opened_twice() -> None:
    series = Series()
    series.see(4.3)
    series.act(CRITICAL, Event.ACKNOWLEDGED)
    assert series.see(4.3) == []
    assert series.see(4.6) == [(CRITICAL, Notice.UPDATED)]
    assert series.alerts[CRITICAL].state is State.ACKNOWLEDGED


def test_a_resolved_alert_recovers_in_silence() -> None:
    series = Series()
    series.see(4.3)
    series.act(CRITICAL, Event.RESOLVED)
    assert series.see(2.0) == []


@pytest.mark.parametrize("hours", [0, 1, 24, 25, 24 * 90])
def test_what_was_resolved_by_hand_stays_so_while_the_same_value_is_judged(hours: int) -> None:
    series = Series()
    series.see(2.0, 4.3)
    series.act(CRITICAL, Event.RESOLVED)
    assert series.see(2.1, 4.3, now=NOW + hours * HOUR) == [], "nor when an old value is corrected"
    assert series.see(2.1, 4.2, now=NOW + hours * HOUR) == [], "nor when it gets better, but not well"


@pytest.mark.parametrize(("hours", "notice"), [(1, Notice.REOPENED), (25, Notice.OPENED)])
@pytest.mark.parametrize(("value", "last"), [(4.3, "2026-11"), (4.2, "2026-11"), (4.4, "2026-10")])
def test_another_period_or_a_worse_value_speaks_again_after_a_resolution_by_hand(
    hours: int, notice: Notice, value: float, last: str
) -> None:
    series = Series()
    series.see(4.3)
    series.act(CRITICAL, Event.RESOLVED)
    assert series.see(value, now=NOW + hours * HOUR, last=last) == [(CRITICAL, notice)]


def test_resolving_by_hand_holds_for_a_missing_value_until_one_comes() -> None:
    missing = make_rule({"stale": "1 period"}, id="missing")
    series = Series(rules=(missing,))
    months = [datetime(2027, month, 2, tzinfo=UTC) for month in range(1, 7)]
    assert series.see(2.0, now=months[0]) == [("missing", Notice.OPENED)]
    series.act("missing", Event.RESOLVED, now=months[0])
    assert [series.see(2.0, now=month) for month in months] == [[]] * 6, "though more and more are missing"
    assert series.see(2.0, now=months[5], last="2027-01") == [("missing", Notice.OPENED)]


@pytest.mark.parametrize(("value", "again"), [(79.0, False), (96.0, False), (78.0, True), (102.0, True)])
def test_worse_in_a_band_is_farther_from_it(value: float, again: bool) -> None:
    kpi = make_kpi(
        direction="within_band",
        target={"low": 85.0, "high": 95.0},
        thresholds={"critical": {"low": 80.0, "high": 99.0}},
    )
    policy = policy_of(kpi)
    series = Series(policy, kpi, policy.rules_of(kpi))
    series.see(79.0)
    series.act("sample-critical", Event.RESOLVED)
    assert series.see(value) == ([("sample-critical", Notice.REOPENED)] if again else [])


@pytest.mark.parametrize(("restated", "resolution"), [(False, Resolution.RECOVERED), (True, Resolution.RESTATED)])
def test_an_alert_that_rested_on_a_wrong_number_says_so(restated: bool, resolution: Resolution) -> None:
    series = Series()
    series.see(4.3)
    assert series.see(2.0, restated=restated) == [(CRITICAL, Notice.RECOVERED)]
    assert series.alerts[CRITICAL].resolution is resolution


def test_a_corrected_value_of_another_period_is_not_what_the_alert_rested_on() -> None:
    series = Series()
    series.see(4.3)
    assert series.see(4.3, 2.0, last="2026-11", restated=True) == [(CRITICAL, Notice.RECOVERED)]
    assert series.alerts[CRITICAL].resolution is Resolution.RECOVERED


def test_only_the_newest_value_opens_or_ends_an_alert() -> None:
    series = Series()
    assert series.see(9.0, 2.0, restated=True) == []
    series.see(9.0, 4.3)
    assert series.see(2.0, 4.3, restated=True) == []


def test_an_open_alert_tells_with_each_new_value_how_long_it_has_lasted() -> None:
    series, told = Series(), []
    for month, values in (("2026-08", (2.0, 4.3)), ("2026-09", (2.0, 4.3, 4.3)), ("2026-10", (2.0, 4.3, 4.3, 4.3))):
        series.see(*values, last=month)
        told.append(series.alerts[CRITICAL].finding.lasting)
    assert told == [1, 2, 3]
    assert series.see(2.0, 2.0, 4.3, 4.3, last="2026-10", restated=True) == [], "an older value is worth no word"


def test_each_segment_has_its_own_alert() -> None:
    case = Case(POLICY, CHURN, "size:small", history(4.3), NOW)
    (taken,) = judge(case, POLICY.rules_of(CHURN)[:1], {})
    assert taken.alert.segment == "size:small"


def test_a_band_has_a_warning_inside_its_critical_band() -> None:
    kpi = make_kpi(
        direction="within_band",
        target={"low": 85.0, "high": 95.0},
        thresholds={"warning": {"low": 85.0, "high": 95.0}, "critical": {"low": 80.0, "high": 99.0}},
    )
    policy = policy_of(kpi)
    series = Series(policy, kpi, policy.rules_of(kpi))
    assert series.see(84.0) == [("sample-warning", Notice.OPENED)]
    assert series.see(79.0) == [("sample-critical", Notice.OPENED), ("sample-warning", Notice.OUTGROWN)]


def test_without_any_value_the_period_is_the_running_one() -> None:
    kpi = make_kpi()
    assert Case(policy_of(kpi), kpi, "", history(), NOW).period == "2026-11"
    assert Case(policy_of(kpi), kpi, "", history(5.0), NOW).period == "2026-10"


def test_a_rule_with_for_opens_only_when_it_has_lasted() -> None:
    patient: dict[str, Any] = {"critical": 4.0, "for": "2 periods"}
    kpi = make_kpi(direction="lower_is_better", thresholds=patient)
    policy = policy_of(kpi)
    series = Series(policy, kpi, policy.rules_of(kpi))
    assert series.see(2.0, 4.3) == []
    assert series.see(2.0, 4.3, 4.4) == [("sample-critical", Notice.OPENED)]
    assert series.see(2.0, 4.3, 4.4, 3.0) == [("sample-critical", Notice.RECOVERED)]


def test_one_pass_after_the_other_gives_what_replaying_gives() -> None:
    past = [2.0, 3.0, 4.3, 4.3, 3.9, 3.0, 2.45, 2.3, 4.1]
    lived = Series()
    said = [lived.see(*past[: place + 1], now=NOW + place * HOUR) for place in range(len(past))]
    assert said == [
        [],
        [(WARNING, Notice.OPENED)],
        [(CRITICAL, Notice.OPENED), (WARNING, Notice.OUTGROWN)],
        [],
        [(CRITICAL, Notice.UPDATED)],
        [(CRITICAL, Notice.RECOVERED), (WARNING, Notice.UPDATED)],
        [(WARNING, Notice.UPDATED)],
        [(WARNING, Notice.RECOVERED)],
        [(CRITICAL, Notice.REOPENED)],
    ]
