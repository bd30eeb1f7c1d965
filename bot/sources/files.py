"""Values from a file in a connection's folder: CSV and JSON by themselves, Parquet and queries by DuckDB, Excel."""

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from bot.core.source import Connection, Source
from bot.sources import column_rows, excel, file_query, json_rows
from bot.sources.answer import columns_of, row_of
from bot.sources.column_rows import Line, Table, read_csv
from bot.sources.given_folder import open_inside, read_inside
from bot.sources.rows import MOST_BYTES, Row, SourceFailed
from bot.sources.span import Span

_KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".parquet": "parquet",
    ".xlsx": "excel",
    ".xlsm": "excel",
}
_QUERIED = {"csv": "csv", "json": "json", "json_lines": "json", "parquet": "parquet"}
_LONGEST_HEADER = 64 * 1024
_MOST_QUERIED_BYTES = 8 * MOST_BYTES
"""A query reads a file without handing it on, so the file may be larger than an answer."""


def read(source: Source, connection: Connection, *, folder: Path, span: Span, query: str = "") -> list[Row]:
    """Read a file of the folder and give its rows.

    folder: the connection's, as a path of this machine; query: one SELECT over the table ``data``, which stands for
    the file, in place of its columns; ``:since`` and ``:until`` in it are the first day wanted and the first no longer
    wanted. Raises SourceFailed.
    """
    name = source.file or ""
    kind = _KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        problem = "the file's name has to end in .csv, .json, .jsonl, .parquet or .xlsx; save it as one of these"
        raise SourceFailed("file", problem, passing=False)
    if query or kind == "parquet":
        return _queried(source, connection, folder, span, query, kind)
    return _read(source, connection, folder, span, kind)


def _read(source: Source, connection: Connection, folder: Path, span: Span, kind: str) -> list[Row]:
    body = read_inside(folder, source.file or "", most_bytes=MOST_BYTES)
    if kind == "json":
        return json_rows.rows_of(json_rows.parse_json(body), source)
    if kind == "json_lines":
        lines = [line for line in body.splitlines() if line.strip()]
        return json_rows.rows_of(json_rows.parse_json(b"[" + b",".join(lines) + b"]"), source)
    if kind == "excel":
        table = excel.read_workbook(body, source.worksheet, seconds=connection.seconds)
    else:
        table = read_csv(body)
    return column_rows.rows_of(table, source, span)


def _queried(source: Source, connection: Connection, folder: Path, span: Span, query: str, kind: str) -> list[Row]:
    if kind not in _QUERIED:
        raise SourceFailed("query", "a query reads CSV, JSON and Parquet; save the workbook as CSV", passing=False)
    opened = open_inside(folder, source.file or "", most_bytes=_MOST_QUERIED_BYTES)
    try:
        mark = _delimiter(opened) if kind == "csv" else ","
        text = query or "FROM data"
        found = file_query.ask(opened, _QUERIED[kind], text, span, seconds=connection.seconds, delimiter=mark)
    finally:
        os.close(opened)
    lines = [Line(f"row {number}", row) for number, row in enumerate(found.rows, 1)]
    if not query:
        return column_rows.rows_of(Table(found.names, lines), source, span)
    if kind == "csv":
        lines = _with_numbers(lines, found.names, comma_parts=mark == ",")
    columns = columns_of(found.names)
    return column_rows.with_times([row_of(line.cells, columns, span.zone, place=line.place) for line in lines])


def _with_numbers(lines: Sequence[Line], names: Sequence[str], *, comma_parts: bool) -> list[Line]:
    """Give the lines with the numbers that texts in the column of values stand for: what a query left as it stood."""
    at = columns_of(names).value
    numbers = column_rows.read_cells(lines, at, name=names[at], comma_parts=comma_parts)
    cells = [[*line.cells[:at], number, *line.cells[at + 1 :]] for line, number in zip(lines, numbers, strict=True)]
    return [line._replace(cells=row) for line, row in zip(lines, cells, strict=True)]


def _delimiter(opened: int) -> str:
    return column_rows.delimiter_of(os.pread(opened, _LONGEST_HEADER, 0).decode("utf-8-sig", errors="replace"))
