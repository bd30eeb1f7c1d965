"""An owner is asked for a missing value: once a morning whoever asks, on either database, and not once it is there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.intake import take
from bot.core.policy import Policy
from bot.flows.checkin import ask_owners
from bot.flows.record import record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.rulebook import read_policy
from bot.store import outbox
from bot.store.database import Database
from bot.store.values import Origin
from tests.rulebook.small_company import write_small_company

PHRASEBOOK = Phrasebook(None, shipped_messages())
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def asking(folder: Path, check_in: str = "true") -> Policy:
    """The small company, where churn is asked for."""
    rules = write_small_company(folder / "rules")
    revenue = rules / "kpis" / "revenue.yaml"
    text = revenue.read_text(encoding="utf-8")
    revenue.write_text(text.replace("unit: percent\n", f"unit: percent\n  check_in: {check_in}\n"), encoding="utf-8")
    return read_policy(rules)


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return asking(tmp_path)


def ask(database: Database, policy: Policy, now: datetime, zone: ZoneInfo | None = None, owner: str = "test") -> int:
    return ask_owners(database, policy, PHRASEBOOK, lambda _: zone, owner, now)


def mornings(database: Database, policy: Policy, days: int) -> list[int]:
    """On which days of November from the 24th somebody is asked, looked at every half an hour."""
    moments = [NINE - timedelta(hours=9) + timedelta(minutes=30 * step) for step in range(days * 48)]
    return [now.day for now in moments if ask(database, policy, now)]


def queued(database: Database) -> int:
    with database.reading() as tx:
        return outbox.counts(tx)["pending"]


def enter(database: Database, policy: Policy, value: float, period: str) -> None:
    now = NINE - timedelta(days=1)
    entry = take(policy, policy.kpis["churn_rate"], value, period, "", now=now, place="values[0]")
    record(database, policy, [entry], origin=Origin.API, author="test", now=now)


def test_a_missing_value_is_asked_for_twice_and_then_never_again(database: Database, policy: Policy) -> None:
    enter(database, policy, 2.0, "2026-09")
    assert mornings(database, policy, 7) == [24, 26]
    assert queued(database) == 2


def test_a_value_that_is_there_is_not_asked_for(database: Database, policy: Policy) -> None:
    enter(database, policy, 2.0, "2026-10")
    assert mornings(database, policy, 3) == []
    assert queued(database) == 0


def test_a_value_that_comes_after_the_first_time_ends_the_asking(database: Database, policy: Policy) -> None:
    assert ask(database, policy, NINE) == 1
    enter(database, policy, 2.0, "2026-10")
    assert mornings(database, policy, 5) == []


def test_several_processes_ask_once(database: Database, policy: Policy) -> None:
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda number: ask(database, policy, NINE, owner=f"process {number}"), range(8)))
    assert sorted(asked) == [0] * 7 + [1]
    assert queued(database) == 1


def test_the_owners_own_zone_decides_when_it_is_known(database: Database, policy: Policy) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    assert ask(database, policy, NINE, tokyo) == 0
    assert ask(database, policy, datetime(2026, 11, 24, 0, 0, tzinfo=UTC), tokyo) == 1


def test_another_time_of_day_is_kept_and_no_means_nobody_is_asked(database: Database, tmp_path: Path) -> None:
    later = asking(tmp_path / "later", '{at: "10:30"}')
    assert ask(database, later, NINE) == 0
    assert ask(database, later, NINE + timedelta(hours=1, minutes=30)) == 1
    silent = read_policy(write_small_company(tmp_path / "silent"))
    assert ask(database, silent, NINE) == 0
