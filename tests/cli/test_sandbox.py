"""``kpi-bot sandbox``: kpi-bot or anybody's own app, and words to paste; what is wrong is named before it listens."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from slack_sdk import WebClient

from bot.slack.manifest import SCOPES
from tests.cli.conftest import KpiBot
from tests.sandbox.test_app_manifest import COMPANY, MANIFEST, changed

Write = Callable[..., Path]


@pytest.fixture
def manifest(tmp_path: Path) -> Write:
    """Writes a manifest into the folder the command runs in."""

    def write(given: Any = MANIFEST) -> Path:
        file = tmp_path / "manifest.json"
        file.write_text(json.dumps(given), encoding="utf-8")
        return file

    return write


@contextmanager
def running(*words: str | Path, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The command on a free port: its words, and the environment it gives; it must end well when asked to."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", "sandbox", "--port", "0", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            assert process.stdout is not None
            said = ""
            while "Ctrl-C" not in said and (line := process.stdout.readline()):
                said += line
            yield said, dict(re.findall(r"export (\w+)=(\S+)", said))
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0


def test_kpi_bot_may_do_in_its_company_what_its_manifest_asks_for_and_no_more(tmp_path: Path) -> None:
    with running(folder=tmp_path) as (said, given):
        assert "KPI Bot is reached by Socket Mode" in said
        answer = WebClient(given["SLACK_BOT_TOKEN"], base_url=given["SLACK_API_URL"]).auth_test()
        assert answer.headers["x-oauth-scopes"] == ",".join(sorted(SCOPES))
        assert WebClient(base_url=given["SLACK_API_URL"]).apps_connections_open(app_token=given["SLACK_APP_TOKEN"])
        page = re.search(r"open (http://127\.0\.0\.1:\d+)", said)
        assert page is not None and "<html" in httpx2.get(page[1]).text


def test_an_app_of_ones_own_is_what_its_manifest_and_its_company_say(tmp_path: Path, manifest: Write) -> None:
    company = tmp_path / "company.json"
    company.write_text(json.dumps(COMPANY), encoding="utf-8")
    with running("--manifest", manifest(), "--people", company, folder=tmp_path) as (said, given):
        assert "Lunch Bot is reached by signed HTTP at http://localhost:3000/slack/events" in said
        assert set(given) == {"SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}
        state = httpx2.get(given["SLACK_API_URL"].replace("/api/", "/_sandbox/state")).json()
        assert (state["company"], state["app"]["name"], state["app"]["commands"]) == (
            "Lunch & Co", "Lunch Bot", ["/lunch"],
        )  # fmt: skip
        assert [person["name"] for person in state["people"]] == ["eve", "tom"]


def test_socket_mode_can_be_chosen_over_the_manifest(tmp_path: Path, manifest: Write) -> None:
    with running("--manifest", manifest(), "--socket-mode", folder=tmp_path) as (said, given):
        assert "by Socket Mode" in said and "SLACK_APP_TOKEN" in given


def test_posts_are_not_slowed_down_when_nobody_wants_it(tmp_path: Path, manifest: Write) -> None:
    statuses = {}
    for words in ([], ["--no-rate-limits"]):
        with running("--manifest", manifest(), *words, folder=tmp_path) as (_, given):
            post = {"channel": "C0GEN", "text": "hello", "token": given["SLACK_BOT_TOKEN"]}
            url = f"{given['SLACK_API_URL']}chat.postMessage"
            with httpx2.Client() as client:
                statuses[not words] = [client.post(url, data=post).status_code for _ in range(40)]
    assert 429 in statuses[True]
    assert set(statuses[False]) == {200}


REQUEST = changed("settings", "event_subscriptions", "request_url", to="https://lunch.example.com/slack/events")


@pytest.mark.parametrize(
    ("given", "words", "said"),
    [
        (REQUEST, (), r"manifest\.json: settings\.event_sub\S+\.request_url: .*not on this machine.*--request-url"),
        (
            changed("settings", "interactivity", "request_url", to="http://127.0.0.1:3000/other"), (),
            r"manifest\.json: it names several request URLs .*--request-url",
        ),
        (MANIFEST, ("--socket-mode", "--request-url", "http://127.0.0.1:3000"), "--socket-mode: .*Name one way"),
        (changed("features", "slash_commands", 0, "command", to="x"), (), r"manifest\.json: features\.slash_comm"),
        (MANIFEST, ("--people", "nowhere.json"), r"nowhere\.json: it cannot be read"),
        (MANIFEST, ("--request-url", "localhost:3000"), "--request-url: 'localhost:3000' is no web address"),
        (MANIFEST, ("--port", "99999"), "99999 is no port"),
        (MANIFEST, ("--host", "0.0.0.0", "--port", "99999"), "--host 0.0.0.0: whoever reaches this address can act"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_the_way_out(
    kpi_bot: KpiBot, manifest: Write, given: Any, words: tuple[str, ...], said: str
) -> None:
    manifest(given)
    ended = kpi_bot("sandbox", "--manifest", "manifest.json", *words)
    assert (ended.code, ended.out) == (2, "")
    assert re.match(said, ended.err)


def test_people_need_a_manifest_beside_them(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("sandbox", "--people", "company.json")
    assert ended.code == 2
    assert ended.err.startswith("--people: it is given without --manifest")
