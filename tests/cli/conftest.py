"""The command as a person runs it: words in, exit code and both outputs out, in a folder of its own."""

import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from bot.cli import main
from bot.settings import NAMES


class Ended(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


KpiBot = Callable[..., Ended]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Commands send the log to an output that is closed after the test; later tests must not write to it."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture
def kpi_bot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> KpiBot:
    """Runs ``kpi-bot`` with no settings but those a test gives, in an empty folder."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **settings: str) -> Ended:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["kpi-bot", *words])
            for name, value in settings.items():
                patch.setenv(name, value)
            capsys.readouterr()
            try:
                main()
                code = 0
            except SystemExit as ended:
                code = int(ended.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return run
