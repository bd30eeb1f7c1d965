"""What the mere passing of time does: windows end, values go missing, periods become complete, rules disappear."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.alert import Resolution, State
from bot.core.clearance import Reader
from bot.core.intake import Entry
from bot.core.kpi import Rule
from bot.core.organisation import Level
from bot.core.periods import parse_label
from bot.core.policy import Policy
from bot.flows.act import acknowledge, resolve
from bot.flows.record import record
from bot.flows.watch import watch_clocks, watch_time, withdraw_orphans
from bot.store import alerts, outbox
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import policy_with, small_policy

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = small_policy()


def changed(key: str, **changes: object) -> Policy:
    kpi = POLICY.kpis[key].model_copy(update=changes)
    return policy_with(POLICY, kpis=POLICY.kpis | {key: kpi})


def stale_rule() -> Rule:
    return Rule.model_validate({"id": "uptime-missing", "when": {"stale": "2 periods"}, "priority": "high"})


def arrive(database: Database, policy: Policy, kpi: str, value: float, at: str, now: datetime = NOON) -> None:
    period = parse_label(at, policy.kpis[kpi].frequency)
    entry = Entry(kpi=kpi, segment="", period=period, value=value)
    record(database, policy, [entry], origin=Origin.API, author="test", now=now)


def open_rules(database: Database) -> list[str]:
    with database.reading() as tx:
        return [alert.rule for alert in alerts.open_alerts(tx)]


def queued(database: Database) -> int:
    with database.reading() as tx:
        return outbox.counts(tx)["pending"]


def test_an_alert_nobody_answers_walks_the_chain_once_a_window_and_stops_at_its_end(database: Database) -> None:
    arrive(database, POLICY, "churn_rate", 4.5, "2026-11")
    seen = []
    for minutes in range(0, 12 * 60, 10):
        watch_clocks(database, POLICY, NOON + timedelta(minutes=minutes))
        with database.reading() as tx:
            (alert,) = alerts.open_alerts(tx)
        seen.append(alert.in_charge)
    assert list(dict.fromkeys(seen)) == ["bruno", "carla", "ana"]
    assert alert.next_due is None
    after = queued(database)
    assert watch_clocks(database, POLICY, NOON + 30 * DAY) == 0
    assert queued(database) == after


def test_looking_again_at_the_same_moment_does_nothing_more(database: Database) -> None:
    arrive(database, POLICY, "churn_rate", 4.5, "2026-11")
    assert watch_clocks(database, POLICY, NOON + HOUR) == 1
    assert watch_clocks(database, POLICY, NOON + HOUR) == 0


def test_a_missing_value_is_told_once_and_is_over_when_one_arrives(database: Database) -> None:
    policy = changed("uptime", rules=(stale_rule(),))
    arrive(database, policy, "uptime", 99.95, "2026-11-23")
    assert watch_time(database, policy, NOON + DAY) == 0
    assert watch_time(database, policy, NOON + 2 * DAY) == 1
    assert watch_time(database, policy, NOON + 3 * DAY) == 1, "the alert says how many are missing by now"
    assert watch_time(database, policy, NOON + 3 * DAY) == 0
    assert open_rules(database) == ["uptime-missing"]
    arrive(database, policy, "uptime", 99.95, "2026-11-27", NOON + 3 * DAY)
    assert open_rules(database) == []


def test_a_missing_value_that_was_resolved_by_hand_is_not_told_again(database: Database) -> None:
    policy = changed("uptime", rules=(stale_rule(),))
    arrive(database, policy, "uptime", 99.95, "2026-11-23")
    watch_time(database, policy, NOON + 2 * DAY)
    with database.reading() as tx:
        (alert,) = alerts.open_alerts(tx)
    reader = Reader(level=Level.EXECUTIVE)
    resolve(database, policy, alert.id, reader, by="U0BRUNO01", note="known", now=NOON + 2 * DAY)
    assert [watch_time(database, policy, NOON + days * DAY) for days in (2, 3, 4, 30)] == [0, 0, 0, 0]


def test_an_alert_somebody_took_and_forgot_walks_the_chain_window_by_window(database: Database) -> None:
    arrive(database, POLICY, "churn_rate", 4.5, "2026-11")
    with database.reading() as tx:
        (alert,) = alerts.open_alerts(tx)
    acknowledge(database, POLICY, alert.id, Reader(level=Level.EXECUTIVE), by="U0BRUNO01", note=None, now=NOON)
    seen = []
    for hours in range(24):
        watch_clocks(database, POLICY, NOON + hours * HOUR)
        with database.reading() as tx:
            seen += [one.in_charge for one in alerts.open_alerts(tx)]
    assert list(dict.fromkeys(seen)) == ["bruno", "carla", "ana"]
    assert watch_clocks(database, POLICY, NOON + 30 * DAY) == 0


def test_a_kpi_that_never_had_a_value_is_not_late(database: Database) -> None:
    policy = changed("uptime", rules=(stale_rule(),))
    assert watch_time(database, policy, NOON + 30 * DAY) == 0


def test_a_value_is_judged_when_its_period_becomes_complete_though_nothing_arrives(database: Database) -> None:
    policy = changed("uptime", completeness_delay=1)
    arrive(database, policy, "uptime", 90.0, "2026-11-24")
    assert open_rules(database) == []
    assert watch_time(database, policy, NOON + HOUR) == 0
    assert watch_time(database, policy, datetime(2026, 11, 24, 23, 0, tzinfo=UTC)) == 1
    assert open_rules(database) == ["uptime-critical"]


@pytest.mark.parametrize("gone", ["rule", "kpi"])
def test_an_alert_ends_with_a_reason_when_its_rule_or_kpi_goes(database: Database, gone: str) -> None:
    arrive(database, POLICY, "churn_rate", 4.5, "2026-11")
    without = {key: kpi for key, kpi in POLICY.kpis.items() if key != "churn_rate"}
    policy = changed("churn_rate", thresholds=None) if gone == "rule" else policy_with(POLICY, kpis=without)
    assert withdraw_orphans(database, policy, NOON + HOUR) == 1
    assert withdraw_orphans(database, policy, NOON + HOUR) == 0
    with database.reading() as tx:
        (alert,) = alerts.recent(tx, NOON - DAY)
    assert (alert.state, alert.resolution) == (State.RESOLVED, Resolution.WITHDRAWN)
