"""Trying rules on history: episodes and their sums, whom they would have reached, what a change of rules changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.alert import Resolution
from bot.core.history import History
from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.replay import MONTH, Episode, Replay, compare, replay
from bot.core.tried import row_of, span_of
from tests.core.examples import history, make_kpi, make_rule, policy_of, policy_with, small_policy

NOVEMBER = datetime(2026, 11, 15, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
POLICY = small_policy()
CHURN = POLICY.kpis["churn_rate"]  # lower is better; warning 2.5 (recovery 2.4), critical 4.0 (recovery 3.8)


def midnight(year: int, month: int, day: int = 1) -> datetime:
    """Midnight in Madrid, in UTC."""
    return datetime(year, month, day, tzinfo=POLICY.zone).astimezone(UTC)


def tried(
    kpi: Kpi, *values: float, policy: Policy | None = None, since: datetime = LONG_AGO, **more: History
) -> Replay:
    histories = {(kpi.key, ""): history(*values, frequency=kpi.frequency)}
    histories |= {(kpi.key, segment.replace("__", ":")): one for segment, one in more.items()}
    found = replay(policy or policy_of(kpi), kpi, histories, since, NOVEMBER)
    assert found is not None
    return found


def of_rule(found: Replay, rule: str) -> tuple[Episode, ...]:
    return found.only(rule).episodes


def with_rule(when: dict[str, Any], **changes: Any) -> Kpi:
    return make_kpi(rules=(make_rule(when, **changes),))


def test_an_episode_opens_when_the_bad_value_arrives_and_ends_with_the_good_one() -> None:
    (one,) = of_rule(tried(CHURN, 2.0, 4.5, 4.2, 2.0, policy=POLICY), "churn-rate-critical")
    assert (one.opened, one.ended, one.why) == (midnight(2026, 9), midnight(2026, 11), Resolution.RECOVERED)
    assert (one.period, one.peak, one.priority, one.rings) == ("2026-08", 4.5, "critical", True)


def test_nobody_answers_so_that_the_whole_chain_is_told() -> None:
    (one,) = of_rule(tried(CHURN, 2.0, 4.5, policy=POLICY), "churn-rate-critical")
    assert (one.told, one.ended) == (("bruno", "carla", "ana"), None)


def test_whoever_the_clock_has_not_reached_is_not_told() -> None:
    kpi = make_kpi(frequency="daily", rules=(make_rule({"below": 50.0}, priority="medium"),))
    values = history(60.0, 40.0, 60.0, last="2026-11-12", frequency=kpi.frequency)
    found = replay(policy_of(kpi), kpi, {("sample", ""): values}, LONG_AGO, NOVEMBER)
    assert found is not None
    assert [(one.told, one.lasted(NOVEMBER)) for one in found.episodes] == [(("bruno", "carla"), timedelta(days=1))]
    silent = policy_of(make_kpi(frequency="daily", rules=(make_rule({"below": 50.0}, priority="insight"),)))
    found = replay(silent, silent.kpis["sample"], {("sample", ""): values}, LONG_AGO, NOVEMBER)
    assert found is not None
    assert [one.told for one in found.episodes] == [("bruno",)]


def test_a_warning_that_goes_on_where_the_critical_alert_ended_rings_nobody() -> None:
    kpi = make_kpi(frequency="daily", thresholds={"warning": 50.0, "critical": 40.0})
    values = history(60.0, 45.0, 35.0, 45.0, last="2026-11-12", frequency=kpi.frequency)
    found = replay(policy_of(kpi), kpi, {("sample", ""): values}, LONG_AGO, NOVEMBER)
    assert found is not None
    assert [(one.period, one.why, one.rings) for one in of_rule(found, "sample-warning")] == [
        ("2026-11-10", Resolution.OUTGROWN, True),
        ("2026-11-12", None, False),
    ]


def test_a_reopened_alert_is_an_episode_of_its_own_that_rings() -> None:
    kpi = make_kpi(frequency="daily", rules=(make_rule({"below": 50.0}, priority="critical"),))
    values = history(40.0, 60.0, 40.0, last="2026-11-12", frequency=kpi.frequency)
    found = replay(policy_of(kpi), kpi, {("sample", ""): values}, LONG_AGO, NOVEMBER)
    assert found is not None
    assert [one.rings for one in found.episodes] == [True, True]


def test_the_peak_of_an_opportunity_is_its_best_value() -> None:
    (one,) = tried(with_rule({"beats_target_by": "10 %"}, priority="insight"), 120.0, 150.0, 130.0).episodes
    assert one.peak == 150.0


def test_missing_values_have_no_peak() -> None:
    kpi = with_rule({"stale": "1 period"})
    found = replay(policy_of(kpi), kpi, {("sample", ""): history(50.0, last="2026-08")}, LONG_AGO, NOVEMBER)
    assert found is not None
    assert [(one.opened, one.peak) for one in found.episodes] == [(midnight(2026, 10), None)]


def test_sums_count_what_rang_within_the_span_and_how_long_it_was_red() -> None:
    (track,) = tried(with_rule({"below": 50.0}), 40.0, 60.0, 40.0, 60.0, since=midnight(2026, 9)).tracks
    assert [one.opened for one in track.episodes] == [midnight(2026, 8), midnight(2026, 10)]
    assert [one.opened for one in track.rung] == [midnight(2026, 10)]
    assert track.red == midnight(2026, 11) - midnight(2026, 10)
    assert track.per_month == pytest.approx(1 / ((NOVEMBER - midnight(2026, 9)) / MONTH))
    assert track.share_red == pytest.approx(track.red / (NOVEMBER - midnight(2026, 9)))


def test_two_series_that_are_red_at_once_are_red_once() -> None:
    kpi = make_kpi(segments=("size",), rules=(make_rule({"below": 50.0}),))
    (track,) = tried(kpi, 40.0, 60.0, size__small=history(40.0, 40.0, 60.0)).tracks
    assert len(track.rung) == 2
    assert track.red == midnight(2026, 11) - midnight(2026, 9)


def test_only_one_segment_is_told_of_when_only_one_is_asked_for() -> None:
    kpi = make_kpi(segments=("size",), rules=(make_rule({"below": 50.0}),))
    histories = {("sample", ""): history(40.0), ("sample", "size:small"): history(40.0)}
    found = replay(policy_of(kpi), kpi, histories, LONG_AGO, NOVEMBER, segment="size:small")
    assert found is not None
    assert [one.segment for one in found.episodes] == ["size:small"]


def test_a_span_of_less_than_a_month_does_not_multiply_what_it_saw() -> None:
    (track,) = tried(with_rule({"below": 50.0}), 60.0, 40.0, since=midnight(2026, 11)).tracks
    assert track.per_month == 1.0


def test_the_span_begins_with_the_first_value() -> None:
    assert tried(with_rule({"below": 50.0}), 60.0, 40.0).since == midnight(2026, 10)


def test_without_values_there_is_nothing_to_say() -> None:
    kpi = with_rule({"below": 50.0})
    assert replay(policy_of(kpi), kpi, {}, LONG_AGO, NOVEMBER) is None
    assert replay(policy_of(kpi), kpi, {("other", ""): history(1.0)}, LONG_AGO, NOVEMBER) is None


def test_a_value_that_has_not_arrived_yet_is_not_judged() -> None:
    kpi = with_rule({"below": 50.0})
    histories = {("sample", ""): history(60.0, 40.0, last="2026-11")}
    found = replay(policy_of(kpi), kpi, histories, LONG_AGO, NOVEMBER)
    assert found is not None
    assert found.episodes == ()


def test_a_formula_is_calculated_anew_from_its_inputs() -> None:
    kpi = make_kpi("margin", formula="revenue - costs", rules=(make_rule({"below": 50.0}),))
    policy = policy_of(make_kpi("revenue"), make_kpi("costs"), kpi)
    histories = {
        ("revenue", ""): history(100.0, 100.0),
        ("costs", ""): history(10.0, 70.0),
        ("margin", ""): history(0.0, 0.0),
    }
    found = replay(policy, kpi, histories, LONG_AGO, NOVEMBER)
    assert found is not None
    assert [(one.period, one.peak) for one in found.episodes] == [("2026-10", 30.0)]


def test_noisy_is_what_rings_as_often_as_the_company_says() -> None:
    kpi = with_rule({"below": 50.0})
    policy = policy_of(kpi)
    (track,) = tried(kpi, 60.0, 40.0, since=midnight(2026, 11)).tracks
    often = policy.company.model_copy(update={"noisy_from": 1.0})
    seldom = policy.company.model_copy(update={"noisy_from": 1.1})
    assert track.is_noisy(policy_with(policy, company=often))
    assert not track.is_noisy(policy_with(policy, company=seldom))


def test_a_change_adds_what_was_silent_before_and_takes_what_falls_silent() -> None:
    values = (60.0, 40.0, 60.0, 60.0, 75.0, 60.0, 40.0, 40.0)
    before = tried(with_rule({"below": 50.0}), *values).episodes
    after = tried(with_rule({"outside": {"low": 10.0, "high": 70.0}}), *values).episodes
    lasting = tried(with_rule({"below": 50.0}, **{"for": "2 periods"}), *values).episodes
    changed = compare(before, after)
    assert [one.period for one in changed.added] == ["2026-07"]
    assert [one.period for one in changed.gone] == ["2026-04", "2026-09"]
    assert [one.period for one in compare(before, lasting).gone] == ["2026-04"]
    assert compare(before, lasting).added == (), "what opens later is the same episode still"


def test_a_row_tells_the_newest_episodes_first_and_counts_the_rest() -> None:
    found = tried(with_rule({"below": 50.0}), *[40.0, 60.0] * 5)
    row = row_of(POLICY, found.tracks[0])
    assert [line.day.month for line in row.newest] == [10, 8, 6]
    assert (row.more, row.rings) == (2, 5)
    assert row.newest[0].people == ("Bruno Bosch", "Carla Costa")
    assert span_of(POLICY, found).last.isoformat() == "2026-11-15"
