"""Rows out of a table: which column holds value, time and segment, and which lines are wanted."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bot.core.source import Fields, Source
from bot.core.source_notices import Failure
from bot.sources.answer import Columns, row_of
from bot.sources.column_numbers import read_numbers
from bot.sources.rows import MOST_ROWS, NO_TIME, Row, SourceFailed
from bot.sources.span import Span

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_MOST_COLUMNS = 1000


class Line(NamedTuple):
    """One line of a table: where it stands, for errors, and its cells."""

    place: str
    cells: Sequence[Any]


class Table(NamedTuple):
    """A table as read; comma_parts: whether commas parted its columns, so that none can be a decimal comma."""

    header: Sequence[str]
    lines: Sequence[Line]
    comma_parts: bool = False


def read_csv(body: bytes) -> Table:
    """Read CSV in UTF-8 whose first line names its columns, parted by commas, semicolons or tabs.

    Raises SourceFailed for anything else, and for more lines than the cap.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _failed("not_csv", "the file is not CSV in UTF-8; save it as 'CSV UTF-8'") from None
    if "\0" in text:
        raise _failed("not_csv", "the file is no text; save it as 'CSV UTF-8'")
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
        lines = list(_lines(reader, len(header)))
    except csv.Error:
        raise _failed("not_csv", f"line {reader.line_num} is not CSV; look at its quotes") from None
    return Table([name.strip() for name in header], lines, comma_parts=delimiter == ",")


def rows_of(table: Table, source: Source, span: Span) -> list[Row]:
    """Give the rows of a table; columns by ``fields``, or called value, at and segment; lines by ``only``.

    Lines with an empty value are left out. Raises SourceFailed.
    """
    fields = source.fields or Fields()
    value = _column(table, fields.value)
    at = _column(table, fields.at) if fields.at else _maybe(table, "at")
    segment = _column(table, fields.segment) if fields.segment else _maybe(table, "segment")
    if _maybe(table, "kpi") is not None and "kpi" not in {name.casefold() for name in source.only}:
        raise _failed("no_kpi", "there is a column 'kpi'; say which lines are meant, as in only: {kpi: churn_rate}")
    wanted = [(_column(table, name), text) for name, text in source.only.items()]
    lines = [line for line in table.lines if all(_text(line.cells[place]) == text for place, text in wanted)]
    lines = [line for line in lines if _text(line.cells[value])]
    numbers = read_cells(lines, value, name=table.header[value], comma_parts=table.comma_parts)
    rows = [
        row_of(
            (number, None if at is None else line.cells[at], None if segment is None else line.cells[segment]),
            Columns(0, None if at is None else 1, 2),
            span.zone,
            place=line.place,
        )
        for number, line in zip(numbers, lines, strict=True)
    ]
    return with_times(rows)


def with_times(rows: Sequence[Row]) -> list[Row]:
    """Give the rows, each with a time; or as they are where there is one of each segment, and none has any.

    A single row without a time is left to be refused alone. Raises SourceFailed when none has one and there are
    several of a segment.
    """
    timed = [row for row in rows if row.at]
    if not timed and len({row.segment for row in rows}) < len(rows):
        raise _failed(
            "no_time", f"there are {len(rows)} rows and no time in them; name it with fields.at, or ask for one"
        )
    if not timed and any(row.at == NO_TIME for row in rows):
        place = rows[0].place or "row 1"
        raise _failed("no_time", f"{place} has no time that is a date, moment or period; write 2026-11 or 2026-11-22")
    return [row._replace(at=row.at or NO_TIME) for row in rows] if timed else list(rows)


def read_cells(lines: Sequence[Line], value: int, *, name: str, comma_parts: bool) -> list[Any]:
    """Give the values of a column: what is text in it as the numbers these stand for, see ``read_numbers``."""
    cells = [line.cells[value] for line in lines]
    texts = [(cell, line.place) for cell, line in zip(cells, lines, strict=True) if isinstance(cell, str)]
    places = [place for _, place in texts]
    read = iter(read_numbers([text for text, _ in texts], name=name, places=places, comma_parts=comma_parts))
    return [next(read) if isinstance(cell, str) else cell for cell in cells]


def _column(table: Table, name: str) -> int:
    place = _maybe(table, name)
    if place is None:
        known = ", ".join(f"'{one[:40]}'" for one in table.header[:8] if one)
        raise _failed("no_column", f"there is no column '{name}'; the first line names {known or 'none'}")
    return place


def _maybe(table: Table, name: str) -> int | None:
    """Give the place of a column by its name, whatever its case, None when there is none."""
    places = [place for place, one in enumerate(table.header) if one.casefold() == name.strip().casefold()]
    if len(places) > 1:
        raise _failed("no_column", f"there are {len(places)} columns called '{name}'; rename all but one")
    return places[0] if places else None


def delimiter_of(text: str) -> str:
    """Tell by the first line what parts the columns; a mark inside quotes parts nothing."""
    first = text.split("\n", 1)[0]
    bare = "".join(first.split('"')[::2])
    counts = {mark: bare.count(mark) for mark in _DELIMITERS if mark in bare}
    if len(counts) > 1:
        named = " and ".join(_DELIMITERS[mark] for mark in counts)
        raise _failed("ambiguous", f"the first line has {named}; part columns by one, and quote names that hold it")
    return next(iter(counts), ",")


def _lines(reader: Any, width: int) -> Iterator[Line]:
    if width > _MOST_COLUMNS:
        raise _failed("too_many", f"there are more than {_MOST_COLUMNS} columns; leave out those that are not needed")
    found = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        found += 1
        if found > MOST_ROWS:
            raise _failed("too_many", f"there are more than {MOST_ROWS} lines; group them by period")
        if len(cells) != width:
            problem = (
                f"line {reader.line_num} has {len(cells)} fields, the first line {width}; give each line every field"
            )
            raise _failed("not_csv", problem)
        yield Line(f"line {reader.line_num}", cells)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _failed(code: Failure, problem: str) -> SourceFailed:
    return SourceFailed(code, problem, passing=False)
