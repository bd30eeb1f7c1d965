"""Conditions that compare the newest value with a level: ``above``, ``below``, ``outside``, and a KPI's thresholds."""

from typing import Any

from pydantic import model_validator

from bot.core.conditions.asking import OfNewest, Sight, answer
from bot.core.measures import numeric_target
from bot.core.verdict import Doubt, Finding, Unsure, Verdict
from bot.core.words import Band, Number


class _Limit(OfNewest):
    limit: Number
    recovery: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"limit": given}

    def _beyond(self, sight: Sight, word: str, sign: int) -> Verdict:
        point = sight.history.latest
        if point is None:
            return Unsure(Doubt.NO_VALUE)
        limit = self.recovery if sight.firing and self.recovery is not None else self.limit
        return answer(sign * point.value > sign * limit, Finding(word, value=point.value, limit=self.limit))


class Above(_Limit):
    """``above: 4`` – the value is greater than the limit; equal to it is calm.

    With ``above: {limit: 4, recovery: 3.8}`` a firing alert is calm again only at 3.8 or less.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the limit."""
        return self._beyond(sight, "above", sign=1)


class Below(_Limit):
    """``below: 15`` – the value is less than the limit; equal to it is calm.

    With ``below: {limit: 15, recovery: 17}`` a firing alert is calm again only at 17 or more.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the limit."""
        return self._beyond(sight, "below", sign=-1)


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
        finding = Finding("outside", value=point.value, low=self.low, high=self.high)
        return answer(not band.holds(point.value), finding)


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
        sign = -1 if sight.kpi.direction == "higher_is_better" else 1
        if sight.firing and self.recovery is not None:
            breached = sign * point.value > sign * self.recovery
        else:
            breached = sign * point.value >= sign * self.limit
        # What is aimed at is only for telling; of a KPI that is at rest and calm nothing is told.
        target = numeric_target(sight.kpi, sight.history) if breached or sight.firing else None
        return answer(breached, Finding("reaches", value=point.value, limit=self.limit, target=target))
