"""Spans of time as people name them, in English and Spanish: ``last 30 days``, ``Q3 2025``, ``desde enero``.

What is read, first as a whole: a count back from today, a beginning ("since …"), two ends ("… to …"), or one unit of
the calendar. A unit without a year is the newest one that has begun.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.core.errors import BadInput
from bot.core.periods import Frequency, Period, frequency_of_label, parse_label, period_of

_DAY = timedelta(days=1)
_EARLIEST, _LATEST = 1990, 2199
_YEARS_BACK = 12
"""How far back the newest 29 February, or week 53, may lie."""

_SAID_FOR_NOTHING = frozenset(
    {"the", "of", "in", "during", "over", "between", "el", "la", "los", "las", "de", "del", "en", "durante", "entre"}
)
_MONTHS = (
    "january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr", "may mayo",
    "june jun junio", "july jul julio", "august aug agosto ago", "september sept sep septiembre setiembre set",
    "october oct octubre", "november nov noviembre", "december dec diciembre dic",
)  # fmt: skip
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_UNITS = {
    Frequency.DAILY: "day days dia dias",
    Frequency.WEEKLY: "week weeks semana semanas",
    Frequency.MONTHLY: "month months mes meses",
    Frequency.QUARTERLY: "quarter quarters trimestre trimestres",
    Frequency.YEARLY: "year years ano anos ejercicio ejercicios",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_NUMBERS = (
    "one un uno una", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete", "eight ocho",
    "nine nueve", "ten diez", "eleven once", "twelve doce",
)  # fmt: skip
_NUMBER_OF = {word: number for number, words in enumerate(_NUMBERS, 1) for word in words.split()}
_ORDINALS = ("first primer primero", "second segundo", "third tercer tercero", "fourth cuarto")
_ORDINAL_OF = {word: f"{number}th" for number, words in enumerate(_ORDINALS, 1) for word in words.split()}
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|er|ro|do|to|\.?o)\b")


def _any(words: dict[str, int] | dict[str, Frequency]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_UNIT, _MONTH, _YEAR = f"({_any(_UNIT_OF)})", f"({_any(_MONTH_OF)})", r"(?: (\d{4}))?"
_COUNTED = re.compile(rf"(?:(?:last|past|previous|ultim[oa]s) )?(\d{{1,4}}|{_any(_NUMBER_OF)}) {_UNIT}")
_TO_DATE = re.compile(rf"lo que va {_UNIT}|{_UNIT} (?:to date|hasta fecha)")
_SHORT_TO_DATE = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}
_THIS = re.compile(rf"(?:this|current|est[ea]) {_UNIT}|{_UNIT} (?:actual|curso)")
_LAST = re.compile(rf"(?:last|past|previous|ultim[oa]) {_UNIT}|{_UNIT} (?:pasad[oa]|anterior)")
_SINCE = re.compile(r"(?:since|from|desde|a partir) (.+)")
_ENDS = re.compile(r"(?:(?:from|desde) )?(.+?)(?: ?\.{2,3} ?| (?:-|to|until|till|through|and|al?|hasta|y) )(.+)")
_DAYS_AGO = {
    "today": 0, "now": 0, "hoy": 0, "ahora": 0, "yesterday": 1, "ayer": 1, "day before yesterday": 2, "anteayer": 2,
}  # fmt: skip

_SHORT_YEAR = r"(?:[ /-]?(\d{4}|\d{2}))?"
_QUARTER = re.compile(
    f"(?:[qt]|(?:quarter|trimestre) )([1-4]){_SHORT_YEAR}|([1-4])(?:[qt]|th (?:quarter|trimestre)){_SHORT_YEAR}"
)
_HALF = re.compile(f"(?:h|(?:half|semestre) )([12]){_SHORT_YEAR}|([12])(?:h|th (?:half|semestre)){_SHORT_YEAR}")
_YEAR_FIRST = re.compile(r"(\d{4})[ /-]?([qt][1-4]|h[12])")
_WHOLE_YEAR = re.compile(r"(?:fy|year|ano|ejercicio) ?(\d{4}|\d{2})")
_WEEK = re.compile(rf"(?:[ws]|(?:week|semana) ?)(\d{{1,2}}){_YEAR}")
_NAMED_MONTH = re.compile(f"{_MONTH}{_YEAR}")
_NAMED_DAY = re.compile(rf"(\d{{1,2}})(?:th)? {_MONTH}{_YEAR}")
_MONTH_AND_DAY = re.compile(rf"{_MONTH} (\d{{1,2}})(th)?{_YEAR}")


class Span(NamedTuple):
    """Days in a row: the first, and the first one that no longer belongs to it. It is never empty."""

    first: date
    until: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - _DAY

    @property
    def written(self) -> str:
        """The span in a form that ``read_span`` reads alike on any day, such as ``2026-07-01..2026-09-30``."""
        return f"{self.first}..{self.last}"

    def touches(self, period: Period) -> bool:
        """Say whether a period has a day in it."""
        return period.first < self.until and self.first < period.next.first


class Unreadable(StrEnum):
    """Why words name no span."""

    UNKNOWN = "unknown"
    BACKWARDS = "backwards"
    NOT_BEGUN = "not_begun"
    OUTSIDE = "outside"


_SAID = {
    Unreadable.UNKNOWN: "'{}' names no span of time",
    Unreadable.BACKWARDS: "'{}' ends before it begins",
    Unreadable.NOT_BEGUN: "'{}' has not begun yet",
    Unreadable.OUTSIDE: "'{}' is not in the calendar of the years " + f"{_EARLIEST} to {_LATEST}",
}


class UnknownSpan(BadInput):
    """No span of time is called so; ``asked`` is what was written, ``why`` what is wrong with it."""

    def __init__(self, asked: str, why: Unreadable) -> None:
        self.asked, self.why = asked[:60], why
        remedy = "Write it such as: last 30 days, this quarter, Q3 2025, March 2026, since January, 2026-01..2026-06"
        super().__init__("span", _SAID[why].format(self.asked), remedy)


def read_span(words: str, today: date, year_begins: int = 1) -> Span:
    """Read a span of time as a person names it, in English or Spanish.

    today: in the company's zone; year_begins: of the company, for quarters and years (see ``Frequency``). A count of
    days, weeks, months … goes back from today, which belongs to it. Raises UnknownSpan for whatever else was written.
    """
    asked = _Asked(words, today, year_begins)
    try:
        span = asked.span(_plain(words))
    except (ValueError, OverflowError):
        raise UnknownSpan(words, Unreadable.OUTSIDE) from None
    if span is None:
        raise UnknownSpan(words, Unreadable.UNKNOWN)
    if span.first.year < _EARLIEST or span.last.year > _LATEST:
        raise UnknownSpan(words, Unreadable.OUTSIDE)
    return span


def _plain(words: str) -> str:
    """Give the words without accents, capitals, commas, the dots of abbreviations and what is said for nothing.

    Whatever comes first, second, third … is written with ``th``.
    """
    letters = unicodedata.normalize("NFKD", words.casefold().replace("–", "-"))
    typed = "".join(sign for sign in letters if not unicodedata.combining(sign))
    typed = _ORDINAL.sub(r"\1th", re.sub(r"(?<=[a-z])\.(?![.])", " ", typed.replace(",", " ")))
    return " ".join(_ORDINAL_OF.get(word, word) for word in typed.split() if word not in _SAID_FOR_NOTHING)


class _Asked(NamedTuple):
    """What was written, by whose calendar and on which day it is read."""

    words: str
    today: date
    year_begins: int

    def span(self, said: str) -> Span | None:
        """Read a whole span; None when it is none."""
        tomorrow = self.today + _DAY
        if match := _COUNTED.fullmatch(said):
            count = int(match[1]) if match[1].isdigit() else _NUMBER_OF[match[1]]
            return Span(self._back(count, _UNIT_OF[match[2]]), tomorrow) if count else None
        if said in _SHORT_TO_DATE or (match := _TO_DATE.fullmatch(said)):
            unit = _UNIT_OF[_SHORT_TO_DATE.get(said) or _matched(match)]
            return Span(self._running(unit).first, tomorrow)
        unit_alone = self._unit(said, self.today)
        return unit_alone[0] if unit_alone else self._between(said) or self._since(said)

    def _back(self, count: int, unit: Frequency) -> date:
        """Give the first day of so many units that end today."""
        if unit in (Frequency.DAILY, Frequency.WEEKLY):
            return self.today + _DAY - timedelta(days=count * (7 if unit is Frequency.WEEKLY else 1))
        months = count * {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}[unit]
        month = period_of(self.today, Frequency.MONTHLY).shift(-months)
        return min(month.first + timedelta(days=self.today.day), month.next.first)

    def _since(self, said: str) -> Span | None:
        match = _SINCE.fullmatch(said)
        found = self._unit(match[1], self.today) if match else None
        if found is None:
            return None
        if found[0].first > self.today:
            raise UnknownSpan(self.words, Unreadable.NOT_BEGUN)
        return Span(found[0].first, self.today + _DAY)

    def _between(self, said: str) -> Span | None:
        """Read ``A to B``. An end without a year takes that of the other: B is not before A, nor a year after it."""
        match = _ENDS.fullmatch(said)
        begin, end = (self._unit(match[1], self.today), self._unit(match[2], self.today)) if match else (None, None)
        if match is None or begin is None or end is None:
            return None
        if end[1] and not begin[1]:
            end = self._unit(match[2], begin[0].first + timedelta(days=364)) or end
        begin = self._unit(match[1], end[0].first) or begin
        if begin[0].first >= end[0].until:
            raise UnknownSpan(self.words, Unreadable.BACKWARDS)
        return Span(begin[0].first, end[0].until)

    def _unit(self, said: str, newest: date) -> tuple[Span, bool] | None:
        """Read one unit of the calendar, and say whether its year was left out.

        One without a year is the newest that begins no later than ``newest``.
        """
        fixed = self._relative(said) or self._dated(said)
        if fixed is not None:
            return fixed, False
        parts = self._in_some_year(said)
        made = (_if_real(parts[0], newest.year + 1 - back) for back in range(_YEARS_BACK)) if parts else ()
        return next(((span, True) for span in made if span is not None and span.first <= newest), None)

    def _relative(self, said: str) -> Span | None:
        if said in _DAYS_AGO:
            day = self.today - timedelta(days=_DAYS_AGO[said])
            return Span(day, day + _DAY)
        if match := _THIS.fullmatch(said):
            return _span(self._running(_UNIT_OF[_matched(match)]))
        if match := _LAST.fullmatch(said):
            return _span(self._running(_UNIT_OF[_matched(match)]).previous)
        return None

    def _dated(self, said: str) -> Span | None:
        """Read a unit that names its year, or is a period's label."""
        label = said.upper()
        frequency = frequency_of_label(label)
        if frequency is not None:
            return _span(parse_label(label, frequency.in_year(self.year_begins)))
        if match := _WHOLE_YEAR.fullmatch(said):
            return self._labelled(f"{_in_full(match[1]):04d}", Frequency.YEARLY)
        if match := _YEAR_FIRST.fullmatch(said):
            said = f"{match[2]} {match[1]}"
        parts = self._in_some_year(said)
        return parts[0](_in_full(parts[1])) if parts and parts[1] else None

    def _in_some_year(self, said: str) -> tuple[Callable[[int], Span], str | None] | None:
        """Give how a unit is made once its year is known, and the year where it is written."""
        if match := _QUARTER.fullmatch(said):
            quarter = int(match[1] or match[3])
            return lambda of: self._quarters(of, quarter, quarter), match[2] or match[4]
        if match := _HALF.fullmatch(said):
            half = int(match[1] or match[3])
            return lambda of: self._quarters(of, half * 2 - 1, half * 2), match[2] or match[4]
        if match := _WEEK.fullmatch(said):
            week = int(match[1])
            return lambda of: self._labelled(f"{of:04d}-W{week:02d}", Frequency.WEEKLY), match[2]
        if match := _NAMED_MONTH.fullmatch(said):
            month = _MONTH_OF[match[1]]
            return lambda of: self._labelled(f"{of:04d}-{month:02d}", Frequency.MONTHLY), match[2]
        return self._day_in_some_year(said)

    def _day_in_some_year(self, said: str) -> tuple[Callable[[int], Span], str | None] | None:
        """Read a day of a month. ``Nov 26`` is none: on charts that is November 2026."""
        if match := _NAMED_DAY.fullmatch(said):
            day, month, year = int(match[1]), match[2], match[3]
        elif match := _MONTH_AND_DAY.fullmatch(said):
            day, month, year = int(match[2]), match[1], match[4]
            recent = self.today.year - _YEARS_BACK <= 2000 + day <= self.today.year + 1
            if recent and len(match[2]) > 1 and not (match[3] or year):
                return None
        else:
            return None
        return lambda of: self._labelled(f"{of:04d}-{_MONTH_OF[month]:02d}-{day:02d}", Frequency.DAILY), year

    def _quarters(self, year: int, first: int, last: int) -> Span:
        begin, end = (self._labelled(f"{year:04d}-Q{number}", Frequency.QUARTERLY) for number in (first, last))
        return Span(begin.first, end.until)

    def _labelled(self, label: str, frequency: Frequency) -> Span:
        return _span(parse_label(label, frequency.in_year(self.year_begins)))

    def _running(self, unit: Frequency) -> Period:
        return period_of(self.today, unit.in_year(self.year_begins))


def _in_full(year: str) -> int:
    """Give a year that may be written with its last two digits."""
    return int(year) if len(year) == 4 else 2000 + int(year)


def _matched(match: re.Match[str] | None) -> str:
    """Give the one group that took part."""
    return next(filter(None, match.groups())) if match else ""


def _if_real(make: Callable[[int], Span], year: int) -> Span | None:
    """Make a unit of a year; None for a week 53 or a 29 February it does not have."""
    try:
        return make(year)
    except ValueError:
        return None


def _span(period: Period) -> Span:
    return Span(period.first, period.next.first)
