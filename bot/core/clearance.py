"""Clearance: the one place that decides what a reader or a channel may see."""

from collections.abc import Collection, Mapping

from bot.core.kpi import Classification, Kpi
from bot.core.organisation import Channel, Level, Person, Sees
from bot.core.policy import Policy
from bot.core.words import Frozen


class Reader(Frozen):
    """Whoever would see a message: a person, or everybody in a channel."""

    level: Level
    departments: frozenset[str] = frozenset()


NOBODY = Reader(level=Level.EXTERNAL)

_RESTRICTED = (Classification.EXECUTIVE, Classification.FINANCIAL)


def sees(level: Level, departments: Collection[str], kpi: Kpi, levels: Mapping[Level, Sees]) -> bool:
    """Say whether a level, with these departments as its own, may see the KPI."""
    allowed = levels[level]
    own = kpi.department in departments and kpi.classification in allowed.own_departments
    return own or kpi.classification in allowed.everywhere


def may_see(reader: Reader, kpi: Kpi, policy: Policy) -> bool:
    """Say whether the reader may see the KPI: its numbers, its alerts, and that it exists."""
    return sees(reader.level, reader.departments, kpi, policy.levels)


def is_restricted(kpi: Kpi) -> bool:
    """Say whether notifications, which show on locked screens, name no figure of the KPI."""
    return kpi.classification in _RESTRICTED


def reader_of(party: Person | Channel | None) -> Reader:
    """Give the reader a person or channel of the policy stands for; whoever is not in it sees nothing."""
    if party is None:
        return NOBODY
    return Reader(level=party.clearance, departments=frozenset(party.departments))


def destination_reader(destination: str, policy: Policy) -> Reader:
    """Give the reader behind a Slack channel or member id, by the policy in force now."""
    return reader_of(policy.channel_by_slack(destination) or policy.person_by_slack(destination))


def visible_kpis(reader: Reader, policy: Policy) -> tuple[Kpi, ...]:
    """Give every KPI the reader may see, in the policy's order."""
    return tuple(kpi for kpi in policy.kpis.values() if may_see(reader, kpi, policy))


def may_set(person: Person | None, kpi: Kpi, policy: Policy) -> bool:
    """Say whether somebody may enter the KPI's values by hand.

    The owner and the owner's deputy may, the head of its department, and whoever holds the role ``data_analyst``.
    """
    if person is None or not may_see(reader_of(person), kpi, policy):
        return False
    owner = policy.roles[kpi.owner]
    analyst = policy.roles.get("data_analyst")
    head = policy.holder(policy.departments[kpi.department].head)
    allowed = {owner.held_by, owner.deputy, head.key, analyst.held_by if analyst else None}
    return person.key in allowed
