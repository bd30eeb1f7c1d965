"""SQLite files, opened for reading, with a gatekeeper that lets nothing but reading through."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.core.source_notices import Failure
from bot.sources.rows import MOST_BYTES, SourceFailed
from bot.sources.sql_guard import TIMEOUT, UNREACHABLE, WRITES, Asked, Guard, failure, wrong_query

_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_DENIED_FUNCTIONS = {"load_extension", "writefile", "readfile", "edit", "fts3_tokenizer"}
_BUSY_SECONDS = 5.0
_CODES: dict[Failure, tuple[str, ...]] = {
    WRITES: ("SQLITE_AUTH", "SQLITE_READONLY", "SQLITE_PERM"),
    TIMEOUT: ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT"),
    UNREACHABLE: ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_NOTADB", "SQLITE_CORRUPT"),
}
_ABOUT_NAMES = ("no such ", "near ", "ambiguous ", "incomplete input", "misuse ", "wrong number of arguments")


def _open(url: URL, seconds: float) -> Engine:
    path = Path(url.database or "")
    if not url.database or url.database == ":memory:" or not path.is_file():
        raise SourceFailed(
            "unreachable", "there is no such SQLite file; write sqlite:////folder/file.db", passing=False
        )

    def connect() -> sqlite3.Connection:
        where = f"file:{quote(str(path.absolute()))}?mode=ro"
        return _guarded(sqlite3.connect(where, uri=True, timeout=min(_BUSY_SECONDS, seconds), check_same_thread=False))

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


def _guarded(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    return connection


def _allow(action: int, _first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in _DENIED_FUNCTIONS else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _prepare(session: Connection, _asked: Asked) -> None:
    driver: Any = session.connection.driver_connection
    driver.set_authorizer(_allow)


def _cut(driver: sqlite3.Connection) -> None:
    driver.interrupt()


def _explain(error: DBAPIError) -> SourceFailed:
    name = getattr(error.orig, "sqlite_errorname", "")
    for code, names in _CODES.items():
        if name.startswith(names):
            return failure(code)
    if name == "SQLITE_TOOBIG":
        return SourceFailed("too_large", "the query makes a text beyond any size we take", passing=False)
    said = str(error.orig)
    return wrong_query(said if said.startswith(_ABOUT_NAMES) else "SQLite cannot run it")


GUARD = Guard(_open, _prepare, _cut, _explain)
