"""Values from a CSV file: a header of kpi, at, value and, if wanted, segment and unit; one value a line."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.core.errors import BadInput
from bot.core.words import Frozen

_NEEDED = ("kpi", "at", "value")
_POSSIBLE = (*_NEEDED, "segment", "unit")
PLACE = "{file} line {line}"
"""How a line is named unless another way is asked for."""


class Row(Frozen):
    """One line of the file as it stands there; place names it (``values.csv line 7``)."""

    place: str
    kpi: str
    at: str
    value: str
    segment: str = ""
    unit: str = ""


def read_rows(path: Path, *, place: str = PLACE) -> Iterator[Row | BadInput]:
    """Give the lines of a UTF-8 CSV file (comma or semicolon) that are not empty; a line that is none as what is wrong.

    After a header that is not ours, or what is no CSV in UTF-8 at all, nothing more is given. Raises BadInput when the
    file cannot be read. place: a format of ``path``, ``file`` (its name) and ``line``.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(file, lambda line: place.format(path=path, file=path.name, line=line))
    except UnicodeDecodeError:
        yield BadInput(path.name, "is not a CSV file in UTF-8", "Save it as CSV in UTF-8")
    except OSError as error:
        raise BadInput(str(path), str(error.strerror), "Name a file that can be read") from error


def _rows(file: Iterator[str], place: Callable[[int], str]) -> Iterator[Row | BadInput]:
    first = next(iter(file), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = [field.strip().casefold() for field in first.strip().split(delimiter)]
    problem = _header_problem(header, place(1))
    if problem is not None:
        yield problem
        return
    lines = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        for fields in lines:
            if any(field.strip() for field in fields):
                yield _row(header, fields, place(lines.line_num + 1))
    except csv.Error as error:
        yield BadInput(place(lines.line_num + 1), f"is not CSV: {error}", "Look at its quotes")


def _row(header: list[str], fields: list[str], place: str) -> Row | BadInput:
    if len(fields) != len(header):
        return BadInput(place, f"has {len(fields)} fields, the header {len(header)}", "Give each line every field")
    return Row(place=place, **dict(zip(header, (field.strip() for field in fields), strict=True)))


def _header_problem(header: list[str], place: str) -> BadInput | None:
    missing = [name for name in _NEEDED if name not in header]
    strange = [name for name in header if name not in _POSSIBLE]
    if missing or strange or len(set(header)) != len(header):
        said = f"needs {', '.join(missing)}" if missing else f"does not know '{(strange or header)[0][:40]}'"
        return BadInput(place, f"the header {said}", f"Write: {','.join(_POSSIBLE)} (segment and unit may be left out)")
    return None
