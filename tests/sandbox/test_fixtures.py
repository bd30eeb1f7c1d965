"""The fixtures others use: a workspace of their own for each test, and their app in it, however it is reached."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.asgi import SlackRequestHandler as AsgiHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler as WsgiHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, serve
from bot.sandbox.hosting import connected, environment_of
from bot.sandbox.small_company import SMALL_COMPANY
from tests.sandbox.fixtures import served_over_http, small_sandbox

pytest_plugins = ["bot.sandbox.fixtures"]

Connect = Callable[..., None]


@pytest.fixture
def slack_manifest() -> Mapping[str, Any]:
    return {
        "display_information": {"name": "Echo"},
        "features": {"slash_commands": [{"command": "/echo", "description": "Say it again"}]},
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    }


@pytest.fixture
def app(slack: Sandbox) -> App:
    """A Bolt app that says again what was said."""
    built = App(
        client=WebClient("xoxb-sandbox", base_url=slack.api_url),
        signing_secret=slack.signing_secret,
        process_before_response=True,
    )
    built.command("/echo")(lambda ack, command: ack(command["text"]))
    return built


@pytest.mark.parametrize("adapter", [WsgiHandler, AsgiHandler], ids=["wsgi", "asgi"])
def test_a_web_application_is_served_and_reached_with_signatures(
    slack: Sandbox, app: App, connect_to_slack: Connect, adapter: Callable[[App], Any]
) -> None:
    connect_to_slack(adapter(app))
    assert slack.user("ana").command("/echo hello", "#general").text == "hello"
    assert slack.inbound.connected == "http"


def test_a_web_application_may_take_requests_elsewhere(slack: Sandbox, app: App, connect_to_slack: Connect) -> None:
    connect_to_slack(WsgiHandler(app, path="/lunch"), path="/lunch")
    assert slack.user("ana").command("/echo hello").text == "hello"


def test_a_socket_mode_handler_is_connected(slack: Sandbox, app: App, connect_to_slack: Connect) -> None:
    connect_to_slack(SocketModeHandler(app, "xapp-sandbox"))
    assert slack.user("ana").command("/echo hello").text == "hello"
    assert slack.inbound.connected == "socket"


def test_an_app_that_runs_already_is_reached_by_its_address(
    slack: Sandbox, app: App, connect_to_slack: Connect
) -> None:
    with served_over_http(app) as url:
        connect_to_slack(url)
        assert slack.user("ana").command("/echo hello").text == "hello"


def test_a_sandbox_lets_go_of_the_app_at_the_end(slack: Sandbox, app: App) -> None:
    handler = SocketModeHandler(app, "xapp-sandbox")
    with connected(slack, handler):
        assert slack.sockets.count == 1
    assert not handler.client.is_connected()
    with connected(slack, WsgiHandler(app)):
        assert slack.inbound.connected == "http"
    assert slack.inbound.connected == ""
    assert slack.user("ana").command("/echo hello").error == "dispatch_failed"


def test_a_client_that_would_talk_to_somebody_else_is_refused_before_it_does(
    slack: Sandbox, app: App, connect_to_slack: Connect
) -> None:
    elsewhere = SocketModeHandler(app, "xapp-sandbox", web_client=WebClient("xapp-sandbox"))
    with pytest.raises(ValueError, match=r"talks to https://slack\.com/api/; give it base_url='http://127"):
        connect_to_slack(elsewhere)


def test_what_cannot_be_connected_is_told_what_can(connect_to_slack: Connect) -> None:
    with pytest.raises(TypeError, match="a dict cannot be connected: give a request URL, a WSGI or ASGI application"):
        connect_to_slack({})


def test_the_manifest_decides_what_the_app_may_do(slack: Sandbox) -> None:
    client = WebClient("xoxb-sandbox", base_url=slack.api_url)
    client.chat_postMessage(channel="#general", text="hello")
    with pytest.raises(SlackApiError) as refused:
        client.reactions_add(channel="C0GEN", timestamp=slack.channel("general").posts[0].ts, name="wave")
    assert refused.value.response["needed"] == "reactions:write"


def test_the_environment_is_what_an_app_reads(slack: Sandbox, slack_environment: Mapping[str, str]) -> None:
    answer = WebClient(slack_environment["SLACK_BOT_TOKEN"], base_url=slack_environment["SLACK_API_URL"]).auth_test()
    assert answer["team"] == SMALL_COMPANY.name
    assert slack_environment["SLACK_SIGNING_SECRET"] == slack.signing_secret


def test_the_app_token_is_given_only_where_socket_mode_is_meant() -> None:
    built = small_sandbox()
    with serve(built):
        assert "SLACK_APP_TOKEN" in environment_of(built)
        built.connect("http://127.0.0.1:3000/slack/events")
        assert set(environment_of(built)) == {"SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}


def test_the_running_product_knows_nothing_of_pytest() -> None:
    program = "import sys, bot.cli, bot.app, bot.cli.stage, bot.sandbox.hosting; print('pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
