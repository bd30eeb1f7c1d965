"""One value of a calculated KPI from those of its inputs, as they stand, and which of its values to make again."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.core.history import History
from bot.core.kpi import Kpi
from bot.core.periods import Period, period_of
from bot.core.policy import Policy
from bot.core.rollup import Rollup, containing, is_finer, rolled_up
from bot.core.verdict import Doubt


def answer_of(policy: Policy, kpi: Kpi, period: Period, inputs: Mapping[str, History], today: date) -> float | Doubt:
    """Calculate one value; a Doubt where an input is missing or the formula gives no number.

    NO_VALUE: the period has not begun, for of the inputs with the KPI's own periods none has a value yet; days that
    arrive while a month runs leave last month's number in force.
    """
    if not _begun(kpi, period, inputs):
        return Doubt.NO_VALUE
    rolled = {
        name: rolled_up(history, period, policy.kpis[name].rollup or Rollup.LAST, today)
        for name, history in inputs.items()
    }
    doubts = [value for value in rolled.values() if isinstance(value, Doubt)]
    if doubts or kpi.formula is None:
        return doubts[0] if doubts else Doubt.NO_VALUE
    return kpi.formula.answer({name: value for name, value in rolled.items() if not isinstance(value, Doubt)})


def periods_made_of(policy: Policy, kpi: Kpi, changed: Mapping[str, Iterable[date]], today: date) -> set[Period]:
    """Give the periods of a calculated KPI to make again, by the first days of what changed of its inputs (by key).

    Where a sum of the running period has begun, the one before is among them: it wants every short period now.
    """
    found = {
        containing(first, policy.kpis[name].frequency, kpi.frequency)
        for name in (kpi.formula.names if kpi.formula else ())
        for first in changed.get(name, ())
    }
    running = period_of(today, kpi.frequency)
    return found | {running.previous} if running in found and adds_up(policy, kpi) else found


def periods_ended(kpi: Kpi, since: date, today: date) -> set[Period]:
    """Give the periods of a KPI that ended after a day, and until today.

    Of a sum nothing arrives then, and yet its number holds from then on only if no short period is missing.
    """
    found, ended = set(), period_of(today, kpi.frequency).previous
    while ended.next.first > since:
        found.add(ended)
        ended = ended.previous
    return found


def adds_up(policy: Policy, kpi: Kpi) -> bool:
    """Say whether a calculated KPI is made of sums or means of shorter periods."""
    parts = (policy.kpis[name] for name in (kpi.formula.names if kpi.formula else ()))
    return any(part.rollup in (Rollup.SUM, Rollup.MEAN) and is_finer(part.frequency, kpi.frequency) for part in parts)


def _begun(kpi: Kpi, period: Period, inputs: Mapping[str, History]) -> bool:
    own = [history for history in inputs.values() if history.frequency == kpi.frequency]
    return not own or any(history.value_at(period) is not None for history in own)
