"""Small facts the bot keeps about itself, such as what the operators have been told."""

from sqlalchemy import delete, select, update

from bot.store import statements
from bot.store.database import Transaction
from bot.store.tables import notes

SAMPLE_HISTORY = "sample_history"
"""Set once sample history has been taken in, so that reports say so."""


def get(tx: Transaction, key: str) -> str | None:
    """Give what was kept under the key, or None."""
    value: str | None = tx.scalar(select(notes.c.value).where(notes.c.key == key))
    return value


def put(tx: Transaction, key: str, value: str) -> None:
    """Keep a value under the key, instead of the one before."""
    kept = statements.insert(tx, notes).values(key=key, value=value)
    tx.execute(kept.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def drop(tx: Transaction, *keys: str) -> None:
    """Forget what was kept under the keys."""
    tx.execute(delete(notes).where(notes.c.key.in_(keys)))


def swap(tx: Transaction, key: str, expected: str | None, value: str) -> bool:
    """Keep a value in place of the expected one (None: of nothing); False, and nothing kept, when another is there.

    Of several who try at once one succeeds.
    """
    if expected is None:
        fresh = statements.insert(tx, notes).values(key=key, value=value).on_conflict_do_nothing()
        return tx.scalar(fresh.returning(notes.c.key)) is not None
    held = update(notes).where(notes.c.key == key, notes.c.value == expected).values(value=value)
    return tx.scalar(held.returning(notes.c.key)) is not None
