"""Warehouses to read from: real ones, with a table of sales."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.databases import bare_url
from tests.mariadb import mysql_root  # noqa: F401 - a fixture
from tests.sources.asking import READER, ROWS, WORKER, as_root

_WITH_EVERYTHING = (
    "CREATE TABLE sales (day date, amount numeric, plan text)",
    *(f"INSERT INTO sales VALUES ('{day}', {amount}, '{plan}')" for day, amount, plan in ROWS),
    "CREATE SEQUENCE counter",
    "CREATE MATERIALIZED VIEW monthly AS SELECT date_trunc('month', day) AS at, sum(amount) FROM sales GROUP BY 1",
    "CREATE FUNCTION take_all() RETURNS int LANGUAGE sql AS 'DELETE FROM sales; SELECT 1'",
    "CREATE FUNCTION take_all_as_owner() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM sales; SELECT 1'",
    "CREATE PROCEDURE clear_sales() LANGUAGE sql AS 'DELETE FROM sales'",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "CREATE ROLE kpi_reader LOGIN PASSWORD 'only-reads'",
    "GRANT USAGE ON SCHEMA public TO kpi_reader",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO kpi_reader",
    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO kpi_reader",
)


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """An SQLite file with the sales."""
    file = tmp_path / "warehouse.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE sales (day TEXT, amount REAL, plan TEXT)")
    connection.executemany("INSERT INTO sales VALUES (?, ?, ?)", ROWS)
    connection.commit()
    connection.close()
    return file


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL database with the sales, as its owner."""
    url = bare_url("postgresql", tmp_path_factory.mktemp("warehouse"), f"warehouse_{WORKER}")
    with as_root(url) as connection:
        for statement in _WITH_EVERYTHING:
            connection.exec_driver_sql(statement)
    yield url
    name = make_url(url).database
    with as_root(make_url(url).set(database="postgres").render_as_string(hide_password=False)) as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.exec_driver_sql("DROP ROLE kpi_reader")


@pytest.fixture
def reader(owner: str) -> str:
    """The address of the same database, as a role that can only read."""
    url = make_url(owner).set(username=READER, password="only-reads")
    return url.render_as_string(hide_password=False)
