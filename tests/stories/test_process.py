"""The real process, as an operator runs it: `kpi-bot run`, killed and stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from bot.cli.stage import build_sandbox
from bot.rulebook import read_policy, shipped_rules
from bot.sandbox import Sandbox, SandboxClock, serve
from tests.databases import KINDS, database_url
from tests.stage import SECRET

CHANNEL = "#customer-success"
KPI_BOT = [sys.executable, "-c", "from bot.cli import main; main()"]


class Process:
    """One `kpi-bot run` and what it says."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.popen = subprocess.Popen([*KPI_BOT, "run"], env=environment, stdout=subprocess.PIPE, text=True)
        self.address = ""

    def wait_until_ready(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            said = json.loads(line)
            if said["event"] == "ready":
                self.address = said["at"]
                return
        raise AssertionError(f"it ended with {self.popen.wait()}")

    def push(self, token: str, value: float) -> httpx2.Response:
        body = {"values": [{"kpi": "churn_rate", "value": value, "at": "2026-11"}]}
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.post(f"{self.address}/api/v1/values", json=body, headers=headers, timeout=10)

    def end(self, how: signal.Signals) -> int:
        self.popen.send_signal(how)
        code = self.popen.wait(timeout=10)
        assert self.popen.stdout is not None
        self.popen.stdout.close()
        return code


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    built = build_sandbox(read_policy(shipped_rules()), clock=SandboxClock(running=True), signing_secret=SECRET)
    with serve(built):
        yield built
    built.close()


@pytest.fixture(params=KINDS)
def environment(request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path, worker: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url(request.param, tmp_path, worker),
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_SIGNING_SECRET": SECRET,
        "PORT": "0",
    }


def make_token(environment: dict[str, str]) -> str:
    command = [*KPI_BOT, "token", "create", "tests"]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert printed.count("\n") == 1
    return printed.strip()


@contextmanager
def running(environment: dict[str, str], sandbox: Sandbox) -> Iterator[Process]:
    process = Process(environment)
    try:
        process.wait_until_ready()
        sandbox.connect(f"{process.address}/slack/events")
        yield process
    finally:
        if process.popen.poll() is None:
            process.end(signal.SIGKILL)


def posts_after(sandbox: Sandbox, seconds: float) -> int:
    time.sleep(seconds)
    return len(sandbox.channel(CHANNEL).posts)


def test_a_pushed_value_is_told_once_and_the_command_answers(environment: dict[str, str], sandbox: Sandbox) -> None:
    token = make_token(environment)
    with running(environment, sandbox) as process:
        assert process.push(token, 4.3).json()["alerts"] == 1
        sandbox.wait_for(lambda: sandbox.channel(CHANNEL).posts)
        reply = sandbox.user("ana").command("/kpi churn", CHANNEL)
        for words in ("4.3%", "2.5%", "Chidi Okafor"):
            assert words in reply.plain
        assert httpx2.get(f"{process.address}/-/ready").status_code == 200
        assert process.end(signal.SIGTERM) == 0
    assert len(sandbox.channel(CHANNEL).posts) == 1


def test_killed_between_the_push_and_the_post_it_still_tells_exactly_once(
    environment: dict[str, str], sandbox: Sandbox
) -> None:
    token = make_token(environment)
    sandbox.faults.plan("server_error", method="chat.postMessage", times=None)
    with running(environment, sandbox) as process:
        assert process.push(token, 4.3).status_code == 200
        process.end(signal.SIGKILL)
    assert sandbox.channel(CHANNEL).posts == []
    sandbox.faults.clear()
    with running(environment, sandbox):
        sandbox.wait_for(lambda: sandbox.channel(CHANNEL).posts, timeout=40)
        assert posts_after(sandbox, 1) == 1


def test_killed_while_slack_answers_it_finds_its_message_and_does_not_repeat_it(
    environment: dict[str, str], sandbox: Sandbox
) -> None:
    token = make_token(environment)
    sandbox.faults.plan("slow", method="chat.postMessage", times=1, seconds=8)
    with running(environment, sandbox) as process:
        process.push(token, 4.3)
        sandbox.wait_for(lambda: sandbox.channel(CHANNEL).posts)
        process.end(signal.SIGKILL)
    with running(environment, sandbox) as process:
        sandbox.wait_for_call("conversations.history", timeout=40)
        assert posts_after(sandbox, 1) == 1
        process.push(token, 2.0)
        sandbox.wait_for_call("chat.update", timeout=20)
    assert len([post for post in sandbox.channel(CHANNEL).posts if post.thread_ts in (None, post.ts)]) == 1


def test_missing_settings_are_named_all_at_once() -> None:
    environment = {"PATH": os.environ["PATH"], "PORT": "http"}
    ended = subprocess.run([*KPI_BOT, "run"], env=environment, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET", "PORT"):
        assert name in ended.stderr
    assert "Traceback" not in ended.stderr
