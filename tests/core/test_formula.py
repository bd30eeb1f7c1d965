"""Formulas calculate, refuse what they do not know, and say when there is no number; inputs are rolled up by period."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.formula import Formula
from bot.core.history import History
from bot.core.periods import Frequency, parse_label
from bot.core.rollup import Rollup, containing, rolled_up
from bot.core.verdict import Doubt
from tests.core.examples import gappy, history

VALUES = {"a": 10.0, "b": 4.0, "zero": 0.0, "huge": 1e14}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", 10.0),
        ("a + b * 2", 18.0),
        ("(a + b) * 2", 28.0),
        ("-a + +b", -6.0),
        ("a - b - 1", 5.0),
        ("a / b / 2", 1.25),
        ("(a - b) / a * 100", 60.0),
        ("min(a, b, 7)", 4.0),
        ("max(a, 2.5)", 10.0),
        ("abs(b - a)", 6.0),
        (" a\n", 10.0),
        ("0 * a", 0.0),
        ("-0 * a", 0.0),
        ("a / zero", Doubt.DIVISION_BY_ZERO),
        ("a / (b - 4)", Doubt.DIVISION_BY_ZERO),
        ("huge * huge", Doubt.NO_NUMBER),
        (" * ".join(["huge"] * 24), Doubt.NO_NUMBER),
    ],
)
def test_a_formula_calculates_as_on_paper(text: str, expected: float | Doubt) -> None:
    answer = Formula(text=text).answer(VALUES)
    assert answer == expected
    assert not isinstance(answer, float) or math.copysign(1, answer) == math.copysign(1, float(expected))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a ** 2", "'a ** 2' is no part of a formula"),
        ("a // 2", "'a // 2' is no part"),
        ("a % 2", "'a % 2' is no part"),
        ("a if b else 1", "'a if b else 1' is no part"),
        ("a.real", "'a.real' is no part"),
        ("a[0]", "'a[0]' is no part"),
        ("__import__('os')", "is no part"),
        ("round(a)", "'round(a)' is no part"),
        ("min(a)", "'min(a)' is no part"),
        ("abs(a, b)", "'abs(a, b)' is no part"),
        ("min(a, b, key=abs)", "is no part"),
        ("min(*a)", "is no part"),
        ("a + min", "'min' is no part"),
        ("a < b", "'a < b' is no part"),
        ("a + 'b'", "''b'' is no part"),
        ("a + True", "'True' is no part"),
        ("a + 1j", "'1j' is no part"),
        ("a + 1e300", "'1e300' is no part"),
        ("lambda: a", "is no part"),
        ("[a]", "is no part"),
        ("a +", "is no formula"),
        ("a b", "is no formula at character"),
        ("a\0", "is no formula"),
        ("(" * 300 + "a" + ")" * 199, "is no formula"),
        ("-" * 60 + "a", "nested too deeply"),
        ("1 + 2", "names no KPI"),
        ("", "at least 1 character"),
        ("a" * 501, "at most 500 characters"),
    ],
)
def test_what_is_no_formula_is_refused_with_what_is_known(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match="1 validation error") as refused:
        Formula(text=text)
    assert said in str(refused.value)


def test_a_formula_names_each_kpi_once_in_order() -> None:
    assert Formula(text="b / (a + b) - c * max(d, a)").names == ("b", "a", "c", "d")


numbers = st.floats(-1e6, 1e6)


@given(a=numbers, b=numbers, c=numbers)
def test_a_formula_agrees_with_arithmetic(a: float, b: float, c: float) -> None:
    values = {"a": a, "b": b, "c": c}
    expected = pytest.approx((a + b) * c - min(a, c) + abs(b), rel=1e-11)
    assert Formula(text="(a + b) * c - min(a, c) + abs(b)").answer(values) == expected


@given(st.text(max_size=40))
def test_any_text_is_a_formula_or_refused_in_words(text: str) -> None:
    try:
        formula = Formula(text=text)
    except ValidationError:
        return
    assert isinstance(formula.answer(dict.fromkeys(formula.names, 2.0)), float | Doubt)


MONTHLY, WEEKLY, DAILY = Frequency.MONTHLY, Frequency.WEEKLY, Frequency.DAILY
OCTOBER = parse_label("2026-10", MONTHLY)


@pytest.mark.parametrize(
    ("seen", "how", "expected"),
    [
        (history(3.0, last="2026-10"), Rollup.LAST, 3.0),
        (history(3.0, last="2026-09"), Rollup.LAST, Doubt.MISSING_INPUT),
        # October 2026 has 31 days, and the five weeks whose Thursday it holds: 40 to 44
        (history(*[1.0] * 31, last="2026-10-31", frequency=DAILY), Rollup.SUM, 31.0),
        (history(*[1.0] * 40, last="2026-10-31", frequency=DAILY), Rollup.SUM, 31.0),
        (history(*[1.0] * 40, last="2026-10-31", frequency=DAILY), Rollup.MEAN, 1.0),
        (history(*[1.0] * 10, last="2026-10-10", frequency=DAILY), Rollup.SUM, 10.0),
        (history(*[1.0] * 9, last="2026-10-10", frequency=DAILY), Rollup.SUM, Doubt.MISSING_INPUT),
        (gappy([("2026-10-01", 1.0), ("2026-10-03", 1.0)], DAILY), Rollup.MEAN, Doubt.MISSING_INPUT),
        (gappy([("2026-10-01", 1.0), ("2026-10-03", 2.0)], DAILY), Rollup.LAST, 2.0),
        (gappy([("2026-10-01", 1.0), ("2026-11-01", 1.0)], DAILY), Rollup.SUM, Doubt.MISSING_INPUT),
        (history(1.0, 2.0, 3.0, 4.0, 5.0, last="2026-W44", frequency=WEEKLY), Rollup.SUM, 15.0),
        (history(1.0, 2.0, 3.0, 4.0, 5.0, last="2026-W44", frequency=WEEKLY), Rollup.MEAN, 3.0),
        (history(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, last="2026-W45", frequency=WEEKLY), Rollup.LAST, 5.0),
        (history(9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, last="2026-W45", frequency=WEEKLY), Rollup.SUM, 15.0),
        (History(DAILY, ()), Rollup.SUM, Doubt.MISSING_INPUT),
    ],
)
def test_short_periods_are_rolled_up_to_a_long_one(seen: History, how: Rollup, expected: float | Doubt) -> None:
    assert rolled_up(seen, OCTOBER, how, OCTOBER.first) == expected


@pytest.mark.parametrize(
    ("seen", "how", "expected"),
    [
        (history(*[1.0] * 31, last="2026-10-31", frequency=DAILY), Rollup.SUM, 31.0),
        (history(*[1.0] * 30, last="2026-10-30", frequency=DAILY), Rollup.SUM, Doubt.MISSING_INPUT),
        (history(*[1.0] * 10, last="2026-10-10", frequency=DAILY), Rollup.MEAN, Doubt.MISSING_INPUT),
        (history(*[1.0] * 10, last="2026-10-10", frequency=DAILY), Rollup.LAST, 1.0),
        (history(*[1.0] * 5, last="2026-W44", frequency=WEEKLY), Rollup.SUM, 5.0),
        (history(*[1.0] * 4, last="2026-W43", frequency=WEEKLY), Rollup.SUM, Doubt.MISSING_INPUT),
    ],
)
def test_once_a_period_is_over_no_short_one_of_it_may_be_missing(
    seen: History, how: Rollup, expected: float | Doubt
) -> None:
    assert rolled_up(seen, OCTOBER, how, OCTOBER.next.first) == expected


@pytest.mark.parametrize("share", range(1, 100))
def test_a_share_of_a_hundred_is_that_share(share: int) -> None:
    formula = Formula(text="part / whole * 100")
    assert formula.answer({"part": float(share), "whole": 100.0}) == share


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("(was + grown - lost) / was * 100", {"was": 200.0, "grown": 42.0, "lost": 12.0}, 115.0),
        ("part + other", {"part": 0.1, "other": 0.2}, 0.3),
        ("part - other", {"part": 57.3, "other": 7.3}, 50.0),
        ("part + other", {"part": 123_456_789_012_344.0, "other": 1.0}, 123_456_789_012_345.0),
        ("part / other", {"part": 1.0, "other": 3.0}, 0.333333333333),
    ],
)
def test_a_result_has_no_digits_that_come_of_counting_in_twos(
    text: str, values: dict[str, float], expected: float
) -> None:
    assert Formula(text=text).answer(values) == expected


def test_a_week_belongs_where_its_thursday_lies() -> None:
    week = parse_label("2026-W53", WEEKLY)  # 28 December 2026 to 3 January 2027, a Thursday on the 31st
    assert containing(week.first, WEEKLY, MONTHLY).label == "2026-12"
    assert containing(week.next.first, WEEKLY, MONTHLY).label == "2027-01"
    september = parse_label("2026-W40", WEEKLY)  # 28 September to 4 October, a Thursday on the 1st
    assert containing(september.first, WEEKLY, MONTHLY).label == "2026-10"
