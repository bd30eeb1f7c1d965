"""An SQL query over one file, asked of a DuckDB that is locked in a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from bot.core.source_notices import Failure
from bot.core.statement import with_escaped_colons
from bot.sources.rows import MOST_BYTES, MOST_ROWS, SourceFailed
from bot.sources.span import Span

_PROCESS = Path(__file__).with_name("file_query_process.py")
_MOST_MEMORY = 2 * 1024 * 1024 * 1024
"""Bytes of address space; DuckDB itself reserves some 0.8 GiB and may fill a quarter of it with data."""

_PARAMETER = re.compile(r"(?<!\\):([A-Za-z_]\w*)")
_WORDS: dict[Failure, str] = {
    "not_a_select": "the query has to be one SELECT over the table 'data', and nothing else",
    "locked": "the query reaches for another file or setting; it may read the table 'data' alone",
    "query": "the query cannot be answered; it reads the table 'data'",
    "zone": "DuckDB does not know the company's time zone; bring it up to date: pip install -U duckdb",
    "unreadable": "the file is not what its name says; write it again, or as CSV in UTF-8",
    "memory": "the query or file needs too much memory; keep fewer columns and rows",
    "too_many": f"there are more than {MOST_ROWS} rows; group them by period",
    "too_large": f"there are more than {MOST_BYTES // 2**20} MiB of answer; ask for time, value and segment alone",
}


class Found(NamedTuple):
    """The answer to a query: the names of its columns, and its rows; moments as datetime, dates as date."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


def ask(opened: int, kind: str, query: str, span: Span, *, seconds: float, delimiter: str = ",") -> Found:
    """Ask one SELECT over the table ``data``, which is the open file.

    opened: the file's descriptor; kind: ``csv``, ``json`` or ``parquet``; delimiter: what parts the columns of CSV.
    The query sees that file alone and changes nothing. Raises SourceFailed.
    """
    if find_spec("duckdb") is None:
        problem = "reading this needs DuckDB; install it with: pip install 'kpi-bot[files]', or save the file as CSV"
        raise SourceFailed("extra", problem, passing=False)
    asked = {
        "path": f"/dev/fd/{opened}",
        "kind": kind,
        "delimiter": delimiter,
        "zone": span.zone.key,
        "query": _with_named_parameters(query),
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
        "seconds": int(seconds) + 1,
        "most_rows": MOST_ROWS,
        "most_bytes": MOST_BYTES,
        "most_memory": _MOST_MEMORY,
    }
    return _found(_run(json.dumps(asked), opened, seconds))


def _with_named_parameters(query: str) -> str:
    """Give the text with ``:since`` and ``:until`` as DuckDB writes them; colons in quotes stay what they are."""
    return _PARAMETER.sub(r"$\1", with_escaped_colons(query)).replace("\\:", ":")


def _run(asked: str, opened: int, seconds: float) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and script; what people wrote goes to its input
            [sys.executable, "-E", "-P", str(_PROCESS)],
            input=asked,
            env={},
            pass_fds=(opened,),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceFailed("timeout", f"the query gave no answer within {seconds:g} s", passing=True) from None
    return done.stdout


def _found(answer: str) -> Found:
    if not answer:  # the process ended at one of its limits, or broke down
        raise SourceFailed("memory", _WORDS["memory"], passing=False)
    said = json.loads(answer)
    if "failed" in said:
        words = _WORDS[said["failed"]] + (f": {said['detail']}" if said["detail"] else "")
        raise SourceFailed(said["failed"], words, passing=False)
    return Found(said["names"], [[_cell(cell) for cell in row] for row in said["rows"]])


def _cell(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    if "moment" in cell:
        return datetime.fromisoformat(cell["moment"])
    return date.fromisoformat(cell["date"]) if "date" in cell else cell
