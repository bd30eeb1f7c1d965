"""A number needs approval → it is laid before the approver, then recorded, returned or replaced, and both are told."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bot.core.approval import Answer, Approval, Approver, Way, may_answer, waits_for
from bot.core.clearance import is_restricted, may_see, reader_of
from bot.core.errors import KpiBotError
from bot.core.intake import Entry, take
from bot.core.organisation import Person
from bot.core.policy import Policy
from bot.core.speech import SPOKEN, Manner, Outgoing, Speech, Style
from bot.core.words import Language
from bot.phrasebook import ButtonChoice, Phrasebook
from bot.store import approvals, audit, outbox
from bot.store.database import Database, Transaction
from bot.store.steps import decide

_RANK = 2

Also = Callable[[Transaction], None]
"""What else belongs into the transaction in which a number is recorded."""


class Record(Protocol):
    """Takes an approved number in as any entered one, together with what else belongs into that transaction."""

    def __call__(self, entry: Entry, *, author: str, note: str | None, also: Also) -> object:
        """Record it; author: Slack member id of who entered it."""


class Outcome(NamedTuple):
    """The number as it stands now, None when there is none to be seen.

    may: whether the one who asked may answer; done: whether they just did.
    """

    approval: Approval | None
    may: bool = False
    done: bool = False


class _AnsweredMeanwhile(KpiBotError):
    """Somebody else was quicker; nothing is to be recorded."""


def ask(
    database: Database,
    policy: Policy,
    phrasebook: Phrasebook,
    entry: Entry,
    approver: Approver,
    *,
    by: str,
    way: Way,
    note: str | None,
    now: datetime,
) -> Approval:
    """Lay a number before an approver, in place of one that waits already; the very same number again changes nothing.

    by: Slack member id.
    """
    fresh = Approval(
        id=uuid.uuid4().hex[:12],
        kpi=entry.kpi,
        segment=entry.segment,
        period=entry.period.label,
        value=entry.value,
        by=by,
        way=way,
        note=note,
        approver=approver.person.key,
        asked_at=now,
    )

    def work(tx: Transaction) -> Approval:
        known = approvals.waiting_for(tx, fresh.kpi, fresh.segment, fresh.period)
        if known is not None and _same(known, fresh):
            return known
        _replace(tx, policy, phrasebook, entry, by=by, now=now)
        approvals.put(tx, fresh)
        outbox.queue(tx, _laid_before(policy, phrasebook, fresh, approver.person, now))
        _remember(tx, fresh, by, "approval_asked", now)
        return fresh

    return decide(database, work)


def replacing(policy: Policy, phrasebook: Phrasebook, entry: Entry, *, by: str, now: datetime) -> Also:
    """Give what a number that needs no approval does to one that waits for the same period: it takes its place."""

    def also(tx: Transaction) -> None:
        _replace(tx, policy, phrasebook, entry, by=by, now=now)

    return also


def look(database: Database, policy: Policy, approval_id: str, person: Person | None) -> Outcome:
    """Give a number that needed approval as it stands, for somebody who may see its KPI."""
    with database.reading() as tx:
        approval = approvals.get(tx, approval_id)
    kpi = policy.kpis.get(approval.kpi) if approval else None
    if approval is None or kpi is None or not may_see(reader_of(person), kpi, policy):
        return Outcome(None)
    return Outcome(approval, may_answer(policy, approval, person))


def approve(
    database: Database,
    policy: Policy,
    phrasebook: Phrasebook,
    approval_id: str,
    person: Person | None,
    record: Record,
    now: datetime,
) -> Outcome:
    """Record a number that waits, in the same transaction as the approval; the first answer wins.

    Raises BadInput when the KPI does not take the number any more.
    """
    seen = look(database, policy, approval_id, person)
    waits = seen.approval
    if person is None or waits is None or not seen.may or not waits.waits:
        return seen
    kpi = policy.kpis[waits.kpi]
    entry = take(policy, kpi, waits.value, waits.period, waits.segment, now=now, place="approval")

    def also(tx: Transaction) -> None:
        if _answer(tx, policy, phrasebook, waits.id, Answer.APPROVED, by=person.slack, now=now) is None:
            raise _AnsweredMeanwhile(waits.id)

    try:
        record(entry, author=waits.by, note=waits.note, also=also)
    except _AnsweredMeanwhile:
        return look(database, policy, approval_id, person)
    return look(database, policy, approval_id, person)._replace(done=True)


def send_back(
    database: Database,
    policy: Policy,
    phrasebook: Phrasebook,
    approval_id: str,
    person: Person | None,
    *,
    reason: str,
    now: datetime,
) -> Outcome:
    """Return a number that waits to who entered it; nothing is recorded, and the first answer wins."""
    seen = look(database, policy, approval_id, person)
    if person is None or seen.approval is None or not seen.may or not seen.approval.waits:
        return seen
    with database.transaction() as tx:
        returned = _answer(
            tx, policy, phrasebook, approval_id, Answer.RETURNED, by=person.slack, now=now, reason=reason
        )
    return look(database, policy, approval_id, person)._replace(done=returned is not None)


def _same(known: Approval, fresh: Approval) -> bool:
    said = {"value", "by", "note", "approver"}
    return known.model_dump(include=said) == fresh.model_dump(include=said)


def _replace(tx: Transaction, policy: Policy, phrasebook: Phrasebook, entry: Entry, *, by: str, now: datetime) -> None:
    known = approvals.waiting_for(tx, entry.kpi, entry.segment, entry.period.label)
    if known is not None:
        _answer(tx, policy, phrasebook, known.id, Answer.REPLACED, by=by, now=now)


def _answer(
    tx: Transaction,
    policy: Policy,
    phrasebook: Phrasebook,
    approval_id: str,
    state: Answer,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
) -> Approval | None:
    """Answer one that waits, edit its message and tell who entered it; None when it does not wait any more."""
    answered = approvals.answer(tx, approval_id, state, by=by, now=now, reason=reason)
    if answered is None:
        return None
    asked = policy.people.get(answered.approver)
    if asked is not None:
        outbox.queue(tx, _laid_before(policy, phrasebook, answered, asked, now))
    if by != answered.by:
        outbox.queue(tx, _told(policy, phrasebook, answered, now))
    _remember(tx, answered, by, f"approval_{state}", now)
    return answered


def _laid_before(policy: Policy, phrasebook: Phrasebook, approval: Approval, asked: Person, now: datetime) -> Outgoing:
    """Make the message to the approver: posted while the number waits, edited once it is answered."""
    language = asked.language or policy.company.language
    buttons = (
        [ButtonChoice("approve", approval.id, Style.PRIMARY), ButtonChoice("return", approval.id)]
        if approval.waits
        else []
    )
    speech = phrasebook.say("approval", language, buttons=buttons, **facts_of(policy, approval))
    message = _spoken(approval, asked.slack, language, speech, now)
    if approval.waits:
        return message
    edit = {"key": f"{message.key}:{approval.state}", "manner": Manner.EDIT, "edits": message.key}
    return message.model_copy(update=edit)


def _told(policy: Policy, phrasebook: Phrasebook, approval: Approval, now: datetime) -> Outgoing:
    """Make the message to who entered the number."""
    person = policy.person_by_slack(approval.by)
    language = (person.language if person else None) or policy.company.language
    speech = phrasebook.say("approval_told", language, **facts_of(policy, approval))
    message = _spoken(approval, approval.by, language, speech, now)
    return message.model_copy(update={"key": f"{message.key}:told"})


def facts_of(policy: Policy, approval: Approval) -> dict[str, Any]:
    """Gather what the messages about such a number may say."""
    kpi = policy.kpis[approval.kpi]
    return {
        "approval": approval,
        "kpi": kpi,
        "approver": waits_for(policy, approval),
        "policy": policy,
        "discreet": is_restricted(kpi),
    }


def _spoken(approval: Approval, destination: str, language: Language, speech: Speech, now: datetime) -> Outgoing:
    return Outgoing(
        key=f"approval:{approval.id}",
        notice=SPOKEN,
        manner=Manner.POST,
        destination=destination,
        language=language,
        rank=_RANK,
        created_at=now,
        kpis=(approval.kpi,),
        facts={"speech": speech.model_dump(mode="json")},
    )


def _remember(tx: Transaction, approval: Approval, by: str, what: str, now: datetime) -> None:
    detail = {"kpi": approval.kpi, "segment": approval.segment, "period": approval.period, "entered_by": approval.by}
    audit.record(tx, who=by, what=what, subject=approval.id, detail=detail, now=now)
