"""The two things SQLite and PostgreSQL spell differently: inserting with a conflict, and taking a whole list."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import FromClause, Table, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from bot.store.database import Transaction

_Insert = TypeVar("_Insert", postgresql.Insert, sqlite.Insert)


def insert(tx: Transaction, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Begin an INSERT that knows ``on_conflict_do_…``. Whether a row went in is told by RETURNING, never by a count."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def given(dialect: str, **columns: TypeEngine[Any]) -> FromClause:
    """Make a relation whose rows are handed over as parameters, by ``rows_given``, when the statement is executed.

    So a statement is built once, whatever it is asked about; building it takes longer than most answers.
    """
    if dialect == "postgresql":
        arrays = [cast(bindparam(f"given_{name}"), postgresql.ARRAY(kind)) for name, kind in columns.items()]
        return func.unnest(*arrays).table_valued(*columns).render_derived()
    row = func.json_each(bindparam("given")).table_valued("value")
    picked = [
        cast(func.json_extract(row.c.value, f"$[{place}]"), kind).label(name)
        for place, (name, kind) in enumerate(columns.items())
    ]
    return select(*picked).subquery()


def rows_given(tx: Transaction, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Give the parameters that hand rows over to a statement with ``given``; columns: as they are named there."""
    if tx.dialect.name == "postgresql":
        lists = [list(items) for items in zip(*rows, strict=True)] or [[] for _ in columns]
        return {f"given_{name}": items for name, items in zip(columns, lists, strict=True)}
    return {"given": json.dumps(list(rows))}


def put_many(
    tx: Transaction, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *, key: Sequence[str] = ()
) -> None:
    """Insert many rows, as fast as each database can; with a key, a row takes the place of the one it finds there.

    Columns are named in the table's order, the columns of the key first. When they are all of the key, the row that
    is there stays.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(_insert_given(table, tuple(columns), tuple(key)), rows_given(tx, columns, rows))
    else:
        # Written by the driver itself: building each row's parameters would take longer than writing them.
        tx.exec_driver_sql(_insert_bare(table, tuple(columns), tuple(key)), list(rows))


@cache
def _insert_given(table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> postgresql.Insert:
    relation = given("postgresql", **{name: table.c[name].type for name in columns})
    return _taking_place(postgresql.insert(table), columns, key).from_select(list(columns), select(relation))


@cache
def _insert_bare(table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    statement = _taking_place(sqlite.insert(table), columns, key)
    return str(statement.compile(dialect=sqlite.dialect(), column_keys=columns))


def _taking_place(statement: _Insert, columns: tuple[str, ...], key: tuple[str, ...]) -> _Insert:
    """Say what becomes of a row whose key is there."""
    rest = {name: statement.excluded[name] for name in columns[len(key) :]}
    if key and rest:
        return statement.on_conflict_do_update(index_elements=key, set_=rest)
    return statement.on_conflict_do_nothing(index_elements=key) if key else statement
