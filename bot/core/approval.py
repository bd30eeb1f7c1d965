"""Approval: a number that somebody entered in chat, and that counts only once somebody else has agreed to it."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.core.clearance import may_see, reader_of
from bot.core.kpi import Kpi
from bot.core.organisation import Person, Role
from bot.core.policy import Policy
from bot.core.words import Frozen


class Answer(StrEnum):
    """What has become of a number that needs approval; replaced: a newer number for the same period was entered."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    REPLACED = "replaced"


class Way(StrEnum):
    """How a number was entered."""

    COMMAND = "command"
    FORM = "form"


class Approval(Frozen):
    """A number laid before somebody.

    period: the label; by, decided_by: Slack member ids; approver: who was asked (a key of people); reason: why it was
    returned.
    """

    id: str
    kpi: str
    segment: str
    period: str
    value: float
    by: str
    way: Way
    note: str | None
    approver: str
    asked_at: datetime
    state: Answer = Answer.WAITING
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has answered yet."""
        return self.state is Answer.WAITING


class Approver(NamedTuple):
    """Somebody who may approve: as the holder of a role, as its deputy, or in person (no role)."""

    person: Person
    role: Role | None
    deputy: bool = False


def approvers(policy: Policy, kpi: Kpi) -> tuple[Approver, ...]:
    """Give who may approve the KPI's numbers: whom its check-in names, then the deputy; nobody where none is needed."""
    named = kpi.check_in.approval if kpi.check_in else None
    role = policy.roles.get(named or "")
    people = ((role.held_by, False), (role.deputy, True)) if role else ((named, False),)
    found = (Approver(policy.people[key], role, deputy) for key, deputy in people if key in policy.people)
    return tuple(one for one in found if may_see(reader_of(one.person), kpi, policy))


def asked_of(policy: Policy, kpi: Kpi, person: Person | None, present: Callable[[str], bool]) -> Approver | None:
    """Give who must approve a number that somebody enters; None when nobody must, or it is their own approval.

    present: whether a Slack member still has an account. The deputy stands in for one who has not; when nobody is
    left, the first is asked all the same, and what cannot be delivered goes where such messages go.
    """
    chain = approvers(policy, kpi)
    if not chain or chain[0].person == person:
        return None
    chosen = next((one for one in chain if present(one.person.slack)), chain[0])
    return None if chosen.person == person else chosen


def may_answer(policy: Policy, approval: Approval, person: Person | None) -> bool:
    """Say whether somebody may approve or return a number: an approver by the policy in force, not of their own.

    Where the KPI needs no approval any more, whoever was asked may still answer.
    """
    if person is None or person.slack == approval.by:
        return False
    kpi = policy.kpis[approval.kpi]
    named = {one.person.key for one in approvers(policy, kpi)} or {approval.approver}
    return person.key in named and may_see(reader_of(person), kpi, policy)


def waits_for(policy: Policy, approval: Approval) -> Approver | None:
    """Give whom a number was laid before, with the role in which; None when they have left the policy."""
    person = policy.people.get(approval.approver)
    known = approvers(policy, policy.kpis[approval.kpi])
    named = next((one for one in known if one.person == person), None)
    return named or (Approver(person, None) if person else None)
