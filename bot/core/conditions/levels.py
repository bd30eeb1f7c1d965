"""Conditions that compare the newest value with a level: ``above``, ``below``, ``outside``, and a KPI's thresholds."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import model_validator

from bot.core.conditions.asking import OfNewest, Sight, answer
from bot.core.measures import Measured, numeric_target
from bot.core.verdict import Doubt, Finding, Unsure, Verdict
from bot.core.words import Band, Number


class _Limit(OfNewest):
    _sign: ClassVar[int]

    limit: Number
    recovery: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"limit": given}

    def _beyond(self, sight: Sight, word: str) -> Verdict:
        point = sight.history.latest
        if point is None:
            return Unsure(Doubt.NO_VALUE)
        level = self.recovery if sight.firing and self.recovery is not None else self.limit
        breached = self._is_beyond(point.value, level)
        eased = level if breached and not self._is_beyond(point.value, self.limit) else None
        return answer(breached, Finding(word, value=point.value, limit=self.limit, recovery=eased))

    def _is_beyond(self, value: float, limit: float) -> bool:
        return self._sign * value > self._sign * limit

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, _kpi: Measured, values: Sequence[float]) -> bool:
        """Only when the newest value is beyond the limit."""
        return bool(values) and self._is_beyond(values[-1], self.limit)


class Above(_Limit):
    """``above: 4`` – the value is greater than the limit; equal to it is calm.

    With ``above: {limit: 4, recovery: 3.8}`` a firing alert is calm again only at 3.8 or less.
    """

    _sign: ClassVar[int] = 1

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the limit."""
        return self._beyond(sight, "above")


class Below(_Limit):
    """``below: 15`` – the value is less than the limit; equal to it is calm.

    With ``below: {limit: 15, recovery: 17}`` a firing alert is calm again only at 17 or more.
    """

    _sign: ClassVar[int] = -1

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the limit."""
        return self._beyond(sight, "below")


class Outside(OfNewest, Band):
    """``outside: {low: 85, high: 95}`` – the value has left the band; both ends still belong to it.

    With ``recovery: {low: 86, high: 94}`` a firing alert is calm again only inside that narrower band.
    """

    recovery: Band | None = None

    def judge(self, sight: Sight) -> Verdict:
        """Look whether the newest value lies in the band."""
        point = sight.history.latest
        if point is None:
            return Unsure(Doubt.NO_VALUE)
        band = self.recovery if sight.firing and self.recovery is not None else self
        breached = not band.holds(point.value)
        end = band.low if point.value < band.low else band.high
        eased = end if breached and self.holds(point.value) else None
        return answer(breached, Finding("outside", value=point.value, low=self.low, high=self.high, recovery=eased))

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, _kpi: Measured, values: Sequence[float]) -> bool:
        """Only when the newest value has left the band."""
        return bool(values) and not self.holds(values[-1])


class Reaches(OfNewest):
    """A threshold of the KPI itself: the value has reached the level or is worse, by the KPI's direction.

    Equal to the level is breached. A firing alert is calm again at the recovery level or better, or, without one,
    as soon as the value is better than the level.
    """

    limit: Number
    recovery: Number | None = None

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the level on the KPI's bad side."""
        point = sight.history.latest
        if point is None:
            return Unsure(Doubt.NO_VALUE)
        breached = reached = self._is_reached(sight.kpi, point.value)
        if sight.firing and self.recovery is not None:
            sign = -1 if sight.kpi.direction == "higher_is_better" else 1
            breached = sign * point.value > sign * self.recovery
        eased = self.recovery if breached and not reached else None
        # What is aimed at is only for telling; of a KPI that is at rest and calm nothing is told.
        target = numeric_target(sight.kpi, sight.history) if breached or sight.firing else None
        finding = Finding("reaches", value=point.value, limit=self.limit, target=target, recovery=eased)
        return answer(breached, finding)

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Only when the newest value has reached the level."""
        return bool(values) and self._is_reached(kpi, values[-1])

    def _is_reached(self, kpi: Measured, value: float) -> bool:
        return value <= self.limit if kpi.direction == "higher_is_better" else value >= self.limit
