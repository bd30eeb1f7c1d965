"""Every name that stands for another entry must be the name of one."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.core.kpi import Kpi
from bot.core.organisation import Channel, Company, Department, Person, Priority, Role
from bot.core.plans import Action, Initiative, Mitigation, Risk
from bot.core.policy import Dimension, Report
from bot.core.source import Connection
from bot.core.words import Frozen
from bot.rulebook.crosschecks.asked import asked
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.layout import ThresholdPriorities, section_of
from bot.rulebook.nearest import unknown
from bot.rulebook.tree import Path


class Reference(NamedTuple):
    """A name written at a place, and the kind of entry it must belong to."""

    model: type[Frozen]
    entry: str
    path: Path
    word: str
    wanted: type[Frozen]


def names_that_lead_nowhere(draft: Draft) -> Iterator[Trouble]:
    """Yield every reference to an entry that does not exist, with the nearest that does."""
    for reference in _references(draft):
        known = draft.places(reference.wanted)
        if reference.word not in known and draft.knows_all(reference.wanted):
            problem = _person_for_a_role(draft, reference) or unknown(
                section_of(reference.wanted).noun, reference.word, known
            )
            yield Trouble(reference.model, reference.entry, reference.path, problem)


def _person_for_a_role(draft: Draft, reference: Reference) -> str | None:
    """Say what a person's name written for a role should have been; None when it is no such mistake."""
    if reference.wanted is not Role or reference.word not in draft.places(Person):
        return None
    held = [key for key, role in draft.all(Role).items() if role.held_by == reference.word]
    roles = f"write the role they hold: {', '.join(held)}" if held else "give them a role in people.yaml and write that"
    return f"unknown role '{reference.word}'; that is a person; {roles}"


def _references(draft: Draft) -> Iterator[Reference]:
    yield from _of_company(draft)
    yield from _of_people(draft)
    for key, kpi in draft.all(Kpi).items():
        yield from _of_kpi(key, kpi)
    for one in asked(draft):
        if one.named is not None:
            yield Reference(Kpi, one.owner.key, (*one.path, "kpi"), one.named, Kpi)
    yield from _of_plans(draft)
    for key, report in draft.all(Report).items():
        yield Reference(Report, key, ("channel",), report.channel, Channel)


def _of_company(draft: Draft) -> Iterator[Reference]:
    company, thresholds = draft.one(Company), draft.one(ThresholdPriorities)
    if company is not None:
        yield Reference(Company, "", ("operators_channel",), company.operators_channel, Channel)
        yield Reference(Company, "", ("fallback_channel",), company.fallback_channel, Channel)
    if thresholds is not None:
        yield Reference(ThresholdPriorities, "", ("warning",), thresholds.warning, Priority)
        yield Reference(ThresholdPriorities, "", ("critical",), thresholds.critical, Priority)


def _of_people(draft: Draft) -> Iterator[Reference]:
    for key, person in draft.all(Person).items():
        yield from _listed(Person, key, "departments", person.departments, Department)
    for key, channel in draft.all(Channel).items():
        yield from _listed(Channel, key, "departments", channel.departments, Department)
    for key, role in draft.all(Role).items():
        yield Reference(Role, key, ("held_by",), role.held_by, Person)
        if role.deputy is not None:
            yield Reference(Role, key, ("deputy",), role.deputy, Person)
    for key, department in draft.all(Department).items():
        yield Reference(Department, key, ("head",), department.head, Role)
        yield Reference(Department, key, ("channel",), department.channel, Channel)


def _of_kpi(key: str, kpi: Kpi) -> Iterator[Reference]:
    yield Reference(Kpi, key, ("owner",), kpi.owner, Role)
    yield Reference(Kpi, key, ("department",), kpi.department, Department)
    if kpi.channel is not None:
        yield Reference(Kpi, key, ("channel",), kpi.channel, Channel)
    for name in kpi.formula.names if kpi.formula else ():
        yield Reference(Kpi, key, ("formula",), name, Kpi)
    if kpi.source is not None:
        yield Reference(Kpi, key, ("source", "connection"), kpi.source.connection, Connection)
    yield from _listed(Kpi, key, "segments", kpi.segments, Dimension)
    for place, rule in enumerate(kpi.rules):
        yield Reference(Kpi, key, ("rules", place, "priority"), rule.priority, Priority)
    for word in ("warning_priority", "critical_priority"):
        priority = getattr(kpi.thresholds, word, None)
        if priority is not None:
            yield Reference(Kpi, key, ("thresholds", word), priority, Priority)


def _of_plans(draft: Draft) -> Iterator[Reference]:
    for key, initiative in draft.all(Initiative).items():
        for place, milestone in enumerate(initiative.milestones):
            yield Reference(Initiative, key, ("milestones", place, "owner"), milestone.owner, Role)
    for key, risk in draft.all(Risk).items():
        yield Reference(Risk, key, ("owner",), risk.owner, Role)
    for key, mitigation in draft.all(Mitigation).items():
        yield Reference(Mitigation, key, ("owner",), mitigation.owner, Role)
        yield Reference(Mitigation, key, ("risk",), mitigation.risk, Risk)
    for key, action in draft.all(Action).items():
        yield Reference(Action, key, ("owner",), action.owner, Role)
        if action.kpi is not None:
            yield Reference(Action, key, ("kpi",), action.kpi, Kpi)


def _listed(
    model: type[Frozen], entry: str, word: str, names: tuple[str, ...], wanted: type[Frozen]
) -> Iterator[Reference]:
    for place, name in enumerate(names):
        yield Reference(model, entry, (word, place), name, wanted)
