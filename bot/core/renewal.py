"""What a new policy makes necessary: which files are others, which KPIs are judged again, what is calculated again."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.words import Frozen


class FileChanges(Frozen):
    """The files of a rules folder that are not as they were, by name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every one of them."""
        return tuple(sorted((*self.added, *self.changed, *self.removed)))


class Difference(NamedTuple):
    """What a process has to look at anew: since which version, which KPIs (keys), and whether to calculate again.

    asked: KPIs whose source asks for something else; reached: those whose source is reached in another way.
    """

    since: str
    kpis: frozenset[str]
    calculates: bool
    asked: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()


def file_changes(before: Mapping[str, str], now: Mapping[str, str]) -> FileChanges:
    """Compare the hashes of files, by name."""
    return FileChanges(
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(file for file in now.keys() & before.keys() if now[file] != before[file])),
        removed=tuple(sorted(before.keys() - now.keys())),
    )


def difference(before: Policy, now: Policy) -> Difference:
    """Say what the step from one policy to another makes necessary."""
    return Difference(
        before.version,
        _other_kpis(before, now),
        calculation_of(before) != calculation_of(now),
        _with_other(_question_of, before, now),
        _with_other(_connection_of, before, now),
    )


def both(first: Difference, second: Difference) -> Difference:
    """Put two steps, one after the other, together."""
    return Difference(
        first.since,
        first.kpis | second.kpis,
        first.calculates or second.calculates,
        first.asked | second.asked,
        first.reached | second.reached,
    )


def calculation_of(policy: Policy) -> tuple[tuple[str, ...], ...]:
    """Give all that decides what calculated KPIs come to, their inputs aside; equal where nothing has to be redone."""
    return tuple(
        (kpi.key, kpi.formula.text, kpi.frequency.value, *policy.segments_of(kpi), *_inputs(policy, kpi.formula.names))
        for kpi in policy.calculated
        if kpi.formula is not None
    )


def _inputs(policy: Policy, names: tuple[str, ...]) -> list[str]:
    used = (policy.kpis[name] for name in names)
    return [f"{kpi.key} {kpi.frequency.value} {kpi.rollup.value if kpi.rollup else ''}" for kpi in used]


def _with_other(what: Callable[[Policy, Kpi], object], before: Policy, now: Policy) -> frozenset[str]:
    sourced = [(before.kpis[key], kpi) for key, kpi in now.kpis.items() if kpi.source and key in before.kpis]
    return frozenset(kpi.key for old, kpi in sourced if what(before, old) != what(now, kpi))


def _question_of(policy: Policy, kpi: Kpi) -> object:
    """Give what a KPI's source asks for, whenever it does."""
    asked = kpi.source.model_copy(update={"at": None}) if kpi.source else None
    return asked, policy.sources.queries.get(asked.sql or "") if asked else None


def _connection_of(policy: Policy, kpi: Kpi) -> object:
    return policy.sources.connections[kpi.source.connection] if kpi.source else None


def _other_kpis(before: Policy, now: Policy) -> frozenset[str]:
    """Give the KPIs whose rules may answer otherwise: those that changed, and those that ask about one that did."""
    if before.company != now.company:
        return frozenset(now.kpis)
    changed = {
        key for key, kpi in now.kpis.items() if before.kpis.get(key) != kpi or _ruled_otherwise(before, now, key)
    }
    asking = {dependent for key in changed for dependent in now.dependents_of(key)}
    return frozenset(changed | asking)


def _ruled_otherwise(before: Policy, now: Policy, key: str) -> bool:
    return before.rules_of(before.kpis[key]) != now.rules_of(now.kpis[key])
