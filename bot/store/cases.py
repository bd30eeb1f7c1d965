"""What judging is asked about: series as they stand, each with the alerts its rules have open or resolved last."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from bot.core.alert import Alert
from bot.core.conditions import Other, Others, nobody_else
from bot.core.evaluate import looks_back
from bot.core.glance import Glimpse, glances_back, worth_judging
from bot.core.history import History
from bot.core.judging import Case
from bot.core.kpi import Kpi, Rule
from bot.core.policy import Policy
from bot.store import alerts, values
from bot.store.database import Transaction
from bot.store.newest import newest

SeriesName = tuple[str, str]
Asked = tuple[Case, tuple[Rule, ...], dict[str, Alert]]

_AT_ONCE = 1000  # series: enough to be quick, and no more of their values in memory than that takes


def cases(
    tx: Transaction,
    policy: Policy,
    series: Mapping[SeriesName, bool],
    rules: Callable[[Kpi], tuple[Rule, ...]],
    now: datetime,
) -> Iterator[Asked]:
    """Give what ``judge`` takes, for each series worth judging: the case, its rules, and their alerts by rule id.

    Not worth it are series whose alerts are all at rest and whose newest values, at a first glance, can break no rule:
    ``judge`` would find nothing to do.

    series: by KPI and segment, whether values of periods that were over have been corrected; rules: which of a KPI's
    rules are asked.
    """
    asked = {key: rules(policy.kpis[key]) for key in {kpi for kpi, _ in series}}
    names = iter(series)
    while piece := list(islice(names, _AT_ONCE)):
        worth = _worth_judging(tx, policy, piece, asked)
        yield from _cases(tx, policy, {name: series[name] for name in worth}, asked, now)


def _worth_judging(
    tx: Transaction, policy: Policy, names: Sequence[SeriesName], asked: Mapping[str, tuple[Rule, ...]]
) -> list[SeriesName]:
    open_of = alerts.open_series(tx, {kpi for kpi, _ in names})
    depths = {kpi: glances_back(policy.kpis[kpi], asked[kpi]) for kpi in {kpi for kpi, _ in names}}
    at_rest: dict[int, list[SeriesName]] = {}
    for name in names:
        depth = depths[name[0]]
        if depth is not None and name not in open_of:
            at_rest.setdefault(depth, []).append(name)
    calm: set[SeriesName] = set()
    for depth, wanted in at_rest.items():
        calm.update(_calm(tx, policy, wanted, asked, depth))
    return [name for name in names if name not in calm]


def _calm(
    tx: Transaction, policy: Policy, names: Sequence[SeriesName], asked: Mapping[str, tuple[Rule, ...]], depth: int
) -> Iterator[SeriesName]:
    """Give the series that no rule can find broken, by so many of their newest values."""
    found = newest(tx, names, limit=depth)
    seen = [Glimpse(policy.kpis[name[0]], asked[name[0]], *found[name]) for name in names]
    yield from (name for name, worth in zip(names, worth_judging(seen), strict=True) if not worth)


def _cases(
    tx: Transaction,
    policy: Policy,
    series: Mapping[SeriesName, bool],
    asked: Mapping[str, tuple[Rule, ...]],
    now: datetime,
) -> Iterator[Asked]:
    if not series:
        return
    histories = _histories(tx, policy, series, asked)
    known: dict[SeriesName, dict[str, Alert]] = {}
    for (rule, kpi, segment), alert in alerts.latest_for_many(tx, {kpi for kpi, _ in series}).items():
        known.setdefault((kpi, segment), {})[rule] = alert
    names = {kpi: policy.names_of(asked[kpi]) for kpi, _ in series}
    seen = _others(tx, policy, {(name, segment) for kpi, segment in series for name in names[kpi]})
    for (kpi, segment), restated in series.items():
        case = Case(policy, policy.kpis[kpi], segment, histories[kpi, segment], now, restated, seen(segment))
        yield case, asked[kpi], known.get((kpi, segment), {})


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
            segment = ""
        return None if history is None else Other(policy.kpis[key], history, segment)

    return lambda segment: partial(of, segment)


def _histories(
    tx: Transaction, policy: Policy, series: Iterable[SeriesName], asked: Mapping[str, tuple[Rule, ...]]
) -> dict[SeriesName, History]:
    """Read each series as far back as its rules look, and no further: that is most of the cost."""
    depths = {key: max([looks_back(policy.kpis[key], rule) for rule in asked[key]], default=1) for key, _ in series}
    found: dict[SeriesName, History] = {}
    for depth in set(depths.values()):
        wanted = [(kpi, segment, policy.kpis[kpi].frequency) for kpi, segment in series if depths[kpi] == depth]
        found |= values.histories(tx, wanted, limit=depth)
    return found
