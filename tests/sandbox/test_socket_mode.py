"""Socket Mode: tickets, hello, envelopes to one connection each, acknowledgements, and how connections end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.sandbox import BotApp, Sandbox, serve
from bot.sandbox.errors import SlackError
from tests.sandbox import bolt_app
from tests.sandbox.fixtures import client_of, connected_by_socket, small_sandbox

Json = dict[str, Any]


@contextmanager
def connections(count: int) -> Iterator[tuple[Sandbox, list[ClientConnection]]]:
    """A sandbox and so many open connections, their hellos read."""
    sandbox = small_sandbox()
    with serve(sandbox), ExitStack() as stack:
        opened = [stack.enter_context(dialled(sandbox)) for _ in range(count)]
        for one in opened:
            assert heard(one)["type"] == "hello"
        sandbox.wait_for(lambda: sandbox.sockets.count == count)
        yield sandbox, opened


def dialled(sandbox: Sandbox) -> ClientConnection:
    url = client_of(sandbox, "xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")["url"]
    return connect(url)


def heard(one: ClientConnection, timeout: float = 5) -> Json:
    found: Json = json.loads(one.recv(timeout=timeout))
    return found


def everything_heard(one: ClientConnection) -> list[Json]:
    """What waits in a connection."""
    lines: list[Json] = []
    while True:
        try:
            lines.append(heard(one, timeout=0.1))
        except TimeoutError:
            return lines


def test_a_connection_is_greeted_with_its_app_and_how_many_there_are() -> None:
    sandbox = small_sandbox()
    with serve(sandbox), dialled(sandbox) as first, dialled(sandbox) as second:
        assert heard(first)["connection_info"] == {"app_id": "A0SANDBOX"}
        assert heard(second)["num_connections"] == 2
        assert len(sandbox.calls("socket:hello", direction="sent")) == 2


def test_a_ticket_opens_one_connection() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        url = client_of(sandbox, "xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")["url"]
        with connect(url) as first, pytest.raises(Exception, match=r"403|4001"), connect(url) as again:
            assert heard(first)["type"] == "hello"
            heard(again)


def test_a_command_comes_in_an_envelope_whose_acknowledgement_is_the_answer() -> None:
    with connections(1) as (sandbox, (one,)):
        errors: list[str | None] = []
        typing = threading.Thread(target=lambda: errors.append(sandbox.user("ana").command("/kpi churn").error))
        typing.start()
        envelope = heard(one)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["text"] == "churn"
        one.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "2.1 %"}}))
        typing.join()
        assert (errors, sandbox.user("ana").ephemeral[0].text) == ([None], "2.1 %")


def test_an_event_nobody_acknowledges_is_sent_again_over_another_connection() -> None:
    with connections(2) as (sandbox, opened):
        sandbox.inbound.answer_seconds, sandbox.inbound.retry_delays = 0.2, (0.0, 0.0)
        sandbox.user("ana").say("hello", "#revenue")
        sandbox.wait_for_event("message", count=3)
        got = [everything_heard(one) for one in opened]
        assert sorted(len(part) for part in got) == [1, 2]
        envelopes = sorted((one for part in got for one in part), key=lambda one: one["retry_attempt"])
        assert [(one["retry_attempt"], one["retry_reason"]) for one in envelopes] == [
            (0, ""),
            (1, "timeout"),
            (2, "timeout"),
        ]
        assert len({one["payload"]["event_id"] for one in envelopes}) == 1
        assert len({one["envelope_id"] for one in envelopes}) == 3


def test_a_connection_that_breaks_before_the_acknowledgement_fails_the_command_at_once() -> None:
    with connections(1) as (sandbox, (one,)):
        errors: list[str | None] = []
        typing = threading.Thread(target=lambda: errors.append(sandbox.user("ana").command("/kpi churn").error))
        typing.start()
        heard(one)
        one.close()
        typing.join(timeout=2)
        assert errors == ["dispatch_failed"]


def test_an_eleventh_connection_is_told_there_are_too_many() -> None:
    with connections(10) as (sandbox, _), dialled(sandbox) as eleventh:
        assert heard(eleventh) | {"debug_info": {}} == {
            "type": "disconnect",
            "reason": "too_many_websockets",
            "debug_info": {},
        }


def test_a_warning_keeps_the_connection_and_a_refresh_ends_it() -> None:
    with connections(1) as (sandbox, (one,)):
        sandbox.mishap("warn_sockets")
        assert heard(one)["reason"] == "warning"
        assert sandbox.sockets.count == 1
        sandbox.mishap("refresh_sockets")
        assert heard(one)["reason"] == "refresh_requested"
        with pytest.raises(ConnectionClosed):
            heard(one)


def test_socket_mode_switched_off_closes_all_and_refuses_new_ones() -> None:
    with connections(1) as (sandbox, (one,)):
        sandbox.mishap("disable_sockets")
        assert heard(one)["reason"] == "link_disabled"
        with dialled(sandbox) as refused:
            assert heard(refused)["reason"] == "link_disabled"
        sandbox.mishap("enable_sockets")
        with dialled(sandbox) as back:
            assert heard(back)["type"] == "hello"


def test_a_refreshed_socket_connects_again() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        with connected_by_socket(sandbox, app):
            sandbox.sockets.refresh()
            sandbox.wait_for_call("apps.connections.open", count=2, timeout=15)
            sandbox.wait_for(lambda: sandbox.sockets.count == 1, timeout=15)
            assert sandbox.user("ana").command("/kpi again").text == "you said again"


@pytest.mark.parametrize("line", ['{"envelope_id": []}', '{"envelope_id": {}}', "[1]", "5", '{"envelope_id": "none"}'])
def test_a_line_that_acknowledges_nothing_is_let_by(line: str) -> None:
    with connections(1) as (sandbox, (one,)):
        one.send(line)
        with answering(one):
            assert sandbox.user("ana").command("/kpi churn").text == "well"


@contextmanager
def answering(one: ClientConnection) -> Iterator[None]:
    """Acknowledge the next envelope with a word."""

    def answer() -> None:
        envelope = heard(one)
        one.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "well"}}))

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield
    thread.join(timeout=5)


def test_a_connection_asked_to_make_room_gets_no_commands_and_the_new_one_does() -> None:
    with connections(1) as (sandbox, (old,)):
        sandbox.sockets.refresh()
        errors: list[str | None] = []
        typing = threading.Thread(target=lambda: errors.append(sandbox.user("ana").command("/kpi churn").error))
        typing.start()
        assert heard(old)["reason"] == "refresh_requested"
        with dialled(sandbox) as new:
            assert heard(new)["type"] == "hello"
            envelope = heard(new)
            assert envelope["type"] == "slash_commands"
            new.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
            typing.join(timeout=5)
        assert errors == [None]


def test_what_came_before_a_refresh_can_be_acknowledged_over_the_new_connection() -> None:
    with connections(1) as (sandbox, (old,)):
        errors: list[str | None] = []
        typing = threading.Thread(target=lambda: errors.append(sandbox.user("ana").command("/kpi churn").error))
        typing.start()
        envelope = heard(old)
        sandbox.sockets.refresh()
        assert heard(old)["reason"] == "refresh_requested"
        with dialled(sandbox) as new:
            assert heard(new)["type"] == "hello"
            old.close()
            new.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
            typing.join(timeout=5)
        assert errors == [None]


@pytest.mark.parametrize("end", ["drop", "disable"])
def test_a_connection_that_is_being_closed_is_not_picked_any_more(end: str) -> None:
    with connections(2) as (sandbox, _):
        getattr(sandbox.sockets, end)()
        assert sandbox.sockets.count == 0
        assert sandbox.user("ana").command("/kpi churn").error == "dispatch_failed"
        assert sandbox.calls("command", direction="sent")[0].seconds < 0.5


def test_no_command_is_lost_while_connections_are_refreshed() -> None:
    sandbox = small_sandbox()
    with serve(sandbox):
        app, _ = bolt_app.build(sandbox)
        with connected_by_socket(sandbox, app):
            errors: list[str | None] = []

            def type_on() -> None:
                errors.extend(sandbox.user("ana").command(f"/kpi {number}").error for number in range(30))

            typing = threading.Thread(target=type_on)
            typing.start()
            sandbox.wait_for_call("command", count=5, direction="sent")
            sandbox.sockets.refresh()
            typing.join(timeout=20)
            assert errors == [None] * 30


def test_the_last_words_arrive_before_an_uninstalled_app_is_cut_off() -> None:
    app = BotApp(subscriptions=frozenset({"app_uninstalled", "tokens_revoked"}))
    sandbox = small_sandbox(app=app)
    with serve(sandbox), dialled(sandbox) as one:
        assert heard(one)["type"] == "hello"
        uninstalling = threading.Thread(target=sandbox.uninstall)
        uninstalling.start()
        kinds = []
        for _ in range(2):
            envelope = heard(one)
            kinds.append(envelope["payload"]["event"]["type"])
            one.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        assert kinds == ["app_uninstalled", "tokens_revoked"]
        assert heard(one)["reason"] == "link_disabled"
        uninstalling.join(timeout=5)
        with pytest.raises(SlackError, match="app_not_installed"):
            sandbox.uninstall()
