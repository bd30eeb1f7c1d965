"""Conditions that compare the newest value with those before it: ``rises``, ``falls``, ``worsens_for``."""

import itertools
from typing import Any

from pydantic import model_validator

from bot.core.conditions.asking import Alone, ByAmount, Sight, answer
from bot.core.measures import badness, change_of
from bot.core.units import Unit
from bot.core.verdict import Doubt, Finding, Unsure, Verdict
from bot.core.words import Periods


class _Move(ByAmount):
    over: Periods = 1

    @property
    def looks_back(self) -> int:
        """The newest value and the one it is compared with."""
        return self.over + 1

    def _judge(self, sight: Sight, word: str, sign: int) -> Verdict:
        point, period = sight.history.latest, sight.history.latest_period
        if point is None or period is None:
            return Unsure(Doubt.NO_VALUE)
        before = sight.history.value_at(period.shift(-self.over))
        if before is None:
            return Unsure(Doubt.TOO_LITTLE_HISTORY)
        if self.unmeasurable(before):
            return Unsure(Doubt.CHANGE_FROM_ZERO)
        moved = point.value - before
        finding = Finding(
            word,
            value=point.value,
            previous=before,
            difference=abs(moved),
            change=None if sight.kpi.unit == Unit.PERCENT else change_of(point.value, before),
            periods=self.over,
        )
        return answer(self.breaks(sight, sign * moved, point.value, before), finding)


class Rises(_Move):
    """``rises: {by: 20 %, over: 1 period}`` – the value has grown by at least so much since then.

    Percent KPIs are measured in points, so ``by: 2 points``; a change against zero or a missing value is unsure.
    With ``recovery: 5 %`` a firing alert is calm again only when the growth over the same span is no more than that.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the one so many periods before it."""
        return self._judge(sight, "rises", sign=1)


class Falls(_Move):
    """``falls: {by: 10 %, over: 3 periods}`` – the value has shrunk by at least so much since then.

    Measured as in ``rises``, and calm again likewise.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the one so many periods before it."""
        return self._judge(sight, "falls", sign=-1)


class WorsensFor(Alone):
    """``worsens_for: 3 periods`` – each of the last so many values was worse than the one before it.

    Worse goes by the KPI's direction, for a band by the distance from it; an equal or better value breaks the run.
    With ``worsens_for: {periods: 3 periods, recovery: 2 periods}`` a firing alert is calm again only after so many
    values in a row that were no worse than the one before.
    """

    periods: Periods
    recovery: Periods | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_periods(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"periods": given}

    @property
    def looks_back(self) -> int:
        """One more than the steps between them."""
        return max(self.periods, self.recovery or 0) + 1

    def judge(self, sight: Sight) -> Verdict:
        """Look at the last so many steps."""
        points = sight.history.points[-(self.periods + 1) :]
        if not points:
            return Unsure(Doubt.NO_VALUE)
        finding = Finding("worsens_for", value=points[-1].value, previous=points[0].value, periods=self.periods)
        if sight.firing and self.recovery is not None:
            return answer(any(_steps(sight, self.recovery)), finding)
        worse = all(_steps(sight, self.periods))
        if worse and len(points) <= self.periods:
            return Unsure(Doubt.TOO_LITTLE_HISTORY)
        return answer(worse, finding)


def _steps(sight: Sight, count: int) -> list[bool]:
    """Say of each of the last so many steps whether it went for the worse, the oldest first."""
    values = (point.value for point in sight.history.points[-(count + 1) :])
    return [later > earlier for earlier, later in itertools.pairwise(badness(sight.kpi, value) for value in values)]
