"""What the tests of sources ask with: a span of days, a source, a connection, and the sales in the warehouses."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection as Session
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url

from bot.core.source import Connection, Source
from bot.sources import sql
from bot.sources.rows import Row
from bot.sources.span import Span

ROWS = [("2026-09-10", 100, "basic"), ("2026-10-05", 200, "basic"), ("2026-10-20", 50, "pro"), ("2026-11-02", 7, "pro")]
SPAN = Span(since=date(2026, 9, 1), newest=date(2026, 10, 1), until=date(2026, 11, 1), zone=ZoneInfo("Europe/Madrid"))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
READER, WRITER = f"kpi_reader_{WORKER}", f"kpi_writer_{WORKER}"
SOURCE = Source(sql="sales.sql", connection="warehouse")


def ask(address: str, query: str, *, span: Span = SPAN, seconds: int = 20) -> list[Row]:
    """Read as a KPI's source would."""
    connection = Connection(key="warehouse", sql="WAREHOUSE_URL", seconds=seconds)
    return sql.read(SOURCE, connection, address=address, query=query, span=span)


def unplaced(rows: Sequence[Row]) -> list[Row]:
    """Give rows without the places they stand in, for comparing what they hold."""
    return [row._replace(place="") for row in rows]


def _of_this_process(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> tuple[str, Any]:
    return statement.replace("kpi_reader", READER).replace("kpi_writer", WRITER), parameters


@contextlib.contextmanager
def as_root(address: str) -> Iterator[Session]:
    """Connect to PostgreSQL to change what a source is to find; every statement is a transaction.

    Roles are the whole server's: ``kpi_reader`` and ``kpi_writer`` stand for those of this test process alone.
    """
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    event.listen(engine, "before_cursor_execute", _of_this_process, retval=True)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
