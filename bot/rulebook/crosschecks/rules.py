"""What must hold in a KPI's own rules: ids, recovery levels, and amounts that fit the unit."""

from collections.abc import Iterator

from bot.core.conditions import When
from bot.core.kpi import Direction, Kpi, Rule
from bot.core.organisation import Priorities
from bot.core.policy import threshold_rules
from bot.core.units import Unit
from bot.core.words import Amount
from bot.rulebook.crosschecks.asked import Asked, asked
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


def lengths_beside_staleness(draft: Draft) -> Iterator[Trouble]:
    """Yield rules that ask ``stale`` for how long, which it asks itself."""
    for key, _, path, rule in _rules(draft):
        if rule.when.stale is None:
            continue
        if rule.lasting > 1:
            yield Trouble(Kpi, key, (*path, "for"), "'stale' says itself for how long; write it there, and no 'for'")
        if rule.keep_firing_for:
            yield Trouble(Kpi, key, (*path, "keep_firing_for"), "any new value ends 'stale'; leave this out")


def recoveries_on_the_wrong_side(draft: Draft) -> Iterator[Trouble]:
    """Yield recoveries that do not lie on the healthy side of what breaks the rule."""
    for one in asked(draft):
        problem = _level_problem(one.when) or _amount_problem(one.when) or _widths_problem(one.when)
        if problem:
            yield Trouble(Kpi, one.owner.key, (*one.place, "recovery"), problem)


def _level_problem(when: When) -> str | None:
    above, below, outside = when.above, when.below, when.outside
    if above and above.recovery is not None and above.recovery > above.limit:
        return f"recovery of 'above: {above.limit:g}' must not be above it"
    if below and below.recovery is not None and below.recovery < below.limit:
        return f"recovery of 'below: {below.limit:g}' must not be below it"
    if outside and (inner := outside.recovery) and not outside.low <= inner.low <= inner.high <= outside.high:
        return "recovery of 'outside' must lie inside its band"
    return None


def _amount_problem(when: When) -> str | None:
    by, recovery = getattr(when.condition, "by", None), getattr(when.condition, "recovery", None)
    if not isinstance(by, Amount) or not isinstance(recovery, Amount):
        return None
    if by.relative is not recovery.relative:
        return "recovery must be measured as 'by' is, both in % or both not"
    return None if recovery.size <= by.size else f"recovery of '{when.word}' must be no more than its 'by'"


def _widths_problem(when: When) -> str | None:
    anomaly = when.anomaly
    if anomaly is None or anomaly.recovery is None or anomaly.recovery <= anomaly.widths:
        return None
    return f"recovery of 'anomaly' must be no more than its widths ({anomaly.widths:g})"


def amounts_that_do_not_fit(draft: Draft) -> Iterator[Trouble]:
    """Yield moves of a percent KPI measured in percent of itself, and points on a KPI that has none."""
    for one in asked(draft):
        for word in ("by", "recovery"):
            amount = getattr(one.when.condition, word, None)
            if one.about is None or not isinstance(amount, Amount):
                continue
            place: Path = (*one.place, word)
            if one.about.unit == Unit.PERCENT and amount.relative and one.when.word in ("rises", "falls"):
                points = f"{amount.size:g} point{'s' if amount.size != 1 else ''}"
                problem = f"a percent KPI moves in points; write '{points}'"
                yield Trouble(Kpi, one.owner.key, place, problem)
            if one.about.unit != Unit.PERCENT and "point" in str(draft.place(Kpi, one.owner.key, place).branch.data):
                problem = f"points measure percent KPIs; write a number in {one.about.unit}, or a share such as '10 %'"
                yield Trouble(Kpi, one.owner.key, place, problem)


def conditions_that_never_hold(draft: Draft) -> Iterator[Trouble]:
    """Yield conditions that mean nothing for the KPI they are asked of."""
    for one in asked(draft):
        problem = _never(one)
        if problem:
            yield Trouble(Kpi, one.owner.key, one.place, problem)


def _never(one: Asked) -> str | None:
    if one.when.reaches is not None:
        return "'reaches' is what thresholds are made of; write thresholds, or above or below"
    if one.about is None:
        return None
    if one.when.beats_target_by is not None and one.about.direction is Direction.WITHIN_BAND:
        return "a band cannot be beaten"
    if one.when.off_pace is not None and one.about.direction is Direction.WITHIN_BAND:
        return "a band has no pace; write outside, or misses_target_by"
    if one.when.off_pace is not None and not one.about.accumulates:
        return f"'{one.about.key}' does not add up over its period; if it does, write accumulates: true"
    return None


def parts_that_name_their_own_kpi(draft: Draft) -> Iterator[Trouble]:
    """Yield parts of a condition that name the very KPI the rule stands on."""
    for one in asked(draft):
        if one.named == one.owner.key:
            problem = "is the rule's own KPI; leave 'kpi' out"
            yield Trouble(Kpi, one.owner.key, (*one.path, "kpi"), problem)
