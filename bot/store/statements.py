"""The two things SQLite and PostgreSQL spell differently: inserting with a conflict, and taking a whole list."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import FromClause, Integer, Table, Text, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Transaction


def insert(tx: Transaction, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Begin an INSERT that knows ``on_conflict_do_…``. Whether a row went in is told by RETURNING, never by a count."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def given_texts(tx: Transaction, texts: Iterable[str]) -> FromClause:
    """Hand a list of texts over as one parameter: a relation with the column ``text``."""
    return _given(tx, {"text": Text()}, [(text,) for text in texts])


def given_pairs(tx: Transaction, first: str, second: str, pairs: Iterable[tuple[str, str]]) -> FromClause:
    """Hand pairs of texts over as one parameter: a relation with the two columns named."""
    return _given(tx, {first: Text(), second: Text()}, list(pairs))


def given_numbers(tx: Transaction, first: str, second: str, pairs: Iterable[tuple[int, int]]) -> FromClause:
    """Hand pairs of whole numbers over as one parameter: a relation with the two columns named."""
    return _given(tx, {first: Integer(), second: Integer()}, list(pairs))


def put_many(
    tx: Transaction, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *, key: Sequence[str] = ()
) -> None:
    """Insert many rows, as fast as each database can; with a key, a row takes the place of the one it finds there.

    Columns are named in the table's order, the columns of the key first. When they are all of the key, the row that
    is there stays.
    """
    statement = insert(tx, table)
    rest = {name: statement.excluded[name] for name in columns[len(key) :]}
    if key and rest:
        statement = statement.on_conflict_do_update(index_elements=key, set_=rest)
    elif key:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    if tx.dialect.name == "postgresql":
        given = _given(tx, {name: table.c[name].type for name in columns}, rows)
        tx.execute(statement.from_select(list(columns), select(given)))
    else:
        # Written by the driver itself: building each row's parameters would take longer than writing them.
        tx.exec_driver_sql(str(statement.compile(dialect=tx.dialect, column_keys=columns)), list(rows))


def _given(tx: Transaction, columns: dict[str, Any], rows: Sequence[tuple[Any, ...]]) -> FromClause:
    if tx.dialect.name == "postgresql":
        lists = [list(items) for items in zip(*rows, strict=True)] or [[] for _ in columns]
        arrays = [
            cast(bindparam(f"given_{name}", items, unique=True), postgresql.ARRAY(kind))
            for (name, kind), items in zip(columns.items(), lists, strict=True)
        ]
        return func.unnest(*arrays).table_valued(*columns).render_derived()
    row = func.json_each(bindparam("given", json.dumps(rows), unique=True)).table_valued("value")
    picked = [
        cast(func.json_extract(row.c.value, f"$[{place}]"), kind).label(name)
        for place, (name, kind) in enumerate(columns.items())
    ]
    return select(*picked).subquery()
