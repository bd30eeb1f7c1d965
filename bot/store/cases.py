"""What judging is asked about: series as they stand, each with the alerts its rules have open or resolved last."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import partial

from bot.core.alert import Alert
from bot.core.conditions import Other, Others, nobody_else
from bot.core.evaluate import looks_back
from bot.core.history import History
from bot.core.judging import Case
from bot.core.kpi import Kpi, Rule
from bot.core.policy import Policy
from bot.store import alerts, values
from bot.store.database import Transaction

SeriesName = tuple[str, str]
Asked = tuple[Case, tuple[Rule, ...], dict[str, Alert]]


def cases(
    tx: Transaction,
    policy: Policy,
    series: Mapping[SeriesName, bool],
    rules: Callable[[Kpi], tuple[Rule, ...]],
    now: datetime,
) -> list[Asked]:
    """Give what ``judge`` takes, for each series: the case, its rules, and their alerts by rule id.

    series: by KPI and segment, whether values of periods that were over have been corrected; rules: which of a KPI's
    rules are asked.
    """
    asked = {key: rules(policy.kpis[key]) for key in {kpi for kpi, _ in series}}
    histories = _histories(tx, policy, series, asked)
    known: dict[SeriesName, dict[str, Alert]] = {}
    for (rule, kpi, segment), alert in alerts.latest_for_many(tx, asked.keys()).items():
        known.setdefault((kpi, segment), {})[rule] = alert
    names = {key: found for key, asking in asked.items() if (found := policy.names_of(asking))}
    seen = _others(tx, policy, {(name, segment) for kpi, segment in series for name in names.get(kpi, ())})
    return [
        (
            Case(policy, policy.kpis[kpi], segment, histories[kpi, segment], now, restated, seen(segment)),
            asked[kpi],
            known.get((kpi, segment), {}),
        )
        for (kpi, segment), restated in series.items()
    ]


def others_of(tx: Transaction, policy: Policy, rules: Iterable[Rule], segment: str) -> Others:
    """Give the other KPIs that rules ask about, as they stand for a segment."""
    return _others(tx, policy, {(name, segment) for name in policy.names_of(rules)})(segment)


def _others(tx: Transaction, policy: Policy, named: Collection[SeriesName]) -> Callable[[str], Others]:
    """Read the other KPIs that rules ask about; gives, by segment, how they are looked up."""
    if not named:
        return lambda _: nobody_else
    wanted = {(key, part) for key, segment in named if key in policy.kpis for part in ("", segment)}
    found = values.histories(tx, [(key, part, policy.kpis[key].frequency) for key, part in wanted])

    def of(segment: str, key: str) -> Other | None:
        history = found.get((key, segment))
        if history is None or not history.points:
            history = found.get((key, ""))
        return None if history is None else Other(policy.kpis[key], history)

    return lambda segment: partial(of, segment)


def _histories(
    tx: Transaction, policy: Policy, series: Iterable[SeriesName], asked: Mapping[str, tuple[Rule, ...]]
) -> dict[SeriesName, History]:
    """Read each series as far back as its rules look, and no further: that is most of the cost."""
    depths = {
        key: max([looks_back(policy.kpis[key], rule) for rule in rules], default=1) for key, rules in asked.items()
    }
    found: dict[SeriesName, History] = {}
    for depth in set(depths.values()):
        wanted = [(kpi, segment, policy.kpis[kpi].frequency) for kpi, segment in series if depths[kpi] == depth]
        found |= values.histories(tx, wanted, limit=depth)
    return found
