"""What a query answered, as rows: which column is what, and its times and numbers as we take them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.sources.rows import NO_TIME, Row, SourceFailed

_WORDS = ("at", "value", "segment")
_EXPECTED = "a query gives one value, time and value, or time, value and segment"
_YEARS = range(1900, 2200)
_PLAIN_SIZE = 16


class Columns(NamedTuple):
    """The place of each column among a query's; None: it has none."""

    value: int
    at: int | None = None
    segment: int | None = None


def columns_of(names: Sequence[str]) -> Columns:
    """Tell the columns apart: by name where they are called at, value and segment, else by their order.

    Raises SourceFailed for any other shape.
    """
    called = [name.lower() for name in names]
    if "value" in called and len(set(called)) == len(called) and set(called) <= set(_WORDS):
        place = {word: called.index(word) for word in called}
        return Columns(place["value"], place.get("at"), place.get("segment"))
    if not 1 <= len(names) <= len(_WORDS):
        raise SourceFailed("shape", f"the query gives {len(names)} columns; {_EXPECTED}", passing=False)
    by_order = {1: Columns(0), 2: Columns(1, 0), 3: Columns(1, 0, 2)}
    return by_order[len(names)]


def row_of(answer: Sequence[Any], columns: Columns, zone: ZoneInfo, *, place: str = "") -> Row:
    """Make a row; a time without a zone is read by the company's, one that is none is left to be refused alone."""
    at = None if columns.at is None else _time(answer[columns.at], zone)
    segment = None if columns.segment is None else answer[columns.segment]
    value = answer[columns.value]
    return Row(
        value=float(value) if isinstance(value, Decimal) else value,
        at=at,
        segment="" if segment is None else str(segment).strip(),
        place=place,
    )


def check_shape(rows: Sequence[Row]) -> None:
    """Raise SourceFailed when there are values and not one of them has a time: these must be other columns."""
    times = [row.at for row in rows if row.value is not None]
    if times and all(at == NO_TIME for at in times):
        problem = "no row the query gives has a time that is a date, moment or period; is its first column the time?"
        raise SourceFailed("shape", problem, passing=False)


def size_of(answer: Sequence[Any]) -> int:
    """Give roughly how many bytes an answer takes."""
    return sum(len(part) if isinstance(part, str | bytes) else _PLAIN_SIZE for part in answer)


def _time(given: object, zone: ZoneInfo) -> str:
    if isinstance(given, datetime):
        if given.tzinfo is None and given.time() == time():
            return given.date().isoformat()
        return (given if given.tzinfo else given.replace(tzinfo=zone)).isoformat()
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, str) and given.strip():
        return given.strip()
    if isinstance(given, int) and given in _YEARS:
        return str(given)
    return NO_TIME
