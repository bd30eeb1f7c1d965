"""A column of numbers as people write them: decimal point or decimal comma, told apart by the column as a whole."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.sources.rows import SourceFailed

_DRESS = re.compile(r"^[€$£¥]\s?|\s?[€$£¥%]$")
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f'](?=\d{3}(\D|$))")


class _Style(NamedTuple):
    """One way to write numbers, with the mark that groups thousands and the one before the decimals."""

    written: re.Pattern[str]
    group: str
    decimal: str


def _style(group: str, decimal: str) -> _Style:
    g, d = re.escape(group), re.escape(decimal)
    return _Style(
        re.compile(rf"[+-]?(\d+|[1-9]\d{{0,2}}({g}\d{{3}})+)?({d}\d+)?([eE][+-]?\d{{1,3}})?", re.ASCII), group, decimal
    )


_POINT, _COMMA = _style(",", "."), _style(".", ",")


def read_numbers(texts: Sequence[str], *, name: str, places: Sequence[str], comma_parts: bool) -> list[float]:
    """Read the numbers of one column.

    A sign of money or percent around a number is dropped, spaces between thousands too. name: of the column; places:
    where each text stands, for the errors; comma_parts: whether commas part the columns, so that a bare point is a
    decimal point. Raises SourceFailed when a text is no number, or when the column can be read in two ways.
    """
    plain = [_SPACES.sub("", _DRESS.sub("", text.strip().replace("\u2212", "-"))).strip() for text in texts]
    styles = [style for style in (_POINT, _COMMA) if all(_fits(text, style) for text in plain)]
    if not styles:
        raise _failed("no_number", _worst(plain, places, name))
    readings = [[_number(text, style) for text in plain] for style in styles]
    if len(readings) == 2 and readings[0] != readings[1] and not (comma_parts and not any("," in one for one in plain)):
        problem = f"the numbers of '{name}' can be read with a decimal point or a decimal comma; write them without"
        raise _failed("ambiguous", f"{problem} marks between thousands and with more or fewer than three decimals")
    return readings[0]


def _fits(text: str, style: _Style) -> bool:
    return any(character.isdigit() for character in text) and style.written.fullmatch(text) is not None


def _number(text: str, style: _Style) -> float:
    return float(text.replace(style.group, "").replace(style.decimal, "."))


def _worst(plain: Sequence[str], places: Sequence[str], name: str) -> str:
    """Say which text is no number at all; when each is one, that they are written in two ways."""
    for text, place in zip(plain, places, strict=True):
        if not (_fits(text, _POINT) or _fits(text, _COMMA)):
            return f"{place} has something in '{name}' that is no number; mend it, or leave it empty"
    return f"'{name}' has numbers with a decimal point and numbers with a decimal comma; write them in one way"


def _failed(code: str, problem: str) -> SourceFailed:
    return SourceFailed(code, problem, passing=False)
