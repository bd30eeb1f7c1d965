"""Pytest fixtures for anybody's Bolt app: `pytest_plugins = ["bot.sandbox.fixtures"]` in a conftest.py.

Only tests import this; pytest is no dependency of the running product. What may be overridden with a fixture of the
same name: `slack_manifest`, `slack_company`, `slack_clock`, `slack_rate_limits`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.app_manifest import read_manifest
from bot.sandbox.cast import ALL_SCOPES, BotApp
from bot.sandbox.clock import SandboxClock
from bot.sandbox.hosting import EVENTS_PATH, connected, environment_of
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import serve
from bot.sandbox.small_company import SMALL_COMPANY, Company


@pytest.fixture
def slack_manifest() -> Path | Mapping[str, Any] | None:
    """The app's manifest: its JSON file, or what stands in it. None: an app with every scope and no commands."""
    return None


@pytest.fixture
def slack_company() -> Company:
    """Who is in the workspace; `read_company(path)` reads one from a file."""
    return SMALL_COMPANY


@pytest.fixture
def slack_clock() -> SandboxClock:
    """The sandbox's clock: it stands still until a test moves it."""
    return SandboxClock()


@pytest.fixture
def slack_rate_limits() -> bool:
    """Whether calls that come too fast are refused with 429."""
    return False


@pytest.fixture
def slack(
    slack_manifest: Path | Mapping[str, Any] | None,
    slack_company: Company,
    slack_clock: SandboxClock,
    slack_rate_limits: bool,  # noqa: FBT001 - fixtures come by name
) -> Iterator[Sandbox]:
    """A sandbox of its own for each test, served on a free port of this machine."""
    given = read_manifest(slack_manifest) if slack_manifest is not None else None
    built = Sandbox(
        slack_company.people,
        slack_company.channels,
        slack_company.user_groups,
        company=slack_company.name,
        clock=slack_clock,
        app=given.app if given else BotApp(name="App", handle="app", commands=()),
        scopes=given.scopes if given else ALL_SCOPES,
        rate_limits=slack_rate_limits,
    )
    with serve(built):
        yield built


@pytest.fixture
def slack_environment(slack: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The environment an app reads, set for one test: SLACK_API_URL, the tokens and the signing secret."""
    given = {**environment_of(slack), "SLACK_SIGNING_SECRET": slack.signing_secret}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


@pytest.fixture
def connect_to_slack(slack: Sandbox) -> Iterator[Callable[..., None]]:
    """Call it with the app to have it reached until the test ends: a request URL, a WSGI or ASGI application, or a
    `SocketModeHandler`. `path` is where a web application takes requests, `/slack/events` unless said."""
    with ExitStack() as until_the_end:

        def connect(app: Any, *, path: str = EVENTS_PATH) -> None:
            until_the_end.enter_context(connected(slack, app, path=path))

        yield connect
