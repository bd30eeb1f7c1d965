"""What must hold in a KPI's own rules: ids, recovery levels, and amounts that fit the unit."""

from collections.abc import Iterator

from bot.core.conditions import When
from bot.core.kpi import Direction, Kpi, Rule
from bot.core.organisation import Priorities
from bot.core.policy import threshold_rules
from bot.core.units import Unit
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.tree import Path

_NO_PRIORITIES = Priorities(warning="none", critical="none", priorities=())


def _rules(draft: Draft) -> Iterator[tuple[str, Kpi, Path, Rule]]:
    for key, kpi in draft.all(Kpi).items():
        for place, rule in enumerate(kpi.rules):
            yield key, kpi, ("rules", place), rule


def rule_ids_used_twice(draft: Draft) -> Iterator[Trouble]:
    """Yield rules whose id another rule has, be it written or made by thresholds."""
    owners: dict[str, str] = {}
    for key, kpi in draft.all(Kpi).items():
        for made in threshold_rules(kpi, _NO_PRIORITIES):
            owners[made.id] = f"the thresholds of '{key}'"
    for key, _, path, rule in _rules(draft):
        if rule.id in owners:
            problem = f"rule id '{rule.id}' is already that of {owners[rule.id]}; choose another"
            yield Trouble(Kpi, key, (*path, "id"), problem)
        owners.setdefault(rule.id, f"a rule of '{key}'")


def recoveries_on_the_wrong_side(draft: Draft) -> Iterator[Trouble]:
    """Yield recovery levels of ``above``, ``below`` and ``outside`` that do not lie on the healthy side."""
    for key, _, path, rule in _rules(draft):
        problem = _recovery_problem(rule.when)
        if problem:
            (word,) = rule.when.model_fields_set
            yield Trouble(Kpi, key, (*path, "when", word, "recovery"), problem)


def _recovery_problem(when: When) -> str | None:
    above, below, outside = when.above, when.below, when.outside
    if above and above.recovery is not None and above.recovery > above.limit:
        return f"recovery of 'above: {above.limit:g}' must not be above it"
    if below and below.recovery is not None and below.recovery < below.limit:
        return f"recovery of 'below: {below.limit:g}' must not be below it"
    if outside and (inner := outside.recovery) and not outside.low <= inner.low <= inner.high <= outside.high:
        return "recovery of 'outside' must lie inside its band"
    return None


def amounts_that_do_not_fit(draft: Draft) -> Iterator[Trouble]:
    """Yield moves of a percent KPI measured in percent of itself, and points on a KPI that has none."""
    for key, kpi, path, rule in _rules(draft):
        (word,) = rule.when.model_fields_set
        by = getattr(rule.when.condition, "by", None)
        place: Path = (*path, "when", word, "by")
        if by is None:
            continue
        if kpi.unit == Unit.PERCENT and by.relative and word in ("rises", "falls"):
            problem = f"a percent KPI moves in points; write '{by.size:g} point{'s' if by.size != 1 else ''}'"
            yield Trouble(Kpi, key, place, problem)
        if kpi.unit != Unit.PERCENT and "point" in str(draft.place(Kpi, key, place).branch.data):
            problem = f"points measure percent KPIs; write a number in {kpi.unit}, or a share such as '10 %'"
            yield Trouble(Kpi, key, place, problem)


def conditions_that_never_hold(draft: Draft) -> Iterator[Trouble]:
    """Yield conditions that mean nothing for the KPI they stand on."""
    for key, kpi, path, rule in _rules(draft):
        if rule.when.reaches is not None:
            problem = "'reaches' is what thresholds are made of; write thresholds, or above or below"
            yield Trouble(Kpi, key, (*path, "when", "reaches"), problem)
        if rule.when.beats_target_by is not None and kpi.direction is Direction.WITHIN_BAND:
            yield Trouble(Kpi, key, (*path, "when", "beats_target_by"), "a band cannot be beaten")
