"""A KPI's source is read with what the environment holds, and a reader that breaks or hangs harms nobody."""

import threading
from pathlib import Path

import pytest

from bot.core.policy import Policy
from bot.rulebook import read_policy
from bot.settings import read_secret
from bot.sources import sql
from bot.sources.deadline import within
from bot.sources.reading import Reader
from bot.sources.rows import Row, SourceFailed
from tests.rulebook.small_company import write_small_company, write_sources
from tests.sources.asking import SPAN


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    folder = write_sources(write_small_company(tmp_path / "rules"))
    query = "SELECT substr(day, 1, 7), count(*) FROM sales WHERE day >= :since AND day < :until GROUP BY 1"
    (folder / "queries" / "sign_ups.sql").write_text(query)
    return read_policy(folder)


def test_the_query_of_the_folder_is_asked_of_the_database_of_the_environment(
    policy: Policy, sqlite_file: Path, tmp_path: Path
) -> None:
    reader = Reader({"WAREHOUSE_URL": f"sqlite:///{sqlite_file}"}.get, tmp_path)
    rows = reader.read(policy, policy.kpis["sign_ups"], SPAN)
    assert rows == [Row(1, "2026-09"), Row(2, "2026-10")]


def test_a_variable_that_is_not_set_is_named(policy: Policy, tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="WAREHOUSE_URL is not set; set it, or WAREHOUSE_URL_FILE") as failed:
        Reader(lambda name: None, tmp_path).read(policy, policy.kpis["sign_ups"], SPAN)
    assert (failed.value.code, failed.value.passing) == ("setting", False)


def test_a_reader_that_breaks_is_a_failure_that_tells_no_data(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> list[Row]:
        raise RuntimeError("a secret number")

    monkeypatch.setattr(sql, "read", broken)
    with pytest.raises(SourceFailed, match="RuntimeError") as failed:
        Reader(lambda name: "x", Path()).read(policy, policy.kpis["sign_ups"], SPAN)
    assert failed.value.code == "reader"
    assert "secret" not in failed.value.problem


def test_a_reader_that_never_comes_back_is_left_behind() -> None:
    released = threading.Event()
    with pytest.raises(SourceFailed) as failed:
        within(0.1, lambda: released.wait(10))
    assert (failed.value.code, failed.value.passing) == ("timeout", True)
    released.set()


def test_a_secret_is_read_from_the_environment_or_its_file(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("from a file\n")
    assert read_secret("WAREHOUSE_URL", {"WAREHOUSE_URL": " plain "}) == "plain"
    assert read_secret("WAREHOUSE_URL", {"WAREHOUSE_URL_FILE": str(tmp_path / "word")}) == "from a file"
    assert read_secret("WAREHOUSE_URL", {"WAREHOUSE_URL_FILE": str(tmp_path / "none")}) is None
    assert read_secret("WAREHOUSE_URL", {}) is None


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN_FILE", "DATABASE_URL", "KPI_BOT_SECRET_KEY"])
def test_our_own_secrets_go_nowhere(name: str) -> None:
    assert read_secret(name, {name: "xoxb-secret"}) is None
