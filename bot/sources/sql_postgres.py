"""PostgreSQL: a role that can write nothing, in a read-only transaction, asked through a cursor for one statement."""

import os
import socket
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.core.source_notices import Failure
from bot.core.statement import called_functions
from bot.sources.rows import SourceFailed
from bot.sources.sql_guard import DATA, REFUSED, TIMEOUT, UNREACHABLE, WRITES, Asked, Guard, failure, wrong_query

_CONNECT_SECONDS = 10
_LOCK_SECONDS = 5
_STATES: dict[str, Failure] = {
    "25006": WRITES,
    "57014": TIMEOUT,
    "55P03": TIMEOUT,
    "08": UNREACHABLE,
    "53": UNREACHABLE,
    "57": UNREACHABLE,
    "28": REFUSED,
    "3D": REFUSED,
}
"""What each SQLSTATE, or class of them, means for a reading; class 42 speaks of names and grammar, the rest of data."""

# Every role the session could become is looked at, not only the one it is: SET ROLE needs no more than membership.
_CAN_WRITE = text("""
WITH mine AS (
    SELECT oid, rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication
    FROM pg_catalog.pg_roles
    WHERE pg_catalog.pg_has_role(session_user, oid, 'MEMBER')
), things AS (
    SELECT c.oid, c.relkind, c.relname, n.nspname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
)
(SELECT 'it is a superuser' FROM mine WHERE rolsuper LIMIT 1)
UNION ALL
(SELECT 'it may create databases or roles, or replicate' FROM mine
 WHERE rolcreatedb OR rolcreaterole OR rolreplication LIMIT 1)
UNION ALL
(SELECT 'it belongs to ' || rolname FROM mine
 WHERE rolname IN ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program', 'pg_signal_backend',
                   'pg_maintain', 'pg_checkpoint', 'pg_create_subscription', 'pg_read_server_files',
                   'pg_database_owner') LIMIT 1)
UNION ALL
(SELECT 'it may create schemas in the database' FROM mine
 WHERE pg_catalog.has_database_privilege(oid, pg_catalog.current_database(), 'CREATE') LIMIT 1)
UNION ALL
(SELECT 'it may create tables in schema ' || n.nspname FROM mine, pg_catalog.pg_namespace n
 WHERE n.nspname !~ '^pg_(toast|temp)' AND pg_catalog.has_schema_privilege(mine.oid, n.oid, 'CREATE') LIMIT 1)
UNION ALL
(SELECT 'it may write to ' || nspname || '.' || relname FROM mine, things
 WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
   AND (pg_catalog.has_table_privilege(mine.oid, things.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        OR pg_catalog.has_any_column_privilege(mine.oid, things.oid, 'INSERT, UPDATE')) LIMIT 1)
UNION ALL
(SELECT 'it may move the sequence ' || nspname || '.' || relname FROM mine, things
 WHERE relkind = 'S' AND pg_catalog.has_sequence_privilege(mine.oid, things.oid, 'USAGE, UPDATE') LIMIT 1)
LIMIT 1
""")
# A read-only transaction and a role without privileges still let through what ends other sessions, takes locks, sends
# messages or uses up transaction numbers. All such functions are volatile, and few of those only tell something.
_ACTING = text("""
SELECT p.proname FROM pg_catalog.pg_proc p
WHERE p.proname::text = ANY (CAST(:called AS text[]))
  AND (p.provolatile = 'v' OR p.proname IN ('txid_current', 'pg_current_xact_id'))
  AND p.proname !~ ('^(random|random_normal|setseed|clock_timestamp|timeofday|(gen_random_)?uuid\\w*|currval|lastval'
                    '|array_(sample|shuffle)|bernoulli|system|pg_sleep\\w*|pg_\\w+_size|pg_is_\\w+|pg_partition_\\w+'
                    '|pg_current_wal_\\w+|pg_last_(wal|xact)_\\w+|pg_last_committed_xact|pg_xact_commit_timestamp'
                    '|pg_blocking_pids|pg_sequence_last_value|pg_notification_queue_usage|pg_stat_get_\\w+)$')
  AND (p.pronamespace = 'pg_catalog'::regnamespace
       OR EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
LIMIT 1
""")
"""The first of these functions, of PostgreSQL or an extension, that is not known for only telling something."""
_REMEDY = (
    "Make one that can only read: CREATE ROLE kpi_reader LOGIN PASSWORD '…'; GRANT USAGE ON SCHEMA public TO "
    "kpi_reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO kpi_reader; and on servers before version 15: REVOKE "
    "CREATE ON SCHEMA public FROM PUBLIC"
)
_LIMITS = text("""
SELECT pg_catalog.set_config('statement_timeout', :ours, true), pg_catalog.set_config('lock_timeout', :lock, true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', :ours, true),
       pg_catalog.set_config('TimeZone', :zone, true)
""")


def _open(url: URL, seconds: float) -> Engine:
    limits = {"connect_timeout": max(2, min(_CONNECT_SECONDS, int(seconds))), "application_name": "kpi-bot"}
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=limits)
    return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")


def _prepare(session: Connection, asked: Asked) -> None:
    milliseconds = {"ours": f"{int(asked.seconds * 1000)}", "lock": f"{_LOCK_SECONDS * 1000}"}
    session.execute(_LIMITS, {**milliseconds, "zone": asked.zone})
    reason = session.scalar(_CAN_WRITE)
    if reason is not None:
        raise SourceFailed("may_write", f"the role can do more than read: {reason}. {_REMEDY}", passing=False)
    acting = session.scalar(_ACTING, {"called": sorted(called_functions(asked.query))})
    if acting is not None:
        raise SourceFailed("writes", f"{acting} does something, or may do so; a query only asks", passing=False)


def _cut(driver: Any) -> None:
    """Ask the server to stop, then cut the wire: so a server that no longer answers holds nobody up."""
    driver.pgconn.get_cancel().cancel()
    with socket.socket(fileno=os.dup(driver.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


def _explain(error: DBAPIError) -> SourceFailed:
    state = getattr(error.orig, "sqlstate", None)
    if not state:
        return failure(REFUSED if "authentication failed" in str(error.orig) else UNREACHABLE)
    code = _STATES.get(state) or _STATES.get(state[:2])
    diagnosis = getattr(error.orig, "diag", None)
    if code is None and state.startswith("42") and diagnosis is not None:
        return wrong_query(str(diagnosis.message_primary))
    return failure(code or DATA)


GUARD = Guard(_open, _prepare, _cut, _explain)
