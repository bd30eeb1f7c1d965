"""A column of numbers as people write them: decimal point or decimal comma, told apart by the column as a whole."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.core.source_notices import Failure
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


def read_numbers(texts: Sequence[str], *, name: str, places: Sequence[str], comma_parts: bool) -> list[float | str]:
    """Read the numbers of one column; what is no number at all stays the text it is.

    A sign of money or percent around a number is dropped, spaces between thousands too. name: of the column; places:
    where each text stands, for the errors; comma_parts: whether commas part the columns, so that a bare point is a
    decimal point. Raises SourceFailed when not one text is a number, or when the column can be read in two ways.
    """
    plain = [_SPACES.sub("", _DRESS.sub("", text.strip().replace("\u2212", "-"))).strip() for text in texts]
    numbers = [text for text in plain if _fits(text, _POINT) or _fits(text, _COMMA)]
    if plain and not numbers:
        problem = (
            f"{places[0]} has something in '{name}' that is no number, as all others have; is it the right column?"
        )
        raise _failed("no_number", problem)
    style = _style_of(numbers, name, comma_parts=comma_parts)
    return [_number(read, style) if _fits(read, style) else text for read, text in zip(plain, texts, strict=True)]


def _style_of(numbers: Sequence[str], name: str, *, comma_parts: bool) -> _Style:
    styles = [style for style in (_POINT, _COMMA) if all(_fits(text, style) for text in numbers)]
    if not styles:
        problem = f"'{name}' has numbers with a decimal point and numbers with a decimal comma; write them in one way"
        raise _failed("no_number", problem)
    readings = [[_number(text, style) for text in numbers] for style in styles]
    bare = comma_parts and not any("," in one for one in numbers)
    if len(readings) == 2 and readings[0] != readings[1] and not bare:
        problem = f"the numbers of '{name}' can be read with a decimal point or a decimal comma; write them without"
        raise _failed("ambiguous", f"{problem} marks between thousands and with more or fewer than three decimals")
    return styles[0]


def _fits(text: str, style: _Style) -> bool:
    return any(character.isdigit() for character in text) and style.written.fullmatch(text) is not None


def _number(text: str, style: _Style) -> float:
    return float(text.replace(style.group, "").replace(style.decimal, "."))


def _failed(code: Failure, problem: str) -> SourceFailed:
    return SourceFailed(code, problem, passing=False)
