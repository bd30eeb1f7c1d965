"""Rows out of JSON: strictly read, then the parts a source names by JSON pointer or JMESPath."""

import json
import re
from datetime import UTC, datetime
from typing import Any, NoReturn

import jmespath
from jmespath.exceptions import JMESPathError

from bot.core.source import Fields, Source
from bot.core.source_notices import Failure
from bot.sources.column_rows import with_times
from bot.sources.rows import MOST_ROWS, NO_TIME, Row, SourceFailed

_MOST_PARTS = 2_000_000
"""Values, lists and objects in one document: each costs up to a hundred times its byte in memory."""
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,17}(\.[0-9]{1,17})?")
_YEARS = range(1900, 2200)
_SECONDS = range(10**9, 10**10)
_MILLISECONDS = range(10**12, 10**13)
_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}


def parse_json(body: bytes) -> Any:
    """Read a JSON document in UTF-8. Raises SourceFailed for anything else, NaN and doubled names included."""
    if sum(body.count(mark) for mark in (b",", b"[", b"{")) > _MOST_PARTS:
        raise SourceFailed(
            "too_large", "the JSON has too many parts; ask for fewer rows or a shorter span", passing=False
        )
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_object)
    except RecursionError:
        raise _not_json("is nested too deeply") from None
    except ValueError:
        raise _not_json("is not JSON in UTF-8") from None


def rows_of(document: Any, source: Source) -> list[Row]:
    """Give the rows of a document: of the list (or the one object or number) that the source's ``rows`` names.

    In each, ``fields`` says where value, at and segment stand; at and segment are taken by these names when it does
    not. Rows whose value is null are left out. Raises SourceFailed.
    """
    found = document if source.rows is None else part_of(document, source.rows)
    if found is None:
        raise _failed("no_rows", "there is nothing where rows points to; look at the answer and mend it")
    many = found if isinstance(found, list) else [found]
    if len(many) > MOST_ROWS:
        raise _failed("too_many", f"there are more than {MOST_ROWS} rows; ask for a shorter span")
    fields = source.fields or Fields()
    chosen = [_row(one, fields, number) for number, one in enumerate(many, 1) if _wanted(one, source.only)]
    rows = [row for row in chosen if row.value is not None]
    if chosen and not rows:
        raise _failed("no_value", f"no row has anything at '{fields.value}'; mend fields.value")
    if rows and not any(_is_number(row.value) for row in rows):
        kind = _KINDS.get(type(rows[0].value), "something else")
        raise _failed("no_number", f"the value of {rows[0].place} is {kind}, not a number; mend fields.value")
    return with_times(rows)


def part_of(document: Any, expression: str) -> Any:
    """Give the part an expression names, None when there is none.

    A JSON pointer (RFC 6901) begins with a slash, all else is JMESPath. Raises SourceFailed.
    """
    if expression.startswith("/"):
        return _pointed(document, expression)
    try:
        return jmespath.search(expression, document)
    except (JMESPathError, ValueError, TypeError, OverflowError, RecursionError):
        problem = f"'{expression[:80]}' is no JMESPath expression for this answer; mend it, or write as in /data/0"
        raise _failed("expression", problem) from None


def _pointed(document: Any, pointer: str) -> Any:
    here = document
    for step in pointer[1:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict):
            here = here.get(name)
        elif isinstance(here, list) and re.fullmatch(r"0|[1-9][0-9]{0,8}", name) and int(name) < len(here):
            here = here[int(name)]
        else:
            return None
    return here


def _field(one: Any, name: str) -> Any:
    """Give what a row has by that very name, else where the expression points."""
    return one[name] if isinstance(one, dict) and name in one else part_of(one, name)


def _wanted(one: Any, only: dict[str, str]) -> bool:
    return all(_text(_field(one, name)) == text for name, text in only.items())


def _row(one: Any, fields: Fields, number: int) -> Row:
    place = f"row {number}"
    if not isinstance(one, dict | list):
        return Row(_value(one), place=place)
    named = isinstance(one, dict)
    at = _field(one, fields.at or "at") if fields.at or named else None
    segment = _field(one, fields.segment or "segment") if fields.segment or named else None
    return Row(_value(_field(one, fields.value)), _time(at), _text(segment), place)


def _value(value: Any) -> object:
    return float(value) if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value.strip()) else value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _time(at: Any) -> str | None:
    """Give a time as text; whole numbers are a year, or seconds or milliseconds since 1970 (their sizes never meet)."""
    if at is None or isinstance(at, str):
        return at.strip() if at else None
    if isinstance(at, float) and at.is_integer():
        at = int(at)
    if isinstance(at, int) and not isinstance(at, bool):
        if at in _YEARS:
            return str(at)
        if at in _SECONDS or at in _MILLISECONDS:
            return datetime.fromtimestamp(at / (1 if at in _SECONDS else 1000), UTC).isoformat()
    return NO_TIME


def _text(given: Any) -> str:
    if given is None:
        return ""
    return given.strip() if isinstance(given, str) else json.dumps(given)[:200]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _not_json("has an object with the same name twice")
    return found


def _no_number(_word: str) -> NoReturn:
    raise _not_json("holds NaN or Infinity, which are no JSON")


def _not_json(what: str) -> SourceFailed:
    return _failed("not_json", f"the document {what}; it has to be plain JSON")


def _failed(code: Failure, problem: str) -> SourceFailed:
    return SourceFailed(code, problem, passing=False)
