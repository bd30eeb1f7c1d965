"""The stage for faults: SQLite, and PostgreSQL where the database has a part in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS, database_url, worker  # noqa: F401
from tests.stage import Stage, staged


@pytest.fixture
def stage(tmp_path: Path, worker: str) -> Iterator[Stage]:  # noqa: F811
    """The stage on SQLite."""
    with staged(database_url("sqlite", tmp_path, worker)) as raised:
        yield raised


@pytest.fixture(params=KINDS)
def on_both(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Stage]:  # noqa: F811
    """The stage on each database."""
    with staged(database_url(request.param, tmp_path, worker)) as raised:
        yield raised
