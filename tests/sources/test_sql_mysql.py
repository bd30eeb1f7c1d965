"""MySQL and MariaDB, on a real server; see ``tests.mariadb`` for which."""

import time
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from bot.sources import sql
from bot.sources.rows import Row, SourceFailed
from tests.mariadb import GROUP
from tests.sources.asking import READER, ROWS, SPAN, WORKER, ask
from tests.sources.writing_mysql import WAYS

pytestmark = GROUP

DATABASE, ROLE = f"kpi_test_{WORKER}", f"kpi_role_{WORKER}"

_CHANGES = (("2025-10-26T01:00Z", 0), ("2026-03-29T01:00Z", 1), ("2026-10-25T01:00Z", 0))
_MOMENTS = ", ".join(f"(901, {datetime.fromisoformat(at).timestamp():.0f}, {kind})" for at, kind in _CHANGES)
_MADRID = (
    "INSERT IGNORE INTO mysql.time_zone (time_zone_id) VALUES (901)",
    "INSERT IGNORE INTO mysql.time_zone_name VALUES ('Europe/Madrid', 901)",
    "INSERT IGNORE INTO mysql.time_zone_transition_type VALUES (901, 0, 3600, 0, 'CET'), (901, 1, 7200, 1, 'CEST')",
    f"INSERT IGNORE INTO mysql.time_zone_transition VALUES {_MOMENTS}",
)
"""The company's zone of a year, for a server whose time zones nobody has loaded."""
_MADE = (
    f"DROP DATABASE IF EXISTS {DATABASE}",
    f"CREATE DATABASE {DATABASE}",
    f"USE {DATABASE}",
    "CREATE TABLE sales (day date, amount decimal(12, 2), plan text)",
    *(f"INSERT INTO sales VALUES ('{day}', {amount}, '{plan}')" for day, amount, plan in ROWS),
    "CREATE SEQUENCE counter",
    "CREATE PROCEDURE clear_sales() DELETE FROM sales",
    "CREATE FUNCTION take_all() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM sales; RETURN 1; END",
    "CREATE TABLE orders (at timestamp, day date, seen datetime)",
    "SET SESSION time_zone = '+00:00'",
    # Late in the evening by UTC is the next day in Madrid, and another month.
    "INSERT INTO orders VALUES ('2026-09-30 22:30:00', '2026-09-30', '2026-09-30 22:30:00')",
    f"DROP USER IF EXISTS {READER}",
    f"DROP ROLE IF EXISTS {ROLE}",
    f"CREATE USER {READER} IDENTIFIED BY 'only-reads'",
    f"GRANT SELECT, SHOW VIEW ON {DATABASE}.* TO {READER}",
)


@pytest.fixture(scope="module")
def owner(mysql_root: URL) -> Iterator[str]:
    """The address of the sales as root."""
    ((known,),) = _root(mysql_root, "SELECT convert_tz('2026-07-01', '+00:00', 'Europe/Madrid')")[0]
    _root(mysql_root, *(() if known else _MADRID), *_MADE)
    yield mysql_root.set(database=DATABASE).render_as_string(hide_password=False)
    _root(mysql_root, f"DROP DATABASE {DATABASE}", f"DROP USER {READER}", f"DROP ROLE IF EXISTS {ROLE}")


@pytest.fixture
def reader(owner: str) -> str:
    """The same as a user that can only read."""
    url = make_url(owner).set(username=READER, password="only-reads", drivername="mysql")
    return url.render_as_string(hide_password=False)


def _root(owner: str | URL, *statements: str) -> list[Any]:
    engine = create_engine(owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        found: list[Any] = [result.all() if result.returns_rows else None for result in results]
    engine.dispose()
    return found


def _state(owner: str) -> list[object]:
    return _root(
        owner,
        "SELECT * FROM sales ORDER BY day",
        f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{DATABASE}' ORDER BY 1",
        f"SELECT column_name FROM information_schema.columns WHERE table_schema = '{DATABASE}' ORDER BY 1",
        "SELECT next_not_cached_value FROM counter",
        f"SHOW GRANTS FOR {READER}",
        "SELECT @@global.max_connections",
    )


@pytest.mark.parametrize("way", WAYS)
def test_database_stays_as_it_was(owner: str, reader: str, way: str) -> None:
    query, before = WAYS[way].replace("kpi_reader", READER), _state(owner)
    told = []
    for looked_at in (True, False):
        try:
            if looked_at:
                ask(reader, query)
            else:
                sql.fetch(reader, query, SPAN, seconds=10)
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


def test_moments_and_days_are_the_companys(reader: str) -> None:
    assert ask(reader, "SELECT at, 1 FROM orders") == [Row(1, "2026-10-01T00:30:00+02:00")]
    assert ask(reader, "SELECT date_format(at, '%Y-%m'), count(*) FROM orders GROUP BY 1") == [Row(1, "2026-10")]
    assert ask(reader, "SELECT day, 1 FROM orders") == [Row(1, "2026-09-30")]
    assert ask(reader, "SELECT seen, 1 FROM orders") == [Row(1, "2026-09-30T22:30:00+02:00")]


def test_company_that_counts_in_utc_needs_no_time_zones_loaded(reader: str) -> None:
    in_utc = SPAN._replace(zone=ZoneInfo("UTC"))
    assert ask(reader, "SELECT at, 1 FROM orders", span=in_utc) == [Row(1, "2026-09-30T22:30:00+00:00")]


def test_time_zone_the_server_does_not_know_is_refused_with_how_to_load_it(reader: str) -> None:
    with files("tzdata").joinpath("zoneinfo/Europe/Madrid").open("rb") as file:
        elsewhere = SPAN._replace(zone=ZoneInfo.from_file(file, key="Nowhere/Known"))
    with pytest.raises(SourceFailed, match="mysql_tzinfo_to_sql") as failed:
        ask(reader, "SELECT at, 1 FROM orders", span=elsewhere)
    assert (failed.value.code, failed.value.passing) == ("zone", False)


@pytest.fixture
def granted(owner: str, request: pytest.FixtureRequest) -> Iterator[None]:
    _root(owner, *request.param)
    yield
    _root(owner, *_MADE[-4:])


@pytest.mark.parametrize(
    "granted",
    [
        [f"GRANT INSERT ON {DATABASE}.* TO {READER}"],
        [f"GRANT UPDATE (amount) ON {DATABASE}.sales TO {READER}"],
        [f"GRANT FILE ON *.* TO {READER}"],
        [f"GRANT EXECUTE ON {DATABASE}.* TO {READER}"],
        [f"GRANT SELECT ON {DATABASE}.* TO {READER} WITH GRANT OPTION"],
        [f"CREATE ROLE {ROLE}", f"GRANT {ROLE} TO {READER}"],
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
