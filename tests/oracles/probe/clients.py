"""The two clients behind one face: method, arguments and token in, the answer out; neither repeats anything."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError

from tests.oracles.node import HERE, environment

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a client made of it: `status` 429 when it was told to wait `retry_after` seconds."""

    body: Json
    status: int = 200
    retry_after: int | None = field(default=None, kw_only=True)


class Client(Protocol):
    """Either client."""

    def call(self, url: str, token: str | None, method: str, arguments: Json) -> Answer:
        """Make one call of the Web API at `url`."""
        ...


class Python:
    """slack_sdk's WebClient."""

    def call(self, url: str, token: str | None, method: str, arguments: Json) -> Answer:
        """Make one call by the client's own method; by name where that would not send what is asked."""
        client = WebClient(token, base_url=url, retry_handlers=[])
        try:
            return Answer(_asked(client, method, arguments))
        except SlackApiError as refused:
            return _refused(refused)
        except SlackClientError as broken:
            return Answer({"ok": False, "error": str(broken)}, 0)


def _asked(client: WebClient, method: str, arguments: Json) -> Json:
    name = "files_upload_v2" if method == "files.uploadV2" else method.replace(".", "_")
    own = getattr(client, name, None)
    try:
        body = own(**arguments).data if own else client.api_call(method, json=arguments).data
    except (TypeError, SlackRequestError):  # the client's own checks stand before Slack's: ask without them
        body = client.api_call(method, json=arguments).data
    assert isinstance(body, dict)
    return body


def _refused(refused: SlackApiError) -> Answer:
    response = refused.response
    body = response.data if isinstance(response.data, dict) else {"ok": False, "error": str(response.data)}
    wait = response.headers.get("Retry-After")
    return Answer(body, response.status_code, retry_after=int(wait) if wait else None)


class JavaScript:
    """`@slack/web-api` in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """Speak with `client.mjs`."""
        self._process = process

    def call(self, url: str, token: str | None, method: str, arguments: Json) -> Answer:
        """Make one call."""
        line = json.dumps({"url": url, "token": token, "method": method, "arguments": arguments})
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Answer(answer["body"], answer["status"], retry_after=answer.get("retry_after"))


@contextlib.contextmanager
def javascript() -> Iterator[JavaScript]:
    """Start the JavaScript client for as long as the block lasts."""
    command = ["node", str(HERE / "probe" / "client.mjs")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=environment(), **pipes) as process:  # type: ignore[call-overload]
        yield JavaScript(process)
        process.stdin.close()
