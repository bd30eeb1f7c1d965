"""The condition that asks whether a value is missing: ``stale``."""

from typing import Any

from pydantic import model_validator

from bot.core.conditions.asking import OfNewest, Sight, answer
from bot.core.measures import periods_without_value
from bot.core.verdict import Doubt, Finding, Unsure, Verdict
from bot.core.words import Periods


class Stale(OfNewest):
    """``stale: 2 periods`` – so many whole periods have ended without a value since the newest one.

    The running period does not count: a monthly KPI with October's value is 0 periods late all November. A KPI that
    never had a value is unsure: there is nothing yet that could be late. Any new value ends it, at once: it asks about
    now alone, so ``for`` and ``keep_firing_for`` add nothing to it. Of a segment no value has to come: it is calm.
    """

    periods: Periods

    @model_validator(mode="before")
    @classmethod
    def _plain_periods(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"periods": given}

    @property
    def timed(self) -> bool:
        """A value grows old by itself."""
        return True

    def judge(self, sight: Sight) -> Verdict:
        """Count the whole periods that have passed without a value."""
        missing = periods_without_value(sight.arrived, sight.around.now, sight.around.zone)
        if missing is None:
            return Unsure(Doubt.NO_VALUE)
        finding = Finding("stale", value=sight.arrived.points[-1].value, periods=missing)
        return answer(missing >= self.periods and not sight.around.segment, finding)
