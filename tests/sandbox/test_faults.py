"""Faults on demand: which calls go wrong, how, and how often; rate limits."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, serve
from tests.sandbox.doors import attempt, control, texts
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


@pytest.mark.parametrize(
    ("kind", "outcome", "arrives"),
    [
        ("rate_limit", 429, False),
        ("server_error", 503, False),
        ("html", 503, False),
        ("cut_before", "RemoteDisconnected", False),
        ("cut_after", "RemoteDisconnected", True),
        ("cut_json", 200, True),
    ],
)
def test_a_fault_strikes_once_and_says_whether_the_message_arrived(
    sandbox: Sandbox, client: WebClient, kind: str, outcome: Any, arrives: bool
) -> None:
    sandbox.faults.plan(kind, method="chat.postMessage")
    assert attempt(client) == outcome
    assert texts(sandbox) == (["hello"] if arrives else [])
    assert attempt(client, "again") == 200


def test_a_rate_limit_fault_says_when_to_come_back(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.plan("rate_limit", retry_after=17)
    with pytest.raises(SlackApiError) as caught:
        client.auth_test()
    assert caught.value.response.headers["Retry-After"] == "17"


def test_any_error_code_can_be_answered(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.plan("error", error="fatal_error", accepted=True)
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.chat_postMessage(channel="C0REV", text="it went through")
    assert texts(sandbox) == ["it went through"]


def test_a_slow_answer_is_slow_but_the_message_is_there_at_once(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.plan("slow", seconds=0.3)
    started = time.monotonic()
    assert attempt(client) == 200
    assert time.monotonic() - started >= 0.3


def test_faults_go_by_method_channel_count_and_share(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.plan("server_error", method="chat.update")
    sandbox.faults.plan("server_error", channel="G0EXE")
    assert attempt(client) == 200
    sandbox.faults.clear()
    sandbox.faults.plan("server_error", times=2)
    assert [attempt(client) for _ in range(3)] == [503, 503, 200]
    sandbox.faults.plan("server_error", times=None, share=0.5)
    outcomes = [attempt(client) for _ in range(40)]
    assert 8 < outcomes.count(503) < 32


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "explode"}, "no fault is called 'explode'; there are rate_limit, .*cut_after.*stale"),
        ({"kind": "slow", "second": 3}, "a fault has no field `second`; .* did you mean `seconds`?"),
        (
            {"kind": "slow", "seconds": "soon"},
            "`seconds` of a fault must be a number of seconds, 0 or more",
        ),
        ({"kind": "error", "times": 0}, "`times` of a fault must be a whole number from 1, or null for always, not 0"),
        ({"kind": "error", "share": 40}, "`share` of a fault must be a number above 0 and at most 1, not 40"),
        ({"kind": "html", "status": 200}, "`status` of a fault must be an HTTP status from 400 to 599, not 200"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_what_can(sandbox: Sandbox, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sandbox.faults.plan(**given)
    answer = control(sandbox, "faults", given)
    assert answer["status"] == 400
    assert re.search(words, answer["error"])
    assert control(sandbox, "faults")["faults"] == []


def test_planned_faults_are_listed_counted_and_cleared_one_or_all(sandbox: Sandbox, client: WebClient) -> None:
    first = control(sandbox, "faults", {"kind": "server_error", "method": "chat.*", "channel": "revenue"})
    second = control(sandbox, "faults", {"kind": "lost", "method": "event:*", "times": None})
    assert (first["channel"], first["towards"], second["towards"]) == ("C0REV", "slack", "bot")
    assert attempt(client) == 503
    listed = control(sandbox, "faults")
    assert [(fault["number"], fault["struck"]) for fault in listed["faults"]] == [(1, 1), (2, 0)]
    assert {"kind": "lost", "towards": "bot"}.items() <= listed["kinds"][-5].items()
    assert [fault["number"] for fault in control(sandbox, "faults/1", method="DELETE")["faults"]] == [2]
    assert "there is: 2" in control(sandbox, "faults/1", method="DELETE")["error"]
    assert control(sandbox, "faults", method="DELETE")["faults"] == []


def test_rate_limits_let_a_burst_through_and_then_one_post_a_second_a_channel() -> None:
    sandbox = small_sandbox(rate_limits=True)
    with serve(sandbox):
        client = client_of(sandbox)
        outcomes = [attempt(client) for _ in range(7)]
        assert outcomes[:5] == [200] * 5
        assert outcomes[6] == 429
        assert client.chat_postMessage(channel="G0EXE", text="another channel")["ok"]
        for _ in range(20):
            client.users_list()
        with pytest.raises(SlackApiError, match="ratelimited") as caught:
            client.users_list()
        assert 1 <= int(caught.value.response.headers["Retry-After"]) <= 3
