"""The command itself: help comes at once, and the manifest is one JSON document."""

import json
import subprocess
import sys

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


def test_manifest_names_our_address_where_slack_is_to_call(kpi_bot: KpiBot) -> None:
    given = json.loads(kpi_bot("manifest", "--url", "https://kpi.example.com").out)
    assert given["features"]["slash_commands"][0]["url"] == "https://kpi.example.com/slack/events"
