"""The command itself: help comes at once, and the manifest is one JSON document."""

import json
import subprocess
import sys
from importlib.metadata import version

import pytest
import typer.main

from bot.cli import app
from tests.cli.conftest import KpiBot

_HEAVY = ("alembic", "apscheduler", "babel", "fastapi", "jinja2", "slack_bolt", "slack_sdk", "sqlalchemy", "uvicorn")


def test_help_waits_for_nothing_it_does_not_need() -> None:
    program = f"import sys, bot.cli; print(*(name for name in {_HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []


def test_help_names_every_command_with_what_it_does(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("--help")
    assert ended.code == 0
    group = typer.main.get_group(app)
    assert [name for name, one in group.commands.items() if name not in ended.out or not one.help] == []


def test_a_command_that_does_not_exist_ends_with_2(kpi_bot: KpiBot) -> None:
    assert kpi_bot("watch").code == 2


@pytest.mark.parametrize("words", [(), ("--with-history",), ("--url", "https://kpi.example.com")])
def test_manifest_is_one_json_document(kpi_bot: KpiBot, words: tuple[str, ...]) -> None:
    ended = kpi_bot("manifest", *words)
    assert ended.code == 0
    given = json.loads(ended.out)
    assert given["settings"]["socket_mode_enabled"] is (words[:1] != ("--url",))
    assert given["features"]["slash_commands"][0]["command"] == "/kpi"


@pytest.mark.parametrize(
    "url",
    [
        "http://kpi.example.com", "kpi.example.com", "https://", "https://kpi example.com", "https://[", "",
        "https://kpi.example.com:port", "https://kpi.example.com/?a=b", "ftp://127.0.0.1",
    ],
)  # fmt: skip
def test_manifest_refuses_an_address_slack_could_not_call(kpi_bot: KpiBot, url: str) -> None:
    ended = kpi_bot("manifest", "--url", url)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("--url: ")
    assert "https://kpi.example.com" in ended.err


def test_manifest_takes_plain_http_on_this_machine(kpi_bot: KpiBot) -> None:
    assert "http://127.0.0.1:8000/slack/events" in kpi_bot("manifest", "--url", "http://127.0.0.1:8000").out


def test_version_is_the_installed_one(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("--version")
    assert (ended.code, ended.out) == (0, f"kpi-bot {version('kpi-bot')}\n")


def test_manifest_names_our_address_where_slack_is_to_call(kpi_bot: KpiBot) -> None:
    given = json.loads(kpi_bot("manifest", "--url", "https://kpi.example.com").out)
    assert given["features"]["slash_commands"][0]["url"] == "https://kpi.example.com/slack/events"
