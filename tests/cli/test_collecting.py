"""``collect``: sources read now, each with what it gave; 1 when one fails, 2 when there is nothing to read."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import KpiBot
from tests.rulebook.small_company import write_small_company, write_sources

QUERY = "SELECT month, people FROM sign_ups WHERE month >= substr(:since, 1, 7) AND month < substr(:until, 1, 7)"
Warehouse = Callable[..., None]


@pytest.fixture
def warehouse(kpi_bot: KpiBot, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """Writes a warehouse with months of sign-ups, and rules that fetch them."""

    def write(*months: tuple[str, object]) -> None:
        folder = write_sources(write_small_company(Path("rules")))
        (folder / "queries" / "sign_ups.sql").write_text(QUERY)
        connection = sqlite3.connect("warehouse.db")
        connection.execute("CREATE TABLE IF NOT EXISTS sign_ups (month TEXT, people)")
        connection.executemany("INSERT INTO sign_ups VALUES (?, ?)", months)
        connection.commit()
        connection.close()
        monkeypatch.setenv("KPI_BOT_RULES", "rules")
        monkeypatch.setenv("WAREHOUSE_URL", "sqlite:///warehouse.db")

    return write


def test_a_source_is_read_with_all_its_history_and_then_for_what_is_new(kpi_bot: KpiBot, warehouse: Warehouse) -> None:
    year = datetime.now(UTC).year - 1
    warehouse(*((f"{year}-{month:02d}", 100 + month) for month in range(1, 13)))
    first = kpi_bot("collect", "sign_ups")
    assert (first.code, first.err) == (0, "")
    assert first.out == "[1/1] sign_ups: 12 new, 0 corrected, 0 unchanged\n"
    again = kpi_bot("collect", "sign_ups", "--backfill")
    assert again.out == "[1/1] sign_ups: 0 new, 0 corrected, 12 unchanged\n"


def test_a_long_history_is_read_part_by_part_with_a_line_for_each(kpi_bot: KpiBot, warehouse: Warehouse) -> None:
    year = datetime.now(UTC).year
    warehouse(("1991-05", 1), (f"{year - 1}-03", 2))
    ended = kpi_bot("collect", "sign_ups", "--since", "1991")
    first, second = ended.out.splitlines()
    assert first.startswith("[1/1] sign_ups ")
    assert first.endswith(": 1 new, 0 corrected, 0 unchanged")
    assert second.startswith("[1/1] sign_ups 1991-01-01..")
    assert second.endswith(": 1 new, 0 corrected, 0 unchanged")


@pytest.mark.parametrize(("since", "words"), [("soon", "2023-06-15"), ("2023-13", "is no day"), ("2999", "the future")])
def test_a_day_that_is_none_is_told(kpi_bot: KpiBot, warehouse: Warehouse, since: str, words: str) -> None:
    warehouse()
    ended = kpi_bot("collect", "sign_ups", "--since", since)
    assert ended.code == 2
    assert words in ended.err


def test_a_source_that_fails_ends_with_one_and_the_others_are_read(kpi_bot: KpiBot, warehouse: Warehouse) -> None:
    warehouse(("2025-01", 100))
    ended = kpi_bot("collect")
    assert ended.code == 1
    assert "sign_ups: 1 new" in ended.out
    assert "invoices: BILLING_TOKEN is not set" in ended.err


def test_values_that_are_refused_are_named_by_their_row(kpi_bot: KpiBot, warehouse: Warehouse) -> None:
    warehouse(("2025-01", 100), ("2025-02", "a hundred and one"))
    ended = kpi_bot("collect", "sign_ups")
    assert ended.code == 1
    assert "sign_ups: 1 new, 0 corrected, 0 unchanged, 1 refused" in ended.out
    assert "row 2.value: must be a number, not text" in ended.err
    assert "hundred" not in ended.err


@pytest.mark.parametrize(("kpi", "words"), [("mrr", "mrr has no source"), ("sing_ups", "unknown KPI 'sing_ups'")])
def test_a_kpi_without_a_source_is_told(kpi_bot: KpiBot, warehouse: Warehouse, kpi: str, words: str) -> None:
    warehouse()
    ended = kpi_bot("collect", kpi)
    assert ended.code == 2
    assert words in ended.err


def test_without_any_source_there_is_nothing_to_read(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("collect")
    assert (ended.code, "no KPI has a source" in ended.err) == (2, True)
