"""A process of its own that opens one file in DuckDB, locks every door, and answers one query over it.

Run by ``file_query`` as a plain script, never imported: a query is written by people, and DuckDB runs in the process
that calls it, where a query can take all memory and where the bot's secrets are. Here there is nothing to take: no
environment, a small memory, no bytes written to any file (limits of the operating system), one open file. It reads
one JSON object from its input and writes one to its output: ``names`` and ``rows``, or ``failed`` and ``detail``.
"""

import json
import resource
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

_READERS = {"csv": "read_csv(?, header = true)", "json": "read_json(?)", "parquet": "read_parquet(?)"}
_AT_A_TIME = 500
_ABOUT_THE_QUERY = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""Errors that speak of the query's own words; those met while it runs may quote values and are not passed on."""


class _Refused(Exception):
    """Why there is no answer, in one word, and what DuckDB says about the query's text."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(code)


def main() -> None:
    """Answer the one query asked on the standard input."""
    asked = json.load(sys.stdin)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, asked["seconds"])
    _limit(resource.RLIMIT_AS, asked["most_memory"])
    try:
        given = answer(asked)
    except MemoryError:
        given = {"failed": "memory", "detail": ""}
    sys.stdout.write(json.dumps(given))


def _limit(kind: int, most: int) -> None:
    """Lower a limit of this process for good; one that is lower already stays."""
    hard = resource.getrlimit(kind)[1]
    lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (lowest, lowest))


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Open the file, lock DuckDB, and give ``names`` and ``rows``, or ``failed`` and ``detail``."""
    try:
        with _opened(asked) as session:
            _load(session, asked)
            session.execute("SET enable_external_access = false")
            session.execute("SET lock_configuration = true")
            return _asked(session, asked)
    except _Refused as refused:
        return {"failed": refused.code, "detail": refused.detail}


def _opened(asked: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
            "threads": 1,
            "memory_limit": f"{asked['most_memory'] // 4}B",
            "temp_directory": "",
        },
    )


def _load(session: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> None:
    try:
        session.execute(f"CREATE TABLE data AS SELECT * FROM {_READERS[asked['kind']]}", [asked["path"]])  # noqa: S608 - of our readers
    except duckdb.OutOfMemoryException:
        raise _Refused("memory") from None
    except duckdb.Error:
        raise _Refused("unreadable") from None


def _asked(session: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        statement = _one_select(session, asked["query"])
        text = statement.query.rstrip().rstrip(";")
        limited = f"SELECT * FROM (\n{text}\n) LIMIT {asked['most_rows'] + 1}"  # noqa: S608 - one parsed SELECT
        days = {name: date.fromisoformat(asked[name]) for name in ("since", "until")}
        named = {name: day for name, day in days.items() if name in statement.named_parameters}
        return _fetched(session.execute(limited, named or None), asked)
    except duckdb.OutOfMemoryException:
        raise _Refused("memory") from None
    except duckdb.PermissionException:
        raise _Refused("locked") from None
    except _ABOUT_THE_QUERY as error:
        raise _Refused("query", str(error).split("\n", 1)[0][:200]) from None
    except duckdb.Error:
        raise _Refused("query") from None


def _one_select(session: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    statements = session.extract_statements(query)
    try:
        kinds = [statement.type for statement in statements]
    except ValueError:  # a kind of statement that DuckDB knows and its Python part does not
        raise _Refused("not_a_select") from None
    if kinds != [duckdb.StatementType.SELECT]:
        raise _Refused("not_a_select")
    return statements[0]


def _fetched(result: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> dict[str, Any]:
    names = [column[0] for column in result.description]
    rows: list[list[Any]] = []
    size = 0
    while chunk := result.fetchmany(_AT_A_TIME):
        cells = [[_plain(cell) for cell in row] for row in chunk]
        rows += cells
        size += len(json.dumps(cells))
        if len(rows) > asked["most_rows"]:
            raise _Refused("too_many")
        if size > asked["most_bytes"]:
            raise _Refused("too_large")
    return {"names": names, "rows": rows}


def _plain(cell: Any) -> Any:
    """Give a cell as JSON has it; moments and dates as objects with one name, what is neither as its type's name."""
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    return {"date": cell.isoformat()} if isinstance(cell, date) else {"kind": type(cell).__name__}


if __name__ == "__main__":
    main()
