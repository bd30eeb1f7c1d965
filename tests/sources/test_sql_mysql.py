"""MySQL and MariaDB, on the server that TEST_MYSQL_URL names (as its root); skipped without one."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from bot.sources import sql
from bot.sources.rows import Row, SourceFailed
from tests.sources.asking import ROWS, SPAN, ask
from tests.sources.writing_mysql import WAYS

pytestmark = pytest.mark.skipif("TEST_MYSQL_URL" not in os.environ, reason="TEST_MYSQL_URL names no server")

_MADE = (
    "DROP DATABASE IF EXISTS kpi_test",
    "CREATE DATABASE kpi_test",
    "USE kpi_test",
    "CREATE TABLE sales (day date, amount decimal(12, 2), plan text)",
    *(f"INSERT INTO sales VALUES ('{day}', {amount}, '{plan}')" for day, amount, plan in ROWS),
    "CREATE SEQUENCE counter",
    "CREATE PROCEDURE clear_sales() DELETE FROM sales",
    "CREATE FUNCTION take_all() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM sales; RETURN 1; END",
    "DROP USER IF EXISTS kpi_reader",
    "DROP ROLE IF EXISTS kpi_role",
    "CREATE USER kpi_reader IDENTIFIED BY 'only-reads'",
    "GRANT SELECT, SHOW VIEW ON kpi_test.* TO kpi_reader",
)


@pytest.fixture(scope="module")
def owner() -> str:
    """The address of the sales as root."""
    url = make_url(os.environ["TEST_MYSQL_URL"]).set(drivername="mysql+pymysql", database=None)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in _MADE:
            connection.exec_driver_sql(statement)
    engine.dispose()
    return url.set(database="kpi_test").render_as_string(hide_password=False)


@pytest.fixture
def reader(owner: str) -> str:
    """The same as a user that can only read."""
    url = make_url(owner).set(username="kpi_reader", password="only-reads", drivername="mysql")
    return url.render_as_string(hide_password=False)


def _root(owner: str, *statements: str) -> list[object]:
    engine = create_engine(owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        found: list[object] = [result.all() if result.returns_rows else None for result in results]
    engine.dispose()
    return found


def _state(owner: str) -> list[object]:
    return _root(
        owner,
        "SELECT * FROM sales ORDER BY day",
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'kpi_test' ORDER BY 1",
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'kpi_test' ORDER BY 1",
        "SELECT next_not_cached_value FROM counter",
        "SHOW GRANTS FOR kpi_reader",
        "SELECT @@global.max_connections",
    )


@pytest.mark.parametrize("way", WAYS)
def test_database_stays_as_it_was(owner: str, reader: str, way: str) -> None:
    before = _state(owner)
    told = []
    for looked_at in (True, False):
        try:
            if looked_at:
                ask(reader, WAYS[way])
            else:
                sql.fetch(reader, WAYS[way], SPAN, seconds=10)
        except SourceFailed as failed:
            told.append(failed.code)
    assert _state(owner) == before
    assert not Path("/tmp/kpi-bot-test-copy").exists()
    assert told or way in ("into hidden by a comment", "next value for")


def test_three_shapes_and_both_days(reader: str) -> None:
    assert ask(reader, "SELECT sum(amount) FROM sales WHERE day >= :since AND day < :until") == [Row(250.0)]
    assert ask(reader, "SELECT day, amount FROM sales ORDER BY day LIMIT 1") == [Row(100.0, "2026-09-10")]
    assert ask(reader, "SELECT day, amount, plan FROM sales WHERE plan LIKE 'p%' ORDER BY day LIMIT 1") == [
        Row(50.0, "2026-10-20", "pro")
    ]


@pytest.fixture
def granted(owner: str, request: pytest.FixtureRequest) -> Iterator[None]:
    _root(owner, *request.param)
    yield
    _root(owner, *_MADE[-4:])


@pytest.mark.parametrize(
    "granted",
    [
        ["GRANT INSERT ON kpi_test.* TO kpi_reader"],
        ["GRANT UPDATE (amount) ON kpi_test.sales TO kpi_reader"],
        ["GRANT FILE ON *.* TO kpi_reader"],
        ["GRANT EXECUTE ON kpi_test.* TO kpi_reader"],
        ["GRANT SELECT ON kpi_test.* TO kpi_reader WITH GRANT OPTION"],
        ["CREATE ROLE kpi_role", "GRANT kpi_role TO kpi_reader"],
    ],
    indirect=True,
)
@pytest.mark.usefixtures("granted")
def test_user_that_can_do_more_than_read_is_refused(reader: str) -> None:
    with pytest.raises(SourceFailed, match="GRANT SELECT ON") as failed:
        ask(reader, "SELECT 1")
    assert failed.value.code == "may_write"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT sleep(600)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n a, n b, n c, n d",
    ],
)
def test_query_that_never_ends_is_ended_by_us(reader: str, query: str) -> None:
    begun = time.monotonic()
    with pytest.raises(SourceFailed) as failed:
        ask(reader, query, seconds=1)
    assert (failed.value.code, failed.value.passing) == ("timeout", True)
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize(("query", "code"), [("SELECT x FROM nowhere", "query"), ("SELECT 1 FROM", "query")])
def test_wrong_query_is_told(reader: str, query: str, code: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        ask(reader, query)
    assert failed.value.code == code


def test_wrong_password_is_told_without_it(reader: str) -> None:
    wrong = make_url(reader).set(password="p4ssw0rd-x").render_as_string(hide_password=False)
    with pytest.raises(SourceFailed) as failed:
        ask(wrong, "SELECT 1")
    assert failed.value.code == "credentials"
    assert "p4ssw0rd" not in failed.value.problem
