"""Socket Mode: the same answers over a connection of our own, once each, and Slack being away stops nobody."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.sandbox.towards_app import payloads
from bot.slack.socket import Socket, start_socket
from bot.store import alerts
from tests.slack.company import ANA, REVENUE, Company
from tests.slack.test_buttons import posted_alert, red_churn


@pytest.fixture
def socket(small: Company) -> Iterator[Socket]:
    running = start_socket(small.house, small.app(None), "xapp-sandbox", small.client)
    _until(lambda: running.connected)
    yield running
    running.close()


def test_commands_and_clicks_are_answered_over_the_socket(small: Company, socket: Socket) -> None:
    alert = red_churn(small)
    answer = small.sandbox.user("ana").command("/kpi churn", "revenue")
    assert (answer.error, answer.ephemeral) == (None, True)
    assert "4.3" in answer.plain
    pressed = small.sandbox.user("ana").click(posted_alert(small, alert), "Acknowledge")
    assert "is yours" in pressed.plain
    assert "is on its way" in small.sandbox.user("ana").click(answer, "Share").plain
    with small.database.reading() as tx:
        found = alerts.get(tx, alert)
    assert found is not None
    assert found.acknowledged_by == ANA


def test_an_envelope_that_comes_twice_is_acknowledged_twice_and_taken_once(small: Company, socket: Socket) -> None:
    workspace = small.sandbox.workspace
    payload = payloads.command_payload(
        workspace, ANA, workspace.room("revenue"), "/kpi", "set uptime 99.5", trigger="1.2", response_url=""
    )
    line = {"type": "slash_commands", "payload": payload, "accepts_response_payload": True}
    answers = []
    for _ in range(2):
        answers.append(_delivered(small, line, "envelope-1"))
    assert "99.5" in json.dumps(answers[0])
    assert answers[1] is None
    assert small.nudges == 1


def _delivered(small: Company, line: dict[str, object], envelope: str) -> object:
    """Send one envelope of a name of our choice and give the acknowledgement's payload."""
    from concurrent.futures import Future

    deadline = time.monotonic() + 10
    while not small.sandbox.sockets._connections and time.monotonic() < deadline:
        time.sleep(0.02)
    connection = next(iter(small.sandbox.sockets._connections))
    waiting: Future[object] = Future()
    small.sandbox.sockets._awaited[envelope] = waiting
    connection.send({**line, "envelope_id": envelope})
    return waiting.result(timeout=5)


def test_an_unsubscribed_event_is_acknowledged(small: Company, socket: Socket) -> None:
    small.sandbox.user("bruno").say("hello everybody", "revenue")
    (call,) = small.sandbox.calls("event:message", direction="sent")
    assert (call.fault, call.status) == (None, 200)


def test_slack_being_away_at_start_keeps_nobody_waiting_and_is_made_up_for(small: Company) -> None:
    small.sandbox.faults.plan("server_error", method="apps.connections.open")
    began = time.monotonic()
    running = start_socket(small.house, small.app(None), "xapp-sandbox", small.client)
    assert time.monotonic() - began < 0.5
    _until(lambda: running.connected)
    assert len(small.sandbox.calls("apps.connections.open")) == 2
    running.close()


def test_it_closes_at_once_when_slack_never_answered(small: Company) -> None:
    small.sandbox.faults.plan("cut_before", method="apps.connections.open", times=None)
    running = start_socket(small.house, small.app(None), "xapp-sandbox", small.client)
    began = time.monotonic()
    running.close()
    assert time.monotonic() - began < 5
    assert not running.connected


def test_one_envelope_that_cannot_be_taken_leaves_the_others_and_a_line_in_the_log(
    small: Company, socket: Socket, capsys: pytest.CaptureFixture[str]
) -> None:
    with small.database.transaction() as tx:
        tx.exec_driver_sql("ALTER TABLE seen_request RENAME TO away")
    small.sandbox.inbound.answer_seconds = 0.5
    assert small.sandbox.user("ana").command("/kpi help", "revenue").error == "operation_timeout"
    said = capsys.readouterr()
    assert "socket_failed" in said.out
    assert "seen_request" not in said.out + said.err
    with small.database.transaction() as tx:
        tx.exec_driver_sql("ALTER TABLE away RENAME TO seen_request")
    small.sandbox.inbound.answer_seconds = 15
    assert small.sandbox.user("ana").command("/kpi help", "revenue").error is None


def test_it_reconnects_when_slack_asks_it_to(small: Company, socket: Socket) -> None:
    before = tuple(small.sandbox.sockets._connections)
    small.sandbox.sockets.refresh()
    small.sandbox.wait_for(lambda: len(small.sandbox.calls("apps.connections.open")) == 2)
    _until(lambda: small.sandbox.sockets.count == 1 and before[0] not in small.sandbox.sockets._connections)
    _until(lambda: socket.connected)
    assert small.sandbox.user("ana").command("/kpi help", "revenue").error is None


def _until(fact: Callable[[], bool]) -> None:
    """Wait for something the sandbox does not tell of."""
    end = time.monotonic() + 10
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_closes_within_seconds_even_while_requests_arrive(small: Company) -> None:
    running = start_socket(small.house, small.app(None), "xapp-sandbox", small.client)
    _until(lambda: running.connected)
    small.sandbox.inbound.answer_seconds = 2
    with ThreadPoolExecutor(4) as people:
        for _ in range(8):
            people.submit(small.sandbox.user("ana").command, "/kpi list", REVENUE, timeout=0.1)
        began = time.monotonic()
        running.close()
        took = time.monotonic() - began
    assert took < 8
    assert not running.connected
