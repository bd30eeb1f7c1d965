"""The stages these tests play on; setting one up takes longer than a test, so most of them share one, emptied."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.tables import metadata
from tests.databases import database_url, worker
from tests.web.stage import Stage, staged

__all__ = ["worker"]


@pytest.fixture
def kind() -> str:
    """Which kind of database; tests that matter on both are parametrized with ``kind``."""
    return "sqlite"


@pytest.fixture
def database(kind: str, tmp_path: Path, worker: str) -> Iterator[Database]:
    """A migrated, empty database."""
    opened = Database(database_url(kind, tmp_path, worker))
    yield opened
    opened.close()


@pytest.fixture
def own_stage(database: Database) -> Iterator[Stage]:
    """The small company, served by a server that has served nobody else."""
    with staged(database) as set_up:
        yield set_up


@pytest.fixture(scope="session")
def shared_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], Stage]]:
    """Gives the stage of a kind of database, set up when it is first asked for."""
    known: dict[str, Stage] = {}
    with ExitStack() as stack:

        def give(kind: str, worker: str) -> Stage:
            if kind not in known:
                opened = Database(database_url(kind, tmp_path_factory.mktemp(kind), worker))
                stack.callback(opened.close)
                known[kind] = stack.enter_context(staged(opened))
            return known[kind]

        yield give


@pytest.fixture
def stage(kind: str, worker: str, shared_stage: Callable[[str, str], Stage]) -> Stage:
    """The small company, served, with nothing stored and nothing done yet."""
    shared = shared_stage(kind, worker)
    with shared.house.database.transaction() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(table.delete())
    shared.begin()
    return shared


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One stage for every test in which nothing may be stored; it need not even be emptied."""
    opened = Database(database_url("sqlite", tmp_path_factory.mktemp("untouched"), "untouched"))
    with staged(opened) as set_up:
        yield set_up
    opened.close()
