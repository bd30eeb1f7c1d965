"""Text in the languages we speak, and numbers that are really numbers: the small types policy is made of."""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Language(StrEnum):
    """A language we have wording for."""

    EN = "en"
    ES = "es"


class Frozen(BaseModel):
    """What policy and decisions are made of: immutable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Frozen):
    """A name in each language; a plain string stands for all of them."""

    en: str = Field(min_length=1, max_length=200)
    es: str = Field(min_length=1, max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _same_everywhere(cls, given: Any) -> Any:
        return {"en": given, "es": given} if isinstance(given, str) else given

    def speak(self, language: Language) -> str:
        """Give the wording in that language."""
        return self.es if language is Language.ES else self.en


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,95}$")]


def _periods(given: object) -> object:
    match = re.fullmatch(r"(\d{1,3}) periods?", given) if isinstance(given, str) else None
    if match is None:
        raise ValueError(f"'{given}' is no number of periods; write it as '1 period' or '3 periods'")
    return int(match[1])


Periods = Annotated[int, BeforeValidator(_periods), Field(ge=1, le=120, json_schema_extra={"type": "string"})]


class Amount(Frozen):
    """How much: ``15 %`` of the reference, ``0.7 points`` (of a percent KPI), or a plain number in the KPI's unit."""

    size: Number
    relative: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        if isinstance(given, int | float) and not isinstance(given, bool):
            return {"size": float(given)}
        if not isinstance(given, str):
            return given
        match = re.fullmatch(r"(\d+(?:\.\d+)?) ?(%|points?)", given)
        if match is None:
            raise ValueError(f"'{given}' is no amount; write '15 %', '0.7 points' or a number in the KPI's own unit")
        return {"size": float(match[1]), "relative": match[2] == "%"}

    def of(self, reference: float) -> float:
        """Give the amount in the KPI's unit, measured against the reference."""
        return abs(reference) * self.size / 100 if self.relative else self.size


class Band(Frozen):
    """A range that is fine, both ends included."""

    low: Number
    high: Number

    def holds(self, value: float) -> bool:
        """Say whether the value lies in the band."""
        return self.low <= value <= self.high
