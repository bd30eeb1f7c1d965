"""MySQL and MariaDB: a user granted nothing but reading, in a read-only transaction."""

import re
import socket
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.core.source_notices import Failure
from bot.sources.rows import SourceFailed
from bot.sources.sql_guard import DATA, REFUSED, TIMEOUT, UNREACHABLE, WRITES, Asked, Guard, failure, wrong_query

_CONNECT_SECONDS = 10
_LOCK_SECONDS = 5
_READING = {"SELECT", "USAGE", "SHOW VIEW", "SHOW DATABASES"}
_GRANT = re.compile(r"GRANT (?P<privileges>.+?) ON .+? TO .+", re.DOTALL)
_REMEDY = "Make one that can only read: CREATE USER kpi_reader IDENTIFIED BY '…'; GRANT SELECT ON shop.* TO kpi_reader"
_UTC = ("UTC", "Etc/UTC")
_UNKNOWN_ZONE = 1298
_CODES: dict[Failure, set[int]] = {
    UNREACHABLE: {1040, 1053, 1203, 2003, 2005, 2006, 2013},
    REFUSED: {1044, 1045, 1049, 1130, 1698},
    TIMEOUT: {1205, 1317, 1969, 3024},
    WRITES: {1142, 1143, 1227, 1290, 1370, 1792, 1836},
}
_GRAMMAR = {1052, 1054, 1055, 1064, 1111, 1140, 1146, 1248, 1305}
"""Error numbers (https://mariadb.com/kb/en/mariadb-error-code-reference/); those of grammar quote the query alone."""


def _open(url: URL, seconds: float) -> Engine:
    limits = {
        "connect_timeout": max(2, min(_CONNECT_SECONDS, int(seconds))),
        "read_timeout": int(seconds) + 1,
        "write_timeout": int(seconds) + 1,
        "local_infile": False,
    }
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=limits)


def _prepare(session: Connection, asked: Asked) -> None:
    reason = next(
        (said for (line,) in session.exec_driver_sql("SHOW GRANTS") if (said := _more_than_reading(line))), None
    )
    if reason is not None:
        raise SourceFailed("may_write", f"the user can do more than read: {reason}. {_REMEDY}", passing=False)
    limit = (
        f"max_statement_time={asked.seconds:g}"
        if getattr(session.dialect, "is_mariadb", False)
        else f"max_execution_time={int(asked.seconds * 1000)}"
    )
    locks = f"lock_wait_timeout={_LOCK_SECONDS}, innodb_lock_wait_timeout={_LOCK_SECONDS}"
    session.exec_driver_sql(f"SET SESSION {limit}, {locks}")
    _set_zone(session, asked.zone)
    session.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
    session.rollback()
    session.exec_driver_sql("START TRANSACTION READ ONLY")


def _set_zone(session: Connection, zone: str) -> None:
    """Let the server give moments and days in the company's zone, as which we read them.

    A TIMESTAMP comes without a zone, in the session's: in another one it would silently lie in the wrong period.
    """
    try:
        session.exec_driver_sql("SET SESSION time_zone = %s", ("+00:00" if zone in _UTC else zone,))
    except DBAPIError as error:
        if _number_of(error) != _UNKNOWN_ZONE:
            raise
        remedy = "have its time zones loaded: mysql_tzinfo_to_sql /usr/share/zoneinfo | mysql -u root mysql"
        raise SourceFailed("zone", f"the server does not know the time zone {zone}; {remedy}", passing=False) from None


def _more_than_reading(line: str) -> str | None:
    """Say what a line of SHOW GRANTS allows beyond reading; None when it is nothing."""
    grant = _GRANT.fullmatch(line)
    if grant is None:
        return "it has a role; grant SELECT to the user itself"
    if "WITH GRANT OPTION" in line:
        return "it may grant to others"
    privileges = (one.strip() for one in re.sub(r"\([^)]*\)", "", grant["privileges"]).split(","))
    return next((f"it has {one}" for one in privileges if one not in _READING), None)


def _cut(driver: Any) -> None:
    wire: socket.socket | None = getattr(driver, "_sock", None)
    if wire is not None:
        wire.shutdown(socket.SHUT_RDWR)


def _explain(error: DBAPIError) -> SourceFailed:
    code = _number_of(error)
    if code in _GRAMMAR:
        return wrong_query(str(getattr(error.orig, "args", ("",))[-1]))
    return failure(next((answer for answer, codes in _CODES.items() if code in codes), DATA))


def _number_of(error: DBAPIError) -> int:
    arguments = getattr(error.orig, "args", ()) or (0,)
    return arguments[0] if isinstance(arguments[0], int) else 0


GUARD = Guard(_open, _prepare, _cut, _explain)
