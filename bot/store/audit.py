"""The audit: who did what, append-only; each row's hash covers the row and the hash before it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from bot.store import statements
from bot.store.database import Transaction
from bot.store.tables import audit

_LOCK = 7_190_141_053  # any number nobody else uses: PostgreSQL's advisory lock of "appending to the audit"
_BEFORE_THE_FIRST = ""


def record(tx: Transaction, *, who: str, what: str, subject: str, detail: dict[str, Any], now: datetime) -> None:
    """Append a row. The detail is JSON-able and names no KPI value: the audit outlives every clearance."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    row = {"at": now, "who": who, "what": what, "subject": subject, "detail": _canonical(detail)}
    last = tx.scalar(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1))
    tx.execute(statements.insert(tx, audit), row | {"hash": _hash(last or _BEFORE_THE_FIRST, row)})


def verify(tx: Transaction) -> int | None:
    """Walk the whole chain; give the id of the first row that does not fit what is before it, or None."""
    previous = _BEFORE_THE_FIRST
    for row in tx.execute(select(audit).order_by(audit.c.id).execution_options(yield_per=1000)).mappings():
        said = {name: row[name] for name in ("at", "who", "what", "subject", "detail")}
        if _hash(previous, said) != row["hash"]:
            return int(row["id"])
        previous = row["hash"]
    return None


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _hash(previous: str, row: dict[str, Any]) -> str:
    said = _canonical(row | {"at": row["at"].astimezone(UTC).isoformat()})
    return hashlib.sha256(f"{previous}\n{said}".encode()).hexdigest()
