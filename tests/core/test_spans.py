"""Spans of time as people name them, in English and Spanish."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.periods import Frequency, period_of
from bot.core.spans import Span, UnknownSpan, Unreadable, read_span
from bot.core.words import Language
from bot.phrasebook import times

TODAY = date(2026, 11, 22)  # a Sunday
APRIL, JULY_BY_START = -8, 7
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
YEARS = st.sampled_from([*range(-10, 13)])


def days(words: str, today: date = TODAY, year_begins: int = 1) -> tuple[str, str]:
    span = read_span(words, today, year_begins)
    return span.first.isoformat(), span.last.isoformat()


@pytest.mark.parametrize(
    ("english", "spanish", "first", "last"),
    [
        ("today", "hoy", "2026-11-22", "2026-11-22"),
        ("yesterday", "ayer", "2026-11-21", "2026-11-21"),
        ("last 30 days", "últimos 30 días", "2026-10-24", "2026-11-22"),
        ("the past two weeks", "las últimas dos semanas", "2026-11-09", "2026-11-22"),
        ("last 6 months", "los últimos seis meses", "2026-05-23", "2026-11-22"),
        ("last 2 quarters", "últimos 2 trimestres", "2026-05-23", "2026-11-22"),
        ("3 years", "3 años", "2023-11-23", "2026-11-22"),
        ("this week", "esta semana", "2026-11-16", "2026-11-22"),
        ("this month", "este mes", "2026-11-01", "2026-11-30"),
        ("current quarter", "trimestre actual", "2026-10-01", "2026-12-31"),
        ("this year", "el año en curso", "2026-01-01", "2026-12-31"),
        ("last week", "la semana pasada", "2026-11-09", "2026-11-15"),
        ("previous month", "el mes anterior", "2026-10-01", "2026-10-31"),
        ("last quarter", "el último trimestre", "2026-07-01", "2026-09-30"),
        ("last year", "el año pasado", "2025-01-01", "2025-12-31"),
        ("YTD", "lo que va de año", "2026-01-01", "2026-11-22"),
        ("quarter to date", "en lo que va del trimestre", "2026-10-01", "2026-11-22"),
        ("MTD", "mes hasta la fecha", "2026-11-01", "2026-11-22"),
        ("Q3 2025", "T3 2025", "2025-07-01", "2025-09-30"),
        ("3Q 2025", "3T de 2025", "2025-07-01", "2025-09-30"),
        ("2025-Q3", "2025 T3", "2025-07-01", "2025-09-30"),
        ("Q4", "trimestre 4", "2026-10-01", "2026-12-31"),
        ("2025", "el año 2025", "2025-01-01", "2025-12-31"),
        ("FY2025", "ejercicio 2025", "2025-01-01", "2025-12-31"),
        ("March 2026", "marzo de 2026", "2026-03-01", "2026-03-31"),
        ("in mar. 2026", "mar 2026", "2026-03-01", "2026-03-31"),
        ("December", "diciembre", "2025-12-01", "2025-12-31"),
        ("2026-03", "2026-03", "2026-03-01", "2026-03-31"),
        ("W47", "semana 47", "2026-11-16", "2026-11-22"),
        ("week 1, 2026", "semana 1 de 2026", "2025-12-29", "2026-01-04"),
        ("W53", "S53", "2020-12-28", "2021-01-03"),
        ("3 March 2026", "3 de marzo de 2026", "2026-03-03", "2026-03-03"),
        ("29 February", "29 de febrero", "2024-02-29", "2024-02-29"),
        ("November 1, 2025", "1 de noviembre de 2025", "2025-11-01", "2025-11-01"),
        ("Nov 1", "1 nov", "2026-11-01", "2026-11-01"),
        ("Nov. 26th", "26 de noviembre", "2025-11-26", "2025-11-26"),
        ("Nov 30", "noviembre 30", "2025-11-30", "2025-11-30"),
        ("1st November", "1.º de noviembre", "2026-11-01", "2026-11-01"),
        ("the 3rd of March, 2026", "3 de marzo, 2026", "2026-03-03", "2026-03-03"),
        ("the first of November", "primero de noviembre", "2026-11-01", "2026-11-01"),
        ("third quarter 2025", "3er trimestre de 2025", "2025-07-01", "2025-09-30"),
        ("the 3rd quarter of 2025", "el tercer trimestre de 2025", "2025-07-01", "2025-09-30"),
        ("the second quarter", "2º trimestre", "2026-04-01", "2026-06-30"),
        ("Q3 25", "T3 25", "2025-07-01", "2025-09-30"),
        ("H1 2026", "1er semestre de 2026", "2026-01-01", "2026-06-30"),
        ("2H 2025", "semestre 2 de 2025", "2025-07-01", "2025-12-31"),
        ("2025-H2", "2025 H2", "2025-07-01", "2025-12-31"),
        ("the second half", "segundo semestre", "2026-07-01", "2026-12-31"),
        ("FY25", "ejercicio 25", "2025-01-01", "2025-12-31"),
        ("the day before yesterday", "anteayer", "2026-11-20", "2026-11-20"),
        ("Nov 1 to Nov 5, 2025", "del 1 de noviembre al 5 de noviembre de 2025", "2025-11-01", "2025-11-05"),
        ("since January", "desde enero", "2026-01-01", "2026-11-22"),
        ("since 2025-06", "a partir de 2025-06", "2025-06-01", "2026-11-22"),
        ("since last quarter", "desde el trimestre pasado", "2026-07-01", "2026-11-22"),
        ("2026-01..2026-06", "2026-01 – 2026-06", "2026-01-01", "2026-06-30"),
        ("from March to May 2026", "de marzo a mayo de 2026", "2026-03-01", "2026-05-31"),
        ("between Q3 2025 and Q1 2026", "entre T3 2025 y T1 2026", "2025-07-01", "2026-03-31"),
        ("November to February", "de noviembre a febrero", "2025-11-01", "2026-02-28"),
        ("November 2024 to February", "desde noviembre de 2024 hasta febrero", "2024-11-01", "2025-02-28"),
        ("from November to today", "desde noviembre hasta hoy", "2026-11-01", "2026-11-22"),
        ("from 3 March to 15 March 2026", "del 3 de marzo al 15 de marzo de 2026", "2026-03-03", "2026-03-15"),
    ],
)  # fmt: skip
def test_a_span_is_read_in_both_languages_in_any_case(english: str, spanish: str, first: str, last: str) -> None:
    for words in (english, spanish):
        assert days(words) == days(f"  {words.upper()}  ") == (first, last)


@pytest.mark.parametrize(
    ("words", "year_begins", "first", "last"),
    [
        ("this year", APRIL, "2026-04-01", "2027-03-31"),
        ("2026", APRIL, "2025-04-01", "2026-03-31"),
        ("2026", JULY_BY_START, "2026-07-01", "2027-06-30"),
        ("Q1 2027", APRIL, "2026-04-01", "2026-06-30"),
        ("Q3", APRIL, "2026-10-01", "2026-12-31"),
        ("Q4", APRIL, "2026-01-01", "2026-03-31"),
        ("last quarter", 2, "2026-08-01", "2026-10-31"),
        ("YTD", APRIL, "2026-04-01", "2026-11-22"),
        ("Q1 2026 to Q2 2026", JULY_BY_START, "2026-07-01", "2026-12-31"),
        ("H1 2026", JULY_BY_START, "2026-07-01", "2026-12-31"),
        ("FY27", APRIL, "2026-04-01", "2027-03-31"),
        ("March 2026", APRIL, "2026-03-01", "2026-03-31"),
    ],
)
def test_quarters_and_years_are_those_of_the_company(words: str, year_begins: int, first: str, last: str) -> None:
    assert days(words, year_begins=year_begins) == (first, last)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", Unreadable.UNKNOWN),
        ("soon", Unreadable.UNKNOWN),
        ("last", Unreadable.UNKNOWN),
        ("last 0 days", Unreadable.UNKNOWN),
        ("Nov 26", Unreadable.UNKNOWN),
        ("03/04/2026", Unreadable.UNKNOWN),
        ("Q5 2026", Unreadable.UNKNOWN),
        ("H3 2026", Unreadable.UNKNOWN),
        ("third month 2026", Unreadable.UNKNOWN),
        ("Nov 31st", Unreadable.UNKNOWN),
        ("March to soon", Unreadable.UNKNOWN),
        ("since last 3 days", Unreadable.UNKNOWN),
        ("2026-13", Unreadable.OUTSIDE),
        ("2026-02-30", Unreadable.OUTSIDE),
        ("30 February 2026", Unreadable.OUTSIDE),
        ("2025-W53", Unreadable.OUTSIDE),
        ("last 9999 years", Unreadable.OUTSIDE),
        ("1989", Unreadable.OUTSIDE),
        ("9999", Unreadable.OUTSIDE),
        ("2026..2025", Unreadable.BACKWARDS),
        ("from May 2026 to March 2026", Unreadable.BACKWARDS),
        ("since 2027", Unreadable.NOT_BEGUN),
    ],
)
def test_what_names_no_span_is_refused_with_what_can_be_written(words: str, why: Unreadable) -> None:
    with pytest.raises(UnknownSpan) as refused:
        read_span(words, TODAY)
    assert refused.value.why is why
    examples = refused.value.remedy.removeprefix("Write it such as: ").split(", ")
    assert [read_span(example_, TODAY) for example_ in examples]


@given(DAYS, DAYS, st.sampled_from(Frequency), st.sampled_from(Language), YEARS)
def test_a_period_reads_back_from_its_label_and_from_what_messages_call_it(
    day: date, today: date, frequency: Frequency, language: Language, year_begins: int
) -> None:
    period = period_of(day, frequency.in_year(year_begins))
    for words in (period.label, times.period(period, language)):
        assert read_span(words, today, year_begins) == Span(period.first, period.next.first)


@given(DAYS, DAYS, st.sampled_from([" to ", "..", " hasta ", " - ", " a "]))
def test_two_ends_read_back_and_are_never_backwards(one: date, other: date, between: str) -> None:
    first, last = sorted((one, other))
    assert read_span(f"{first}{between}{last}", TODAY) == Span(first, last + timedelta(days=1))
    if first != last:
        with pytest.raises(UnknownSpan):
            read_span(f"{last}{between}{first}", TODAY)


@given(DAYS, st.integers(1, 40), YEARS)
def test_counting_back_longer_never_gives_less(today: date, count: int, year_begins: int) -> None:
    for unit in ("days", "weeks", "months", "quarters"):
        one, more = (read_span(f"last {number} {unit}", today, year_begins) for number in (count, count + 1))
        assert more.first < one.first <= today == one.last == more.last
    assert read_span(f"last {count} days", today) == Span(today - timedelta(days=count - 1), today + timedelta(days=1))


@given(DAYS, st.sampled_from(["january", "abril", "Q2", "T4", "W9", "semana 53", "29 feb", "31 de diciembre"]), YEARS)
def test_a_unit_without_its_year_is_the_newest_that_has_begun(today: date, words: str, year_begins: int) -> None:
    span = read_span(words, today, year_begins)
    assert span.first <= today
    assert read_span(f"since {words}", today, year_begins).first == span.first


_WORDS = "last this since from to de a desde ultimos lo que va .. - 2026 2025-Q3 W47 march mayo 30 days q1 fy of hoy"


@given(
    st.one_of(st.text(max_size=40), st.lists(st.sampled_from(_WORDS.split()), max_size=6).map(" ".join)), DAYS, YEARS
)
@example("²026", TODAY, 1)
@example("last ٣ days", TODAY, 1)
def test_whatever_is_written_gives_a_span_or_one_kind_of_refusal(words: str, today: date, year_begins: int) -> None:
    try:
        span = read_span(words, today, year_begins)
    except UnknownSpan:
        return
    assert span.first < span.until


@given(DAYS, DAYS, st.sampled_from(Frequency))
def test_a_span_touches_every_period_it_has_a_day_of_and_no_other(one: date, other: date, frequency: Frequency) -> None:
    first, last = sorted((one, min(other, one + timedelta(days=400)))) if other > one else (one, one)
    span = Span(first, last + timedelta(days=1))
    begun, ended = period_of(span.first, frequency), period_of(span.last, frequency)
    assert span.touches(begun)
    assert span.touches(ended)
    assert not span.touches(begun.previous)
    assert not span.touches(ended.next)


@given(DAYS, DAYS, DAYS)
def test_a_span_reads_back_from_how_it_is_written_on_any_day(one: date, other: date, today: date) -> None:
    span = Span(min(one, other), max(one, other) + timedelta(days=1))
    assert read_span(span.written, today) == span


def test_neighbouring_quarters_leave_no_day_out() -> None:
    spans = [read_span(f"Q{quarter} 2026", TODAY, APRIL) for quarter in (1, 2, 3, 4)]
    assert all(one.until == other.first for one, other in pairwise(spans))
