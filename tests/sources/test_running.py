"""A bot that runs reads its sources by itself."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import Bot
from bot.settings import Settings
from bot.store import values
from bot.store.values import Origin
from tests.rulebook.small_company import write_small_company, write_sources


def test_a_running_bot_fetches_what_is_due_and_stops_at_once(
    tmp_path: Path, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_sources(write_small_company(tmp_path / "rules"))
    (folder / "queries" / "sign_ups.sql").write_text("SELECT substr(day, 1, 7), count(*) FROM sales GROUP BY 1")
    monkeypatch.setenv("WAREHOUSE_URL", f"sqlite:///{sqlite_file}")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/kpi.db", rules=folder, slack_api_url="http://127.0.0.1:9/")
    bot = Bot(settings, clock=lambda: datetime(2026, 11, 24, 11, 0, tzinfo=UTC))
    bot.database.migrate()
    with bot.working():
        ends = time.monotonic() + 20
        found: list[values.Recorded] = []
        while not found and time.monotonic() < ends:
            time.sleep(0.05)
            with bot.database.reading() as tx:
                found = values.records(tx, "sign_ups", "")
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 8
    bot.close()
    assert [record.value for record in found] == [1, 2, 1]
    assert {(record.origin, record.author) for record in found} == {(Origin.SOURCE, "warehouse")}
