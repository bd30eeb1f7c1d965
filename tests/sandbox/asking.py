"""Asking the sandbox's Web API by method name, and reading a refusal."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Message, Sandbox

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*blocks*"}}]
METADATA = {"event_type": "kpi_alert", "event_payload": {"id": "row-7"}}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def asked(client: WebClient, method: str, **fields: Any) -> dict[str, Any]:
    """The answer to a call whose fields go as a form, as the official clients send them."""
    form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    data = client.api_call(method, data=form).data
    assert isinstance(data, dict)
    return data


def refused(client: WebClient, method: str, **fields: Any) -> dict[str, Any]:
    """The answer to a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        asked(client, method, **fields)
    data = caught.value.response.data
    assert isinstance(data, dict)
    return data


def error(client: WebClient, method: str, **fields: Any) -> str:
    """Slack's word for why a call is refused."""
    return str(refused(client, method, **fields)["error"])


def post(sandbox: Sandbox, client: WebClient, text: str = "hello", **fields: Any) -> Message:
    """Post to #revenue; gives the message."""
    answer = asked(client, "chat.postMessage", channel="C0REV", text=text, **fields)
    return sandbox.workspace.rooms["C0REV"].messages[answer["ts"]]


def upload(client: WebClient, name: str = "chart.png", content: bytes = PNG, **completion: Any) -> dict[str, Any]:
    """The three steps of an upload; gives the answer to the last."""
    ticket = asked(client, "files.getUploadURLExternal", filename=name, length=str(len(content)))
    assert send(ticket["upload_url"], content)[0] == 200
    return asked(client, "files.completeUploadExternal", files=[{"id": ticket["file_id"]}], **completion)


def send(url: str, content: bytes | None = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """GET, or POST with content: status, body and headers (by small letters)."""
    request = urllib.request.Request(url, content, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), _headers(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read(), _headers(refusal)


def _headers(answer: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}
