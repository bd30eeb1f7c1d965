"""The sample history of every series, with that of calculated KPIs made of it as living through it would have."""

from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from bot.core.calculating import answer_of
from bot.core.conditions import Other, Surroundings
from bot.core.history import History, Point
from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.rollup import containing
from bot.core.samples import last_complete, sample_points
from bot.core.verdict import Doubt
from bot.rulebook.policy import read_policy

RULES = Path(__file__).parents[2] / "rules"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

Series = dict[tuple[str, str], History]


@lru_cache(maxsize=1)
def shipped() -> Policy:
    return read_policy(RULES)


@lru_cache(maxsize=8)
def histories(now: datetime) -> Series:
    """Give every series of the shipped policy by (KPI, segment), as the sample has it at a moment."""
    policy, found = shipped(), Series()
    today = now.astimezone(policy.zone).date()
    for name, anchor in policy.samples.items():
        key, _, segment = name.partition("/")
        frequency = policy.kpis[key].frequency
        found[key, segment] = History(frequency, sample_points(name, anchor, last_complete(today, frequency)))
    for kpi in policy.calculated:
        found[kpi.key, ""] = History(kpi.frequency, tuple(_calculated(policy, kpi, found, today)))
    return found


def _calculated(policy: Policy, kpi: Kpi, found: Series, today: date) -> list[Point]:
    inputs = {name: found[name, ""] for name in (kpi.formula.names if kpi.formula else ())}
    periods = {
        containing(point.first, policy.kpis[name].frequency, kpi.frequency)
        for name, history in inputs.items()
        for point in history.points
    }
    answers = [(period.first, answer_of(policy, kpi, period, inputs, today)) for period in sorted(periods)]
    return [Point(first, answer) for first, answer in answers if not isinstance(answer, Doubt)]


def around(now: datetime) -> Surroundings:
    """Give what surrounds judging at a moment, the other KPIs as the sample has them."""
    policy, known = shipped(), histories(now)
    return policy.around(now, lambda key: Other(policy.kpis[key], known[key, ""]))


def newest(key: str) -> float:
    return histories(NOW)[key, ""].points[-1].value


def year_before(key: str) -> float:
    return histories(NOW)[key, ""].points[0].value
