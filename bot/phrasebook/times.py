"""Moments, periods and spans of time as each language writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from bot.core.periods import Frequency, Period, frequency_of_label, parse_label
from bot.core.units import Unit
from bot.core.words import Language
from bot.phrasebook.numbers import LOCALES, duration

_MONTHS = {Language.EN: "MMMM y", Language.ES: "MMMM 'de' y"}
_WEEKS = {Language.EN: "week {week}, {year}", Language.ES: "semana {week} de {year}"}
_MOMENTS = {Language.EN: "d MMM y, HH:mm", Language.ES: "d MMM y, HH:mm"}
_TOKENS = {Language.EN: "{date_short_pretty} at {time}", Language.ES: "{date_short_pretty} a las {time}"}


def day(when: date, language: Language) -> str:
    """Write a date: ``22 Nov 2026``."""
    return format_date(when, "d MMM y", locale=LOCALES[language])


def long_day(when: date, language: Language) -> str:
    """Write a date with its weekday: ``Sunday 22 November``, ``domingo 22 de noviembre``."""
    pattern = "EEEE d 'de' MMMM" if language is Language.ES else "EEEE d MMMM"
    return format_date(when, pattern, locale=LOCALES[language])


def period(given: Period | str, language: Language) -> str:
    """Write a period or its label: ``October 2026``, ``week 47, 2026``, ``Q4 2026``, ``22 Nov 2026``."""
    if isinstance(given, str):
        frequency = frequency_of_label(given)
        if frequency is None:
            return given
        given = parse_label(given, frequency)
    given = _as_named(given)
    first, locale = given.first, LOCALES[language]
    if given.frequency is Frequency.DAILY:
        return day(first, language)
    if given.frequency is Frequency.WEEKLY:
        year, week, _ = first.isocalendar()
        return _WEEKS[language].format(week=week, year=year)
    pattern = {Frequency.MONTHLY: _MONTHS[language], Frequency.QUARTERLY: "QQQ y"}.get(given.frequency, "y")
    return format_date(first, pattern, locale=locale)


def short_period(given: Period, language: Language) -> str:
    """Write a period for the axis of a chart, in few characters: ``Oct 26``, ``W47``, ``Q4 26``, ``22 Nov``."""
    given = _as_named(given)
    patterns = {Frequency.DAILY: "d MMM", Frequency.MONTHLY: "MMM yy", Frequency.QUARTERLY: "QQQ yy"}
    if given.frequency is Frequency.WEEKLY:
        year, week, _ = given.first.isocalendar()
        return f"{'S' if language is Language.ES else 'W'}{week} {year % 100}"
    return format_date(given.first, patterns.get(given.frequency, "y"), locale=LOCALES[language])


def _as_named(given: Period) -> Period:
    """Give the period of the calendar's year that is called so; a fiscal quarter goes by its own name."""
    return parse_label(given.label, given.frequency.in_year(1))


def moment(when: datetime, zone: ZoneInfo, language: Language) -> str:
    """Write a moment on the clock of a zone: ``22 Nov 2026, 09:00``."""
    return format_datetime(when.astimezone(zone), _MOMENTS[language], locale=LOCALES[language])


def date_token(when: datetime, zone: ZoneInfo, language: Language) -> str:
    """Make the token that Slack shows on each reader's own clock; the company's clock where it cannot."""
    return f"<!date^{int(when.astimezone(UTC).timestamp())}^{_TOKENS[language]}|{moment(when, zone, language)}>"


def span(length: timedelta, language: Language) -> str:
    """Write a length of time in its largest whole unit: ``15 minutes``, ``72 hours``, ``1 week``."""
    seconds = int(length.total_seconds())
    if seconds >= 604800 and seconds % 604800 == 0:
        return duration(seconds // 604800, Unit.WEEKS, language)
    if seconds > 72 * 3600 and seconds % 86400 == 0:
        return duration(seconds // 86400, Unit.DAYS, language)
    if seconds >= 3600 and seconds % 3600 == 0:
        return duration(seconds // 3600, Unit.HOURS, language)
    return duration(max(seconds // 60, 1), Unit.MINUTES, language)


def rough(length: timedelta) -> str:
    """Write a length of time, rounded, in few signs: ``90 min``, from 2 hours on ``23 h``, from 48 on ``5 d``."""
    hours = abs(length) / timedelta(hours=1)
    if hours >= 48:
        return f"{_nearest(hours / 24)}\u00a0d"
    if hours >= 2:
        return f"{_nearest(hours)}\u00a0h"
    return f"{max(_nearest(hours * 60), 1)}\u00a0min"


def _nearest(size: float) -> int:
    """Round half up, not to even as ``round`` does."""
    return int(size + 0.5)
