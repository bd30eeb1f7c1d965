"""Memory of signed requests, so that a replayed one is not taken twice."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from bot.store import statements
from bot.store.database import Transaction
from bot.store.tables import seen_requests


def first_time(tx: Transaction, digest: str, now: datetime, *, keep: timedelta) -> bool:
    """Say whether this request has not been seen within ``keep``, and remember it; older ones are forgotten."""
    tx.execute(delete(seen_requests).where(seen_requests.c.seen_at < now - keep))
    seen = statements.insert(tx, seen_requests).values(digest=digest, seen_at=now).on_conflict_do_nothing()
    return tx.scalar(seen.returning(seen_requests.c.digest)) is not None
