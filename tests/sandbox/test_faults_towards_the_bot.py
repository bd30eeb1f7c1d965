"""Faults of what is sent to the bot: lost, late, doubled, wrongly signed, stale."""

from __future__ import annotations

import time

import pytest
from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox import serve
from tests.sandbox.fixtures import endpoint_over_http, small_sandbox
from tests.sandbox.stage import Stage, both, over_sockets, stage

__all__ = ["both", "stage"]


def test_a_lost_command_never_arrives_and_is_shown_as_a_time_out(both: Stage) -> None:
    both.sandbox.faults.plan("lost", method="command")
    assert both.ana.command("/kpi churn").error == "operation_timeout"
    assert both.got == []
    assert both.ana.command("/kpi churn").text == "you said churn"
    assert [call.fault for call in both.sandbox.calls("command", direction="sent")] == ["lost", None]


def test_a_lost_event_is_never_repeated(stage: Stage) -> None:
    stage.sandbox.faults.plan("lost", method="event:*")
    stage.ana.say("hello", "#revenue")
    time.sleep(0.05)
    assert (stage.got, len(stage.sandbox.calls("event:message", direction="sent"))) == ([], 1)


def test_a_delayed_command_arrives_although_its_time_is_over(stage: Stage) -> None:
    stage.sandbox.inbound.answer_seconds = 0.2
    stage.sandbox.faults.plan("delayed", method="command", seconds=0.25)
    assert stage.ana.command("/kpi churn").error == "operation_timeout"
    assert [command["text"] for command in stage.got] == ["churn"]


def test_a_doubled_event_comes_twice_with_one_id(both: Stage) -> None:
    both.sandbox.faults.plan("doubled", method="event:message", channel="C0REV")
    both.ana.say("hello", "#revenue")
    both.sandbox.wait_for_event("message", count=2)
    both.sandbox.wait_for(lambda: len(both.got) == 2)
    ids = {call.arguments["event_id"] for call in both.sandbox.calls("event:message", direction="sent")}
    assert len(ids) == 1


def test_a_doubled_request_is_the_same_to_the_last_byte() -> None:
    seen: list[tuple[bytes, str, str]] = []

    async def endpoint(request: Request) -> Response:
        names = ("X-Slack-Signature", "X-Slack-Request-Timestamp")
        signature, moment = (request.headers[name] for name in names)
        seen.append((await request.body(), signature, moment))
        return Response("{}")

    sandbox = small_sandbox()
    with serve(sandbox), endpoint_over_http(endpoint) as url:
        sandbox.connect(url)
        sandbox.faults.plan("doubled", method="command")
        sandbox.user("ana").command("/kpi churn", timeout=0)
        sandbox.wait_for_call("command", count=2, direction="sent")
    assert len(seen) == 2
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", ["bad_signature", "stale"])
def test_a_badly_signed_or_stale_request_reaches_no_listener(stage: Stage, kind: str) -> None:
    stage.sandbox.faults.plan(kind, method="command")
    assert stage.ana.command("/kpi churn").error == "http_error"
    assert (stage.got, stage.sandbox.calls("command", direction="sent")[0].status) == ([], 401)


def test_signatures_cannot_go_wrong_where_there_are_none() -> None:
    with over_sockets() as stage:
        fault = stage.sandbox.faults.plan("bad_signature")
        assert stage.ana.command("/kpi churn").error is None
        assert fault.struck == 0


def test_each_fault_strikes_its_own_side_only(stage: Stage) -> None:
    towards_slack = stage.sandbox.faults.plan("server_error", times=None)
    assert stage.ana.command("/kpi churn").error is None
    stage.sandbox.faults.clear()
    towards_bot = stage.sandbox.faults.plan("lost", times=None)
    assert stage.client.auth_test()["ok"]
    assert (towards_slack.struck, towards_bot.struck) == (0, 0)
