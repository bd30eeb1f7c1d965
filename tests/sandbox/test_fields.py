"""What the control doors are told by mistake is refused by the field's name, with what may stand there."""

from __future__ import annotations

import http.client
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.sandbox import Message, Sandbox
from bot.sandbox.control import ACTS_AT_ONCE, WAITS_AT_ONCE
from tests.sandbox.doors import control
from tests.sandbox.fixtures import client, sandbox

__all__ = ["client", "sandbox"]

ANA = {"user": "ana"}


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("clock", {"advance": 1e12}, "`advance` must be a number of seconds"),
        ("clock", {"advance": "inf"}, "`advance` must be a number of seconds"),
        ("clock", {"advance": None}, "`advance` must be a number of seconds"),
        ("clock", {"advance": -1e300}, "`advance` must be a number of seconds"),
        ("clock", {"advance": 9e10 * 2.5}, "`advance` must be"),
        ("clock", {"move_to": "9999-12-31T23:59:59"}, "no further than the year 9000"),
        ("clock", {"move_to": 5}, "`move_to` must be a day and time"),
        ("clock", {"tomorrow_at": "soon"}, "`tomorrow_at` must be a time such as 09:00"),
        ("clock", {"advance": -5}, "the clock only moves forward, not by −5 seconds"),
        ("connect", {"request_url": 5}, "`request_url` must be words"),
        ("connect", {"request_url": "file:///etc/passwd"}, "`request_url` must be an address"),
        ("connect", {"request_url": "http://127.0.0.1:99999/"}, "`request_url` must be an address"),
        ("message", {**ANA, "channel": 5, "text": "hi"}, "`channel` must be words"),
        ("message", {**ANA, "channel": "revenue", "text": "hi", "thread_ts": [1]}, "`thread_ts` must be words"),
        ("message", {**ANA, "text": 5}, "`text` must be words"),
        ("read", {**ANA, "channel": "revenue", "thread_ts": ["1"]}, "`thread_ts` must be words"),
        ("command", {**ANA, "text": "/kpi", "channel": ["revenue"]}, "`channel` must be words"),
        ("command", {**ANA, "text": "/kpi", "timeout": "long"}, "`timeout` must be a number of seconds"),
        ("submit", {**ANA, "values": [1]}, "`values` must be an object"),
        ("submit", {**ANA, "values": {}, "state": 5}, "`state` must be an object"),
        ("mishap", {"do_not_disturb": {"person": "ana", "minutes": 1e300}}, "`minutes` must be a number from 0 to"),
    ],
)
def test_a_wrong_field_is_named(sandbox: Sandbox, path: str, body: dict[str, Any], words: str) -> None:
    answer = control(sandbox, path, body)
    assert (answer.get("status"), words in str(answer.get("error"))) == (400, True), answer


@pytest.mark.parametrize("shown", ["abc", "0", "inf"])
def test_the_state_is_asked_for_a_number_of_messages(sandbox: Sandbox, shown: str) -> None:
    answer = control(sandbox, f"state?user=ana&shown={shown}")
    assert (answer.get("status"), "`shown` must be a number" in str(answer.get("error"))) == (400, True)


def test_an_unknown_door_is_told_which_there_are(sandbox: Sandbox) -> None:
    for answer in (control(sandbox, "comand", {}), control(sandbox, "command"), control(sandbox, "a/b")):
        assert answer["status"] == 404
        assert "POST /command" in answer["error"]
        assert "GET /state" in answer["error"]


def button(ts: str, words: str = "Acknowledge") -> Message:
    element = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": words}, "value": ts}
    return Message(ts, "C0REV", "U0SANDBOX", "alert", [{"type": "actions", "elements": [element]}], bot_id="B0SANDBOX")


def test_without_a_message_the_newest_with_that_button_is_pressed(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    room = workspace.room("revenue")
    older, newer, other = (workspace.next_ts() for _ in range(3))
    for message in (button(older), button(newer), button(other, "Snooze")):
        message.blocks[0]["elements"][0]["action_id"] = "snooze" if message.ts == other else "ack"
        workspace.add_message(room, message)
    control(sandbox, "click", {**ANA, "channel": "revenue", "action": "Acknowledge"})
    (pressed,) = sandbox.calls("block_actions", direction="sent")
    assert pressed.arguments["message"]["ts"] == newer
    missing = control(sandbox, "click", {**ANA, "channel": "revenue", "action": "Explode"})
    assert (missing["status"], "no message in #revenue has 'Explode'" in missing["error"]) == (404, True)


def test_nobody_writes_more_than_slack_takes(sandbox: Sandbox) -> None:
    body = {**ANA, "channel": "revenue", "text": "a" * 40_001}
    assert control(sandbox, "message", body)["error"] == "msg_too_long"
    ts = control(sandbox, "message", {**body, "text": "a" * 40_000})["ts"]
    assert control(sandbox, "edit", {**body, "ts": ts})["error"] == "msg_too_long"


def test_those_who_wait_leave_room_for_those_who_act(sandbox: Sandbox) -> None:
    place = urlsplit(sandbox.address).netloc
    waiting = [http.client.HTTPConnection(place) for _ in range(WAITS_AT_ONCE + ACTS_AT_ONCE + 20)]
    for one in waiting:
        one.request("GET", "/_sandbox/calls?method=none&wait=3")
    time.sleep(0.3)
    began = time.monotonic()
    control(sandbox, "clock", {"advance": 1})
    assert time.monotonic() - began < 1.5
    for one in waiting:
        one.close()
