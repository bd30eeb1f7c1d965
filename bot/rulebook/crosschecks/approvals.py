"""What must hold of whoever approves the numbers of a KPI: they exist, and may see them."""

from collections.abc import Iterator

from bot.core.kpi import Kpi
from bot.core.organisation import Person, Role
from bot.rulebook.crosschecks.secrecy import cleared
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.nearest import unknown
from bot.rulebook.tree import Path

_PATH: Path = ("check_in", "approval")


def approvers_nobody_knows(draft: Draft) -> Iterator[Trouble]:
    """Yield approvers that are neither a role nor a person, with the nearest that is."""
    known = (*draft.places(Role), *(key for key in draft.places(Person) if key not in draft.places(Role)))
    for key, named in _named(draft):
        if named not in known and draft.knows_all(Role) and draft.knows_all(Person):
            yield Trouble(Kpi, key, _PATH, unknown("role or person", named, known))


def approvers_not_cleared(draft: Draft) -> Iterator[Trouble]:
    """Yield KPIs whose numbers would be laid before somebody who may not see them."""
    roles, people = draft.all(Role), draft.all(Person)
    for key, named in _named(draft):
        kpi, role = draft.all(Kpi)[key], roles.get(named)
        person = people.get(role.held_by if role else named)
        if person and not cleared(draft, person, kpi):
            problem = (
                f"{person.name} ('{named}') would approve its numbers but is not cleared for {kpi.classification} KPIs "
                f"of {kpi.department}; name somebody else, or change the clearance in people.yaml"
            )
            yield Trouble(Kpi, key, _PATH, problem)


def _named(draft: Draft) -> Iterator[tuple[str, str]]:
    for key, kpi in draft.all(Kpi).items():
        if kpi.check_in is not None and kpi.check_in.approval is not None:
            yield key, kpi.check_in.approval
