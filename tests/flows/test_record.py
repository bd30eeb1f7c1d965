"""Values that arrive, all or nothing: what a correction ends, and what it leaves as somebody left it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.alert import Alert, Resolution
from bot.core.clearance import Reader
from bot.core.intake import Entry
from bot.core.organisation import Level
from bot.core.periods import parse_label
from bot.flows.act import resolve
from bot.flows.record import Receipt, record
from bot.store import alerts
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import small_policy

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = small_policy()
EXECUTIVE = Reader(level=Level.EXECUTIVE)


def arrive(database: Database, values: dict[str, float], now: datetime = NOON) -> Receipt:
    """Send monthly values of churn (critical from 4.0) in one batch."""
    entries = [
        Entry(kpi="churn_rate", segment="", period=parse_label(at, POLICY.kpis["churn_rate"].frequency), value=value)
        for at, value in values.items()
    ]
    return record(database, POLICY, entries, origin=Origin.API, author="test", now=now)


def the_alert(database: Database) -> Alert:
    with database.reading() as tx:
        (alert,) = alerts.recent(tx, NOON - DAY)
    return alert


@pytest.mark.parametrize(
    ("batch", "resolution"),
    [
        ({"2026-10": 2.0}, Resolution.RESTATED),
        ({"2026-10": 2.0, "2026-09": 2.1}, Resolution.RESTATED),
        ({"2026-11": 2.0}, Resolution.RECOVERED),
        ({"2026-09": 2.1, "2026-11": 2.0}, Resolution.RECOVERED),
        ({"2026-10": 4.1, "2026-11": 2.0}, Resolution.RECOVERED),
    ],
)
def test_restated_is_what_ended_because_its_own_period_was_corrected(
    database: Database, batch: dict[str, float], resolution: Resolution
) -> None:
    arrive(database, {"2026-09": 2.0, "2026-10": 4.3})
    arrive(database, batch, NOON + HOUR)
    assert the_alert(database).resolution is resolution


def test_a_number_that_moves_while_its_period_runs_is_not_restated(database: Database) -> None:
    arrive(database, {"2026-11": 4.3})
    arrive(database, {"2026-11": 2.0}, NOON + HOUR)
    assert the_alert(database).resolution is Resolution.RECOVERED


@pytest.mark.parametrize("later", [HOUR, 60 * DAY])
def test_a_corrected_old_value_does_not_wake_what_was_resolved_by_hand(database: Database, later: timedelta) -> None:
    arrive(database, {"2026-09": 2.0, "2026-10": 4.3})
    alert = the_alert(database)
    resolve(database, POLICY, alert.id, EXECUTIVE, by="U0BRUNO01", note=None, now=NOON)
    receipt = arrive(database, {"2026-09": 2.1}, NOON + later)
    assert (receipt.corrected, receipt.opened, receipt.told) == (1, (), False)
    assert the_alert(database).resolution is Resolution.BY_HAND


def test_the_next_period_wakes_what_was_resolved_by_hand(database: Database) -> None:
    arrive(database, {"2026-10": 4.3})
    alert = the_alert(database)
    resolve(database, POLICY, alert.id, EXECUTIVE, by="U0BRUNO01", note=None, now=NOON)
    assert arrive(database, {"2026-11": 4.3}, NOON + HOUR).opened == (alert.id,)
