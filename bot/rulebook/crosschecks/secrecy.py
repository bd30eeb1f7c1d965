"""Whoever is told about a KPI must be cleared for it: everybody its alerts walk to, and the channels they go to."""

from collections.abc import Iterator

from bot.core.clearance import sees
from bot.core.kpi import Kpi
from bot.core.organisation import (
    Channel,
    Company,
    Department,
    EscalationStep,
    Level,
    Person,
    Priorities,
    Priority,
    Role,
    Sees,
)
from bot.core.policy import person_at, threshold_rules
from bot.rulebook.crosschecks.asked import asked
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.layout import LEVELS, ThresholdPriorities
from bot.rulebook.tree import Path

_BESIDE_OWNER: tuple[tuple[EscalationStep, Path, str, str], ...] = (
    (EscalationStep.DEPUTY, ("owner",), "the deputy of '{kpi.owner}'", "deputy"),
    (EscalationStep.DEPARTMENT_HEAD, ("department",), "the head of {kpi.department}", "head"),
    (EscalationStep.CEO, ("classification",), "the CEO", "escalation"),
)
"""Each further step: where in the KPI its fault stands, who is there, and what else could be changed."""


def owners_not_cleared(draft: Draft) -> Iterator[Trouble]:
    """Yield KPIs whose owner may not see them."""
    roles, people = draft.all(Role), draft.all(Person)
    for key, kpi in draft.all(Kpi).items():
        role = roles.get(kpi.owner)
        person = people.get(role.held_by) if role else None
        if role and person and not cleared(draft, person, kpi):
            problem = (
                f"{person.name} ({role.held_by}) holds '{kpi.owner}' but is not cleared for {kpi.classification} KPIs "
                f"of {kpi.department}; change the owner, the classification or the clearance in people.yaml"
            )
            yield Trouble(Kpi, key, ("owner",), problem)


def escalations_not_cleared(draft: Draft) -> Iterator[Trouble]:
    """Yield KPIs whose alerts would walk from the owner to somebody who may not see them."""
    people = draft.all(Person)
    for key, kpi in draft.all(Kpi).items():
        steps = _steps_of(draft, kpi)
        told = {_at(draft, EscalationStep.OWNER, kpi)}
        for step, path, who, changed in _BESIDE_OWNER:
            named = _at(draft, step, kpi)
            person = people.get(named or "")
            if step in steps and named not in told and person and not cleared(draft, person, kpi):
                problem = (
                    f"alerts walk to {who.format(kpi=kpi)}, {person.name} ({named}), who is not cleared for "
                    f"{kpi.classification} KPIs of {kpi.department}; change the {changed}, the classification or the "
                    "clearance in people.yaml"
                )
                yield Trouble(Kpi, key, path, problem)
                told.add(named)


def fallback_not_cleared(draft: Draft) -> Iterator[Trouble]:
    """Yield a fall-back channel that could not take a message about every KPI."""
    company = draft.one(Company)
    channel = draft.all(Channel).get(company.fallback_channel) if company else None
    if channel and channel.clearance is not Level.EXECUTIVE:
        problem = (
            f"{channel.name} must be able to take messages about any KPI; name a channel whose clearance is executive, "
            "or change its clearance in channels.yaml"
        )
        yield Trouble(Company, "", ("fallback_channel",), problem)


def channels_not_cleared(draft: Draft) -> Iterator[Trouble]:
    """Yield KPIs whose alerts would go to a channel that may not see them."""
    channels, departments = draft.all(Channel), draft.all(Department)
    for key, kpi in draft.all(Kpi).items():
        department = departments.get(kpi.department)
        channel = channels.get(kpi.channel or (department.channel if department else ""))
        if channel and not cleared(draft, channel, kpi):
            problem = (
                f"alerts go to {channel.name}, which is not cleared for {kpi.classification} KPIs "
                f"of {kpi.department}; name another 'channel' or change its clearance in channels.yaml"
            )
            yield Trouble(Kpi, key, ("channel" if kpi.channel else "classification",), problem)


def rules_that_would_tell_of_others(draft: Draft) -> Iterator[Trouble]:
    """Yield rules that ask about a KPI which not everybody may see who may see the rule's own."""
    levels = {Level(name): sight for name, sight in draft.all(Sees).items() if name in LEVELS}
    for one in asked(draft):
        other = one.about
        if one.named is None or other is None:
            continue
        blind = [level for level, sight in levels.items() if _sees_only_first(sight, one.owner, other)]
        if blind:
            problem = (
                f"readers of level {' and '.join(blind)} may see '{one.owner.key}' but not '{other.key}', which its "
                "alerts would tell of; put the rule on the more secret KPI"
            )
            yield Trouble(Kpi, one.owner.key, (*one.path, "kpi"), problem)


def _sees_only_first(sight: Sees, first: Kpi, second: Kpi) -> bool:
    if second.classification in sight.everywhere:
        return False
    if first.classification in sight.everywhere:
        return True
    together = second.classification in sight.own_departments and second.department == first.department
    return first.classification in sight.own_departments and not together


def _steps_of(draft: Draft, kpi: Kpi) -> set[EscalationStep]:
    """Give the steps the KPI's alerts may take, by the priorities of all its rules."""
    marks, known = draft.one(ThresholdPriorities), draft.all(Priority)
    if marks is None:
        return set()
    named = Priorities(warning=marks.warning, critical=marks.critical, priorities=())
    rules = threshold_rules(kpi, named) + kpi.rules
    return {step for rule in rules if rule.priority in known for step in known[rule.priority].escalation}


def _at(draft: Draft, step: EscalationStep, kpi: Kpi) -> str | None:
    roles, department = draft.all(Role), draft.all(Department).get(kpi.department)
    return person_at(step, roles.get(kpi.owner), roles.get(department.head) if department else None, roles.get("ceo"))


def cleared(draft: Draft, party: Person | Channel, kpi: Kpi) -> bool:
    """Say whether the party may see the KPI; while a level or department is itself mistaken, only that is told."""
    levels = {Level(name): sight for name, sight in draft.all(Sees).items() if name in LEVELS}
    departments = draft.places(Department)
    if party.clearance not in levels or any(name not in departments for name in (kpi.department, *party.departments)):
        return True
    return sees(party.clearance, party.departments, kpi, levels)
