"""Periods: labels, calendar arithmetic, zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.periods import Frequency, Period, example_label, frequency_of_label, parse_label, period_at, period_of

MADRID = ZoneInfo("Europe/Madrid")
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
YEARS = [*range(-10, 13)]  # every month a fiscal year may begin in, named by its start and by its end
FREQUENCIES = st.builds(Frequency.in_year, st.sampled_from(Frequency), st.sampled_from(YEARS))


@pytest.mark.parametrize(
    ("label", "frequency", "first"),
    [
        ("2026-11-22", Frequency.DAILY, date(2026, 11, 22)),
        ("2024-02-29", Frequency.DAILY, date(2024, 2, 29)),
        ("2026-W47", Frequency.WEEKLY, date(2026, 11, 16)),
        ("2026-W01", Frequency.WEEKLY, date(2025, 12, 29)),
        ("2026-W53", Frequency.WEEKLY, date(2026, 12, 28)),
        ("2026-11", Frequency.MONTHLY, date(2026, 11, 1)),
        ("2026-Q4", Frequency.QUARTERLY, date(2026, 10, 1)),
        ("2026", Frequency.YEARLY, date(2026, 1, 1)),
    ],
)
def test_a_label_names_its_first_day_and_back(label: str, frequency: Frequency, first: date) -> None:
    period = parse_label(label, frequency)
    assert (period.first, period.label) == (first, label)
    assert frequency_of_label(label) is frequency


@pytest.mark.parametrize(
    ("label", "frequency"),
    [
        ("2026-02-30", Frequency.DAILY),
        ("2025-02-29", Frequency.DAILY),
        ("2025-W53", Frequency.WEEKLY),
        ("2026-W00", Frequency.WEEKLY),
        ("2026-13", Frequency.MONTHLY),
        ("2026-00", Frequency.MONTHLY),
        ("0000", Frequency.YEARLY),
    ],
)
def test_a_label_that_is_not_in_the_calendar_is_refused(label: str, frequency: Frequency) -> None:
    with pytest.raises(ValueError, match=f"'{label}' is not in the calendar"):
        parse_label(label, frequency)


@pytest.mark.parametrize(
    "label", ["", "soon", "2026-Q5", "2026-1", "26-11", "2026-11-2", " 2026-11", "2026-11\n", "2026-q4"]
)
def test_what_is_no_label_is_refused_with_an_example(label: str) -> None:
    assert frequency_of_label(label) is None
    with pytest.raises(ValueError, match="is no period; a monthly KPI takes one such as 2026-11"):
        parse_label(label, Frequency.MONTHLY)


@pytest.mark.parametrize("wanted", Frequency)
@pytest.mark.parametrize("given_in", Frequency)
def test_a_label_of_another_frequency_says_which(wanted: Frequency, given_in: Frequency) -> None:
    label = example_label(given_in)
    if wanted is given_in:
        assert parse_label(label, wanted).label == label
        return
    with pytest.raises(ValueError, match=f"is a {given_in} period; a {wanted} KPI takes one such as"):
        parse_label(label, wanted)


@given(DAYS, FREQUENCIES)
def test_every_day_lies_in_exactly_one_period_whose_label_reads_back(day: date, frequency: Frequency) -> None:
    period = period_of(day, frequency)
    assert period.first <= day < period.next.first
    assert parse_label(period.label, frequency) == period


@given(DAYS, FREQUENCIES, st.integers(-200, 200), st.integers(-200, 200))
def test_shifting_twice_is_shifting_by_the_sum(day: date, frequency: Frequency, first: int, second: int) -> None:
    period = period_of(day, frequency)
    assert period.shift(first).shift(second) == period.shift(first + second)
    assert period.next.previous == period == period.shift(0)


@given(DAYS, FREQUENCIES)
def test_labels_sort_as_their_periods_do(day: date, frequency: Frequency) -> None:
    period = period_of(day, frequency)
    assert period.previous.label < period.label < period.next.label


@pytest.mark.parametrize(
    ("moment", "frequency", "label"),
    [
        (datetime(2026, 10, 31, 22, 59, tzinfo=UTC), Frequency.MONTHLY, "2026-10"),
        (datetime(2026, 10, 31, 23, 0, tzinfo=UTC), Frequency.MONTHLY, "2026-11"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), Frequency.YEARLY, "2027"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), Frequency.WEEKLY, "2026-W53"),
        (datetime(2026, 7, 14, 22, 30, tzinfo=UTC), Frequency.DAILY, "2026-07-15"),
    ],
)
def test_a_moment_falls_in_the_period_of_the_local_calendar(moment: datetime, frequency: Frequency, label: str) -> None:
    assert period_at(moment, frequency, MADRID).label == label


@pytest.mark.parametrize("year_begins", YEARS)
@pytest.mark.parametrize("plain", [Frequency.QUARTERLY, Frequency.YEARLY])
def test_fiscal_periods_follow_each_other_for_two_hundred_years(plain: Frequency, year_begins: int) -> None:
    frequency = plain.in_year(year_begins)
    period, labels = period_of(date(1900, 1, 1), frequency), set()
    while period.first.year < 2100:
        label = period.label
        following = parse_label(label, frequency).next
        assert parse_label(label, frequency) == period == following.previous
        assert period_of(following.first - timedelta(days=1), frequency).label == label
        assert period_of(following.first, frequency).label == following.label > label
        labels.add(label)
        period = following
    assert len(labels) in ((200, 201) if plain == Frequency.YEARLY else (800, 801))


@pytest.mark.parametrize(
    ("day", "year_begins", "quarter", "year"),
    [
        (date(2026, 3, 31), -8, "2026-Q4", "2026"),
        (date(2026, 4, 1), -8, "2027-Q1", "2027"),
        (date(2026, 4, 1), 4, "2026-Q1", "2026"),
        (date(2026, 3, 31), 4, "2025-Q4", "2025"),
        (date(2026, 11, 22), -1, "2027-Q1", "2027"),
        (date(2026, 11, 22), 2, "2026-Q4", "2026"),
        (date(2026, 11, 22), 1, "2026-Q4", "2026"),
    ],
)
def test_a_fiscal_year_is_named_by_its_end_or_its_start(day: date, year_begins: int, quarter: str, year: str) -> None:
    assert period_of(day, Frequency.QUARTERLY.in_year(year_begins)).label == quarter
    assert period_of(day, Frequency.YEARLY.in_year(year_begins)).label == year


@pytest.mark.parametrize("frequency", Frequency)
def test_a_fiscal_frequency_is_the_same_word_and_only_quarters_and_years_have_one(frequency: Frequency) -> None:
    fiscal = frequency.in_year(-8)
    assert (fiscal, str(fiscal), hash(fiscal)) == (frequency, frequency.value, hash(frequency))
    assert fiscal.in_year(1) is frequency
    assert (fiscal.year_begins == 1) is (frequency not in (Frequency.QUARTERLY, Frequency.YEARLY))
    assert list(Frequency) == ["daily", "weekly", "monthly", "quarterly", "yearly"]


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Havana", "America/Santiago", "Asia/Beirut", "Pacific/Apia"])
def test_a_day_begins_at_its_first_moment_where_clocks_change_at_midnight(zone: str) -> None:
    there = ZoneInfo(zone)
    day = Period(Frequency.DAILY, date(2010, 1, 1))
    while day.first.year < 2013:
        begins = day.begins(there)
        assert period_at(begins - timedelta(seconds=1), Frequency.DAILY, there).first < day.first
        assert day.ends(there) == day.next.begins(there) >= begins
        if day.ends(there) > begins:  # Samoa left out a whole day
            assert period_at(begins, Frequency.DAILY, there) == day
        day = day.next


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe"])
def test_days_follow_each_other_without_gap_over_clock_changes(zone: str) -> None:
    there, day = ZoneInfo(zone), Period(frequency=Frequency.DAILY, first=date(2026, 1, 1))
    lengths = set()
    while day.first.year == 2026:
        assert day.ends(there) == day.next.begins(there)
        assert period_at(day.begins(there), Frequency.DAILY, there) == day
        lengths.add(day.ends(there) - day.begins(there))
        day = day.next
    assert len(lengths) == 3, "a short day, a long day and all the others"
