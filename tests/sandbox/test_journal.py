"""The journal, and waiting for what it writes instead of sleeping."""

from __future__ import annotations

import json
import threading
import time

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox
from bot.sandbox.changes import Changes
from tests.sandbox.doors import attempt, control
from tests.sandbox.fixtures import client, sandbox

__all__ = ["client", "sandbox"]


def test_the_journal_is_asked_by_what_one_looks_for_and_can_be_waited_for(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0REV", text="churn is red")
    attempt(client, "")
    found = control(sandbox, "calls?method=chat.*&ok=false")["calls"]
    assert [call["answer"]["error"] for call in found] == ["no_text"]
    assert len(control(sandbox, "calls?containing=churn%20is%20red&channel=C0REV")["calls"]) == 1
    later = threading.Timer(0.1, client.auth_test)
    later.start()
    assert control(sandbox, "calls?method=auth.test&wait=5")["calls"][0]["status"] == 200
    assert control(sandbox, "calls?method=auth.test&wait=0.05&count=2")["calls"][1:] == []
    assert "`after` must be a whole number" in control(sandbox, "calls?after=soon")["error"]
    assert "cannot be asked by `color`" in control(sandbox, "calls?color=red")["error"]


def test_waiting_for_a_call_says_what_was_called_instead(sandbox: Sandbox, client: WebClient) -> None:
    client.auth_test()
    with pytest.raises(TimeoutError, match=r"no call 1 of chat\.update .*there was: auth\.test × 1"):
        sandbox.wait_for_call("chat.update", timeout=0.01)


def test_one_who_waits_is_woken_by_what_concerns_them_only() -> None:
    changes, looks = Changes(), list[int]()

    def look() -> bool:
        looks.append(1)
        return len(looks) > 3

    waiting = threading.Thread(target=lambda: changes.until(look, 0.4, "U0ANA"))
    waiting.start()
    time.sleep(0.05)
    for _ in range(20):
        changes.tell("U0BOB", "C0REV")
    time.sleep(0.05)
    assert len(looks) == 2
    changes.tell("U0ANA")
    time.sleep(0.05)
    assert len(looks) == 3
    changes.tell()
    waiting.join()
    assert len(looks) == 4


def test_a_private_word_can_be_waited_for(sandbox: Sandbox, client: WebClient) -> None:
    threading.Timer(0.05, lambda: client.chat_postMessage(channel="U0ANA", text="for you")).start()
    assert sandbox.user("ana").wait_for_message("for you").text == "for you"
    with pytest.raises(TimeoutError, match="for you"):
        sandbox.user("ana").wait_for_message("for bob", timeout=0.01)


def test_the_journal_keeps_arguments_and_answers_but_no_token(sandbox: Sandbox, client: WebClient) -> None:
    client.api_call("chat.postMessage", params={"token": "xoxb-sandbox", "channel": "C0REV", "text": "hello"})
    (call,) = sandbox.calls("chat.postMessage")
    assert (call.arguments["text"], call.channel, call.status, call.ok) == ("hello", "C0REV", 200, True)
    assert "xoxb" not in json.dumps(call.as_json())
    with pytest.raises(TimeoutError):
        sandbox.wait_for_call("chat.update", timeout=0.01)


def test_waiting_for_a_post_says_what_stands_there_instead(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0REV", text="all is well")
    with pytest.raises(TimeoutError, match="all is well"):
        sandbox.channel("revenue").wait_for_post("churn", timeout=0.01)
