"""Tokens of the push API, known by their digest only."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select, update

from bot.core.clearance import Reader
from bot.core.errors import BadInput
from bot.core.organisation import Level
from bot.store import statements
from bot.store.database import Transaction
from bot.store.tables import tokens

_USE_KEPT_EVERY = timedelta(minutes=1)


class Token(NamedTuple):
    """A token: whom it was given to, what it allows, what it may see, and when it was made, last used and revoked."""

    name: str
    scopes: frozenset[str]
    reader: Reader
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def create(tx: Transaction, name: str, digest: str, scopes: Collection[str], now: datetime, *, reader: Reader) -> None:
    """Keep a new token. Raises BadInput when the name (or the token itself) is taken, also by a revoked one."""
    row = {
        "name": name,
        "digest": digest,
        "scopes": sorted(scopes),
        "clearance": reader.level.value,
        "departments": sorted(reader.departments),
        "created_at": now,
    }
    added = statements.insert(tx, tokens).values(row).on_conflict_do_nothing().returning(tokens.c.name)
    if tx.scalar(added) is None:
        raise BadInput("name", f"there is a token '{name}' already", "Choose another name")


def find(tx: Transaction, digest: str) -> Token | None:
    """Give the token with this digest; whether it has been revoked is for the caller to see."""
    row = tx.execute(select(*_SHOWN).where(tokens.c.digest == digest)).first()
    return None if row is None else _token(*row)


def used(tx: Transaction, digest: str, now: datetime) -> None:
    """Remember that the token was used; at most one write a minute."""
    long_ago = or_(tokens.c.last_used_at.is_(None), tokens.c.last_used_at <= now - _USE_KEPT_EVERY)
    tx.execute(update(tokens).where(tokens.c.digest == digest, long_ago).values(last_used_at=now))


def revoke(tx: Transaction, name: str, now: datetime) -> bool:
    """End a token; False when there is none of that name still in force."""
    ended = update(tokens).where(tokens.c.name == name, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
    return tx.scalar(ended.returning(tokens.c.name)) is not None


def listed(tx: Transaction) -> list[Token]:
    """Give every token, by name."""
    return [_token(*row) for row in tx.execute(select(*_SHOWN).order_by(tokens.c.name))]


_SHOWN = (
    tokens.c.name,
    tokens.c.scopes,
    tokens.c.clearance,
    tokens.c.departments,
    tokens.c.created_at,
    tokens.c.last_used_at,
    tokens.c.revoked_at,
)


def _token(name: str, scopes: list[str], clearance: str, departments: list[str], *moments: Any) -> Token:
    reader = Reader(level=Level(clearance), departments=frozenset(departments))
    return Token(name, frozenset(scopes), reader, *moments)
