"""Numbers, money and changes as each language writes them.

English follows ``en_US`` (€1.2M), Spanish ``es_ES`` (1,2 M€). Spaces inside a number are no-break spaces.
"""

import math
import re
from functools import cache

from babel.core import Locale
from babel.numbers import NumberPattern, format_compact_currency, format_compact_decimal, parse_pattern
from babel.units import format_unit

from bot.core.kpi import Direction
from bot.core.standing import Trend
from bot.core.units import Unit, is_money
from bot.core.words import Band, Language

LOCALES = {Language.EN: Locale("en", "US"), Language.ES: Locale("es", "ES")}
_COMPACT_FROM = 10_000
_SPAN_UNITS = {
    Unit.SECONDS: "duration-second",
    Unit.MINUTES: "duration-minute",
    Unit.HOURS: "duration-hour",
    Unit.DAYS: "duration-day",
    Unit.WEEKS: "duration-week",
    Unit.MONTHS: "duration-month",
}
_TAILS = {
    Unit.RATIO: ":1",
    Unit.OF_5: "/5",
    Unit.OF_10: "/10",
    Unit.MILLISECONDS: "\u00a0ms",
    Unit.TERABYTES: "\u00a0TB",
}
_LIMITS = {Direction.HIGHER_IS_BETTER: "≥\u00a0", Direction.LOWER_IS_BETTER: "≤\u00a0", Direction.WITHIN_BAND: ""}
_BARS = "▁▂▃▄▅▆▇"


def decimal(number: float, language: Language) -> str:
    """Write a number with the digits that matter: two decimals below 100, one below 1,000, then none."""
    number = number + 0.0 if abs(number) >= 1e-9 else 0.0
    pattern = _pattern("#,##0" + ("." + "#" * _decimals(number) if _decimals(number) else ""))
    return str(pattern.apply(number, LOCALES[language], group_separator=_grouped(number, language)))


@cache
def _pattern(written: str) -> NumberPattern:
    return parse_pattern(written)


def _decimals(number: float) -> int:
    size = abs(number)
    if size >= 1000:
        return 0
    if size >= 100:
        return 1
    return 2 if size >= 1 or size == 0 else max(2, 1 - math.floor(math.log10(size)))


def _grouped(number: float, language: Language) -> bool:
    """Spanish groups digits from five on: 2400, but 24.000 (Babel does not know this CLDR rule)."""
    return language is not Language.ES or abs(number) >= 10_000


def value(number: float, unit: str, language: Language) -> str:
    """Write a value in full: ``3.2%``, ``€1,234,568``, ``7.7:1``, ``45 days``."""
    if is_money(unit):
        return _money(number, unit, language)
    if unit == Unit.PERCENT:
        return decimal(number, language) + ("\u00a0%" if language is Language.ES else "%")
    if unit in _SPAN_UNITS:
        return duration(number, Unit(unit), language)
    return decimal(number, language) + _TAILS.get(Unit(unit), "")


def short(number: float, unit: str, language: Language) -> str:
    """Write a value for a quick look: money and counts from 10,000 on with three digits, ``€1.2M`` or ``18.5K``."""
    if not (is_money(unit) or unit == Unit.COUNT) or abs(number) < _COMPACT_FROM:
        return value(number, unit, language)
    rounded = float(f"{number:.3g}")  # before the scale is chosen: 999,999 is 1M and not 1000K
    if not is_money(unit):
        return format_compact_decimal(rounded, locale=LOCALES[language], fraction_digits=2)
    said = format_compact_currency(rounded, unit, locale=LOCALES[language], fraction_digits=2)
    return re.sub(r"(?<=M)(?=[A-Z])", "\u00a0", said)


def _money(number: float, currency: str, language: Language) -> str:
    whole = abs(number) >= 1000 or number == int(number)
    pattern = "#,##0" if whole else "#,##0.00"
    placed = _pattern(f"{pattern}\u00a0¤" if language is Language.ES else f"¤{pattern}")
    group = _grouped(number, language)
    return str(placed.apply(number, LOCALES[language], currency, currency_digits=False, group_separator=group))


def duration(number: float, unit: Unit, language: Language) -> str:
    """Write an amount of time with its unit in words: ``45 days``, ``1 hora``."""
    rounded = round(number, _decimals(number))
    said = format_unit(rounded, _SPAN_UNITS[unit], length="long", locale=LOCALES[language])
    return said.replace(" ", "\u00a0")


def gap(size: float, unit: str, language: Language) -> str:
    """Write how far two values are apart: points between percentages, the unit itself for the rest."""
    if unit != Unit.PERCENT:
        return short(abs(size), unit, language)
    number = decimal(abs(size), language)
    word = {Language.EN: ("point", "points"), Language.ES: ("punto", "puntos")}[language]
    return f"{number}\u00a0{word[number != '1']}"


def percent(fraction: float, language: Language) -> str:
    """Write the size of a change as a percentage: ``12%``, ``0.4%``."""
    return value(abs(_rounded_percent(fraction)), Unit.PERCENT, language)


def _rounded_percent(fraction: float) -> float:
    number = fraction * 100
    return round(number, 0 if abs(number) >= 10 else 1)


def change(trend: Trend, unit: str, language: Language) -> str:
    """Write the move from the value before: percent KPIs in points, others in percent, in the unit against zero."""
    if trend.difference == 0:
        return "0"
    if trend.change is not None:
        return signed(percent(trend.change, language), _rounded_percent(trend.change))
    return signed(gap(trend.difference, unit, language), trend.difference)


def signed(said: str, number: float) -> str:
    """Put the sign of a number before its words."""
    return f"+{said}" if number > 0 else f"−{said}" if number < 0 else said


def arrow(number: float) -> str:
    """Show where a number went."""
    return "↗" if number > 0 else "↘" if number < 0 else "→"


def target(aim: float | Band, unit: str, direction: Direction, language: Language) -> str:
    """Write what is aimed at: ``≤ 2.5%``, ``≥ €2.5M``, ``85–95%``."""
    if not isinstance(aim, Band):
        return _LIMITS[direction] + short(aim, unit, language)
    low, high = short(aim.low, unit, language), short(aim.high, unit, language)
    tail = next((tail for tail in ("\u00a0%", "%", *_TAILS.values()) if low.endswith(tail) and high.endswith(tail)), "")
    return f"{low.removesuffix(tail)}–{high}"


def sparkline(numbers: list[float]) -> str:
    """Draw a run of numbers as bars one character wide; nothing for fewer than two."""
    if len(numbers) < 2:
        return ""
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1.0
    return "".join(_BARS[round((number - low) / span * (len(_BARS) - 1))] for number in numbers)
