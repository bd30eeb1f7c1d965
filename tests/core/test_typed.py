"""Numbers as a person types them, in English and Spanish, in the KPI's own unit or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.typed import read_typed
from bot.core.units import UNIT_WORDS
from bot.core.words import Language
from tests.core.examples import make_kpi

EN, ES = Language.EN, Language.ES


def read(text: str, unit: str = "percent", language: Language = EN) -> float:
    return read_typed(text, make_kpi(unit=unit), language, "/kpi set")


READ = [
    ("3.2", "percent", EN, 3.2),
    ("  3.2  ", "percent", EN, 3.2),
    ("3.2%", "percent", EN, 3.2),
    ("3.2 %", "percent", EN, 3.2),
    ("3.2\u00a0%", "percent", ES, 3.2),
    ("3.2 percent", "percent", EN, 3.2),
    ("3,2 %", "percent", ES, 3.2),
    ("3,2 %", "percent", EN, 3.2),
    ("3,2", "percent", EN, 3.2),
    ("99,75", "percent", EN, 99.75),
    ("-12,34", "count", EN, -12.34),
    ("-3.2", "percent", EN, -3.2),
    ("− 3.2", "percent", EN, -3.2),
    ("1,234.5", "count", EN, 1234.5),
    ("1.234,5", "count", ES, 1234.5),
    ("1,234,567", "count", EN, 1234567.0),
    ("1.234.567", "count", ES, 1234567.0),
    ("1,234", "count", EN, 1234.0),
    ("1.234", "count", ES, 1234.0),
    ("1.234", "count", EN, 1.234),
    ("1234.5", "count", ES, 1234.5),
    ("0.123", "ratio", ES, 0.123),
    ("0,123", "ratio", ES, 0.123),
    ("0.500", "ratio", EN, 0.5),
    ("12k", "count", EN, 12000.0),
    ("1.2M", "EUR", EN, 1_200_000.0),
    ("1,2M", "EUR", ES, 1_200_000.0),
    ("€1.2M", "EUR", EN, 1_200_000.0),
    ("€ 1.2 M", "EUR", EN, 1_200_000.0),
    ("1.2M €", "EUR", EN, 1_200_000.0),
    ("1.2m eur", "EUR", EN, 1_200_000.0),
    ("-€500", "EUR", EN, -500.0),
    ("€-500", "EUR", EN, -500.0),
    ("500 €", "EUR", ES, 500.0),
    ("$2b", "USD", EN, 2e9),
    ("£3", "GBP", EN, 3.0),
    ("250 CHF", "CHF", EN, 250.0),
    ("4.1M", "EUR", EN, 4_100_000.0),
    ("2.01M", "EUR", EN, 2_010_000.0),
    ("180 ms", "milliseconds", EN, 180.0),
    ("12 h", "hours", EN, 12.0),
    ("12 horas", "hours", ES, 12.0),
    ("45 days", "days", EN, 45.0),
    ("45 días", "days", ES, 45.0),
    ("7.7:1", "ratio", EN, 7.7),
    ("7.7x", "ratio", EN, 7.7),
    ("4.7/5", "of_5", EN, 4.7),
    ("4,7/5", "of_5", ES, 4.7),
    ("8/10", "of_10", EN, 8.0),
    ("22 meses", "months", ES, 22.0),
    ("3 TB", "terabytes", EN, 3.0),
]


@pytest.mark.parametrize(("text", "unit", "language", "value"), READ)
def test_a_number_is_read_as_it_is_written_there(text: str, unit: str, language: Language, value: float) -> None:
    assert read(text, unit, language) == value


WRONG_UNIT = [
    ("5 %", "EUR", "percent"),
    ("€5", "USD", "EUR"),
    ("5 usd", "EUR", "USD"),
    ("€5", "percent", "EUR"),
    ("$5", "count", "USD"),
    ("5 days", "hours", "days"),
    ("5 ms", "seconds", "milliseconds"),
    ("4.7/10", "of_5", "of_10"),
    ("4.7/5", "percent", "of_5"),
    ("€5 %", "EUR", "percent"),
    ("5 bananas", "count", "'bananas'"),
    ("3m", "minutes", "'m'"),
    ("12k", "percent", "'k'"),
    ("1e5", "count", "'e5'"),
]


@pytest.mark.parametrize(("text", "unit", "named"), WRONG_UNIT)
def test_another_unit_is_refused_by_name(text: str, unit: str, named: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text, unit)
    assert refused.value.problem == f"sample is measured in {unit}, not in {named}"
    assert refused.value.remedy


@pytest.mark.parametrize("text", ["", "three", "NaN", "inf", "-", "%", "--3", "-€-3", "+ 3", "<b>3</b>", "€"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no number"):
        read(text, "EUR")


@pytest.mark.parametrize(
    ("text", "language", "remedy"),
    [
        ("0,123", EN, "Write 0.123"),
        ("1.234,5", EN, "Write 1234.5"),
        ("-1.234,5", EN, "Write -1234.5"),
        ("1,2,3", EN, "such as 1234.5"),
        ("1.2.3", EN, "such as 1234.5"),
        ("1,234.5", ES, "Write 1234.5"),
        ("1.23.456", ES, "such as 1234.5"),
        (".", EN, "such as 1234.5"),
        (",5", EN, "Write 0.5"),
        ("5.", EN, "Write 5"),
        ("1,23,456", EN, "such as 1234.5"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_the_number_written_plainly(
    text: str, language: Language, remedy: str
) -> None:
    with pytest.raises(BadInput, match=r"can be read in more than one way") as refused:
        read(text, "count", language)
    assert refused.value.remedy.endswith(remedy)


@pytest.mark.parametrize(("text", "remedy"), [("about 3.2", "Write 3.2"), ("three", "Write it such as 3.2")])
def test_what_is_no_number_is_refused_with_the_number_in_it(text: str, remedy: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text)
    assert refused.value.remedy == remedy


@given(st.integers(-(10**12), 10**12), st.sampled_from([EN, ES]))
def test_a_plainly_written_decimal_is_read_exactly(thousandths: int, language: Language) -> None:
    whole, rest = divmod(abs(thousandths), 1000)
    sign, point = "-" if thousandths < 0 else "", "," if language is ES else "."
    expected = float(f"{sign}{whole}.{rest:03d}")
    assert read(f"{sign}{whole}{point}{rest:03d}", "count", language) == expected
    grouped = f"{whole:,}" if language is EN else f"{whole:,}".replace(",", ".")
    assert read(f"{sign}{grouped}{point}{rest:03d}", "count", language) == expected


@given(st.integers(1, 10**6), st.sampled_from([("k", 3), ("M", 6), ("b", 9)]))
def test_a_shortened_amount_is_the_amount_written_out(hundredths: int, scale: tuple[str, int]) -> None:
    letter, zeros = scale
    assert read(f"{hundredths // 100}.{hundredths % 100:02d}{letter}", "EUR") == float(hundredths * 10 ** (zeros - 2))


@given(st.text(max_size=30), st.sampled_from(UNIT_WORDS), st.sampled_from([EN, ES]))
def test_any_text_is_a_number_or_refused_with_its_place(text: str, unit: str, language: Language) -> None:
    try:
        assert isinstance(read(text, unit, language), float)
    except BadInput as refused:
        assert refused.place == "/kpi set"
