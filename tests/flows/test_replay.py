"""Rules tried on what the database knows, and the answer to whoever asks in chat."""

from datetime import UTC, datetime

import pytest

from bot.core.intake import Entry
from bot.core.periods import parse_label
from bot.core.policy import Dimension
from bot.core.words import Language
from bot.flows import replay
from bot.flows.record import record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import make_kpi, make_rule, policy_of

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
SIZES = Dimension.model_validate({"key": "size", "name": "Size", "members": {"small": "Small", "large": "Large"}})
POLICY = policy_of(
    make_kpi("revenue", segments=("size",)),
    make_kpi("margin", formula="revenue - 10", segments=("size",), rules=(make_rule({"below": 50.0}),)),
    make_kpi("unrelated"),
    dimensions={"size": SIZES},
)
MARGIN = POLICY.kpis["margin"]
BOOK = Phrasebook(None, shipped_messages())


@pytest.fixture
def filled(database: Database) -> Database:
    """Revenue since July, of which the small customers' fell in September."""
    known = {"": (90.0, 90.0, 90.0, 90.0), "size:small": (90.0, 90.0, 20.0, 90.0), "size:large": (20.0, 90.0)}
    entries = [
        Entry(kpi="revenue", segment=segment, period=parse_label(f"2026-{month:02}", MARGIN.frequency), value=value)
        for segment, values in known.items()
        for month, value in enumerate(values, start=7)
    ]
    record(database, POLICY, entries, origin=Origin.API, author="test", now=NOON)
    return database


def answered(database: Database, segment: str = "") -> str:
    said = replay.answer(database, POLICY, BOOK, Language.EN, MARGIN, segment, NOON)
    return "\n".join((said.headline, said.body, *said.items)).replace("\u00a0", " ")


def test_a_calculated_kpi_is_tried_on_the_values_of_its_inputs(filled: Database) -> None:
    found = replay.replayed(filled, POLICY, MARGIN, datetime(2026, 1, 1, tzinfo=UTC), NOON)
    assert found is not None
    told = [(one.segment, one.period, one.peak) for one in found.episodes]
    assert told == [("size:large", "2026-07", 10.0), ("size:small", "2026-09", 10.0)]


def test_only_series_that_matter_are_read(filled: Database) -> None:
    assert {key for key, _ in replay.known_histories(filled, POLICY, MARGIN)} == {"revenue", "margin"}
    assert replay.known_histories(filled, POLICY, POLICY.kpis["unrelated"]) == {}


def test_the_answer_names_each_segment_unless_one_is_asked_for(filled: Database) -> None:
    assert "1 Oct 2026 · Small: 31 days, at worst 10" in answered(filled)
    small = answered(filled, "size:small")
    assert "1 Oct 2026: 31 days" in small
    assert "Large" not in small


def test_of_very_many_values_the_total_alone_is_tried_and_that_is_said(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "MOST_VALUES", 4)
    assert "The total alone" in answered(filled)
    assert "no alert" in answered(filled)
    assert "1 Oct 2026: 31 days" in answered(filled, "size:small")


def test_trying_records_nothing_and_tells_nobody(filled: Database) -> None:
    with filled.reading() as tx:
        before = [
            tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in ("alert", "outbox", "audit")
        ]
    answered(filled)
    with filled.reading() as tx:
        after = [tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in ("alert", "outbox", "audit")]
    assert before == after
