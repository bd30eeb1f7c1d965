"""What the sandbox took is written down, what it refused is not, and a refused record fails the whole run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, serve
from tests.oracles.sent import HOME, MESSAGE, MODAL, Record
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, served_over_http, small_sandbox

HERE = Path(__file__).parents[2]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    built = small_sandbox()
    with serve(built):
        app, _ = bolt_app.build(built)
        with served_over_http(app) as url:
            built.connect(url)
            yield built


def recorded(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Surfaces and first words of what was sent."""
    record = Record()
    for call in sandbox.journal.calls():
        record.note(call, "here")
    return [(sent.surface, str(sent.payload.get("text") or sent.payload.get("type") or "")) for sent in record.all()]


def test_posts_edits_and_private_messages_are_written_down_once(sandbox: Sandbox) -> None:
    client: WebClient = client_of(sandbox)
    ts = client.chat_postMessage(channel="C0REV", text="a post", blocks=bolt_app.BUTTONS)["ts"]
    client.chat_postMessage(channel="C0OPS", text="a post", blocks=bolt_app.BUTTONS)
    client.chat_update(channel="C0REV", ts=ts, text="an edit")
    client.chat_postEphemeral(channel="C0REV", user="U0ANA", text="for you")
    assert recorded(sandbox) == [(MESSAGE, "a post"), (MESSAGE, "an edit"), (MESSAGE, "for you")]


def test_views_answers_and_acknowledgements_are_written_down(sandbox: Sandbox) -> None:
    ana = sandbox.user("ana")
    shown = ana.command("/kpi buttons", "#revenue")
    ana.click(shown, "Acknowledge")
    sandbox.wait_for(lambda: len(sandbox.calls("response_url")) == 1 and sandbox.calls("response_url")[0].status)
    ana.command("/kpi modal", "#revenue")
    ana.suggest(ana.view or shown, "find", "chu")
    ana.submit(None, {"Cause": "again"})
    ana.home()
    found = recorded(sandbox)
    assert found[:2] == [(MESSAGE, "Churn"), (MESSAGE, "Ana has it")]
    assert [surface for surface, _ in found[2:]] == [MODAL, MESSAGE, MODAL, HOME]


def test_what_was_refused_is_not_written_down(sandbox: Sandbox) -> None:
    with pytest.raises(SlackApiError):
        client_of(sandbox).chat_postMessage(channel="C0REV", text="a post", blocks=[{"type": "poll"}])
    sandbox.user("ana").command("/kpi broken", "#revenue")
    assert recorded(sandbox) == []


PLANTED = """
import bot.slack.limits
from bot.sandbox import serve
from tests.sandbox.fixtures import client_of, small_sandbox

def test_something(monkeypatch):
    # The sandbox is made to take 51 blocks; the judges go by their own numbers.
    monkeypatch.setattr("bot.sandbox.methods.content.check_message", lambda *_, **__: [])
    sandbox = small_sandbox()
    with serve(sandbox):
        client_of(sandbox).chat_postMessage(channel="C0REV", text="much", blocks=[{"type": "divider"}] * 51)
"""


def test_a_refused_payload_of_any_worker_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_planted.py").write_text(PLANTED, encoding="utf-8")
    options = [
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-n",
        "1",
        "--rootdir",
        str(tmp_path),
        "-c",
        os.devnull,
    ]
    environment = {**os.environ, "PYTHONPATH": str(HERE), "CI": ""}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        check=False, capture_output=True, text=True, timeout=60, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert "test_planted.py::test_something (message)" in run.stdout
    assert "50" in run.stdout


def test_a_record_survives_the_way_to_another_process() -> None:
    record, other = Record(), Record()
    record.add(MESSAGE, {"text": "a"}, "first")
    record.add(MESSAGE, {"text": "a"}, "second")
    other.take(record.dumped())
    assert [(sent.payload, sent.origin) for sent in other.all()] == [({"text": "a"}, "first")]
    assert len(json.loads(record.dumped())) == 1
