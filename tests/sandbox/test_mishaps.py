"""Faults, rate limits, response_urls, the clock and the journal."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.core.errors import KpiBotError
from bot.sandbox import CannotServe, Sandbox, SandboxClock, ScriptedEvent, serve
from tests.sandbox.fixtures import TUESDAY, client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]


def texts(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.channel("revenue").posts]


def attempt(client: WebClient, text: str = "hello") -> Any:
    try:
        return client.chat_postMessage(channel="C0REV", text=text).status_code
    except SlackApiError as refused:
        return refused.response.status_code
    except (http.client.HTTPException, OSError) as broken:
        return type(broken).__name__


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


def test_an_unknown_fault_is_refused_with_those_that_exist(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="cut_after"):
        sandbox.faults.plan("explode")


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


def hook_of(sandbox: Sandbox) -> WebhookClient:
    return WebhookClient(f"{sandbox.address}/_response/{sandbox.workspace.new_response_url('U0ANA', 'C0REV').id}")


def test_a_response_url_is_used_five_times(sandbox: Sandbox) -> None:
    hook = hook_of(sandbox)
    assert [hook.send(text=str(number)).status_code for number in range(6)] == [200] * 5 + [404]
    assert [message.text for message in sandbox.user("ana").ephemeral] == ["0", "1", "2", "3", "4"]


def test_a_response_url_lives_thirty_minutes_of_the_sandboxs_clock(sandbox: Sandbox) -> None:
    hook = hook_of(sandbox)
    sandbox.clock.advance(timedelta(minutes=30))
    assert hook.send(text="just in time").status_code == 200
    sandbox.clock.advance(timedelta(seconds=1))
    late = hook.send(text="late")
    assert (late.status_code, json.loads(late.body)["error"]) == (404, "expired_url")


def test_a_response_url_replaces_and_deletes_what_it_answered(sandbox: Sandbox) -> None:
    hook = hook_of(sandbox)
    hook.send(text="first")
    hook.send(text="better", replace_original=True)
    assert [message.text for message in sandbox.user("ana").ephemeral] == ["better"]
    hook.send(delete_original=True)
    assert sandbox.user("ana").ephemeral == []


def test_a_response_url_refuses_invalid_blocks(sandbox: Sandbox) -> None:
    answer = hook_of(sandbox).send(text="a", blocks=[{"type": "alert", "text": {"type": "plain_text", "text": "a"}}])
    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, "invalid_blocks")


def test_the_clock_moves_forward_only_and_tells_those_who_listen() -> None:
    clock = SandboxClock(TUESDAY)
    heard: list[datetime] = []
    clock.listen(heard.append)
    assert clock.advance(timedelta(hours=1)) == clock.now() == TUESDAY + timedelta(hours=1)
    assert clock.move_to(datetime(2026, 11, 25, tzinfo=UTC)) == heard[-1]
    with pytest.raises(ValueError, match="only moves forward"):
        clock.move_to(TUESDAY)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="time zone"):
        clock.move_to(datetime(2027, 1, 1))  # noqa: DTZ001


def test_a_running_clock_goes_with_real_time() -> None:
    clock = SandboxClock(TUESDAY, running=True)
    time.sleep(0.02)
    assert timedelta(seconds=0.02) <= clock.now() - TUESDAY < timedelta(seconds=5)


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


def control(sandbox: Sandbox, path: str, body: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sandbox.address}/_sandbox/{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refused:
        return {"status": refused.code, **json.load(refused)}
    return found


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
    assert control(sandbox, "message", body, Origin="https://evil.example")["status"] == 403
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


@pytest.mark.parametrize(("now", "day"), [("05:00", 24), ("08:00", 25), ("12:00", 25)])
def test_the_clock_moves_to_the_next_time_of_day(now: str, day: int) -> None:
    start = datetime.fromisoformat(f"2026-11-24T{now}+00:00")
    built = small_sandbox(clock=SandboxClock(start))
    with serve(built):
        body = json.dumps({"next_at": "08:00"}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{built.address}/_sandbox/clock", body)).close()
    assert built.clock.now() == datetime(2026, 11, day, 8, 0, tzinfo=UTC)
