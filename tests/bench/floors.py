"""The least that can be done: what a line is held against, measured on the same machine in the same minute."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from tests.bench.figures import timed

_VALUES = """
CREATE TABLE IF NOT EXISTS value (
    series_id INTEGER, day INTEGER, value REAL, batch_id INTEGER, PRIMARY KEY (series_id, day)
) WITHOUT ROWID
"""


@contextmanager
def bare_database(file: Path) -> Iterator[sqlite3.Connection]:
    """Open an SQLite file as safely as the bot does: WAL, every commit on the disk before it is answered."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(_VALUES)
    yield connection
    connection.close()


def commits(file: Path, count: int) -> list[float]:
    """Time so many durable commits of one row each."""
    insert = "INSERT INTO value VALUES (1, ?, 1.0, 1)"
    with bare_database(file) as connection:
        return [timed(partial(connection.execute, insert, (day,))) for day in range(count)]


def batches(file: Path, bodies: list[bytes]) -> list[float]:
    """Time, for each pushed body: read the JSON, insert a row for each value, commit."""

    def store(day: int, body: bytes) -> None:
        values = json.loads(body)["values"]
        rows = [(number, day, one["value"], 1) for number, one in enumerate(values)]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO value VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")

    with bare_database(file) as connection:
        return [timed(partial(store, day, body)) for day, body in enumerate(bodies)]


def seeks(file: Path, count: int) -> list[float]:
    """Time the one statement that gives the latest value, and the one before it, of every series by its index."""
    newest = "(SELECT value FROM value WHERE series_id = series.id ORDER BY day DESC LIMIT 1{})"
    statement = f"SELECT id, {newest.format('')}, {newest.format(' OFFSET 1')} FROM series"
    connection = sqlite3.connect(file)
    times = [timed(lambda: connection.execute(statement).fetchall()) for _ in range(count)]
    connection.close()
    return times


def newest(file: Path, limit: int, count: int) -> list[float]:
    """Time the one statement that gives so many of the latest values of every series by its index, in order."""
    oldest = f"(SELECT day FROM value WHERE series_id = series.id ORDER BY day DESC LIMIT 1 OFFSET {limit - 1})"
    held = f"value.series_id = series.id AND value.day >= {oldest}"
    statement = f"SELECT value.value FROM series CROSS JOIN value ON {held} ORDER BY series.id, value.day"
    connection = sqlite3.connect(file)
    times = [timed(lambda: connection.execute(statement).fetchall()) for _ in range(count)]
    connection.close()
    return times


def comparisons(count: int) -> float:
    """Time the arithmetic of two thresholds and a change for so many series, in numpy."""
    before, newest = np.random.default_rng(1).normal(50, 3, (2, count))
    return timed(lambda: (newest >= 90) | (newest >= 80) | (newest - before >= 1.5 * np.abs(before)))
