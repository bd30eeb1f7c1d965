"""One value of a calculated KPI from those of its inputs, as they stand."""

from collections.abc import Mapping

from bot.core.history import History
from bot.core.kpi import Kpi
from bot.core.periods import Period
from bot.core.policy import Policy
from bot.core.rollup import Rollup, rolled_up
from bot.core.verdict import Doubt


def answer_of(policy: Policy, kpi: Kpi, period: Period, inputs: Mapping[str, History]) -> float | Doubt:
    """Calculate one value; a Doubt where an input is missing or the formula gives no number.

    NO_VALUE: the period has not begun, for of the inputs with the KPI's own periods none has a value yet; days that
    arrive while a month runs leave last month's number in force.
    """
    if not _begun(kpi, period, inputs):
        return Doubt.NO_VALUE
    rolled = {
        name: rolled_up(history, period, policy.kpis[name].rollup or Rollup.LAST) for name, history in inputs.items()
    }
    doubts = [value for value in rolled.values() if isinstance(value, Doubt)]
    if doubts or kpi.formula is None:
        return doubts[0] if doubts else Doubt.NO_VALUE
    return kpi.formula.answer({name: value for name, value in rolled.items() if not isinstance(value, Doubt)})


def _begun(kpi: Kpi, period: Period, inputs: Mapping[str, History]) -> bool:
    own = [history for history in inputs.values() if history.frequency == kpi.frequency]
    return not own or any(history.value_at(period) is not None for history in own)
