"""``check --watch``: checks again after each save, tells only what has changed, and ends by how it stands."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rulebook.reading import edit
from tests.rulebook.small_company import write_small_company

KPI_BOT = [sys.executable, "-c", "from bot.cli import main; main()"]
LINE = re.compile(r"\d\d:\d\d:\d\d (\w+) +(.*)")


class Watching:
    """A ``kpi-bot check --watch`` whose output goes to a pipe."""

    def __init__(self, folder: Path, messages: Path) -> None:
        environment = {"PATH": os.environ["PATH"], "KPI_BOT_MESSAGES": str(messages), "PYTHONUNBUFFERED": "1"}
        self.popen = subprocess.Popen(
            [*KPI_BOT, "check", str(folder), "--watch"], env=environment, stdout=subprocess.PIPE, text=True
        )
        self.said: list[tuple[str, str]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            match = LINE.fullmatch(line.rstrip("\n"))
            self.said.append((match[1], match[2]) if match else ("no line of ours", line))

    def until(self, word: str, text: str) -> list[tuple[str, str]]:
        """Wait until it has said this; gives what it said up to there, and forgets it."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for place, (first, rest) in enumerate(self.said):
                if first == word and text in rest:
                    seen, self.said[: place + 1] = self.said[: place + 1], []
                    return seen
            time.sleep(0.02)
        raise AssertionError(f"never said {word} {text}: {self.said}")

    def end(self) -> int:
        self.popen.send_signal(signal.SIGINT)
        code = self.popen.wait(10)
        self._reader.join()
        return code


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write_small_company(tmp_path / "rules")


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    (tmp_path / "messages" / "en").mkdir(parents=True)
    return tmp_path / "messages"


@pytest.fixture
def watching(rules: Path, messages: Path) -> Iterator[Watching]:
    started = Watching(rules, messages)
    try:
        yield started
    finally:
        if started.popen.poll() is None:
            started.popen.kill()
        started.popen.wait()


def test_a_save_is_checked_and_only_what_changed_is_told(watching: Watching, rules: Path) -> None:
    watching.until("fine", "3 KPIs")
    watching.until("watch", "Ctrl-C ends it")
    edit(rules, "kpis/revenue.yaml", "direction: lower", "directon: lower")
    (saved, wrong, state) = watching.until("wrong", "1 mistake in")
    assert saved == ("saved", "kpis/revenue.yaml")
    assert wrong[1].startswith(f"{rules}/kpis/revenue.yaml:5:3: unknown key 'directon'")
    assert state == ("wrong", f"1 mistake in {rules}")
    edit(rules, "company.yaml", "currency: EUR", "currency: EURO")
    seen = watching.until("wrong", "2 mistakes in")
    assert [rest.partition(": ")[0] for word, rest in seen[1:-1]] == [f"{rules}/company.yaml:4:11"]
    edit(rules, "company.yaml", "currency: EURO", "currency: EUR")
    assert [word for word, _ in watching.until("wrong", "1 mistake in")] == ["saved", "mended", "wrong"]
    assert watching.end() == 1


def test_it_ends_with_0_when_all_is_fine_at_the_end(watching: Watching, rules: Path) -> None:
    watching.until("watch", "Ctrl-C ends it")
    edit(rules, "kpis/revenue.yaml", "[3.2, 2.9, 3.0], expect: calm", "[3.2, 2.9, 3.0], expect: breached")
    seen = watching.until("wrong", "1 mistake in")
    assert "the example expects breached" in seen[1][1]
    edit(rules, "kpis/revenue.yaml", "[3.2, 2.9, 3.0], expect: breached", "[3.2, 2.9, 3.0], expect: calm")
    watching.until("fine", "all fine")
    assert watching.end() == 0


def test_templates_are_checked_after_each_save_too(watching: Watching, messages: Path) -> None:
    watching.until("watch", "Ctrl-C ends it")
    (messages / "en" / "help.j2").write_text("{% block text %}{{ nonsense }}{% endblock %}", encoding="utf-8")
    assert any("help.j2" in rest for word, rest in watching.until("wrong", "mistake") if word == "wrong")
    (messages / "en" / "help.j2").unlink()
    watching.until("fine", "all fine")
    assert watching.end() == 0


def test_a_pipe_gets_no_colours(watching: Watching) -> None:
    assert all("\x1b" not in rest for _, rest in watching.until("watch", "Ctrl-C ends it"))
