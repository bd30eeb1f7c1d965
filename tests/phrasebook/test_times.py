"""Moments, periods and spans read as a native of the language writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.periods import Frequency, parse_label
from bot.core.words import Language
from bot.phrasebook import times

EN, ES = Language.EN, Language.ES
MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("label", "english", "spanish"),
    [
        ("2026-10", "October 2026", "octubre de 2026"),
        ("2026-W47", "week 47, 2026", "semana 47 de 2026"),
        ("2026-Q4", "Q4 2026", "T4 2026"),
        ("2026-11-22", "22 Nov 2026", "22 nov 2026"),
        ("2026", "2026", "2026"),
        ("2020-W53", "week 53, 2020", "semana 53 de 2020"),
        ("someday", "someday", "someday"),
    ],
)
def test_a_period_is_named_in_words(label: str, english: str, spanish: str) -> None:
    assert times.period(label, EN) == english
    assert times.period(label, ES) == spanish


def test_every_frequency_has_a_name_that_fits_the_axis_of_a_chart() -> None:
    labels = {
        "daily": "2026-11-22",
        "weekly": "2026-W47",
        "monthly": "2026-09",
        "quarterly": "2026-Q4",
        "yearly": "2026",
    }
    for frequency in Frequency:
        for language in Language:
            said = times.short_period(parse_label(labels[frequency], frequency), language)
            assert 0 < len(said) <= 20


def test_a_moment_is_a_token_that_slack_shows_on_the_readers_clock() -> None:
    when = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert times.date_token(when, MADRID, EN) == (
        f"<!date^{int(when.timestamp())}^{{date_short_pretty}} at {{time}}|22 Nov 2026, 09:00>"
    )
    assert "{date_short_pretty} a las {time}|22 nov 2026, 09:00>" in times.date_token(when, MADRID, ES)


@pytest.mark.parametrize(
    ("length", "english", "spanish"),
    [
        (timedelta(minutes=15), "15 minutes", "15 minutos"),
        (timedelta(hours=1), "1 hour", "1 hora"),
        (timedelta(hours=24), "24 hours", "24 horas"),
        (timedelta(hours=72), "72 hours", "72 horas"),
        (timedelta(days=5), "5 days", "5 días"),
        (timedelta(weeks=1), "1 week", "1 semana"),
        (timedelta(seconds=20), "1 minute", "1 minuto"),
    ],
)
def test_a_span_is_told_in_its_largest_whole_unit(length: timedelta, english: str, spanish: str) -> None:
    assert times.span(length, EN).replace("\u00a0", " ") == english
    assert times.span(length, ES).replace("\u00a0", " ") == spanish


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=23, minutes=59, seconds=58), "24 h"),
        (timedelta(hours=47, minutes=20), "47 h"),
        (timedelta(hours=71, minutes=59), "3 d"),
        (timedelta(hours=-2), "2 h"),
        (timedelta(days=6), "6 d"),
    ],
)
def test_the_time_left_is_rounded_to_the_nearest_sensible_unit(length: timedelta, said: str) -> None:
    assert times.rough(length).replace("\u00a0", " ") == said
