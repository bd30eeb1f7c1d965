"""A process of its own that opens one file in DuckDB, locks every door, and answers one query over it.

Run by ``file_query`` as a plain script, never imported: a query is written by people, and DuckDB runs in the process
that calls it, where a query can take all memory and where the bot's secrets are. Here there is nothing to take: no
environment, a small memory, no bytes written to any file (limits of the operating system), one open file. It reads
one JSON object from its input and writes one to its output: ``names`` and ``rows``, or ``failed`` and ``detail``.
"""

import json
import re
import resource
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

_NEVER = "'never %Y'"
_CSV = "header = true, all_varchar = true, delim = $delimiter, quote = '\"', escape = '\"', skip = 0"
_READERS = {
    "csv": f"read_csv($path, {_CSV})",
    "json": f"read_json($path, dateformat = {_NEVER}, timestampformat = {_NEVER})",
    "parquet": "read_parquet($path)",
}
"""How each kind of file is read: texts stay texts, for DuckDB guesses which way round a day and a month stand."""
_WHOLE, _POINT, _THREE_POINT, _COMMA, _THREE_COMMA, _DAY, _MOMENT, _ZONED, _TRUTH, _OTHER = (1 << n for n in range(10))
_KINDS = (
    (_WHOLE, r"[+-]?\d{1,15}"),
    (_DAY, r"\d{4}-\d{2}-\d{2}"),
    (_MOMENT, r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"),
    (_ZONED, r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)"),
    (_THREE_POINT, r"[+-]?[1-9]\d{0,2}\.\d{3}"),
    (_THREE_COMMA, r"[+-]?[1-9]\d{0,2},\d{3}"),
    (_POINT, r"[+-]?(\d+|[1-9]\d{0,2}(,\d{3})+)?\.\d+|[+-]?[1-9]\d{0,2}(,\d{3}){2,}|[+-]?\d+(\.\d+)?[eE][+-]?\d{1,3}"),
    (_COMMA, r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)?,\d+|[+-]?[1-9]\d{0,2}(\.\d{3}){2,}"),
)
"""What a text can be, the first that fits; a number of three digits behind one mark can be read in two ways."""
_TYPES = {_DAY: "DATE", _MOMENT: "TIMESTAMP", _ZONED: "TIMESTAMPTZ", _TRUTH: "BOOLEAN"}
_TIMES = (_DAY, _MOMENT, _ZONED)
_AT_A_TIME = 500
_AT_IN_QUOTES = 'at is a word of its grammar: write "at", in quotes'
_BARE_AT = re.compile(r"(?i)(?<!as)\s+at\b(?!\s+time\s+zone)")
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
    """Make the table ``data``: texts that stand for numbers, days or moments in one way alone become these."""
    try:
        session.execute(f"SET TimeZone = '{asked['zone']}'")
    except duckdb.Error:
        raise _Refused("zone") from None
    reader, named = _READERS[asked["kind"]], {"path": asked["path"]}
    if asked["kind"] == "csv":
        named["delimiter"] = asked["delimiter"]
    try:
        columns = _columns(session, reader, named, asked)
        session.execute(f"CREATE TABLE data AS SELECT {columns} FROM {reader}", named)  # noqa: S608 - of our readers
    except duckdb.OutOfMemoryException:
        raise _Refused("memory") from None
    except duckdb.Error:
        raise _Refused("unreadable") from None


def _columns(session: duckdb.DuckDBPyConnection, reader: str, named: dict[str, str], asked: dict[str, Any]) -> str:
    if asked["kind"] == "parquet":
        return "*"
    described = session.execute(f"SELECT * FROM {reader} LIMIT 0", named).description  # noqa: S608 - of our readers and quoted names
    names = [_quoted(column[0]) for column in described]
    texts = [name for name, column in zip(names, described, strict=True) if str(column[1]) == "VARCHAR"]
    kinds = ", ".join(f"bit_or({_kind_of(name)})" for name in texts)
    found = session.execute(f"SELECT {kinds} FROM {reader}", named).fetchone() if texts else ()  # noqa: S608 - of our readers and quoted names
    read = {name: _as_read(name, kind or 0, asked) for name, kind in zip(texts, found or (), strict=True)}
    return ", ".join(f"{read.get(name, name)} AS {name}" for name in names)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _kind_of(name: str) -> str:
    """Give the expression for what a cell of the column can be; nothing for an empty one."""
    whens = " ".join(
        f"WHEN regexp_full_match(trim({name}), '{pattern}')"
        + (f" AND try_cast(trim({name}) AS {_TYPES[kind]}) IS NOT NULL" if kind in _TIMES else "")
        + f" THEN {kind}"
        for kind, pattern in _KINDS
    )
    truth = f"WHEN lower(trim({name})) IN ('true', 'false') THEN {_TRUTH}"
    # Most texts are told by their first sign: a number or a day begins with a digit, a sign or a mark.
    words = f"WHEN ascii(trim({name})) NOT BETWEEN ascii('+') AND ascii('9') THEN {_OTHER}"
    return f"CASE WHEN trim({name}) = '' THEN 0 {truth} {words} {whens} ELSE {_OTHER} END"


def _as_read(name: str, kinds: int, asked: dict[str, Any]) -> str:
    """Give the expression for a column of texts in which there are these kinds: as what it is, or as it stands."""
    bare = f"nullif(trim({name}), '')"
    if kinds in (_DAY, _MOMENT, _ZONED, _TRUTH, _DAY | _MOMENT):
        return f"CAST({bare} AS {_TYPES.get(kinds, 'TIMESTAMP')})"
    if asked["kind"] != "csv" or kinds == 0:
        return name
    if kinds == _WHOLE:
        return f"CAST({bare} AS BIGINT)"
    point = kinds & _POINT or (asked["delimiter"] == "," and not kinds & _THREE_COMMA)
    if point and not kinds & ~(_WHOLE | _POINT | _THREE_POINT | _THREE_COMMA):
        return f"CAST(replace({bare}, ',', '') AS DOUBLE)"
    if kinds & _COMMA and not kinds & ~(_WHOLE | _COMMA | _THREE_POINT | _THREE_COMMA):
        return f"CAST(replace(replace({bare}, '.', ''), ',', '.') AS DOUBLE)"
    return name


def _asked(session: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        statement = _one_select(session, asked["query"])
        text = statement.query.rstrip().rstrip(";")
        days = {name: date.fromisoformat(asked[name]) for name in ("since", "until")}
        named = {name: day for name, day in days.items() if name in statement.named_parameters}
        names, limited = _limited(session, text, named, asked["most_rows"] + 1)
        return _fetched(session.execute(limited, named or None), names, asked)
    except duckdb.OutOfMemoryException:
        raise _Refused("memory") from None
    except duckdb.PermissionException:
        raise _Refused("locked") from None
    except _ABOUT_THE_QUERY as error:
        said = str(error).split("\n", 1)[0][:200]
        hint = f"; {_AT_IN_QUOTES}" if "syntax error" in said and _BARE_AT.search(asked["query"]) else ""
        raise _Refused("query", said + hint) from None
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


def _limited(session: duckdb.DuckDBPyConnection, text: str, named: dict[str, date], most: int) -> tuple[list[str], str]:
    """Give the names of a query's columns, and it with an end; moments with a zone as text, for Python has no zones."""
    described = session.execute(f"SELECT * FROM (\n{text}\n) LIMIT 0", named or None).description  # noqa: S608 - one parsed SELECT
    columns = [f"c{place}" for place, _ in enumerate(described)]
    cast = ", ".join(
        f"CAST({column} AS VARCHAR)" if str(given[1]) == "TIMESTAMP WITH TIME ZONE" else column
        for column, given in zip(columns, described, strict=True)
    )
    limited = f"SELECT {cast} FROM (\n{text}\n) AS asked({', '.join(columns)}) LIMIT {most}"  # noqa: S608 - one parsed SELECT
    return [column[0] for column in described], limited


def _fetched(result: duckdb.DuckDBPyConnection, names: list[str], asked: dict[str, Any]) -> dict[str, Any]:
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
