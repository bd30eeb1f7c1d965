"""Units of a KPI: what kind of number it is, and how far two of them are apart."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

CURRENCIES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "JPY",
        "KRW",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PEN",
        "PHP",
        "PLN",
        "RON",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TRY",
        "TWD",
        "USD",
        "UYU",
        "VND",
        "ZAR",
    ]
)


class Unit(StrEnum):
    """Every unit that is not a currency (currencies are ISO 4217 codes such as EUR)."""

    PERCENT = "percent"
    RATIO = "ratio"
    COUNT = "count"
    INDEX = "index"
    OF_5 = "of_5"
    OF_10 = "of_10"
    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    TERABYTES = "terabytes"


UNIT_WORDS = tuple(unit.value for unit in Unit) + tuple(sorted(CURRENCIES))


def _known_unit(word: str) -> str:
    if word not in UNIT_WORDS:
        raise ValueError(
            f"unknown unit '{word}'; known: {', '.join(unit.value for unit in Unit)}, or a currency such as EUR"
        )
    return word


UnitName = Annotated[str, AfterValidator(_known_unit)]


def is_money(unit: str) -> bool:
    """Say whether the unit is a currency."""
    return unit in CURRENCIES


def lower_limit(unit: str) -> float | None:
    """Give the smallest value the unit itself allows, or None: there are no fewer than no customers.

    Money, percent, ratios and indexes may be negative.
    """
    signed = (Unit.PERCENT, Unit.RATIO, Unit.INDEX)
    return None if is_money(unit) or unit in signed else 0.0


def upper_limit(unit: str) -> float | None:
    """Give the largest value the unit itself allows, or None: a score out of five cannot be seven."""
    return {Unit.OF_5: 5.0, Unit.OF_10: 10.0}.get(Unit(unit)) if not is_money(unit) else None
