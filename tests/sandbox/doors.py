"""What tests of the sandbox do again and again: knock at its control doors, post, and read what stands in a channel."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox


def texts(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.channel("revenue").posts]


def attempt(client: WebClient, text: str = "hello") -> Any:
    try:
        return client.chat_postMessage(channel="C0REV", text=text).status_code
    except SlackApiError as refused:
        return refused.response.status_code
    except (http.client.HTTPException, OSError) as broken:
        return type(broken).__name__


def control(
    sandbox: Sandbox, path: str, body: dict[str, Any] | None = None, *, method: str | None = None, **headers: str
) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sandbox.address}/_sandbox/{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refused:
        return {"status": refused.code, **json.load(refused)}
    return found
