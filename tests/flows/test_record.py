"""Values that arrive, all or nothing: what a correction ends, and what it leaves as somebody left it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.alert import Alert, Resolution
from bot.core.clearance import Reader
from bot.core.intake import Entry
from bot.core.organisation import Level
from bot.core.periods import Frequency, parse_label
from bot.core.policy import Dimension
from bot.core.verdict import Finding
from bot.flows.act import resolve
from bot.flows.record import Receipt, record
from bot.store import alerts
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import make_kpi, policy_of, small_policy

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


UNHAPPY = make_kpi(
    "churn_rate",
    unit="percent",
    direction="lower_is_better",
    target=2.5,
    segments=("size",),
    rules=[
        {"id": "unhappy", "priority": "high", "when": {"all_of": [{"above": 3}, {"kpi": "nps", "below": 30}]}},
    ],
)
SIZES = Dimension.model_validate({"key": "size", "name": "Size", "members": {"small": "Small", "large": "Large"}})
TWO = policy_of(UNHAPPY, make_kpi("nps", target=50.0), dimensions={"size": SIZES})


def send(database: Database, kpi: str, value: float, segment: str = "", at: str = "2026-10") -> Receipt:
    entry = Entry(kpi=kpi, segment=segment, period=parse_label(at, Frequency.MONTHLY), value=value)
    return record(database, TWO, [entry], origin=Origin.API, author="test", now=NOON)


def test_a_rule_is_asked_again_when_the_other_kpi_it_names_arrives(database: Database) -> None:
    assert not send(database, "churn_rate", 4.0).opened
    assert not send(database, "churn_rate", 5.0, "size:small").opened
    assert len(send(database, "nps", 25.0).opened) == 2
    with database.reading() as tx:
        assert sorted(one.segment for one in alerts.open_alerts(tx)) == ["", "size:small"]
    send(database, "nps", 35.0)
    with database.reading() as tx:
        assert not alerts.open_alerts(tx)


def test_an_alert_keeps_what_each_part_saw(database: Database) -> None:
    send(database, "nps", 25.0)
    send(database, "churn_rate", 4.0)
    with database.reading() as tx:
        (alert,) = alerts.open_alerts(tx)
    assert alert.finding.parts == (
        Finding("above", value=4.0, limit=3.0),
        Finding("below", value=25.0, limit=30.0, kpi="nps"),
    )
