"""Warehouses, each by its own SQLAlchemy dialect: the query's text is one lock, what its role may do the other."""

from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.sources.rows import SourceFailed
from bot.sources.sql_guard import Asked, Guard


def _open(url: URL, _seconds: float) -> Engine:
    return create_engine(url, poolclass=NullPool, hide_parameters=True)


def _prepare(_session: Connection, _asked: Asked) -> None:
    """Nothing: no two warehouses tell alike what a role may do."""


def _cut(_driver: Any) -> None:
    """Nothing: their drivers are not safe to stop from outside; a reading that is late is left behind."""


def _explain(error: DBAPIError) -> SourceFailed:
    kind = type(error.orig).__name__
    return SourceFailed("warehouse", f"the warehouse answered with {kind}; its own log says more", passing=True)


GUARD = Guard(_open, _prepare, _cut, _explain)
