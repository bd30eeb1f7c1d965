"""Numbers that wait for approval, or have been answered; at most one waits for a period of a series."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CursorResult, and_, select, update

from bot.core.approval import Answer, Approval
from bot.core.periods import Frequency, parse_label
from bot.store import statements
from bot.store.database import Transaction
from bot.store.steps import Collision
from bot.store.tables import approvals
from bot.store.values import Origin, Recorded


def put(tx: Transaction, approval: Approval) -> None:
    """Keep a new one that waits. Raises Collision when another waits for the same period of the same series."""
    added = statements.insert(tx, approvals).on_conflict_do_nothing().returning(approvals.c.id)
    if tx.scalar(added, approval.model_dump()) is None:
        raise Collision(f"another number of {approval.kpi} waits for {approval.period}")


def get(tx: Transaction, approval_id: str) -> Approval | None:
    """Give one by its id."""
    found = _approvals(tx.execute(select(approvals).where(approvals.c.id == approval_id)))
    return found[0] if found else None


def answer(
    tx: Transaction, approval_id: str, state: Answer, *, by: str, now: datetime, reason: str | None = None
) -> Approval | None:
    """Answer one that waits; None, and nothing changed, when it does not wait any more. by: Slack member id."""
    mine = and_(approvals.c.id == approval_id, approvals.c.state == Answer.WAITING)
    said = {"state": state, "decided_at": now, "decided_by": by, "reason": reason}
    found = _approvals(tx.execute(update(approvals).where(mine).values(said).returning(*approvals.c)))
    return found[0] if found else None


def waiting(tx: Transaction, kpi: str, segment: str) -> list[Approval]:
    """Give what waits for a series, the newest period first."""
    mine = and_(approvals.c.kpi == kpi, approvals.c.segment == segment, approvals.c.state == Answer.WAITING)
    return _approvals(tx.execute(select(approvals).where(mine).order_by(approvals.c.period.desc())))


def waiting_for(tx: Transaction, kpi: str, segment: str, period: str) -> Approval | None:
    """Give what waits for one period (label) of a series."""
    return next((one for one in waiting(tx, kpi, segment) if one.period == period), None)


def signed(tx: Transaction, kpi: str, segment: str, frequency: Frequency, found: Sequence[Recorded]) -> list[Recorded]:
    """Give records, and what they replaced, with who approved them: a number is recorded at the moment of approval."""
    mine = and_(approvals.c.kpi == kpi, approvals.c.segment == segment, approvals.c.state == Answer.APPROVED)
    given = _approvals(tx.execute(select(approvals).where(mine))) if found else []
    by = {(_first(one.period, frequency), one.by, one.decided_at): one.decided_by for one in given}
    if not by:
        return list(found)

    def approver(first: date, origin: Origin, author: str, at: datetime) -> str | None:
        return by.get((first, author, at)) if origin is Origin.SLACK else None

    return [
        record._replace(
            approved_by=approver(record.first, record.origin, record.author, record.recorded_at),
            replaced=tuple(
                was._replace(approved_by=approver(record.first, was.origin, was.author, was.recorded_at))
                for was in record.replaced
            ),
        )
        for record in found
    ]


def _first(label: str, frequency: Frequency) -> date | None:
    """Give the first day of a period; None for a label of another frequency, which the KPI may have had before."""
    try:
        return parse_label(label, frequency).first
    except ValueError:
        return None


def _approvals(found: CursorResult[Any]) -> list[Approval]:
    return [Approval.model_validate(dict(row)) for row in found.mappings()]
