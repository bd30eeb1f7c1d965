"""The small types policy is made of: texts, numbers, amounts, numbers of periods, bands."""

import math
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.core.words import Amount, Band, Key, Language, Number, Periods, RuleId, Text

NUMBER: TypeAdapter[float] = TypeAdapter(Number)
PERIODS: TypeAdapter[int] = TypeAdapter(Periods)
KEY: TypeAdapter[str] = TypeAdapter(Key)
RULE_ID: TypeAdapter[str] = TypeAdapter(RuleId)


@pytest.mark.parametrize(
    ("written", "size", "relative"),
    [
        ("15 %", 15.0, True),
        ("15%", 15.0, True),
        ("0.7 points", 0.7, False),
        ("1 point", 1.0, False),
        (20, 20.0, False),
        (2.5, 2.5, False),
        ({"size": 3.0, "relative": True}, 3.0, True),
    ],
)
def test_an_amount_is_a_share_points_or_a_plain_number(written: Any, size: float, relative: bool) -> None:
    amount = Amount.model_validate(written)
    assert (amount.size, amount.relative) == (size, relative)


@pytest.mark.parametrize(
    "written", ["15", "15 pct", "-3 %", "% 15", "15  %", "a lot", "", "1e3 %", "1,5 %", True, None]
)
def test_what_is_no_amount_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        Amount.model_validate(written)


def test_a_refused_amount_shows_how_to_write_one() -> None:
    with pytest.raises(ValidationError, match=r"write '15 %', '0\.7 points' or a number in the KPI's own unit"):
        Amount.model_validate("much")


@pytest.mark.parametrize(
    ("written", "reference", "amount"),
    [("15 %", 200.0, 30.0), ("15 %", -200.0, 30.0), ("15 %", 0.0, 0.0), ("0.7 points", 2.5, 0.7), (20, 1000.0, 20.0)],
)
def test_only_a_share_looks_at_the_reference(written: Any, reference: float, amount: float) -> None:
    assert Amount.model_validate(written).of(reference) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("written", "count"), [("1 period", 1), ("3 periods", 3), ("1 periods", 1), ("120 periods", 120)]
)
def test_a_number_of_periods_is_read(written: str, count: int) -> None:
    assert PERIODS.validate_python(written) == count


@pytest.mark.parametrize(
    "written", [3, "3", "0 periods", "121 periods", "-1 periods", "3 months", "three periods", None]
)
def test_what_is_no_number_of_periods_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        PERIODS.validate_python(written)


@pytest.mark.parametrize("written", [math.nan, math.inf, -math.inf, "3", True, None])
def test_a_number_is_really_a_number(written: Any) -> None:
    with pytest.raises(ValidationError):
        NUMBER.validate_python(written)


def test_a_whole_number_will_do() -> None:
    assert NUMBER.validate_python(3) == 3.0


def test_a_plain_text_stands_for_every_language() -> None:
    assert {Text.model_validate("NPS").speak(language) for language in Language} == {"NPS"}


def test_a_text_speaks_its_reader_s_language() -> None:
    text = Text(en="Churn rate", es="Tasa de cancelación")
    assert text.speak(Language.EN) == "Churn rate"
    assert text.speak(Language.ES) == "Tasa de cancelación"


@pytest.mark.parametrize(
    "written", ["", {"en": "only"}, {"en": "a", "es": ""}, {"en": "a", "es": "b", "fr": "c"}, "x" * 201]
)
def test_a_text_that_lacks_a_language_or_has_another_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        Text.model_validate(written)


@pytest.mark.parametrize("key", ["Churn", "9lives", "a-b", "", "a b", "x" * 64, "é"])
def test_a_key_is_plain_small_letters(key: str) -> None:
    assert KEY.validate_python("churn_rate_2") == "churn_rate_2"
    with pytest.raises(ValidationError):
        KEY.validate_python(key)


@pytest.mark.parametrize("name", ["churn_rate", "Churn", "-x", ""])
def test_a_rule_id_is_written_with_hyphens(name: str) -> None:
    assert RULE_ID.validate_python("churn-rate-2") == "churn-rate-2"
    with pytest.raises(ValidationError):
        RULE_ID.validate_python(name)


@pytest.mark.parametrize(("value", "held"), [(84.9, False), (85.0, True), (90.0, True), (95.0, True), (95.1, False)])
def test_both_ends_belong_to_a_band(value: float, held: bool) -> None:
    assert Band(low=85, high=95).holds(value) is held
