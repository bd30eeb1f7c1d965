"""docs/sandbox.md says what the sandbox does: made parts are fresh, and its examples run as they stand."""

from __future__ import annotations

import contextlib
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import typer.main

from bot.cli import app
from bot.sandbox import Sandbox, serve
from bot.sandbox.control import Control
from bot.sandbox.errors import SlackError
from bot.sandbox.hosting import environment_of
from bot.sandbox.methods.registry import METHODS
from bot.sandbox.small_company import CHANNELS, PEOPLE, read_company
from bot.sandbox.towards_app.mishaps import KINDS
from tests.sandbox.fixtures import small_sandbox
from tests.sandbox_manual import EVENTS, PAGE, methods, with_manual

PAGE_TEXT = PAGE.read_text(encoding="utf-8")
PYTHON = re.compile(r"^```python\n# (\w+\.py)\n(.*?)^```", re.MULTILINE | re.DOTALL)
JSON = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _json_with(word: str) -> str:
    texts: list[str] = JSON.findall(PAGE_TEXT)
    return next(text for text in texts if f'"{word}"' in text)


def test_made_parts_are_fresh() -> None:
    assert with_manual(PAGE_TEXT) == PAGE_TEXT, "run: python -m tests.sandbox_manual"


def test_every_method_is_in_the_manual_with_what_it_does() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (.*?) \|", "\n".join(methods()), re.MULTILINE))
    assert rows.keys() == METHODS.keys()
    assert [name for name, words in rows.items() if not words] == []


def test_every_event_it_sends_is_in_the_manual() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path(inspect.getfile(Control)).parent.rglob("*.py"))
    sent = set(re.findall(r'"type": "((?:app|channel|group|member|reaction|team|tokens|user|dnd|link)_\w+)"', source))
    assert sent and sent <= set(EVENTS)


def test_every_door_is_in_the_manual() -> None:
    doors = {(method, route.path) for route in Control(small_sandbox()).routes() for method in route.methods or ()}
    told = set(re.findall(r"^\| `(\w+) /_sandbox(/\S+)`", PAGE_TEXT, re.MULTILINE))
    assert {door for door in doors if door[0] != "HEAD"} == told


def test_a_door_answers_with_the_fields_in_the_manual() -> None:
    asked = re.search(r"^curl http://127\.0\.0\.1:8001(/\S+) -d '(.*)'$", PAGE_TEXT, re.MULTILINE)
    assert asked is not None
    with serve(Sandbox(PEOPLE, CHANNELS)) as address:
        answer = httpx2.post(f"{address}{asked[1]}", content=asked[2]).json()
    assert answer.keys() == json.loads(_json_with("plain")).keys()
    assert answer["error"] == "invalid_command"


def test_every_mishap_in_the_manual_can_happen_so() -> None:
    table = PAGE_TEXT.partition("| mishap | what happens |")[2]
    bodies = [json.loads(body) for body in re.findall(r"^\| `(\{.*\})` \|", table, re.MULTILINE)]
    assert {name for body in bodies for name in body} == KINDS.keys()
    for body in bodies:
        room = Sandbox(PEOPLE, CHANNELS)
        ts = room.user("ana").say("hello", "#general").ts
        for name, value in body.items():
            with contextlib.suppress(SlackError):  # such as taking a channel out of the archive that is not in it
                room.mishap(name, {**value, "ts": ts} if isinstance(value, dict) and "ts" in value else value)


def test_every_option_of_the_command_is_in_the_manual() -> None:
    group = typer.main.get_group(app)
    options = [max(one.opts + one.secondary_opts, key=len) for one in group.commands["sandbox"].params]
    assert len(options) > 5
    assert [option for option in options if option not in PAGE_TEXT] == []


def test_every_fixture_and_every_variable_is_in_the_manual() -> None:
    source = Path(inspect.getfile(Control)).with_name("fixtures.py").read_text(encoding="utf-8")
    offered = re.findall(r"^@pytest.fixture\ndef (\w+)", source, re.MULTILINE)
    variables = [*environment_of(small_sandbox()), "SLACK_SIGNING_SECRET"]
    assert len(offered) > 5
    assert [name for name in [*offered, *variables] if f"`{name}`" not in PAGE_TEXT] == []


def test_the_company_in_the_manual_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "company.json"
    file.write_text(_json_with("people"), encoding="utf-8")
    assert [room.name for room in read_company(file).channels] == ["eating", "payroll"]


def test_the_example_in_the_manual_passes_as_it_stands(tmp_path: Path) -> None:
    files = dict(PYTHON.findall(PAGE_TEXT))
    assert files.keys() == {"conftest.py", "lunch.py", "test_lunch.py"}
    for name, text in {**files, "manifest.json": _json_with("display_information")}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
