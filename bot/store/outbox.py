"""The outbox: messages decided but not yet known to be in Slack, and who is sending which of them.

A row goes ``pending → sending → sent``; ``dead`` when it can never be sent, ``superseded`` when it need not be.
Whoever claims rows holds them by the name of the attempt: a settlement under another name changes nothing.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from bot.core.announcing import PASSED_ON
from bot.core.speech import Manner, Outgoing
from bot.store import alerts, statements
from bot.store.database import Transaction
from bot.store.tables import alerts as alert_table
from bot.store.tables import lanes, outbox


class Delivery(StrEnum):
    """How far a message has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    SUPERSEDED = "superseded"


class Claimed(NamedTuple):
    """A message in our hands, to be posted and settled.

    token: names the message for good, to be found again in Slack; attempt: names this claim; tries: how many attempts
    failed in a way that counts; suspects: how often it came back with nobody knowing whether it had been posted;
    alert_channel, alert_ts: where the message of its alert is, or the one it edits; None while there is none.
    """

    id: int
    outgoing: Outgoing
    token: str
    attempt: str
    tries: int
    suspects: int
    first_attempt_at: datetime | None
    alert_channel: str | None
    alert_ts: str | None


class Sent(NamedTuple):
    """What became of one message of an alert; sent_at is None unless it is in Slack."""

    notice: str
    destination: str
    state: Delivery
    error: str | None
    sent_at: datetime | None


# Written into the statement, not bound: only then do the databases see that a partial index will do.
_PENDING = literal(Delivery.PENDING.value, literal_execute=True)
_SENDING = literal(Delivery.SENDING.value, literal_execute=True)
_UNSETTLED = outbox.c.state.in_([_PENDING, _SENDING])


def queue(tx: Transaction, outgoing: Outgoing, *, not_before: datetime | None = None) -> bool:
    """Put a message in line; False when its key has been there already, or an edit that waits says it instead.

    Of the edits of one alert (or one message) at most one waits: it keeps its place in line and takes the newest words.
    Save the alert before queueing what is said about it: that keeps the order of two processes the order of their
    messages.
    """
    if outgoing.manner is Manner.EDIT and _told_by_waiting_edit(tx, outgoing):
        return False
    _open_lane(tx, outgoing.destination, outgoing.created_at)
    first = not_before or outgoing.created_at
    row = outgoing.model_dump() | {
        "state": Delivery.PENDING,
        "wanted_at": first,
        "not_before": first,
        "token": uuid.uuid4().hex,
        "tries": 0,
        "suspects": 0,
    }
    added = statements.insert(tx, outbox).on_conflict_do_nothing().returning(outbox.c.id)
    return tx.scalar(added, row) is not None


def claim(tx: Transaction, now: datetime, *, limit: int, settle_for: timedelta, lane_pause: timedelta) -> list[Claimed]:
    """Take what may be sent now, the most urgent first: one message a destination, in order within an alert.

    A destination rests for ``lane_pause`` after each message and while one is on its way to it. A claim that is not
    settled after ``settle_for`` is found by ``suspects``. What is said about an alert waits for everything said before;
    when its first post has failed for good, the rest arrives without ``alert_ts``.
    """
    free = _held(tx, tx.scalars(_heads(), {"now": now, "limit": limit}).all(), now)
    if not free:
        return []
    taken = update(outbox).where(outbox.c.id.in_(free), ~_sending_to(outbox.c.destination))
    attempt = uuid.uuid4().hex
    held = tx.execute(
        taken.values(
            state=Delivery.SENDING,
            attempt=attempt,
            settle_until=now + settle_for,
            first_attempt_at=func.coalesce(outbox.c.first_attempt_at, now),
        ).returning(outbox.c.id, outbox.c.destination)
    ).all()
    rested = update(lanes).where(lanes.c.destination.in_([row.destination for row in held]))
    tx.execute(rested.values(next_at=now + lane_pause))
    return _claimed(tx, [row.id for row in held])


def suspects(
    tx: Transaction,
    now: datetime,
    *,
    limit: int,
    settle_for: timedelta = timedelta(minutes=1),
    under_way: Collection[int] = (),
) -> list[Claimed]:
    """Take over the messages whose claim was not settled in time: nobody knows whether they are in Slack.

    Each comes to one process only, under a new attempt, and again after ``settle_for`` if that is not settled either.
    under_way: rows this process is sending at this moment, which no jump of the clock makes suspect.
    """
    overdue = and_(outbox.c.state == _SENDING, outbox.c.settle_until <= now, outbox.c.id.not_in(under_way))
    ids = select(outbox.c.id).where(overdue).order_by(*_URGENCY).limit(limit).with_for_update(skip_locked=True)
    taken = update(outbox).where(outbox.c.id.in_(tx.scalars(ids).all()))
    again = taken.values(
        attempt=uuid.uuid4().hex, settle_until=now + settle_for, suspects=outbox.c.suspects + 1
    ).returning(outbox.c.id)
    return _claimed(tx, tx.scalars(again).all())


def settle_sent(tx: Transaction, claimed: Claimed, *, channel: str, ts: str | None, now: datetime) -> bool:
    """It is in Slack. False, and nothing changed, when the claim is no longer ours.

    The first post about an alert becomes the alert's message; a direct message to whom it is passed on never does.
    """
    outgoing = claimed.outgoing
    mine = _settle(tx, claimed, state=Delivery.SENT, settled_at=now, sent_channel=channel, sent_ts=ts, error=None)
    about_it = outgoing.manner is Manner.POST and outgoing.notice != PASSED_ON
    if mine and ts and outgoing.alert and about_it and not claimed.alert_ts:
        alerts.set_message(tx, outgoing.alert, channel, ts)
    return mine


def renew(tx: Transaction, claimed: Claimed, *, settle_until: datetime) -> bool:
    """Hold a claim a while longer, before each call it makes; False when it has become somebody else's meanwhile."""
    return _settle(tx, claimed, settle_until=settle_until)


def post_waits(tx: Transaction, alert_id: str) -> bool:
    """Say whether a new message about the alert is waiting to be sent."""
    posts = and_(outbox.c.alert == alert_id, outbox.c.manner == Manner.POST, outbox.c.notice != PASSED_ON)
    return tx.scalar(select(outbox.c.id).where(posts, outbox.c.state == _PENDING).limit(1)) is not None


def settle_later(
    tx: Transaction, claimed: Claimed, *, not_before: datetime, error: str, counts: bool, now: datetime
) -> bool:
    """It is surely not in Slack; try again at ``not_before``. counts: whether this was one of its tries."""
    tries = claimed.tries + 1 if counts else claimed.tries
    return _settle(tx, claimed, **_waiting_again(claimed), not_before=max(not_before, now), tries=tries, error=error)


def settle_suspect(tx: Transaction, claimed: Claimed, *, error: str, settle_until: datetime) -> bool:
    """It may be in Slack; ``suspects`` gives it again once the request can no longer land."""
    return _settle(tx, claimed, settle_until=settle_until, error=error)


def settle_dead(tx: Transaction, claimed: Claimed, *, error: str, now: datetime) -> bool:
    """It can never be sent."""
    return _settle(tx, claimed, state=Delivery.DEAD, settled_at=now, error=error)


def settle_superseded(tx: Transaction, claimed: Claimed, *, error: str, now: datetime) -> bool:
    """It need not be sent: something else says it, or nobody there may see it. error: why, in a word."""
    return _settle(tx, claimed, state=Delivery.SUPERSEDED, settled_at=now, error=error)


def settle_redirected(tx: Transaction, claimed: Claimed, *, destination: str, error: str, now: datetime) -> bool:
    """Its destination is broken; it waits for another one from now on."""
    _open_lane(tx, destination, now)
    return _settle(tx, claimed, **_waiting_again(claimed), destination=destination, not_before=now, error=error)


def pause_lane(tx: Transaction, destination: str, until: datetime) -> None:
    """Send nothing more to the destination before then; a longer pause stays."""
    paused = statements.insert(tx, lanes).values(destination=destination, next_at=until)
    tx.execute(
        paused.on_conflict_do_update(
            index_elements=["destination"], set_={"next_at": until}, where=lanes.c.next_at < until
        )
    )


def counts(tx: Transaction) -> dict[str, int]:
    """Count messages by state."""
    found = tx.execute(select(outbox.c.state, func.count().label("number")).group_by(outbox.c.state))
    return {state.value: 0 for state in Delivery} | {row.state: row.number for row in found}


def waiting_since(tx: Transaction) -> datetime | None:
    """Say since when the oldest unsettled message has been wanted in Slack (perhaps not yet); None without one."""
    since: datetime | None = tx.scalar(select(func.min(outbox.c.wanted_at)).where(_UNSETTLED))
    return since


def next_moment(tx: Transaction) -> datetime | None:
    """Say when ``claim`` or ``suspects`` will next find something, as things stand; None when nothing waits."""
    moments = (tx.scalar(_next_sendable()), tx.scalar(_next_suspect()))
    return min((moment for moment in moments if moment is not None), default=None)


def sent_for_alert(tx: Transaction, alert_id: str) -> list[Sent]:
    """Give what became of every message about an alert, in the order in which they were decided."""
    sent_at = case((outbox.c.state == Delivery.SENT, outbox.c.settled_at))
    query = select(outbox.c.notice, outbox.c.destination, outbox.c.state, outbox.c.error, sent_at)
    found = tx.execute(query.where(outbox.c.alert == alert_id).order_by(outbox.c.id))
    return [Sent(notice, destination, Delivery(state), error, at) for notice, destination, state, error, at in found]


_URGENCY = (outbox.c.rank, outbox.c.created_at, outbox.c.id)


# Statements asked several times a second are built once: that takes longer than answering them.
@cache
def _next_sendable() -> Select[Any]:
    first = (
        select(outbox.c.not_before)
        .where(outbox.c.destination == lanes.c.destination, outbox.c.state == _PENDING, ~_earlier_unsettled())
        .order_by(outbox.c.not_before)
        .limit(1)
        .scalar_subquery()
    )
    free = select(lanes.c.next_at, first.label("first")).where(~_sending_to(lanes.c.destination)).subquery()
    ready = case((free.c.first > free.c.next_at, free.c.first), else_=free.c.next_at)
    return select(func.min(ready)).where(free.c.first.is_not(None))


@cache
def _next_suspect() -> Select[Any]:
    return select(func.min(outbox.c.settle_until)).where(outbox.c.state == _SENDING)


@cache
def _heads() -> Select[Any]:
    """The first message of every free lane, now: one seek a lane, however long the lanes are."""
    now = bindparam("now", type_=lanes.c.next_at.type)
    head = (
        select(outbox.c.id)
        .where(outbox.c.destination == lanes.c.destination, outbox.c.state == _PENDING)
        .where(outbox.c.not_before <= now, ~_earlier_unsettled())
        .order_by(*_URGENCY)
        .limit(1)
        .scalar_subquery()
    )
    heads = select(head.label("id")).where(lanes.c.next_at <= now, ~_sending_to(lanes.c.destination)).subquery()
    return (
        select(outbox.c.id)
        .join_from(heads, outbox, outbox.c.id == heads.c.id)
        .order_by(*_URGENCY)
        .limit(bindparam("limit"))
    )


def _sending_to(destination: ColumnElement[str]) -> ColumnElement[bool]:
    on_its_way = outbox.alias("on_its_way")
    return (
        select(on_its_way.c.id).where(on_its_way.c.destination == destination, on_its_way.c.state == _SENDING).exists()
    )


def _earlier_unsettled() -> ColumnElement[bool]:
    """Something said about the same alert before, or the message this one edits, is not settled yet."""
    earlier, edited = outbox.alias("earlier"), outbox.alias("edited")
    unsettled = earlier.c.state.in_([_PENDING, _SENDING])
    said = select(earlier.c.id).where(earlier.c.alert == outbox.c.alert, earlier.c.id < outbox.c.id, unsettled)
    waits = select(edited.c.id).where(edited.c.key == outbox.c.edits, edited.c.state.in_([_PENDING, _SENDING]))
    return or_(said.exists(), waits.exists())


def _held(tx: Transaction, heads: Collection[int], now: datetime) -> Sequence[int]:
    """Hold messages and their lanes until the end of the transaction, but none that another process is at."""
    if not heads:
        return []
    still_so = and_(outbox.c.id.in_(heads), outbox.c.state == _PENDING, lanes.c.next_at <= now)
    both = select(outbox.c.id).join_from(outbox, lanes, lanes.c.destination == outbox.c.destination).where(still_so)
    return tx.scalars(both.with_for_update(skip_locked=True)).all()


def _claimed(tx: Transaction, ids: Collection[int]) -> list[Claimed]:
    edited = outbox.alias("edited")
    channel = func.coalesce(alert_table.c.channel, edited.c.sent_channel).label("alert_channel")
    query = (
        select(outbox, channel, func.coalesce(alert_table.c.ts, edited.c.sent_ts).label("alert_ts"))
        .join_from(outbox, alert_table, alert_table.c.id == outbox.c.alert, isouter=True)
        .join(edited, edited.c.key == outbox.c.edits, isouter=True)
        .where(outbox.c.id.in_(ids))
        .order_by(*_URGENCY)
    )
    return [_claim_of(row) for row in tx.execute(query).mappings()]


def _claim_of(row: RowMapping) -> Claimed:
    outgoing = Outgoing.model_validate({field: row[field] for field in Outgoing.model_fields})
    return Claimed(
        id=row["id"],
        outgoing=outgoing,
        token=row["token"],
        attempt=row["attempt"],
        tries=row["tries"],
        suspects=row["suspects"],
        first_attempt_at=row["first_attempt_at"],
        alert_channel=row["alert_channel"] if row["alert_ts"] else None,
        alert_ts=row["alert_ts"],
    )


def _settle(tx: Transaction, claimed: Claimed, **changes: Any) -> bool:
    mine = and_(outbox.c.id == claimed.id, outbox.c.attempt == claimed.attempt, outbox.c.state == _SENDING)
    return tx.scalar(update(outbox).where(mine).values(changes).returning(outbox.c.id)) is not None


def _waiting_again(claimed: Claimed) -> dict[str, Any]:
    """Back in line; but an edit need not wait beside a newer one of the same message."""
    other = outbox.alias("other")
    newer = and_(_same_message(other, claimed.outgoing), other.c.manner == Manner.EDIT, other.c.state == _PENDING)
    if claimed.outgoing.manner is Manner.EDIT:
        state: Any = case((select(other.c.id).where(newer).exists(), Delivery.SUPERSEDED), else_=Delivery.PENDING)
    else:
        state = Delivery.PENDING
    return {"state": state, "attempt": None, "settle_until": None}


def _told_by_waiting_edit(tx: Transaction, outgoing: Outgoing) -> bool:
    """Give the newest words to the edit of the same message that waits already; False when none does."""
    waiting = and_(_same_message(outbox, outgoing), outbox.c.manner == Manner.EDIT, outbox.c.state == _PENDING)
    newest = outgoing.model_dump(include={"notice", "language", "kpis", "facts"})
    return tx.scalar(update(outbox).where(waiting).values(newest).returning(outbox.c.id)) is not None


def _same_message(rows: FromClause, edit: Outgoing) -> ColumnElement[bool]:
    return rows.c.edits == edit.edits if edit.alert is None else rows.c.alert == edit.alert


def _open_lane(tx: Transaction, destination: str, now: datetime) -> None:
    """Asking first keeps us from waiting for whoever is claiming from that lane just now."""
    known = tx.scalar(select(lanes.c.destination).where(lanes.c.destination == destination))
    if known is None:
        opened = statements.insert(tx, lanes).values(destination=destination, next_at=now)
        tx.execute(opened.on_conflict_do_nothing())
