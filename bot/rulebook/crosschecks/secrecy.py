"""Whoever is told about a KPI must be cleared for it: its owner, and the channel its alerts go to."""

from collections.abc import Iterator

from bot.core.clearance import sees
from bot.core.kpi import Kpi
from bot.core.organisation import Channel, Department, Level, Person, Role, Sees
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.layout import LEVELS


def owners_not_cleared(draft: Draft) -> Iterator[Trouble]:
    """Yield KPIs whose owner may not see them."""
    roles, people = draft.all(Role), draft.all(Person)
    for key, kpi in draft.all(Kpi).items():
        role = roles.get(kpi.owner)
        person = people.get(role.held_by) if role else None
        if role and person and not _cleared(draft, person, kpi):
            problem = (
                f"{person.name} ({role.held_by}) holds '{kpi.owner}' but is not cleared for {kpi.classification} KPIs "
                f"of {kpi.department}; change the owner, the classification or the clearance in people.yaml"
            )
            yield Trouble(Kpi, key, ("owner",), problem)


def channels_not_cleared(draft: Draft) -> Iterator[Trouble]:
    """Yield KPIs whose alerts would go to a channel that may not see them."""
    channels, departments = draft.all(Channel), draft.all(Department)
    for key, kpi in draft.all(Kpi).items():
        department = departments.get(kpi.department)
        channel = channels.get(kpi.channel or (department.channel if department else ""))
        if channel and not _cleared(draft, channel, kpi):
            problem = (
                f"alerts go to {channel.name}, which is not cleared for {kpi.classification} KPIs "
                f"of {kpi.department}; name another 'channel' or change its clearance in channels.yaml"
            )
            yield Trouble(Kpi, key, ("channel" if kpi.channel else "classification",), problem)


def _cleared(draft: Draft, party: Person | Channel, kpi: Kpi) -> bool:
    """Say whether the party may see the KPI; while a level or department is itself mistaken, only that is told."""
    levels = {Level(name): sight for name, sight in draft.all(Sees).items() if name in LEVELS}
    departments = draft.places(Department)
    if party.clearance not in levels or any(name not in departments for name in (kpi.department, *party.departments)):
        return True
    return sees(party.clearance, party.departments, kpi, levels)
