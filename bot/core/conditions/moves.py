"""Conditions that compare the newest value with those before it: ``rises``, ``falls``, ``worsens_for``."""

import itertools
from collections.abc import Sequence
from typing import Any

from pydantic import model_validator

from bot.core.conditions.asking import Alone, ByAmount, Sight, answer
from bot.core.measures import Measured, badness, change_of
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
        return answer(self.breaks(sign * moved, point.value, before, firing=sight.firing), finding)

    def _can_break(self, values: Sequence[float], sign: int) -> bool:
        """Say whether the newest value has moved enough against any of those it may be compared with.

        Without its period nobody knows which of the last so many that is.
        """
        return any(
            sign * values[-1] > sign * one and self.breaks(sign * (values[-1] - one), values[-1], one)
            for one in values[-self.over - 1 : -1]
        )


class Rises(_Move):
    """``rises: {by: 20 %, over: 1 period}`` – the value has grown by at least so much since then.

    Percent KPIs are measured in points, so ``by: 2 points``; a change against zero or a missing value is unsure.
    With ``recovery: 5 %`` a firing alert is calm again only when the growth over the same span is no more than that.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the one so many periods before it."""
        return self._judge(sight, "rises", sign=1)

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, _kpi: Measured, values: Sequence[float]) -> bool:
        """Only when it has grown so much against one of the values before."""
        return self._can_break(values, sign=1)


class Falls(_Move):
    """``falls: {by: 10 %, over: 3 periods}`` – the value has shrunk by at least so much since then.

    Measured as in ``rises``, and calm again likewise.
    """

    def judge(self, sight: Sight) -> Verdict:
        """Compare the newest value with the one so many periods before it."""
        return self._judge(sight, "falls", sign=-1)

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, _kpi: Measured, values: Sequence[float]) -> bool:
        """Only when it has shrunk so much against one of the values before."""
        return self._can_break(values, sign=-1)


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
        worse = all(_steps(sight.kpi, _values(sight), self.periods))
        enough = len(points) > self.periods
        if sight.firing and self.recovery is not None:
            breached = any(_steps(sight.kpi, _values(sight), self.recovery))
            eased = breached and not (worse and enough)
            return answer(breached, finding._replace(recovery=0.0, periods=self.recovery) if eased else finding)
        if worse and not enough:
            return Unsure(Doubt.TOO_LITTLE_HISTORY)
        return answer(worse, finding)

    @property
    def glanced(self) -> bool:
        """The values alone can rule it out."""
        return True

    def can_break(self, kpi: Measured, values: Sequence[float]) -> bool:
        """Only when every step was for the worse."""
        return len(values) > self.periods and all(_steps(kpi, values, self.periods))


def _values(sight: Sight) -> list[float]:
    return [point.value for point in sight.history.points]


def _steps(kpi: Measured, values: Sequence[float], count: int) -> list[bool]:
    """Say of each of the last so many steps whether it went for the worse, the oldest first."""
    badnesses = (badness(kpi, value) for value in values[-(count + 1) :])
    return [later > earlier for earlier, later in itertools.pairwise(badnesses)]
