"""Values from a database: one query, read-only in fact, within our own time, rows and bytes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection as Session
from sqlalchemy import CursorResult, Engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from bot.core.source import Connection, Source
from bot.core.statement import misread, named_parameters, with_escaped_colons
from bot.sources import sql_mysql, sql_postgres, sql_sqlite, sql_warehouse
from bot.sources.answer import Columns, check_shape, columns_of, row_of, size_of
from bot.sources.deadline import Deadline
from bot.sources.rows import MOST_BYTES, MOST_ROWS, Row, SourceFailed
from bot.sources.span import Span
from bot.sources.sql_guard import Asked, Guard

_MOST_AT_A_TIME = 100
"""Rows fetched together, over a network; it begins with one, and wide ones come one by one."""
_GUARDS: dict[str, Guard] = {
    "sqlite": sql_sqlite.GUARD,
    "postgresql": sql_postgres.GUARD,
    "mysql": sql_mysql.GUARD,
    "mariadb": sql_mysql.GUARD,
}
"""How each kind of database is kept from being written to; the warehouses all in one way."""
_EXTRAS = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "redshift": "redshift",
    "databricks": "databricks",
    "trino": "trino",
    "clickhousedb": "clickhouse",
}
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}


def read(source: Source, connection: Connection, *, address: str, query: str, span: Span) -> list[Row]:
    """Ask the query and give its rows.

    address: of the database, as SQLAlchemy writes it; query: the text of the source's file. Raises SourceFailed.
    """
    wrong = misread(query)
    if wrong is not None:
        raise SourceFailed("query", f"queries/{source.sql} {wrong.problem}", passing=False)
    return fetch(address, query, span, seconds=connection.seconds)


def fetch(address: str, query: str, span: Span, *, seconds: float) -> list[Row]:
    """Ask a query whose text nobody has looked at, trusting the database's own locks alone; otherwise as ``read``."""
    url = _url(address)
    guard = _GUARDS.get(url.get_backend_name(), sql_warehouse.GUARD)
    engine, deadline = _engine(url, guard, seconds), Deadline(seconds)
    try:
        with deadline, engine.connect() as session:
            driver = session.connection.driver_connection
            deadline.on_end(lambda: guard.cut(driver))
            guard.prepare(session, Asked(query, seconds, span.zone.key))
            return _asked(session, query, span)
    except SQLAlchemyError as error:
        raise _failed(error, guard, seconds, late=deadline.over) from None
    finally:
        engine.dispose()


def _asked(session: Session, query: str, span: Span) -> list[Row]:
    since = span.since
    with _executed(session, query, since, span.until) as result:
        columns = columns_of(list(result.keys()))
        if columns.at is not None or since == span.newest or "since" not in named_parameters(query):
            return _rows(result, columns, span)
    # A value without a time stands for one period, so it is asked for that period alone.
    with _executed(session, query, span.newest, span.until) as result:
        return _rows(result, columns, span)


def _executed(session: Session, query: str, since: date, until: date) -> CursorResult[Any]:
    """Execute as one statement, streaming: its rows never lie in memory all at once."""
    given = {"since": since, "until": until}
    if session.dialect.name == "sqlite":
        given = {word: day.isoformat() for word, day in given.items()}  # type: ignore[misc]
    used = {word: given[word] for word in named_parameters(query) if word in given}
    statement = text(with_escaped_colons(query))
    return session.execute(statement, used, execution_options={"stream_results": True})


def _rows(result: CursorResult[Any], columns: Columns, span: Span) -> list[Row]:
    """Take the rows as they come; what a file holds is read one row at a time, for that costs no round trip."""
    most = 1 if result.context.dialect.name == "sqlite" else _MOST_AT_A_TIME
    rows: list[Row] = []
    size, widest, wanted = 0, 1, 1
    while chunk := result.fetchmany(wanted):
        rows += [row_of(answer, columns, span.zone) for answer in chunk]
        sizes = [size_of(answer) for answer in chunk]
        size, widest = size + sum(sizes), max(widest, *sizes)
        _check_caps(rows, size, columns)
        wanted = min(2 * wanted, most, 1 + MOST_BYTES // (4 * widest))
    check_shape(rows)
    return rows


def _check_caps(rows: Sequence[Row], size: int, columns: Columns) -> None:
    if len(rows) > MOST_ROWS:
        raise SourceFailed("too_many", f"the query gives more than {MOST_ROWS} rows; group it by period", passing=False)
    if size > MOST_BYTES:
        problem = f"the query gives more than {MOST_BYTES // 2**20} MiB; ask for time, value and segment alone"
        raise SourceFailed("too_large", problem, passing=False)
    if columns.at is None and columns.segment is None and len(rows) > 1:
        problem = "the query gives several rows of one value; add the time as its first column, or ask for one row"
        raise SourceFailed("shape", problem, passing=False)


def _failed(error: SQLAlchemyError, guard: Guard, seconds: float, *, late: bool) -> SourceFailed:
    if late:
        return SourceFailed("timeout", f"gave no answer within {seconds:g} s", passing=True)
    if isinstance(error, DBAPIError):
        return guard.explain(error)
    return SourceFailed("query", "the query gives no rows that can be read", passing=False)


def _url(address: str) -> URL:
    if address.startswith("postgres://"):
        address = address.replace("postgres://", "postgresql://", 1)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SourceFailed("setting", "its variable holds no address of a database", passing=False) from None
    plain = _DRIVERS.get(url.drivername)
    return url.set(drivername=plain) if plain else url


def _engine(url: URL, guard: Guard, seconds: float) -> Engine:
    try:
        return guard.open(url, seconds)
    except (NoSuchModuleError, ImportError):
        name = url.get_backend_name()
        extra = _EXTRAS.get(name)
        remedy = f"install it with: pip install 'kpi-bot[{extra}]'" if extra else "install its SQLAlchemy dialect"
        raise SourceFailed("driver", f"the driver for {name} is missing; {remedy}", passing=False) from None
    except (ArgumentError, TypeError, ValueError):
        raise SourceFailed("setting", "its variable holds an address that cannot be used", passing=False) from None
