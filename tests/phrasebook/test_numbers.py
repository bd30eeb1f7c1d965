"""Numbers, money and changes read as a native of the language writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.kpi import Direction
from bot.core.standing import Trend
from bot.core.units import UNIT_WORDS
from bot.core.words import Band, Language
from bot.phrasebook import numbers

EN, ES = Language.EN, Language.ES
EITHER = st.sampled_from([EN, ES])
SIZES = st.floats(-1e15, 1e15, allow_nan=False)


def plain(said: str) -> str:
    return said.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("number", "unit", "english", "spanish"),
    [
        (3.2, "percent", "3.2%", "3,2 %"),
        (3.0, "percent", "3%", "3 %"),
        (99.97, "percent", "99.97%", "99,97 %"),
        (0.05, "percent", "0.05%", "0,05 %"),
        (280.0, "percent", "280%", "280 %"),
        (1_234_567.891, "EUR", "€1,234,568", "1.234.568 €"),
        (2400.0, "EUR", "€2,400", "2400 €"),
        (0.35, "USD", "$0.35", "0,35 US$"),
        (-45_000.0, "EUR", "-€45,000", "-45.000 €"),
        (4.7, "of_5", "4.7/5", "4,7/5"),
        (7.2, "of_10", "7.2/10", "7,2/10"),
        (7.7, "ratio", "7.7:1", "7,7:1"),
        (180.0, "milliseconds", "180 ms", "180 ms"),
        (45.0, "days", "45 days", "45 días"),
        (1.0, "days", "1 day", "1 día"),
        (2.0, "weeks", "2 weeks", "2 semanas"),
        (8.0, "months", "8 months", "8 meses"),
        (24.0, "hours", "24 hours", "24 horas"),
        (1.0, "terabytes", "1 TB", "1 TB"),
        (2000.0, "count", "2,000", "2000"),
        (85.0, "index", "85", "85"),
        (0.0, "count", "0", "0"),
        (-0.0, "percent", "0%", "0 %"),
    ],
)
def test_a_value_is_written_in_full(number: float, unit: str, english: str, spanish: str) -> None:
    assert plain(numbers.value(number, unit, EN)) == english
    assert plain(numbers.value(number, unit, ES)) == spanish


@pytest.mark.parametrize(
    ("number", "unit", "english", "spanish"),
    [
        (1_200_000.0, "EUR", "€1.2M", "1,2 M€"),
        (18_500.0, "EUR", "€18.5K", "18,5 mil €"),
        (2_400.0, "EUR", "€2,400", "2400 €"),
        (999_999.0, "EUR", "€1M", "1 M€"),
        (3_823_450.0, "EUR", "€3.82M", "3,82 M€"),
        (1_200_000.0, "USD", "$1.2M", "1,2 M US$"),
        (10_000_000.0, "count", "10M", "10 M"),
        (500.0, "count", "500", "500"),
        (12_345.0, "milliseconds", "12,345 ms", "12.345 ms"),
    ],
)
def test_a_large_value_is_short_for_a_quick_look(number: float, unit: str, english: str, spanish: str) -> None:
    assert plain(numbers.short(number, unit, EN)) == english
    assert plain(numbers.short(number, unit, ES)) == spanish


@pytest.mark.parametrize(
    ("aim", "unit", "direction", "english", "spanish"),
    [
        (2.5, "percent", Direction.LOWER_IS_BETTER, "≤ 2.5%", "≤ 2,5 %"),
        (2_500_000.0, "EUR", Direction.HIGHER_IS_BETTER, "≥ €2.5M", "≥ 2,5 M€"),
        (Band(low=85, high=95), "percent", Direction.WITHIN_BAND, "85–95%", "85–95 %"),
        (Band(low=2.0, high=3.0), "ratio", Direction.WITHIN_BAND, "2–3:1", "2–3:1"),
        (Band(low=100.0, high=200.0), "USD", Direction.WITHIN_BAND, "$100–$200", "100 US$–200 US$"),
    ],
)
def test_a_target_shows_which_side_is_good(
    aim: float | Band, unit: str, direction: Direction, english: str, spanish: str
) -> None:
    assert plain(numbers.target(aim, unit, direction, EN)) == english
    assert plain(numbers.target(aim, unit, direction, ES)) == spanish


def test_percentages_move_in_points_and_everything_else_in_percent() -> None:
    points = Trend(previous=2.5, difference=0.7, change=None, better=False)
    share = Trend(previous=100.0, difference=12.0, change=0.12, better=True)
    fall = Trend(previous=200.0, difference=-1.2, change=-0.006, better=True)
    assert plain(numbers.change(points, "percent", EN)) == "+0.7 points"
    assert plain(numbers.change(points, "percent", ES)) == "+0,7 puntos"
    assert plain(numbers.change(share, "EUR", EN)) == "+12%"
    assert plain(numbers.change(fall, "EUR", ES)) == "−0,6 %"


def test_one_point_is_singular() -> None:
    assert plain(numbers.gap(-1.0, "percent", EN)) == "1 point"
    assert plain(numbers.gap(1.0, "percent", ES)) == "1 punto"


def test_a_change_from_zero_is_told_in_the_unit_itself() -> None:
    from_zero = Trend(previous=0.0, difference=3.0, change=None, better=False)
    assert numbers.change(from_zero, "count", EN) == "+3"


def test_a_sparkline_reaches_from_its_lowest_to_its_highest_value() -> None:
    assert numbers.sparkline([1.0, 2.0, 3.0]) == "▁▄▇"
    assert numbers.sparkline([5.0, 5.0]) == "▁▁"
    assert numbers.sparkline([5.0]) == ""


@given(SIZES, st.sampled_from(UNIT_WORDS), EITHER)
def test_any_value_of_any_unit_can_be_written_on_one_line(number: float, unit: str, language: Language) -> None:
    for said in (numbers.value(number, unit, language), numbers.short(number, unit, language)):
        assert any(sign.isdigit() for sign in said)
        assert not set("<>&\n*_~`") & set(said)


@given(st.floats(1e-6, 9.99e14), EITHER)
def test_a_number_that_is_not_zero_is_never_shown_as_zero(number: float, language: Language) -> None:
    assert set(numbers.decimal(number, language)) & set("123456789")
