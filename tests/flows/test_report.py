"""A scheduled report happens exactly once a local date, over clock changes, restarts and several processes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.policy import Policy
from bot.flows import report
from bot.phrasebook import Phrasebook, shipped_messages
from bot.rulebook import read_policy, shipped_rules
from bot.store import outbox
from bot.store.database import Database

PHRASEBOOK = Phrasebook(None, shipped_messages())


@pytest.fixture(scope="module")
def demo() -> Policy:
    return read_policy(shipped_rules())


def moved_to(policy: Policy, zone: str, cron: str) -> Policy:
    company = policy.company.model_copy(update={"timezone": zone})
    daily = policy.reports["daily"].model_copy(update={"cron": cron})
    few = dict(list(policy.kpis.items())[:3])
    return policy.model_copy(update={"company": company, "reports": {"daily": daily}, "kpis": few})


def hours(first: datetime, count: int) -> Iterator[datetime]:
    return (first + timedelta(hours=place) for place in range(count))


@pytest.mark.parametrize(
    ("zone", "cron", "first"),
    [
        ("Europe/Madrid", "0 8 * * *", datetime(2026, 10, 23, 22, tzinfo=UTC)),
        ("Europe/Madrid", "30 2 * * *", datetime(2026, 10, 23, 22, tzinfo=UTC)),
        ("Europe/Madrid", "30 2 * * *", datetime(2026, 3, 27, 22, tzinfo=UTC)),
        ("Africa/Cairo", "0 0 * * *", datetime(2026, 4, 22, 22, tzinfo=UTC)),
        ("America/New_York", "30 1 * * *", datetime(2026, 10, 30, 5, tzinfo=UTC)),
    ],
)
def test_each_local_date_has_one_report(
    database: Database,
    demo: Policy,
    zone: str,
    cron: str,
    first: datetime,
) -> None:
    policy = moved_to(demo, zone, cron)
    report.send_due(database, policy, PHRASEBOOK, "test", first)
    sent = [
        now.astimezone(ZoneInfo(zone)).date()
        for now in hours(first, 24 * 6)
        if report.send_due(database, policy, PHRASEBOOK, "test", now)
    ]
    assert len(sent) == len(set(sent))
    assert sent == [sent[0] + timedelta(days=place) for place in range(len(sent))]
    assert len(sent) >= 5


def test_two_processes_at_the_same_moment_send_one(database: Database, demo: Policy) -> None:
    policy = moved_to(demo, "Europe/Madrid", "0 8 * * *")
    before, due = datetime(2026, 11, 24, 6, tzinfo=UTC), datetime(2026, 11, 24, 7, 0, 1, tzinfo=UTC)
    report.send_due(database, policy, PHRASEBOOK, "first", before)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda name: report.send_due(database, policy, PHRASEBOOK, name, due), "abcd"))
    assert sum(sent) == 1
    with database.reading() as tx:
        assert outbox.counts(tx)["pending"] == 1


def test_a_new_installation_begins_with_the_next_report(database: Database, demo: Policy) -> None:
    policy = moved_to(demo, "Europe/Madrid", "0 8 * * *")
    noon = datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert [report.send_due(database, policy, PHRASEBOOK, "x", now) for now in hours(noon, 20)] == [0] * 20
    assert report.send_due(database, policy, PHRASEBOOK, "x", noon + timedelta(hours=21)) == 1


def test_a_report_that_comes_late_says_so(database: Database, demo: Policy) -> None:
    policy = moved_to(demo, "Europe/Madrid", "0 8 * * *")
    report.send_due(database, policy, PHRASEBOOK, "x", datetime(2026, 11, 24, 6, tzinfo=UTC))
    report.send_due(database, policy, PHRASEBOOK, "x", datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    with database.transaction() as tx:
        (row,) = outbox.claim(
            tx,
            datetime(2026, 11, 24, 9, 31, tzinfo=UTC),
            limit=5,
            settle_for=timedelta(seconds=30),
            lane_pause=timedelta(0),
        )
    assert "late" in row.outgoing.facts["speech"]["footer"]
