"""Small facts the bot keeps about itself, such as what the operators have been told."""

from sqlalchemy import delete, select

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
