"""An Excel workbook as a table: its cells as a person sees them, read within bounds and without DuckDB."""

import io
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from xml.parsers import expat

from bot.core.source_notices import Failure
from bot.sources.column_rows import Line, Table
from bot.sources.rows import MOST_BYTES, MOST_ROWS, SECONDS, SourceFailed

_MOST_UNPACKED = 4 * MOST_BYTES
_MOST_COLUMNS = 1000
_MOST_CELLS = 1_000_000
_PIECE = 64 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(50, 59)}
_BUILT_IN_SHARES = {9, 10}
"""Number formats that every workbook has without naming them (ECMA-376, part 1, 18.8.30)."""
_DAY_ZERO, _DAY_ZERO_1904 = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01")
"""From where days are counted, without a zone, as everything in a workbook."""
_UNSPOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')

_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError),
    *(LookupError, ValueError, ArithmeticError, RuntimeError),  # a part, style or text that is not there, or no number
)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]


class _Formats(NamedTuple):
    """Which cell styles show their number as a date, and which as percent."""

    dates: frozenset[int]
    shares: frozenset[int]


class _Row(Sequence[Any]):
    """The cells of a row by their columns, of which few hold something."""

    def __init__(self, cells: dict[int, Any], width: int) -> None:
        self._cells, self._width = cells, width

    def __len__(self) -> int:
        return self._width

    def __getitem__(self, place: Any) -> Any:
        return self._cells.get(place)


_Cells = dict[int, dict[int, Any]]
"""What the cells of a worksheet that hold something hold, by row (from 1) and column (from 0)."""


def read_workbook(body: bytes, worksheet: str | None, *, seconds: float = SECONDS) -> Table:
    """Give a worksheet as a table: its first row that is not empty names the columns.

    worksheet: by its name, needed when there are several. Numbers shown as dates are dates, those shown as percent are
    percent (3.2 for "3.2 %"), formulas what they last gave. seconds: how long it may take. Raises SourceFailed.
    """
    ends = time.monotonic() + seconds
    with _readable(), zipfile.ZipFile(io.BytesIO(body)) as book:
        path, since_1904 = _place_of(book, worksheet, ends)
        texts = _texts(book, ends) if "xl/sharedStrings.xml" in book.namelist() else []
        formats = _formats(book, ends) if "xl/styles.xml" in book.namelist() else _Formats(frozenset(), frozenset())
        return _table(_Worksheet(texts, formats, _DAY_ZERO_1904 if since_1904 else _DAY_ZERO).read(book, path, ends))


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _DAMAGED:
        problem = "the file is no Excel workbook that can be read; save it again as .xlsx without a password, or as CSV"
        raise SourceFailed("not_excel", problem, passing=False) from None


def _table(rows: _Cells) -> Table:
    if not rows:
        raise _failed("no_column", "the worksheet is empty; its first row has to name the columns")
    header, *others = sorted(rows)
    width = max(rows[header]) + 1
    names = [str(rows[header].get(column, "")).strip() for column in range(width)]
    return Table(names, [Line(f"row {number}", _Row(rows[number], width)) for number in others])


def _place_of(book: zipfile.ZipFile, worksheet: str | None, ends: float) -> tuple[str, bool]:
    """Give the path of the wanted worksheet inside the file, and whether its days count from 1904."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}
    since_1904: list[bool] = []

    def workbook(tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            sheets[given["name"]] = next((value for key, value in given.items() if key.endswith(" id")), "")
        if tag == "workbookPr":
            since_1904.append(given.get("date1904") in ("1", "true"))

    def relations(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[given["Id"]] = given["Target"]

    _walk(book, "xl/workbook.xml", ends, workbook)
    _walk(book, "xl/_rels/workbook.xml.rels", ends, relations)
    target = targets[sheets[_chosen(list(sheets), worksheet)]]
    return (target[1:] if target.startswith("/") else f"xl/{target}"), any(since_1904)


def _chosen(names: Sequence[str], worksheet: str | None) -> str:
    listed = ", ".join(f"'{name[:40]}'" for name in names[:8])
    if worksheet is None and len(names) != 1:
        raise _failed("worksheet", f"the workbook has {len(names)} worksheets: {listed}; name one with worksheet")
    if worksheet is not None and worksheet not in names:
        raise _failed("worksheet", f"there is no worksheet '{worksheet}' in the workbook; it has {listed}")
    return worksheet or names[0]


def _texts(book: zipfile.ZipFile, ends: float) -> list[str]:
    """Give the table of texts that cells refer to by number."""
    found: list[str] = []
    reading: list[str] = []
    size = 0

    def start(tag: str, _given: dict[str, str]) -> None:
        if tag == "rPh":
            reading.append("spoken")

    def end(tag: str, text: str) -> None:
        nonlocal size
        if tag == "t" and "spoken" not in reading:
            reading.append(text)
            size += len(text)
        elif tag == "rPh":
            reading.remove("spoken")
        elif tag == "si":
            found.append("".join(reading))
            reading.clear()
        if size > MOST_BYTES:
            raise _too_large()

    _walk(book, "xl/sharedStrings.xml", ends, start, end)
    return found


def _formats(book: zipfile.ZipFile, ends: float) -> _Formats:
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt":
            codes[int(given["numFmtId"])] = _UNSPOKEN.sub("", given["formatCode"]).split(";")[0].lower()
        if tag == "xf" and "cellXfs" in inside:
            styles.append(int(given.get("numFmtId", "0")))

    def end(_tag: str, _text: str) -> None:
        inside.pop()

    _walk(book, "xl/styles.xml", ends, start, end)
    dates = {at for at, one in enumerate(styles) if _is_date(one, codes.get(one))}
    shares = {at for at, one in enumerate(styles) if "%" in codes.get(one, "%" if one in _BUILT_IN_SHARES else "")}
    return _Formats(frozenset(dates), frozenset(shares))


def _is_date(number: int, code: str | None) -> bool:
    return number in _BUILT_IN_DATES if code is None else bool(re.search("[yd]|mmm", code)) and "%" not in code


class _Worksheet:
    """Reads the cells of one worksheet as they come by."""

    def __init__(self, texts: Sequence[str], formats: _Formats, day_zero: datetime) -> None:
        self._texts, self._formats, self._day_zero = texts, formats, day_zero
        self._cells: _Cells = {}
        self._count = 0
        self._given: dict[str, str] = {}
        self._text: str | None = None
        self._calculated = False

    def read(self, book: zipfile.ZipFile, path: str, ends: float) -> _Cells:
        """Give the cells that hold something."""
        _walk(book, path, ends, self._start, self._end)
        return self._cells

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "c":
            self._given, self._text, self._calculated = given, None, False

    def _end(self, tag: str, text: str) -> None:
        if tag in ("v", "t"):
            self._text = (self._text or "") + text
        elif tag == "f":
            self._calculated = True
        elif tag == "c":
            self._keep()

    def _keep(self) -> None:
        match = _REFERENCE.fullmatch(self._given["r"])
        column = _column(match[1]) if match else _MOST_COLUMNS
        if match is None or column >= _MOST_COLUMNS:
            raise _failed("too_many", f"there are more than {_MOST_COLUMNS} columns; leave out those not needed")
        if self._text is None and self._calculated:
            problem = f"the formula in {self._given['r']} was never calculated; open the workbook and save it again"
            raise _failed("no_number", problem)
        if self._text:
            self._cells.setdefault(int(match[2]), {})[column] = self._value(self._text)
            self._count += 1
            self._check_caps()

    def _check_caps(self) -> None:
        """Count rows by their numbers: what the file calls a row may hold cells of many."""
        if len(self._cells) > MOST_ROWS:
            raise _failed("too_many", f"there are more than {MOST_ROWS} rows; group them by period")
        if self._count > _MOST_CELLS:
            raise _failed("too_many", f"there are more than {_MOST_CELLS} cells; leave out columns that are not needed")

    def _value(self, text: str) -> Any:
        kind, style = self._given.get("t", "n"), int(self._given.get("s", "0"))
        if kind == "s":
            return self._texts[int(text)]
        if kind == "b":
            return text == "1"
        if kind != "n":
            return text
        number = float(text)
        if style in self._formats.dates:
            return self._day_zero + timedelta(seconds=round(number * 86400))
        if style in self._formats.shares:
            return round(number * 100, 10)
        return int(number) if number.is_integer() else number


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _walk(book: zipfile.ZipFile, path: str, ends: float, start: Start, end: End | None = None) -> None:
    """Walk an XML part of the file; tags without namespace, end is called with the text since the last start.

    ends: when to give up, by the monotonic clock. No document type is taken, so there are no entities to swell.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    text: list[str] = []

    def opened(name: str, given: dict[str, str]) -> None:
        text.clear()
        start(name.rpartition(" ")[2], given)

    def closed(name: str) -> None:
        if end is not None:
            end(name.rpartition(" ")[2], "".join(text))
        text.clear()

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = _no_document_type
    with book.open(path) as part:
        left = _MOST_UNPACKED
        while piece := part.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise _too_large()
            if time.monotonic() > ends:
                raise SourceFailed("timeout", "the workbook takes too long to read; keep what is needed", passing=False)
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 - it takes no names


def _no_document_type(*_given: object) -> None:
    raise _failed("not_excel", "the workbook has a document type in it, as no spreadsheet program writes; save it anew")


def _too_large() -> SourceFailed:
    return _failed("too_large", f"the workbook unpacks to more than {_MOST_UNPACKED // 2**20} MiB; keep what is needed")


def _failed(code: Failure, problem: str) -> SourceFailed:
    return SourceFailed(code, problem, passing=False)
