"""A real MySQL-speaking server for tests: the one TEST_MYSQL_URL names, or a private MariaDB on a port of its own.

The private one is started by the first test of a process that asks for it, and ended when that process's tests are
over; its tests are one xdist group, so that as few processes as can be start one. Without either, tests skip, but fail
where CI=true.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

GROUP = pytest.mark.xdist_group("mariadb")
"""Marks tests that use the server. What they make there has the name of their process in it, for some may share it."""

_SMALL = (
    "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=8M",
    "--innodb-flush-log-at-trx-commit=0",
    "--performance-schema=off",
    "--skip-log-bin",
)
_READY_SECONDS = 60
_END_SECONDS = 10
_TRIES = 3


@pytest.fixture(scope="session")
def mysql_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The address of the server as its root, without a database."""
    given = os.environ.get("TEST_MYSQL_URL")
    if given:
        yield make_url(given).set(drivername="mysql+pymysql", database=None)
        return
    need_mariadb()
    with _running(tmp_path_factory.mktemp("mariadb")) as url:
        yield url


def need_mariadb() -> None:
    """Skip the test where MariaDB is not installed; where CI=true, fail it."""
    missing = [name for name in ("mariadbd", "mariadb-install-db") if _program(name) is None]
    if not missing:
        return
    lacking = f"no MySQL to test on: {' and '.join(missing)} not found; install MariaDB or set TEST_MYSQL_URL"
    if os.environ.get("CI") == "true":
        pytest.fail(lacking)
    pytest.skip(lacking)


def _program(name: str) -> str | None:
    """Find a program; Debian keeps servers in a folder that only root's PATH has."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin")))


@contextmanager
def _running(folder: Path) -> Iterator[URL]:
    """Run a server on files in a folder for a block; afterwards it has ended and its files are gone."""
    made = ("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
    subprocess.run(
        _command("mariadb-install-db", folder, *made), check=True, capture_output=True, timeout=_READY_SECONDS
    )
    with (folder / "log").open("wb") as log:
        server, url = _started(folder, log)
        try:
            yield url
        finally:
            _end(server)
    shutil.rmtree(folder / "data", ignore_errors=True)


def _command(program: str, folder: Path, *more: str) -> list[str]:
    # It refuses to run as root unless it is told to.
    owner = ["--user=root"] if os.getuid() == 0 else []
    return [_program(program) or program, "--no-defaults", *owner, f"--datadir={folder / 'data'}", *_SMALL, *more]


def _started(folder: Path, log: BinaryIO) -> tuple[subprocess.Popen[bytes], URL]:
    """Start the server on a free port; should somebody else take that meanwhile, on another."""
    for _ in range(_TRIES):
        port = _free_port()
        where = (f"--socket={folder / 'socket'}", f"--port={port}", "--bind-address=127.0.0.1", "--skip-name-resolve")
        server = subprocess.Popen(_command("mariadbd", folder, *where), stdout=log, stderr=log)
        url = URL.create("mysql+pymysql", username="root", host="127.0.0.1", port=port)
        if _comes_to_answer(server, url):
            return server, url
        _end(server)
    said = (folder / "log").read_text(errors="replace")[-2000:]
    pytest.fail(f"MariaDB did not start:\n{said}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def _comes_to_answer(server: subprocess.Popen[bytes], url: URL) -> bool:
    ends = time.monotonic() + _READY_SECONDS
    while server.poll() is None and time.monotonic() < ends:
        if _answers(url):
            return server.poll() is None
        time.sleep(0.05)
    return False


def _answers(url: URL) -> bool:
    engine = create_engine(url)
    try:
        engine.connect().close()
    except DBAPIError:
        return False
    finally:
        engine.dispose()
    return True


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
