"""The database: where it is, how a connection to it behaves, and transactions on it."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from bot.core.errors import BadInput, KpiBotError
from bot.store import schema

Transaction = Connection

_REMEDY = "Use sqlite:///kpi.db for a file, or postgresql://user:password@host/name"
_BUSY_MILLISECONDS = 5000
_PAUSES_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


class DatabaseUnreachable(KpiBotError):
    """The database does not answer or does not let us in."""


class Database:
    """One database and its pool of connections; safe to share between threads.

    Raises BadInput when the url cannot be used. Nothing is opened before the first transaction.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self._url = _read_url(url)
        self._engine = _engine(self._url, pool_size)
        self._reading = self._engine.execution_options(**_READING[self.dialect])
        # SQLite has one writer at a time; queueing here is fairer and quicker than its polling for the lock.
        self._turn: contextlib.AbstractContextManager[Any] = (
            threading.RLock() if self.dialect == "sqlite" else contextlib.nullcontext()
        )

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._url.get_backend_name()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Read and write in one commit; rolled back when an error leaves the block."""
        with self._turn, self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read one unchanging state of the database without holding anybody up; writing is refused."""
        with self._reading.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the schema to this version, creating an SQLite file and its folder; several processes may try at once.

        Raises DatabaseTooNew when a newer kpi-bot has been here, DatabaseUnreachable when nobody answers.
        """
        with self._told_plainly():
            if self.dialect == "sqlite":
                Path(str(self._url.database)).parent.mkdir(parents=True, exist_ok=True)
            with self.transaction() as tx:
                schema.upgrade(tx)

    def check(self) -> None:
        """Make sure that the schema is the one this version works with.

        Raises NotMigrated, DatabaseTooNew or DatabaseUnreachable.
        """
        if self.dialect == "sqlite" and not Path(str(self._url.database)).exists():
            raise schema.NotMigrated(f"there is no database at {self._url.database} yet. Run `kpi-bot migrate`")
        with self._told_plainly(), self.reading() as tx:
            schema.check(tx)

    def close(self) -> None:
        """Close every connection of the pool."""
        self._engine.dispose()

    def __repr__(self) -> str:
        return f"<Database {self._place}>"

    @property
    def _place(self) -> str:
        """Where it is, without user, password or options."""
        host = f"{self._url.host or 'localhost'}:{self._url.port or 5432}/" if self.dialect == "postgresql" else ""
        return f"{self.dialect} {host}{self._url.database}"

    @contextlib.contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, OSError) as error:
            said = str(error.orig) if isinstance(error, OperationalError) else str(error.strerror)
            first_line = said.strip().splitlines()[0].rstrip(".")
            runs = "that the server runs" if self.dialect == "postgresql" else "that its folder may be written to"
            place = f"cannot use the database ({self._place})"
            raise DatabaseUnreachable(f"{place}: {first_line}. Check DATABASE_URL and {runs}") from error


# A reader sees one state throughout, as SQLite gives it anyway, and cannot write by mistake.
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"begin": "DEFERRED"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def _read_url(given: str) -> URL:
    try:
        url = make_url(given.replace("postgres://", "postgresql://", 1) if given.startswith("postgres://") else given)
    except (ArgumentError, ValueError):
        raise BadInput("DATABASE_URL", "it is no database url", _REMEDY) from None
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    if url.drivername in ("postgresql", "postgresql+psycopg") and url.database:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() in ("sqlite", "postgresql"):
        raise BadInput("DATABASE_URL", "it names no database that lasts, or a driver we do not use", _REMEDY)
    raise BadInput("DATABASE_URL", f"'{url.drivername}' is not a database kpi-bot can keep its own data in", _REMEDY)


def _engine(url: URL, pool_size: int) -> Engine:
    # Parameters stay out of errors: they hold the company's numbers.
    options: dict[str, Any] = {"pool_size": pool_size, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"isolation_level": None}, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10}, **options)
    except ImportError:
        remedy = "Install it with: pip install 'kpi-bot[postgres]'"
        raise BadInput("DATABASE_URL", "PostgreSQL needs the driver psycopg, which is missing", remedy) from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """FULL: a commit survives the loss of power, as every accepted value must."""
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    _use_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Let readers and the writer go on side by side; whoever turns that on while others do is refused, not queued."""
    for pause in _PAUSES_SECONDS:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            time.sleep(pause)
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Begin ourselves: a transaction that reads and then writes fails at once unless it begins as a writer."""
    manner = connection.get_execution_options().get("begin", "IMMEDIATE")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if manner == 'DEFERRED' else 'OFF'}")
    connection.exec_driver_sql(f"BEGIN {manner}")
