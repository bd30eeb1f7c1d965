"""The small Bolt app in the small company, over signed HTTP or Socket Mode: what tests towards the bot stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from slack_sdk.web import WebClient

from bot.sandbox import ALL_SCOPES, BotApp, Sandbox, Shortcut, User, serve
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, connected_by_socket, served_over_http, small_sandbox

EVENTS = frozenset(
    {
        "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_created", "channel_deleted",
        "channel_left", "channel_rename", "channel_unarchive", "dnd_updated_user", "group_archive", "group_deleted",
        "group_left", "group_rename", "group_unarchive", "link_shared", "member_joined_channel", "member_left_channel",
        "message", "message_metadata_posted", "reaction_added", "reaction_removed", "team_join", "tokens_revoked",
        "user_change",
    }
)  # fmt: skip
APP = BotApp(
    commands=("/kpi", "/assign"),
    escaped=frozenset({"/assign"}),
    shortcuts=(Shortcut("report", "Report a problem"), Shortcut("note", "Make a note of it", on_message=True)),
    subscriptions=EVENTS,
    link_domains=("example.com",),
)
SCOPES = ALL_SCOPES | {"links:read", "metadata.message:read"}


@dataclass
class Stage:
    """The workspace, somebody in it, what the app got, and the app's client."""

    sandbox: Sandbox
    ana: User
    got: list[dict[str, Any]]
    client: WebClient


def prepared(**changes: Any) -> Sandbox:
    """The small company with an app that asks for everything, and events that are repeated at once."""
    sandbox = small_sandbox(**{"app": APP, "scopes": SCOPES, **changes})
    sandbox.inbound.retry_delays = (0.0, 0.0, 0.0)
    return sandbox


@contextmanager
def over_http(**changes: Any) -> Iterator[Stage]:
    """The app behind an address."""
    sandbox = prepared(**changes)
    with serve(sandbox):
        app, got = bolt_app.build(sandbox)
        with served_over_http(app) as url:
            sandbox.connect(url)
            yield Stage(sandbox, sandbox.user("ana"), got, client_of(sandbox))


@contextmanager
def over_sockets(**changes: Any) -> Iterator[Stage]:
    """The app on a websocket."""
    sandbox = prepared(**changes)
    with serve(sandbox):
        app, got = bolt_app.build(sandbox)
        with connected_by_socket(sandbox, app):
            yield Stage(sandbox, sandbox.user("ana"), got, client_of(sandbox))


Opener = Callable[..., AbstractContextManager[Stage]]


@pytest.fixture(params=[over_http, over_sockets], ids=["http", "socket"])
def both(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The stage on each transport."""
    with request.param() as stage:
        yield stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """The stage over HTTP, for what does not depend on the transport."""
    with over_http() as stage:
        yield stage
