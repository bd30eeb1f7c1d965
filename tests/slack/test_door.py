"""The door for signed HTTP: forged, altered, stale and repeated requests, odd bodies, and what Slack itself checks."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from bot.sandbox.towards_app import payloads
from bot.slack.door import LONGEST_BODY, Answer, Door
from bot.store import values
from tests.slack.company import ANA, SECRET, Company, company

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def signed(body: bytes, *, secret: str = SECRET, moment: float | None = None, kind: str = FORM) -> dict[str, str]:
    stamp = str(int(time.time() if moment is None else moment))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def command(small: Company, text: str = "set uptime 99.5", **changes: Any) -> bytes:
    workspace = small.sandbox.workspace
    payload = payloads.command_payload(
        workspace, ANA, workspace.room("revenue"), "/kpi", text, trigger="1.2", response_url=""
    )
    return urlencode({**payload, **changes}).encode()


def stored(small: Company) -> int:
    with small.database.reading() as tx:
        return len(values.records(tx, "uptime", ""))


@pytest.fixture
def door(small: Company) -> Door:
    return small.door()


def test_a_signed_request_is_answered(small: Company, door: Door) -> None:
    body = command(small)
    answer = door.handle(signed(body), body)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json;charset=utf-8")
    assert json.loads(answer.body)["response_type"] == "ephemeral"
    assert (stored(small), small.nudges) == (1, 1)


def changed(headers: Mapping[str, str], **changes: str | None) -> dict[str, str]:
    given = {**headers, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return {name: value for name, value in given.items() if value is not None}


BAD_HEADERS: dict[str, Any] = {
    "no signature": lambda body: changed(signed(body), X_Slack_Signature=None),
    "no time": lambda body: changed(signed(body), X_Slack_Request_Timestamp=None),
    "no headers": lambda body: {},
    "empty signature": lambda body: changed(signed(body), X_Slack_Signature=""),
    "another secret": lambda body: signed(body, secret="guessed"),
    "another version": lambda body: changed(
        signed(body), X_Slack_Signature="v1=" + signed(body)["X-Slack-Signature"][3:]
    ),
    "half a signature": lambda body: changed(signed(body), X_Slack_Signature=signed(body)["X-Slack-Signature"][:40]),
    "capital letters": lambda body: changed(
        signed(body), X_Slack_Signature=signed(body)["X-Slack-Signature"].upper().replace("V0", "v0")
    ),
    "a signature beyond ascii": lambda body: changed(signed(body), X_Slack_Signature="v0=" + "é" * 64),
    "a signature with a line break": lambda body: changed(
        signed(body), X_Slack_Signature=signed(body)["X-Slack-Signature"] + "\n"
    ),
    "a time in words": lambda body: changed(signed(body), X_Slack_Request_Timestamp="now"),
    "a time that is no whole number": lambda body: changed(signed(body), X_Slack_Request_Timestamp="1.5e9"),
    "a time with a sign": lambda body: changed(
        signed(body), X_Slack_Request_Timestamp="-" + signed(body)["X-Slack-Request-Timestamp"]
    ),
    "a time in other digits": lambda body: changed(signed(body), X_Slack_Request_Timestamp="١٧٩٥٥١٠٨٠٠"),
    "a time of a hundred digits": lambda body: changed(signed(body), X_Slack_Request_Timestamp="1" * 100),
    "another time than was signed": lambda body: changed(
        signed(body), X_Slack_Request_Timestamp=str(int(time.time()) - 1)
    ),
    "six minutes old": lambda body: signed(body, moment=time.time() - 360),
    "six minutes ahead": lambda body: signed(body, moment=time.time() + 360),
    "signed for another body": lambda body: signed(body + b"&text=list"),
}


@pytest.mark.parametrize("case", BAD_HEADERS)
def test_what_slack_has_not_signed_is_refused_and_changes_nothing(small: Company, door: Door, case: str) -> None:
    body = command(small)
    assert door.handle(BAD_HEADERS[case](body), body) == Answer(status=401, body="invalid request")
    assert (stored(small), small.nudges) == (0, 0)


@pytest.mark.parametrize(
    ("altered", "by"),
    [(b"99.5", b"55.5"), (ANA.encode(), b"U0CARLA01"), (b"team_id=T", b"team_id=X")],
)
def test_an_altered_body_is_refused(small: Company, door: Door, altered: bytes, by: bytes) -> None:
    body = command(small)
    assert altered in body
    assert door.handle(signed(body), body.replace(altered, by, 1)).status == 401
    assert stored(small) == 0


ALREADY = {"response_type": "ephemeral", "text": "This request was taken already."}


def test_a_replayed_command_is_taken_once_and_its_sender_told_so(small: Company, door: Door) -> None:
    body = command(small)
    headers = signed(body)
    assert "99.5" in door.handle(headers, body).body
    again = [door.handle(headers, body) for _ in range(3)]
    another_process = small.door().handle(headers, body)
    for answer in [*again, another_process]:
        assert (answer.status, json.loads(answer.body)) == (200, ALREADY)
        assert answer.headers["content-type"].startswith("application/json")
    assert (stored(small), small.nudges) == (1, 1)


def test_a_replayed_click_is_taken_once_and_its_sender_told_so(small: Company, door: Door) -> None:
    alert = small.record("churn_rate", 4.3, "2026-10")
    press = {"type": "button", "action_id": "kpi:acknowledge", "block_id": "b", "value": alert, "action_ts": "1.2"}
    click = {"type": "block_actions", "user": {"id": ANA}, "actions": [press]}
    body = urlencode({"payload": json.dumps(click)}).encode()
    headers = signed(body)
    taken = door.handle(headers, body)
    assert (taken.status, taken.body, small.nudges) == (200, "", 1)
    assert json.loads(door.handle(headers, body).body) == ALREADY
    assert small.nudges == 1


def test_a_signed_command_that_names_no_workspace_is_one_of_ours(small: Company, door: Door) -> None:
    body = urlencode({"command": "/kpi", "text": "set uptime 99.5", "user_id": ANA}).encode()
    assert "99.5" in door.handle(signed(body), body).body
    assert stored(small) == 1


def test_a_signed_command_of_another_workspace_is_a_strangers(small: Company, door: Door) -> None:
    body = command(small, team_id="T0PARTNER")
    assert "No KPI is called" in door.handle(signed(body), body).body
    assert stored(small) == 0


def test_the_same_words_signed_anew_are_a_new_request(small: Company, door: Door) -> None:
    body = command(small, "help")
    answers = [door.handle(signed(body, moment=time.time() - ago), body) for ago in (0, 1)]
    assert [bool(answer.body) for answer in answers] == [True, True]


def test_a_refused_request_leaves_no_trace_in_the_memory(small: Company, door: Door) -> None:
    body = command(small)
    door.handle(signed(body), body + b"&x=1")
    assert door.handle(signed(body), body).body


def test_a_body_beyond_a_mebibyte_is_refused_before_anything_reads_it(small: Company, door: Door) -> None:
    body = b"text=" + b"x" * LONGEST_BODY
    assert door.handle(signed(body), body).status == 413
    longest = command(small, "x" * (LONGEST_BODY - 2000))
    assert len(longest) <= LONGEST_BODY
    assert door.handle(signed(longest), longest).status == 200


ODD = {
    "empty": (FORM, b""),
    "no form": (FORM, b"\x00\x01\x02"),
    "not utf-8": (FORM, b"command=%2Fkpi&text=\xff\xfe"),
    "no JSON": (JSON, b"{"),
    "JSON that is no object": (JSON, b"[1, 2]"),
    "a JSON word": (JSON, b'"hello"'),
    "JSON of a hundred thousand brackets": (JSON, b"[" * 100_000),
    "a command without a person": (FORM, urlencode({"command": "/kpi", "text": "churn", "team_id": "T1"}).encode()),
    "a payload that is no JSON": (FORM, urlencode({"payload": "{"}).encode()),
    "a payload that is a list": (FORM, urlencode({"payload": "[]"}).encode()),
    "a payload that is null": (FORM, urlencode({"payload": "null"}).encode()),
    "a click without actions": (
        FORM,
        urlencode({"payload": json.dumps({"type": "block_actions", "user": {"id": "U1"}, "actions": []})}).encode(),
    ),
    "a click by nobody": (FORM, urlencode({"payload": json.dumps({"type": "block_actions", "user": None})}).encode()),
    "a click on something nameless": (
        FORM,
        urlencode({"payload": json.dumps({"type": "block_actions", "user": {"id": "U1"}, "actions": [{}]})}).encode(),
    ),
    "a payload without a type": (FORM, urlencode({"payload": "{}"}).encode()),
    "an event about nothing": (JSON, json.dumps({"type": "event_callback"}).encode()),
    "a challenge without one": (JSON, json.dumps({"type": "url_verification"}).encode()),
    "a thousand fields": (FORM, "&".join(f"f{n}=1" for n in range(1000)).encode()),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_bodies_get_a_clear_refusal_even_when_they_are_signed(door: Door, case: str) -> None:
    kind, body = ODD[case]
    assert door.handle(signed(body, kind=kind), body).status == 400


ALMOST = {
    "a submission of an unknown form": {"type": "view_submission", "user": {"id": ANA}, "view": {}},
    "a shortcut": {"type": "shortcut", "user": {"id": ANA}, "callback_id": "x"},
    "a click with a wrong team": {
        "type": "block_actions",
        "user": {"id": ANA},
        "team": "T1",
        "actions": [{"type": "button", "action_id": "kpi:why", "block_id": "b", "value": 7}],
    },
    "something new": {"type": "brand_new", "user": {"id": ANA}},
}


@pytest.mark.parametrize("case", ALMOST)
def test_payloads_we_have_no_use_for_break_nothing(door: Door, case: str) -> None:
    body = urlencode({"payload": json.dumps(ALMOST[case])}).encode()
    assert door.handle(signed(body), body).status in (200, 404)


def test_slacks_own_checks_are_answered(door: Door) -> None:
    unsigned = b"ssl_check=1&token=legacy"
    assert door.handle({"Content-Type": FORM}, unsigned) == Answer(status=200)
    assert door.handle(signed(unsigned), unsigned).status == 200
    challenge = json.dumps({"type": "url_verification", "challenge": "c0ffee", "token": "t"}).encode()
    answer = door.handle(signed(challenge, kind=JSON), challenge)
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "c0ffee"})
    assert door.handle({"Content-Type": JSON}, challenge).status == 401


def test_an_unsigned_command_cannot_pass_as_a_certificate_check(small: Company, door: Door) -> None:
    body = command(small, ssl_check="1")
    assert door.handle({"Content-Type": FORM}, body) == Answer(status=200)
    assert stored(small) == 0


def test_a_repeated_event_is_taken_once(small: Company) -> None:
    app = small.app()
    seen: list[str] = []

    @app.middleware
    def watched(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:
        seen.append(body["event_id"])
        return next()

    door = Door(small.house, app, SECRET)
    event = payloads.event_payload(small.sandbox.workspace, {"type": "app_home_opened", "user": ANA})
    for retry in range(3):
        body = json.dumps({**event, "retry": retry}).encode()
        headers = {**signed(body, kind=JSON), "X-Slack-Retry-Num": str(retry)}
        for answer in (door.handle(headers, body), door.handle(headers, body)):
            assert (answer.status, answer.body) == (200, "")
    assert seen == [event["event_id"]]


def test_words_with_payload_in_them_are_still_a_command(small: Company, door: Door) -> None:
    body = command(small, "payload")
    assert "No KPI is called" in door.handle(signed(body), body).body


def test_a_database_that_is_away_is_an_answer_and_no_crash(
    small: Company, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    with small.database.transaction() as tx:
        tx.exec_driver_sql("DROP TABLE seen_request")
    body = command(small)
    answer = door.handle(signed(body), body)
    assert (answer.status, stored(small)) == (500, 0)
    said = capsys.readouterr()
    assert "slack_request_failed" in said.out
    assert "seen_request" not in answer.body + said.out + said.err


@pytest.mark.parametrize("place", ["bot.slack.commands.answer", "bot.slack.listeners.message"])
def test_an_accident_is_logged_by_its_kind_and_never_in_its_own_words(
    small: Company, door: Door, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(*_: object) -> None:
        raise LookupError("churn is 4.31 says xoxb-sandbox")

    monkeypatch.setattr(place, stumble)
    body = command(small)
    answer = door.handle(signed(body), body)
    said = capsys.readouterr()
    assert "LookupError" in said.out
    assert not any(secret in answer.body + said.out + said.err for secret in ("4.31", "xoxb-sandbox"))


def test_bolt_itself_refuses_what_is_not_signed(small: Company) -> None:
    body = command(small).decode()
    refused = small.app().dispatch(BoltRequest(body=body, headers={"content-type": [FORM]}))
    taken = small.app().dispatch(
        BoltRequest(body=body, headers={name.lower(): [value] for name, value in signed(body.encode()).items()})
    )
    assert (refused.status, taken.status, stored(small)) == (401, 200, 1)


def test_names_of_headers_count_in_any_case(small: Company, door: Door) -> None:
    body = command(small)
    assert door.handle({name.upper(): value for name, value in signed(body).items()}, body).status == 200


def test_nothing_that_was_asked_or_answered_is_logged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with company(tmp_path) as small:
        small.record("churn_rate", 4.31, "2026-10")
        door = small.door()
        for text in ("churn", "set uptime 98.76", "ack churn secretnote"):
            body = command(small, text)
            assert door.handle(signed(body), body).status == 200
            door.handle(signed(body, secret="guessed"), body)
    said = capfd.readouterr()
    everything = said.out + said.err + "\n".join(record.getMessage() for record in caplog.records)
    for secret in ("4.31", "98.76", "secretnote", SECRET, "xoxb-sandbox", "v0="):
        assert secret not in everything
