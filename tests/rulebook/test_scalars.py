"""A word of YAML is read with as few surprises as possible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rulebook.scalars import NotPlain, plain_key, plain_value


@pytest.mark.parametrize("word", ["yes", "no", "NO", "on", "off", "y", "True", "TRUE", "Null", "2026-11-22", "1:30"])
def test_words_that_other_readers_change_stay_words(word: str) -> None:
    assert plain_value(word, quoted=False) == word


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("null", None), ("0", 0), ("-7", -7), ("+7", 7), ("4.50", 4.5), (".5", 0.5)],
)
def test_plain_words_and_numbers_are_read(text: str, value: object) -> None:
    assert plain_value(text, quoted=False) == value
    assert type(plain_value(text, quoted=False)) is type(value)


def test_exponents_are_read_as_numbers() -> None:
    assert plain_value("1e6", quoted=False) == 1_000_000.0
    assert plain_value("1.5E-3", quoted=False) == 0.0015


@pytest.mark.parametrize(
    "text", ["010", "-01", "00.5", "1_000", "0x1F", "0o17", "0b11", ".inf", "-.INF", ".NaN", "1e999"]
)
def test_numbers_that_could_mean_two_things_are_refused(text: str) -> None:
    with pytest.raises(NotPlain, match=f"'{text}'"):
        plain_value(text, quoted=False)


def test_thousand_digits_are_refused_and_not_waited_for() -> None:
    with pytest.raises(NotPlain):
        plain_value("9" * 100_000, quoted=False)


@given(st.text(max_size=30))
def test_quoted_words_are_text_as_they_are(text: str) -> None:
    assert plain_value(text, quoted=True) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_python_writes_is_read_back(number: float) -> None:
    assert plain_value(repr(number), quoted=False) == number


@given(st.integers(min_value=-(10**30), max_value=10**30))
def test_whole_numbers_of_any_length_are_read(number: int) -> None:
    assert plain_value(str(number), quoted=False) == pytest.approx(number)


def test_period_labels_that_look_like_numbers_are_keys() -> None:
    assert plain_key("2026", quoted=False) == "2026"
