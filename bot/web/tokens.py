"""Tokens of the API: made here, shown once, and kept only as a digest that our secret key is needed for."""

import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime

from bot.core.clearance import Reader
from bot.core.errors import BadInput
from bot.core.organisation import Level
from bot.store import audit, tokens
from bot.store.database import Database

WRITE_VALUES = "values:write"
READ_KPIS = "kpis:read"
SCOPES = (WRITE_VALUES, READ_KPIS)
CLEARANCES = (Level.EXECUTIVE, Level.DEPARTMENT, Level.SUPPORT)

_OPERATOR = "operator"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,79}")


def make_token(
    database: Database,
    secret_key: str,
    name: str,
    scopes: Collection[str],
    now: datetime,
    *,
    clearance: Level = Level.EXECUTIVE,
    departments: Collection[str] = (),
) -> str:
    """Make a token and give it: ``kpi_`` and 256 random bits; nobody can read it again later.

    scopes: some of SCOPES, all of them when empty. clearance: one of CLEARANCES, what KPIs there are for the token;
    departments: keys of its own departments, for the level ``department`` alone. Raises BadInput for an unknown scope,
    a clearance that would not be what it seems, a name that is taken (also by a revoked token), or one that would not
    read well where values say who sent them.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(
            "name", f"'{name[:80]}' is no name for a token", "Use up to 80 letters, digits, spaces or . _ @ -"
        )
    for scope in scopes:
        if scope not in SCOPES:
            raise BadInput("scope", f"unknown scope '{scope[:80]}'", f"Known: {', '.join(SCOPES)}")
    reader = _reader(clearance, departments)
    granted = sorted(set(scopes or SCOPES))
    detail = {"scopes": granted, "clearance": clearance.value, "departments": sorted(reader.departments)}
    token = f"kpi_{secrets.token_urlsafe(32)}"
    with database.transaction() as tx:
        tokens.create(tx, name, digest(secret_key, token), granted, now, reader=reader)
        audit.record(tx, who=_OPERATOR, what="token created", subject=name, detail=detail, now=now)
    return token


def _reader(clearance: Level, departments: Collection[str]) -> Reader:
    if clearance not in CLEARANCES:
        raise BadInput("clearance", f"a token of level '{clearance}' could see nothing", f"Choose {_listed()}")
    if clearance is Level.DEPARTMENT and not departments:
        raise BadInput("department", "the level 'department' needs at least one", "Name each with --department KEY")
    # Whoever names departments means these alone; a level that sees more than them would surprise.
    if departments and clearance is not Level.DEPARTMENT:
        problem = f"the level '{clearance}' is not bound to departments"
        raise BadInput("department", problem, "Add --clearance department, or leave the departments out")
    return Reader(level=clearance, departments=frozenset(departments))


def _listed() -> str:
    return ", ".join(CLEARANCES)


def revoke_token(database: Database, name: str, now: datetime) -> bool:
    """End a token from its next request on; False when there is none of that name still in force."""
    with database.transaction() as tx:
        ended = tokens.revoke(tx, name, now)
        if ended:
            audit.record(tx, who=_OPERATOR, what="token revoked", subject=name, detail={}, now=now)
    return ended


def digest(secret_key: str, token: str) -> str:
    """Give what is kept of a token: its HMAC-SHA256 under the secret key, in hexadecimal.

    Looking a token up by its digest tells an attacker nothing by timing: without the key nobody can choose digests.
    """
    return hmac.digest(secret_key.encode(), token.encode(errors="replace"), "sha256").hex()
