"""Units: known words, money, and what a unit itself rules out."""

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.core.units import CURRENCIES, UNIT_WORDS, Unit, UnitName, is_money, lower_limit, upper_limit

NAME: TypeAdapter[str] = TypeAdapter(UnitName)


@pytest.mark.parametrize("word", UNIT_WORDS)
def test_every_unit_is_money_or_one_of_the_others(word: str) -> None:
    assert NAME.validate_python(word) == word
    assert is_money(word) is (word not in set(Unit))


@pytest.mark.parametrize("word", ["eur", "percentage", "%", "", "EURO", "XXX"])
def test_an_unknown_unit_is_refused_with_the_known_ones(word: str) -> None:
    with pytest.raises(ValidationError, match="known: percent, ratio, count"):
        NAME.validate_python(word)


def test_only_scores_out_of_something_have_a_largest_value() -> None:
    limits = {word: upper_limit(word) for word in UNIT_WORDS}
    assert {word: most for word, most in limits.items() if most is not None} == {"of_5": 5.0, "of_10": 10.0}


def test_only_money_percent_ratios_and_indexes_may_be_negative() -> None:
    free = {word for word in UNIT_WORDS if lower_limit(word) is None}
    assert free == CURRENCIES | {"percent", "ratio", "index"}
    assert {lower_limit(word) for word in UNIT_WORDS if word not in free} == {0.0}


def test_the_currencies_of_the_source_documents_are_known() -> None:
    assert {"EUR", "USD"} <= CURRENCIES
