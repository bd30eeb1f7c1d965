"""Readings of sources: each due moment is claimed by one process, tried again while it fails, and finished once."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, case, or_, select, update

from bot.store import statements
from bot.store.database import Transaction
from bot.store.tables import readings


class Reading(NamedTuple):
    """How a KPI's source stands; read_at: its newest good reading; failing: the word for why the last was none."""

    kpi: str
    connection: str
    due_at: datetime
    lease_until: datetime
    finished_at: datetime | None
    tries: int
    read_at: datetime | None
    failing: str | None
    failing_since: datetime | None

    def is_open(self, due_at: datetime, now: datetime) -> bool:
        """Say whether a due moment may be claimed: nobody is at the source, and it has not been read for that one."""
        if self.finished_at is None:
            return self.lease_until < now
        return self.due_at < due_at


_NOBODY = ""
"""Who holds a source that waits to be tried again."""
_MOMENT = timedelta(seconds=1)
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
_COLUMNS = [readings.c[name] for name in Reading._fields]


def all_by_kpi(tx: Transaction) -> dict[str, Reading]:
    """Give how every source stands that has ever been claimed, by KPI."""
    return {row.kpi: Reading(*row) for row in tx.execute(select(*_COLUMNS))}


def failing_of(tx: Transaction, kpi: str) -> tuple[datetime, str] | None:
    """Give since when a KPI's source gives nothing, and the word for why; None when it does give what can be taken."""
    row = tx.execute(select(readings.c.failing_since, readings.c.failing).where(readings.c.kpi == kpi)).first()
    return None if row is None or row.failing in (None, "values") else (row.failing_since, row.failing)


def claim(
    tx: Transaction,
    *,
    kpi: str,
    connection: str,
    due_at: datetime,
    owner: str,
    now: datetime,
    lease: timedelta,
    urgent: bool = False,
) -> Reading | None:
    """Take a due moment of a source; None when it has been read for it, or somebody is at it still.

    urgent: a pause after a failure is not waited for, and a moment may be read for again.
    """
    held = {"connection": connection, "due_at": due_at, "owner": owner, "lease_until": now + lease}
    fresh = statements.insert(tx, readings).values({"kpi": kpi, "finished_at": None, "tries": 0} | held)
    unfinished = readings.c.finished_at.is_(None)
    left = readings.c.lease_until < now
    free = or_(
        and_(
            readings.c.finished_at.is_not(None), readings.c.due_at <= due_at if urgent else readings.c.due_at < due_at
        ),
        and_(unfinished, or_(left, readings.c.owner == _NOBODY) if urgent else left),
    )
    tries = case((unfinished, readings.c.tries + 1), else_=0)
    taken = fresh.on_conflict_do_update(
        index_elements=["kpi"], set_=held | {"finished_at": None, "tries": tries}, where=free
    )
    row = tx.execute(taken.returning(*_COLUMNS)).first()
    return None if row is None else Reading(*row)


def finish(tx: Transaction, reading: Reading, owner: str, *, now: datetime, failing: str | None = None) -> bool:
    """Mark a due moment as done; failing: values came, and some could not be taken. False: it is no longer ours."""
    since = (reading.failing_since or now) if failing else None
    done = {"finished_at": now, "read_at": now, "tries": 0, "failing": failing, "failing_since": since}
    return _mine(tx, reading, owner, done)


def put_off(tx: Transaction, reading: Reading, owner: str, *, failing: str, now: datetime, again_at: datetime) -> bool:
    """Note why a reading failed and when to try again. False: it is no longer ours."""
    since = reading.failing_since or now
    return _mine(
        tx, reading, owner, {"owner": _NOBODY, "lease_until": again_at, "failing": failing, "failing_since": since}
    )


def reopen(tx: Transaction, *, waiting: Collection[str], afresh: Collection[str], now: datetime) -> None:
    """Have sources read at once: those of ``waiting`` that failed and wait, those of ``afresh`` with all their history.

    Both name KPIs. What is being read at this moment is left to end.
    """
    waits = and_(readings.c.finished_at.is_(None), readings.c.owner == _NOBODY)
    passed = {"lease_until": now - _MOMENT, "tries": 0}
    tx.execute(update(readings).where(readings.c.kpi.in_({*waiting, *afresh}), waits).values(passed))
    tx.execute(update(readings).where(readings.c.kpi.in_(afresh)).values(read_at=None))
    finished = and_(readings.c.kpi.in_(afresh), readings.c.finished_at.is_not(None))
    tx.execute(update(readings).where(finished).values(due_at=_LONG_AGO))


def others_failing(tx: Transaction, reading: Reading, failing: str, among: Collection[str]) -> bool:
    """Say whether another source (of these KPIs) fails alike through the same connection."""
    alike = select(readings.c.kpi).where(
        readings.c.connection == reading.connection,
        readings.c.failing == failing,
        readings.c.kpi != reading.kpi,
        readings.c.kpi.in_(among),
    )
    return tx.execute(alike.limit(1)).first() is not None


def _mine(tx: Transaction, reading: Reading, owner: str, changes: dict[str, object]) -> bool:
    mine = and_(
        readings.c.kpi == reading.kpi,
        readings.c.due_at == reading.due_at,
        readings.c.owner == owner,
        readings.c.lease_until == reading.lease_until,
        readings.c.finished_at.is_(None),
    )
    return tx.scalar(update(readings).where(mine).values(changes).returning(readings.c.kpi)) is not None
