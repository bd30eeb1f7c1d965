"""What templates can do with a number: ``{{ standing.value | value(kpi.unit) }}``."""

from collections.abc import Iterable

from jinja2 import pass_context
from jinja2.runtime import Context

from bot.core.history import Point
from bot.core.kpi import Kpi
from bot.core.standing import Standing, Trend
from bot.core.units import Unit
from bot.core.words import Band
from bot.phrasebook import numbers
from bot.phrasebook.speaker import speaker_of, word_of


@pass_context
def value(context: Context, number: float, unit: str) -> str:
    """A value in full: ``3.2%``, ``€1,234,568``."""
    return numbers.value(number, unit, speaker_of(context).language)


@pass_context
def short(context: Context, number: float, unit: str) -> str:
    """A value for a quick look: ``€1.2M``."""
    return numbers.short(number, unit, speaker_of(context).language)


@pass_context
def figure(context: Context, standing: Standing) -> object:
    """The value of a standing for a quick look, or the words for "no data" and "not complete yet"."""
    if standing.value is None:
        return word_of(context, "nothing_complete" if standing.running else "no_data")
    return short(context, standing.value, standing.kpi.unit)


@pass_context
def number(context: Context, given: float) -> str:
    """A bare number by the language's rules."""
    return numbers.decimal(given, speaker_of(context).language)


@pass_context
def whole(context: Context, given: float) -> str:
    """A number without decimals."""
    return numbers.decimal(round(given), speaker_of(context).language)


@pass_context
def moved(context: Context, score: float, before: float | None) -> str:
    """The move between two scores as they are shown, without decimals: ``+3``, ``−2``; nothing when there is none."""
    step = 0 if before is None else round(score) - round(before)
    return numbers.signed(numbers.decimal(abs(step), speaker_of(context).language), step) if step else ""


@pass_context
def target(context: Context, aim: float | Band | None, kpi: Kpi) -> object:
    """What is aimed at, with its sign: ``≤ 2.5%``; the words for "no target" when there is none."""
    if aim is None:
        return word_of(context, "no_target")
    return numbers.target(aim, kpi.unit, kpi.direction, speaker_of(context).language)


@pass_context
def gap(context: Context, size: float, unit: str) -> str:
    """How far two values are apart: ``0.7 points``, ``€12K``."""
    return numbers.gap(size, unit, speaker_of(context).language)


@pass_context
def change(context: Context, trend: Trend | None, unit: str) -> object:
    """The move from the value before: ``+0.7 points``, ``+12%``; words for no move and for no value before."""
    if trend is None or trend.difference == 0:
        return word_of(context, "no_trend" if trend is None else "unchanged")
    return numbers.change(trend, unit, speaker_of(context).language)


@pass_context
def percent(context: Context, fraction: float) -> str:
    """A fraction as a percentage without its sign: ``10%``."""
    return numbers.percent(fraction, speaker_of(context).language)


@pass_context
def whole_percent(context: Context, percent: float) -> str:
    """Percent without decimals: ``58%``."""
    return numbers.value(round(percent), Unit.PERCENT, speaker_of(context).language)


def arrow(trend: Trend | float | None) -> str:
    """Where it went: ↗ ↘ →; nothing without a value before."""
    if trend is None:
        return ""
    return numbers.arrow(trend.difference if isinstance(trend, Trend) else trend)


def sparkline(points: Iterable[Point]) -> str:
    """A run of points as small bars."""
    return numbers.sparkline([point.value for point in points])
