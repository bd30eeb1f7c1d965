"""Events that are not answered well come again: when, how often, and with which words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox import Sandbox, serve
from bot.sandbox.towards_app.inbound import RETRY_DELAYS
from tests.sandbox.fixtures import endpoint_over_http, small_sandbox
from tests.sandbox.stage import over_http, over_sockets

Heard = list[tuple[str | None, str | None]]


@contextmanager
def failing(**answer: object) -> Iterator[tuple[Sandbox, Heard]]:
    """A bot that answers every event badly, and the number and reason of each delivery."""
    heard: Heard = []

    async def endpoint(request: Request) -> Response:
        heard.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return Response(**{"status_code": 500, **answer})  # type: ignore[arg-type]

    sandbox = small_sandbox()
    with serve(sandbox), endpoint_over_http(endpoint) as url:
        sandbox.connect(url)
        yield sandbox, heard


def test_an_event_that_fails_comes_again_at_once_after_a_minute_and_after_five_of_the_sandboxs_clock() -> None:
    assert RETRY_DELAYS == (0, 60, 300)
    with failing() as (sandbox, heard):
        sandbox.user("ana").say("hello", "#revenue")
        sandbox.wait_for_event("message", count=2)
        sandbox.clock.advance(timedelta(seconds=59))
        time.sleep(0.05)
        assert len(heard) == 2
        sandbox.clock.advance(timedelta(seconds=1))
        sandbox.wait_for_event("message", count=3)
        sandbox.clock.advance(timedelta(minutes=5))
        last = sandbox.wait_for_event("message", count=4)
        sandbox.clock.advance(timedelta(hours=1))
        time.sleep(0.05)
        assert heard == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
        ids = {call.arguments["event_id"] for call in sandbox.calls("event:message", direction="sent")}
        assert (len(ids), last.retry, len(sandbox.told("message"))) == (1, 3, 1)


def test_an_event_that_fails_comes_again_by_real_time_while_the_clock_stands() -> None:
    with failing() as (sandbox, heard):
        sandbox.inbound.retry_delays = (0.1,)
        sandbox.user("ana").say("hello", "#revenue")
        sandbox.wait_for_event("message", count=2)
        assert heard == [(None, None), ("1", "http_error")]


@pytest.mark.parametrize(
    ("answer", "deliveries"),
    [
        ({"status_code": 200}, 1),
        ({"headers": {"X-Slack-No-Retry": "1"}}, 1),
        ({"status_code": 404}, 3),
    ],
)
def test_a_good_answer_or_a_word_from_the_bot_ends_it(answer: dict[str, object], deliveries: int) -> None:
    with failing(**answer) as (sandbox, heard):
        sandbox.inbound.retry_delays = (0.0, 0.0)
        sandbox.user("ana").say("hello", "#revenue")
        sandbox.wait_for_event("message", count=deliveries)
        time.sleep(0.05)
        assert len(heard) == deliveries


def test_the_reason_says_whether_it_was_late_or_nobody_was_there() -> None:
    with over_http() as stage:
        stage.sandbox.inbound.answer_seconds = 0.2
        stage.sandbox.inbound.retry_delays = (0.0,)
        stage.sandbox.faults.plan("delayed", method="event:message", seconds=0.3)
        stage.ana.say("hello", "#revenue")
        assert stage.sandbox.wait_for_event("message", count=2).retry == 1
    sandbox = small_sandbox()
    sandbox.inbound.retry_delays = (0.0,)
    with serve(sandbox):
        sandbox.connect("http://127.0.0.1:9/slack/events")
        sandbox.user("ana").say("hello", "#revenue")
        call = sandbox.wait_for_event("message", count=2)
        assert (call.retry, call.fault, call.status) == (1, "dispatch_failed", 0)


def test_a_command_and_a_click_are_never_repeated() -> None:
    with over_sockets() as stage:
        stage.sandbox.inbound.answer_seconds = 0.2
        assert stage.ana.command("/kpi slow").error == "operation_timeout"
        time.sleep(0.1)
        assert len(stage.sandbox.calls("command", direction="sent")) == 1
