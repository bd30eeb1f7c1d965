"""Occurrences: each due moment of a schedule is claimed by one process and finished once."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, select, update

from bot.store import statements
from bot.store.database import Transaction
from bot.store.tables import occurrences


class Occurrence(NamedTuple):
    """An occurrence that is over; snapshot: what was seen at it, for the next one to compare with."""

    local_date: date
    finished_at: datetime
    snapshot: dict[str, Any]


def claim(
    tx: Transaction, *, schedule: str, audience: str, local_date: date, owner: str, now: datetime, lease: timedelta
) -> bool:
    """Say whether the occurrence is ours to do: nobody has finished it, and nobody's lease on it still runs."""
    key = {"schedule": schedule, "audience": audience, "local_date": local_date}
    held = {"owner": owner, "lease_until": now + lease}
    fresh = statements.insert(tx, occurrences).values(key | held)
    taken = fresh.on_conflict_do_update(
        index_elements=list(key),
        set_=held,
        where=and_(occurrences.c.finished_at.is_(None), occurrences.c.lease_until < now),
    )
    return tx.scalar(taken.returning(occurrences.c.owner)) is not None


def finish(
    tx: Transaction, *, schedule: str, audience: str, local_date: date, snapshot: dict[str, Any], now: datetime
) -> bool:
    """Mark the occurrence as done, for good; False when it was done already or never claimed."""
    mine = and_(
        occurrences.c.schedule == schedule,
        occurrences.c.audience == audience,
        occurrences.c.local_date == local_date,
        occurrences.c.finished_at.is_(None),
    )
    done = update(occurrences).where(mine).values(finished_at=now, snapshot=snapshot)
    return tx.scalar(done.returning(occurrences.c.owner)) is not None


def last_finished(tx: Transaction, *, schedule: str, audience: str, before: date | None = None) -> Occurrence | None:
    """Give the newest finished occurrence (before a local date), or None."""
    query = select(occurrences.c.local_date, occurrences.c.finished_at, occurrences.c.snapshot).where(
        occurrences.c.schedule == schedule,
        occurrences.c.audience == audience,
        occurrences.c.finished_at.is_not(None),
    )
    if before is not None:
        query = query.where(occurrences.c.local_date < before)
    row = tx.execute(query.order_by(occurrences.c.local_date.desc()).limit(1)).first()
    return None if row is None else Occurrence(*row)
