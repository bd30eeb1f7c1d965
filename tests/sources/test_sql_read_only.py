"""A query can change nothing: neither what its text gives away, nor what only the database itself can tell."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection as Session

from bot.sources import sql
from bot.sources.rows import SourceFailed
from tests.sources import writing_postgres, writing_sqlite
from tests.sources.asking import ROWS, SPAN, WORKER, as_root, ask


def test_there_are_more_than_sixty_ways() -> None:
    assert len(writing_postgres.WAYS) + len(writing_sqlite.WAYS) > 120


@pytest.mark.parametrize("way", writing_sqlite.WAYS)
def test_sqlite_file_stays_as_it_was(sqlite_file: Path, way: str) -> None:
    query = writing_sqlite.WAYS[way].replace("{folder}", str(sqlite_file.parent))
    before = sqlite_file.read_bytes()
    with pytest.raises(SourceFailed):
        ask(f"sqlite:///{sqlite_file}", query)
    with pytest.raises(SourceFailed):
        sql.fetch(f"sqlite:///{sqlite_file}", query, SPAN, seconds=20)
    assert sqlite_file.read_bytes() == before
    assert [path.name for path in sqlite_file.parent.iterdir()] == [sqlite_file.name]


@pytest.fixture(scope="module")
def root(owner: str) -> Iterator[Session]:
    """A connection that sees and may do everything."""
    with as_root(owner) as connection:
        yield connection


def _state(root: Session) -> list[object]:
    return [root.exec_driver_sql(query).all() for query in _EVERYTHING]


def _check_that_it_is_as_before(root: Session, before: list[object]) -> None:
    """What ends with a session ends a moment after we have left it."""
    ends = time.monotonic() + 3
    while _state(root) != before and time.monotonic() < ends:
        time.sleep(0.02)
    assert _state(root) == before


_EVERYTHING = (
    "SELECT * FROM sales ORDER BY day",
    "SELECT * FROM monthly ORDER BY at",
    "SELECT last_value, is_called FROM counter",
    "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
    "SELECT attname FROM pg_attribute WHERE attrelid = 'sales'::regclass ORDER BY 1",
    f"SELECT rolname, rolsuper FROM pg_roles WHERE rolname !~ '_gw[0-9]+$' OR rolname ~ '_{WORKER}$' ORDER BY 1",
    "SELECT oid FROM pg_largeobject_metadata",
    "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT slot_name FROM pg_replication_slots",
    "SELECT 1 FROM pg_locks, pg_database WHERE locktype = 'advisory' AND database = oid AND datname = current_catalog",
    "SELECT obj_description('sales'::regclass)",
)
"""What a way of writing might change."""


@pytest.mark.parametrize("way", writing_postgres.WAYS)
def test_postgresql_database_stays_as_it_was(root: Session, reader: str, way: str) -> None:
    query = writing_postgres.WAYS[way]
    before = _state(root)
    with pytest.raises(SourceFailed):
        ask(reader, query)
    _check_that_it_is_as_before(root, before)
    assert not Path("/tmp/kpi-bot-test-copy").exists()


@pytest.mark.parametrize("way", writing_postgres.WAYS)
def test_postgresql_holds_without_a_look_at_the_text(root: Session, reader: str, way: str) -> None:
    before = _state(root)
    told = None
    try:
        sql.fetch(reader, writing_postgres.WAYS[way], SPAN, seconds=20)
    except SourceFailed as failed:
        told = failed.code
    _check_that_it_is_as_before(root, before)
    assert told is not None or way == "table"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT random() < 2 AND clock_timestamp() > now() AND pg_relation_size('sales') >= 0",
        "SELECT count(*) FROM sales TABLESAMPLE BERNOULLI (100)",
        "SELECT half(amount) FROM sales LIMIT 1",
        'SELECT "max"(amount) FROM sales',
        "SELECT count(*) FROM pg_stat_activity WHERE pid = pg_backend_pid()",
    ],
)
def test_functions_that_only_tell_something_are_called(root: Session, reader: str, query: str) -> None:
    root.exec_driver_sql("CREATE OR REPLACE FUNCTION half(n numeric) RETURNS numeric LANGUAGE sql AS 'SELECT n / 2'")
    assert len(ask(reader, query)) == 1
    root.exec_driver_sql("DROP FUNCTION half(numeric)")


_ON_DATABASE = "DO $$ BEGIN EXECUTE format('{} CREATE ON DATABASE %%I {} kpi_reader', current_database()); END $$"


@pytest.mark.parametrize(
    ("grants", "reason"),
    [
        (["ALTER ROLE kpi_reader SUPERUSER"], "superuser"),
        (["ALTER ROLE kpi_reader CREATEDB"], "create databases or roles"),
        (["ALTER ROLE kpi_reader CREATEROLE"], "create databases or roles"),
        (["ALTER ROLE kpi_reader REPLICATION"], "replicate"),
        (["GRANT CREATE ON SCHEMA public TO kpi_reader"], "create tables in schema public"),
        (["GRANT INSERT ON sales TO kpi_reader"], "write to public.sales"),
        (["GRANT UPDATE (amount) ON sales TO kpi_reader"], "write to public.sales"),
        (["GRANT DELETE ON sales TO PUBLIC"], "write to public.sales"),
        (["GRANT TRUNCATE ON sales TO kpi_reader"], "write to public.sales"),
        (["GRANT USAGE ON SEQUENCE counter TO kpi_reader"], "move the sequence public.counter"),
        (["GRANT pg_write_all_data TO kpi_reader"], "belongs to pg_write_all_data"),
        (["GRANT pg_signal_backend TO kpi_reader"], "belongs to pg_signal_backend"),
        (
            [
                "CREATE ROLE kpi_writer",
                "GRANT INSERT ON sales TO kpi_writer",
                "GRANT kpi_writer TO kpi_reader",
                "ALTER ROLE kpi_reader NOINHERIT",
            ],
            "write to public.sales",
        ),
        ([_ON_DATABASE.format("GRANT", "TO")], "create schemas"),
    ],
    ids=lambda given: given if isinstance(given, str) else given[-1][:60],
)
def test_role_that_can_write_is_refused_with_the_remedy(
    root: Session, reader: str, grants: list[str], reason: str
) -> None:
    try:
        for grant in grants:
            root.exec_driver_sql(grant)
        with pytest.raises(SourceFailed) as failed:
            ask(reader, "SELECT 1")
    finally:
        for statement in _BACK:
            root.exec_driver_sql(statement)
    assert failed.value.code == "may_write"
    assert reason in failed.value.problem
    assert "GRANT SELECT ON ALL TABLES" in failed.value.problem
    assert ask(reader, "SELECT 1")[0].value == 1


_BACK = (
    "ALTER ROLE kpi_reader NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION INHERIT",
    "REVOKE CREATE ON SCHEMA public FROM kpi_reader",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON sales FROM kpi_reader, PUBLIC",
    "REVOKE UPDATE (amount) ON sales FROM kpi_reader",
    "REVOKE USAGE ON SEQUENCE counter FROM kpi_reader",
    "REVOKE pg_write_all_data, pg_signal_backend FROM kpi_reader",
    _ON_DATABASE.format("REVOKE", "FROM"),
    "DO $$ BEGIN DROP OWNED BY kpi_writer; DROP ROLE kpi_writer; EXCEPTION WHEN undefined_object THEN NULL; END $$",
)


def test_owner_is_refused(owner: str) -> None:
    with pytest.raises(SourceFailed, match="superuser"):
        ask(owner, "SELECT sum(amount) FROM sales")


def test_rows_are_the_same_for_whoever_reads(sqlite_file: Path, reader: str) -> None:
    query = "SELECT day, amount FROM sales ORDER BY day"
    expected = [(day, float(amount)) for day, amount, _ in ROWS]
    assert [(row.at, row.value) for row in ask(f"sqlite:///{sqlite_file}", query)] == expected
    assert [(row.at, row.value) for row in ask(reader, query)] == expected


def test_sqlite_database_in_use_is_read_beside_its_writer(sqlite_file: Path) -> None:
    writer = sqlite3.connect(sqlite_file)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM sales")
    assert ask(f"sqlite:///{sqlite_file}", "SELECT count(*) FROM sales")[0].value == len(ROWS)
    writer.rollback()
    writer.close()
