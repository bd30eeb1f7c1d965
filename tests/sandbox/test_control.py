"""The control doors: acting and looking from another process, and who may."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient

from bot.core.errors import KpiBotError
from bot.sandbox import CannotServe, Sandbox, ScriptedEvent, serve
from tests.sandbox.doors import attempt, control, texts
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


def test_people_edit_take_back_and_leave_from_another_process(sandbox: Sandbox) -> None:
    ts = control(sandbox, "message", {"user": "ana", "channel": "revenue", "text": "hi"})["ts"]
    here = {"user": "ana", "channel": "revenue", "ts": ts}
    control(sandbox, "edit", {**here, "text": "hello"})
    assert texts(sandbox) == ["hello"]
    assert control(sandbox, "delete", {**here, "user": "bob"})["error"] == "cant_delete_message"
    control(sandbox, "delete", here)
    assert texts(sandbox) == []
    assert control(sandbox, "leave", {"user": "ana", "channel": "revenue"})["members"] == ["U0BOB", "U0SANDBOX"]
    assert control(sandbox, "shortcut", {"user": "ana", "name": "none"})["status"] == 404
    threaded = {"user": "bob", "channel": "revenue", "text": "/kpi", "thread_ts": ts}
    assert control(sandbox, "command", threaded)["error"] == "not_supported_in_threads"
    assert control(sandbox, "clock", {"advance": None})["error"] == "`advance` must be a number of seconds, not None"


def test_another_process_can_look_act_move_time_and_break_things() -> None:
    done: list[str] = []
    event = ScriptedEvent("churn", "Churn jumps", "to 4.3 %", lambda: done.append("churn"))
    sandbox = small_sandbox(events=[event], zone="Europe/Madrid")
    with serve(sandbox):
        assert control(sandbox, "message", {"user": "ana", "channel": "#revenue", "text": "hi"})["channel"] == "C0REV"
        assert (
            control(sandbox, "command", {"user": "ana", "text": "/kpi", "channel": "revenue"})["error"]
            == "dispatch_failed"
        )
        assert control(sandbox, "clock", {"advance": 3600})["now"] == "2026-11-24T10:00:00+00:00"
        assert control(sandbox, "clock", {"tomorrow_at": "08:00"})["now"] == "2026-11-25T07:00:00+00:00"
        assert control(sandbox, "clock")["now"] == "2026-11-25T07:00:00+00:00"
        control(sandbox, "faults", {"kind": "server_error", "method": "chat.postMessage"})
        assert attempt(client_of(sandbox)) == 503
        control(sandbox, "mishap", {"archive": "revenue", "deactivate": "bob"})
        state = control(sandbox, "state")
        (revenue,) = [room for room in state["channels"] if room["id"] == "C0REV"]
        assert (revenue["is_archived"], [message["text"] for message in revenue["messages"]]) == (True, ["hi"])
        assert control(sandbox, "calls?method=chat.postMessage")["calls"][0]["status"] == 503
        control(sandbox, "events/churn", {})
        assert done == ["churn"]


def test_a_wrong_control_call_is_told_what_exists(sandbox: Sandbox) -> None:
    assert "known: ana, bob" in control(sandbox, "command", {"user": "zoe", "text": "/kpi"})["error"]
    assert "#revenue" in control(sandbox, "message", {"user": "ana", "channel": "none", "text": "a"})["error"]
    assert control(sandbox, "clock", {"move_to": "2020-01-01T00:00:00Z"})["status"] == 400
    assert control(sandbox, "message", {"user": "ana"})["error"] == "`text` is missing"


def test_another_site_may_not_act(sandbox: Sandbox) -> None:
    body = {"user": "ana", "channel": "revenue", "text": "hi"}
    request = urllib.request.Request(
        f"{sandbox.address}/_sandbox/message", json.dumps(body).encode(), {"Origin": "https://evil.example"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=5)
    assert control(sandbox, "message", body, Origin=sandbox.address)["channel"] == "C0REV"


def test_each_person_sees_only_their_own_rooms_and_private_messages(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postEphemeral(channel="C0REV", user="U0ANA", text="for ana")
    ana = control(sandbox, "state?user=ana&channel=C0REV")
    bob = control(sandbox, "state?user=bob&channel=C0REV")
    assert [message["text"] for message in ana["room"]["messages"]] == ["for ana"]
    assert bob["room"]["messages"] == []
    assert {room["name"] for room in bob["rooms"] if room["kind"] == "private"} == {"secret"}
    assert control(sandbox, "state?user=bob&channel=G0EXE")["room"] is None


def test_unread_messages_are_counted_until_they_are_read(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0REV", text="news for <@U0ANA>")

    def marks() -> tuple[int, bool]:
        rooms = control(sandbox, "state?user=ana")["rooms"]
        (found,) = [room for room in rooms if room["id"] == "C0REV"]
        return found["unread"], found["mentioned"]

    assert marks() == (1, True)
    control(sandbox, "read", {"user": "ana", "channel": "revenue"})
    assert marks() == (0, False)


def test_a_port_in_use_is_told_with_the_way_out(sandbox: Sandbox) -> None:
    port = int(sandbox.address.rsplit(":", 1)[1])
    with pytest.raises(CannotServe) as told, serve(small_sandbox(), port=port):
        pass
    assert str(told.value) == f"port {port} is in use; name another with --port, or --port 0 for any free one"
    assert isinstance(told.value, KpiBotError)


def test_a_number_that_is_no_port_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(CannotServe, match="70000 is no port"), serve(small_sandbox(), port=70000):
        pass
