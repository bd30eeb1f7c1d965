"""The door for signed HTTP: what a request must be before Bolt sees it, and the answer whatever happens."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import structlog
from pydantic import Field
from slack_bolt import App
from slack_bolt.request import BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.core.words import Frozen
from bot.flows.house import House
from bot.slack.replays import first_time

log = structlog.get_logger()

LONGEST_BODY = 1024 * 1024
_TIMESTAMP = re.compile(rb"[0-9]{9,11}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")
_MOST_FIELDS = 200


class Answer(Frozen):
    """What goes back: HTTP status, headers and body."""

    status: int
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: str = ""


_NO_PAYLOAD = Answer(status=400, body="this is no payload of Slack's")
_TAKEN_ALREADY = Answer(
    status=200,
    headers={"content-type": "application/json;charset=utf-8"},
    body=json.dumps({"response_type": "ephemeral", "text": "This request was taken already."}),
)


class Door:
    """Lets in what Slack has signed, once.

    401: not signed by Slack, or too old; 413: larger than 1 MiB; 400: no text, or no payload of Slack's shape. What
    has been taken already gets a 200, so that Slack stops repeating it: an event nothing else, a person a word of it.
    """

    def __init__(self, house: House, app: App, signing_secret: str) -> None:
        self._house, self._app = house, app
        self._verifier = SignatureVerifier(signing_secret)

    def handle(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one POST to ``/slack/events``; never raises. Names of headers in any case."""
        try:
            return self._handle({name.casefold(): value for name, value in headers.items()}, body)
        except Exception as error:  # noqa: BLE001 - nothing that is sent to this door may break the server
            return _failed(error)

    def _handle(self, headers: Mapping[str, str], body: bytes) -> Answer:
        if len(body) > LONGEST_BODY:
            return Answer(status=413, body="the body is larger than 1 MiB")
        if not _is_text(body):
            return _NO_PAYLOAD
        if not self._signed(headers, body):
            # Slack checks the certificate of a command's address with an unsigned request; it asks for nothing.
            return Answer(status=200) if _is_ssl_check(body) else Answer(status=401, body="invalid request")
        payload = read_payload(headers.get("content-type", ""), body)
        if payload is None:
            return _NO_PAYLOAD
        if not self._first_time(headers, payload):
            return _TAKEN_ALREADY if _by_a_person(payload) else Answer(status=200)
        return self._dispatched(payload)

    def _signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Check shape before content: the verifier itself fails on a time that is no number."""
        moment = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        shaped = _TIMESTAMP.fullmatch(_latin(moment)) and _SIGNATURE.fullmatch(_latin(signature))
        return bool(shaped) and self._verifier.is_valid(body, moment, signature)

    def _first_time(self, headers: Mapping[str, str], payload: Mapping[str, Any]) -> bool:
        if not first_time(self._house, "signature", headers["x-slack-signature"]):
            return False
        event_id = payload.get("event_id")
        return not isinstance(event_id, str) or first_time(self._house, "event", event_id)

    def _dispatched(self, payload: dict[str, Any]) -> Answer:
        """Hand the payload on as it would come over Socket Mode: it is verified and read, and Bolt need not again.

        Bolt would also take a command whose words contain "payload" for a click, and find nothing in it.
        """
        response = self._app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        headers = {name: str(values[0]) for name, values in response.headers.items() if values}
        return Answer(status=response.status, headers=headers, body=response.body or "")


def _failed(error: Exception) -> Answer:
    log.error("slack_request_failed", error=type(error).__name__)
    return Answer(status=500, body="internal error")


def read_payload(content_type: str, body: bytes) -> dict[str, Any] | None:
    """Read the body of a command (form), a click (form with JSON) or an event (JSON); None when it is none of these."""
    try:
        text = body.decode()
        if content_type.partition(";")[0].strip().casefold() == "application/json":
            return _object(text)
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        payload = _object(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        return None
    return payload if _of_slacks_shape(payload) else None


def _object(text: str) -> dict[str, Any] | None:
    found = json.loads(text)
    return found if isinstance(found, dict) and _of_slacks_shape(found) else None


def _of_slacks_shape(payload: Mapping[str, Any] | None) -> bool:
    """Look for what every payload we act on holds; Bolt and the listeners read these without asking."""
    if payload is None:
        return False
    if "ssl_check" in payload:
        return True
    if "command" in payload:
        return all(_word(payload, name) for name in ("command", "user_id"))
    kind = payload.get("type")
    if kind == "url_verification":
        return _word(payload, "challenge")
    if kind == "event_callback":
        return isinstance(payload.get("event"), dict) and _word(payload["event"], "type")
    return isinstance(kind, str) and isinstance(payload.get("user"), dict) and _actions_shaped(payload)


def _actions_shaped(payload: Mapping[str, Any]) -> bool:
    if not _word(payload["user"], "id"):
        return False
    if payload["type"] != "block_actions":
        return True
    actions = payload.get("actions")
    return isinstance(actions, list) and bool(actions) and all(_action_shaped(action) for action in actions)


def _action_shaped(action: object) -> bool:
    return isinstance(action, dict) and all(_word(action, name) for name in ("type", "action_id", "block_id"))


def _by_a_person(payload: Mapping[str, Any]) -> bool:
    return "command" in payload or payload.get("type") == "block_actions"


def _word(payload: Mapping[str, Any], name: str) -> bool:
    value = payload.get(name)
    return isinstance(value, str) and bool(value)


def _is_ssl_check(body: bytes) -> bool:
    return body.startswith(b"ssl_check=1") or b"&ssl_check=1" in body[:4096]


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")
