"""Rules on trial: judged and recorded like any other, told to nobody, until the trial ends."""

from datetime import UTC, datetime, timedelta

from bot.core.alert import Alert, Resolution
from bot.core.clearance import Reader
from bot.core.intake import Entry
from bot.core.lifecycle import Notice
from bot.core.organisation import Level
from bot.core.periods import parse_label
from bot.core.policy import Policy
from bot.core.words import Language
from bot.flows import ask, report
from bot.flows.act import acknowledge, most_urgent, resolve
from bot.flows.record import Receipt, record
from bot.flows.watch import tell_after_trial, watch_clocks, withdraw_orphans
from bot.phrasebook import Phrasebook, shipped_messages
from bot.store import alerts, outbox
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import make_kpi, make_rule, policy_of

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
READER = Reader(level=Level.EXECUTIVE)
BOOK = Phrasebook(None, shipped_messages())


def policy(*, dry_run: bool, priority: str = "critical") -> Policy:
    rule = make_rule({"above": 50.0}, id="on-trial", priority=priority, dry_run=dry_run)
    return policy_of(make_kpi(rules=(rule,)))


TRIAL, LIVE = policy(dry_run=True), policy(dry_run=False)


def arrive(database: Database, rules: Policy, value: float, at: str = "2026-10", now: datetime = NOON) -> Receipt:
    entry = Entry(kpi="sample", segment="", period=parse_label(at, rules.kpis["sample"].frequency), value=value)
    return record(database, rules, [entry], origin=Origin.API, author="test", now=now)


def the_alerts(database: Database) -> list[Alert]:
    with database.reading() as tx:
        return alerts.recent(tx, NOON - 30 * DAY)


def messages(database: Database) -> int:
    with database.reading() as tx:
        return sum(outbox.counts(tx).values())


def test_both_rules_of_thresholds_on_trial_are_recorded_and_told_to_nobody(database: Database) -> None:
    levels = {"warning": 50.0, "critical": 60.0, "dry_run": True}
    rules = policy_of(make_kpi(thresholds=levels, direction="lower_is_better"))
    for value, at in ((55.0, "2026-09"), (65.0, "2026-10")):
        assert not arrive(database, rules, value, at).told
    assert {(one.rule, one.dry_run) for one in the_alerts(database)} == {
        ("sample-warning", True),
        ("sample-critical", True),
    }
    assert messages(database) == 0


def test_a_rule_on_trial_is_recorded_and_told_to_nobody(database: Database) -> None:
    receipt = arrive(database, TRIAL, 60.0)
    (alert,) = the_alerts(database)
    assert (alert.dry_run, alert.is_open, alert.next_due, alert.finding.value) == (True, True, None, 60.0)
    assert (receipt.opened, receipt.told) == ((), False)
    assert watch_clocks(database, TRIAL, NOON + 30 * DAY) == 0
    arrive(database, TRIAL, 70.0, "2026-11", NOON + DAY)
    arrive(database, TRIAL, 40.0, "2026-12", NOON + 2 * DAY)
    assert [one.resolution for one in the_alerts(database)] == [Resolution.RECOVERED]
    assert messages(database) == 0


def test_only_why_shows_what_a_rule_on_trial_sees(database: Database) -> None:
    arrive(database, TRIAL, 60.0)
    who = ask.asker(TRIAL, "U0ANA0001")
    listed = ask.open_alerts(database, TRIAL, BOOK, who, NOON)
    summary = ask.summary(database, TRIAL, BOOK, who, TRIAL.kpis["sample"], "", NOON)
    digest = report.preview(database, TRIAL, BOOK, READER, Language.EN, NOON)
    assert listed.text == "No open alerts"
    assert "Critical" not in f"{summary} {digest}"
    why = ask.why_kpi(database, TRIAL, BOOK, who, TRIAL.kpis["sample"], "", NOON)
    assert "*on-trial* (on trial, nobody is told)" in why.items[0]
    assert "Its alert is open" in why.items[0]


def test_nobody_can_act_on_the_alert_of_a_rule_on_trial(database: Database) -> None:
    arrive(database, TRIAL, 60.0)
    (alert,) = the_alerts(database)
    assert most_urgent(database, TRIAL, "sample", unacknowledged=False) is None
    assert acknowledge(database, TRIAL, alert.id, READER, by="U0ANA0001", note=None, now=NOON).alert is None
    assert resolve(database, TRIAL, alert.id, READER, by="U0ANA0001", note=None, now=NOON).alert is None
    assert the_alerts(database) == [alert]


def test_when_the_trial_ends_an_open_alert_is_told_once_as_an_opening(database: Database) -> None:
    arrive(database, TRIAL, 60.0)
    assert tell_after_trial(database, TRIAL, NOON + HOUR) == 0
    assert tell_after_trial(database, LIVE, NOON + HOUR) == 1
    assert tell_after_trial(database, LIVE, NOON + HOUR) == 0
    (alert,) = the_alerts(database)
    assert (alert.dry_run, alert.opened_at, alert.in_charge) == (False, NOON, "bruno")
    assert alert.acknowledge_by == NOON + HOUR + timedelta(minutes=30)
    with database.reading() as tx:
        (message,) = outbox.sent_for_alert(tx, alert.id)
        assert [one.notice for one in alerts.timeline(tx, alert.id)] == [Notice.OPENED, Notice.OPENED]
    assert message.notice == Notice.OPENED
    arrive(database, LIVE, 60.0, now=NOON + 2 * HOUR)
    assert messages(database) == 1


def test_a_value_that_comes_first_after_the_trial_tells_it_too_and_only_once(database: Database) -> None:
    arrive(database, TRIAL, 60.0)
    receipt = arrive(database, LIVE, 70.0, "2026-11", NOON + DAY)
    (alert,) = the_alerts(database)
    assert (receipt.opened, receipt.told) == ((alert.id,), True)
    assert (alert.dry_run, alert.finding.value) == (False, 70.0)
    assert tell_after_trial(database, LIVE, NOON + DAY) == 0
    assert messages(database) == 1


def test_what_recovers_before_it_was_told_is_never_told(database: Database) -> None:
    arrive(database, TRIAL, 60.0)
    arrive(database, LIVE, 40.0, "2026-11", NOON + HOUR)
    assert tell_after_trial(database, LIVE, NOON + HOUR) == 0
    assert messages(database) == 0


def test_a_breach_after_the_trial_opens_an_alert_of_its_own(database: Database) -> None:
    arrive(database, TRIAL, 60.0)
    arrive(database, TRIAL, 40.0, "2026-11", NOON + HOUR)
    arrive(database, LIVE, 60.0, "2026-12", NOON + 2 * HOUR)
    assert [(one.dry_run, one.is_open, one.reopened) for one in the_alerts(database)] == [
        (True, False, 0),
        (False, True, 0),
    ]
    assert messages(database) == 1


def test_the_trial_tells_by_the_priority_of_today(database: Database) -> None:
    arrive(database, policy(dry_run=True, priority="low"), 60.0)
    tell_after_trial(database, LIVE, NOON)
    (alert,) = the_alerts(database)
    assert (alert.priority, alert.chain) == ("critical", ("bruno", "carla", "ana"))


def test_a_rule_that_goes_on_trial_withdraws_what_it_has_told(database: Database) -> None:
    arrive(database, LIVE, 60.0)
    arrive(database, TRIAL, 70.0, "2026-11", NOON + HOUR)
    assert withdraw_orphans(database, TRIAL, NOON + HOUR) == 1
    told = messages(database)
    arrive(database, TRIAL, 80.0, "2026-12", NOON + 2 * HOUR)
    first, second = the_alerts(database)
    assert (first.resolution, first.dry_run) == (Resolution.WITHDRAWN, False)
    assert (second.is_open, second.dry_run) == (True, True)
    assert messages(database) == told
    assert withdraw_orphans(database, TRIAL, NOON + 3 * HOUR) == 0


def test_a_rule_on_trial_that_goes_is_withdrawn_without_a_word(database: Database) -> None:
    arrive(database, TRIAL, 60.0)
    gone = policy_of(make_kpi())
    assert withdraw_orphans(database, gone, NOON + HOUR) == 1
    assert messages(database) == 0
