"""A value is due that only a person knows → its owner is asked by direct message, in their own morning."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.checkin import Nudge, due_period, example, nudge_due
from bot.core.clearance import is_restricted, may_set
from bot.core.kpi import Kpi
from bot.core.organisation import Person
from bot.core.policy import Policy
from bot.core.speech import SPOKEN, Manner, Outgoing, Style
from bot.phrasebook import ButtonChoice, Phrasebook
from bot.store import approvals, occurrences, outbox, values
from bot.store.database import Database, Transaction

ZoneOf = Callable[[str], ZoneInfo | None]
"""Gives the time zone of a Slack member; None when the workspace does not tell it."""

_LEASE = timedelta(minutes=5)
_RANK = 2


def ask_owners(
    database: Database, policy: Policy, phrasebook: Phrasebook, zone_of: ZoneOf, owner: str, now: datetime
) -> int:
    """Ask for every value that is due, missing and to be asked for now; give how many people were asked.

    Whether one is due is seen without the write lock; whoever claims the day looks again and asks.
    """
    asked = 0
    for kpi, person in _asked(policy):
        zone = zone_of(person.slack) or policy.zone
        with database.reading() as tx:
            due = _due(tx, policy, kpi, person, zone, now)
        if due is not None:
            with database.transaction() as tx:
                asked += _ask(tx, policy, phrasebook, kpi, person, zone, owner, now)
    return asked


def _asked(policy: Policy) -> Iterator[tuple[Kpi, Person]]:
    """Give the KPIs that are asked for, each with its owner, unless that one may not enter it."""
    for kpi in policy.kpis.values():
        if kpi.check_in is not None:
            person = policy.holder(kpi.owner)
            if may_set(person, kpi, policy):
                yield kpi, person


def _due(tx: Transaction, policy: Policy, kpi: Kpi, person: Person, zone: ZoneInfo, now: datetime) -> Nudge | None:
    if kpi.check_in is None:
        return None
    period = due_period(kpi.frequency, policy.zone, now)
    last = occurrences.last_finished(tx, schedule=_schedule(kpi), audience=person.key)
    told = _told(last.local_date, last.snapshot) if last else None
    nudge = nudge_due(kpi.check_in, period, policy.company.calendar, zone, now, told)
    if nudge is None:
        return None
    known = values.history(tx, kpi.key, "", kpi.frequency, limit=2)
    there = any(point.first == period.first for point in known.points)
    return None if there or approvals.waiting_for(tx, kpi.key, "", period.label) else nudge


def _ask(
    tx: Transaction,
    policy: Policy,
    phrasebook: Phrasebook,
    kpi: Kpi,
    person: Person,
    zone: ZoneInfo,
    owner: str,
    now: datetime,
) -> bool:
    nudge = _due(tx, policy, kpi, person, zone, now)
    if nudge is None:
        return False
    place: dict[str, Any] = {"schedule": _schedule(kpi), "audience": person.key, "local_date": nudge.day}
    if not occurrences.claim(tx, **place, owner=owner, now=now, lease=_LEASE):
        return False
    outbox.queue(tx, _message(policy, phrasebook, kpi, person, nudge, now))
    snapshot = {"period": nudge.period, "number": nudge.number}
    return occurrences.finish(tx, **place, snapshot=snapshot, now=now)


def _message(policy: Policy, phrasebook: Phrasebook, kpi: Kpi, person: Person, nudge: Nudge, now: datetime) -> Outgoing:
    language = person.language or policy.company.language
    speech = phrasebook.say(
        "check_in",
        language,
        buttons=[ButtonChoice("enter", f"{kpi.key}||{nudge.period}", Style.PRIMARY)],
        kpi=kpi,
        period=nudge.period,
        again=nudge.number > 1,
        example=example(kpi.unit),
        discreet=is_restricted(kpi),
    )
    return Outgoing(
        key=f"{_schedule(kpi)}:{person.key}:{nudge.period}:{nudge.number}",
        notice=SPOKEN,
        manner=Manner.POST,
        destination=person.slack,
        language=language,
        rank=_RANK,
        created_at=now,
        kpis=(kpi.key,),
        facts={"speech": speech.model_dump(mode="json")},
    )


def _schedule(kpi: Kpi) -> str:
    return f"check_in:{kpi.key}"


def _told(day: date, snapshot: dict[str, Any]) -> Nudge:
    return Nudge(day, str(snapshot["period"]), int(snapshot["number"]))
