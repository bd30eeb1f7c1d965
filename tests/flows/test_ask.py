"""What is answered about a KPI whose newest period still runs: what is judged, and what there is so far."""

from datetime import UTC, datetime

from bot.core.intake import take
from bot.flows.ask import asker, summary, why_kpi
from bot.flows.record import record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import make_kpi, policy_of

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
SALES = make_kpi("sales", target=100.0, thresholds={"critical": 80.0}, accumulates=True, completeness_delay="1 period")
POLICY = policy_of(SALES)
BOOK = Phrasebook(None, shipped_messages())
WHO = asker(POLICY, "U0ANA0001")


def send(database: Database, value: float, at: str, author: str, origin: Origin = Origin.API) -> None:
    entry = take(POLICY, SALES, value, at, "", now=NOW, place="here")
    record(database, POLICY, [entry], origin=origin, author=author, now=NOW)


def test_a_running_period_is_told_beside_the_one_that_is_judged(database: Database) -> None:
    send(database, 95.0, "2026-10", "warehouse", Origin.SAMPLE)
    send(database, 30.0, "2026-11", "counter")
    said = summary(database, POLICY, BOOK, WHO, SALES, "", NOW)
    assert said.headline == "🟢 sales: 95"
    assert said.body.splitlines()[0] == "*Green* · October 2026 · November 2026 so far: 30"
    assert said.footer == "Sample data, not measured", "what is judged is a sample, whatever came since"


def test_why_names_where_the_judged_number_came_from(database: Database) -> None:
    send(database, 30.0, "2026-11", "counter")
    assert "counter" in why_kpi(database, POLICY, BOOK, WHO, SALES, "", NOW).body, "there is no other yet"
    send(database, 75.0, "2026-10", "warehouse")
    said = why_kpi(database, POLICY, BOOK, WHO, SALES, "", NOW).body
    assert said.startswith("🔴 *75* · October 2026 · target ≥\u00a0100 · November 2026 so far: 30")
    assert "warehouse" in said
    assert "counter" not in said
