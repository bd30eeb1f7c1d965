"""The stage, on each database and by each of Slack's two ways in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import database_url, worker  # noqa: F401
from tests.stage import Stage, staged


@pytest.fixture(params=[("sqlite", "http"), ("sqlite", "socket"), ("postgresql", "http")], ids="-".join)
def everywhere(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Stage]:  # noqa: F811
    """The stage on both databases and both transports."""
    kind, transport = request.param
    with staged(database_url(kind, tmp_path, worker), transport=transport) as stage:
        yield stage


@pytest.fixture
def stage(tmp_path: Path, worker: str) -> Iterator[Stage]:  # noqa: F811
    """The stage on SQLite with signed HTTP."""
    with staged(database_url("sqlite", tmp_path, worker)) as raised:
        yield raised
