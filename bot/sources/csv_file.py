"""Values from a CSV file: a header of kpi, at, value and, if wanted, segment and unit; one value a line."""

import csv
from collections.abc import Iterator
from pathlib import Path

from bot.core.errors import BadInput
from bot.core.words import Frozen

_NEEDED = ("kpi", "at", "value")
_POSSIBLE = (*_NEEDED, "segment", "unit")


class Row(Frozen):
    """One line of the file as it stands there; place names it (``values.csv line 7``)."""

    place: str
    kpi: str
    at: str
    value: str
    segment: str = ""
    unit: str = ""


def read_rows(path: Path) -> Iterator[Row]:
    """Give the lines of a UTF-8 CSV file (comma or semicolon) that are not empty.

    Raises BadInput when the file cannot be read, its header is not ours, or a line has too few or too many fields.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(file, path.name)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = error.strerror if isinstance(error, OSError) else "is not a CSV file in UTF-8"
        raise BadInput(str(path), str(problem), "Name a file that can be read") from error


def _rows(file: Iterator[str], name: str) -> Iterator[Row]:
    first = next(iter(file), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = [field.strip().casefold() for field in first.strip().split(delimiter)]
    _check_header(header, f"{name} line 1")
    for number, fields in enumerate(csv.reader(file, delimiter=delimiter, strict=True), start=2):
        if not any(field.strip() for field in fields):
            continue
        place = f"{name} line {number}"
        if len(fields) != len(header):
            raise BadInput(place, f"has {len(fields)} fields, the header {len(header)}", "Give each line every field")
        yield Row(place=place, **dict(zip(header, (field.strip() for field in fields), strict=True)))


def _check_header(header: list[str], place: str) -> None:
    missing = [name for name in _NEEDED if name not in header]
    strange = [name for name in header if name not in _POSSIBLE]
    if missing or strange or len(set(header)) != len(header):
        said = f"needs {', '.join(missing)}" if missing else f"does not know '{(strange or header)[0][:40]}'"
        raise BadInput(place, f"the header {said}", f"Write: {','.join(_POSSIBLE)} (segment and unit may be left out)")
