"""The real bot for the lines that go through its doors: `kpi-bot run` on loopback, its sandbox, and a plain client."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slack_sdk.signature import SignatureVerifier

from bot.app import utc_now
from bot.cli.stage import build_sandbox
from bot.rulebook import read_policy
from bot.sandbox import Sandbox, serve
from bot.store.database import Database
from bot.web.tokens import make_token

SECRET = "a-signing-secret-for-the-bench"
KEY = "the key of the bench"
KPI_BOT = [sys.executable, "-c", "from bot.cli import main; main()"]


class Client:
    """One connection that is kept open, with nothing between us and the socket that would cost time."""

    def __init__(self, address: str, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
        self._token = token

    def get(self, path: str) -> bytes:
        """Ask, and insist on a good answer."""
        self._connection.request("GET", path)
        return self._answer()

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Send, and insist on a good answer."""
        self._connection.request("POST", path, body, dict(headers))
        return self._answer()

    def push(self, *values: dict[str, Any]) -> dict[str, int]:
        """Push values; gives what became of them."""
        return self.push_body(json.dumps({"values": values}).encode())

    def push_body(self, body: bytes) -> dict[str, int]:
        """Push values that are JSON already."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        answer: dict[str, int] = json.loads(self.post("/api/v1/values", body, headers))
        return answer

    def command(self, body: bytes) -> bytes:
        """Send what somebody typed, signed as Slack signs it."""
        signed = SignatureVerifier(SECRET)
        moment = str(int(signed.clock.now()))
        signature = signed.generate_signature(timestamp=moment, body=body) or ""
        headers = {
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.post("/slack/events", body, headers)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _answer(self) -> bytes:
        response = self._connection.getresponse()
        said = response.read()
        assert response.status == 200, f"{response.status}: {said[:300]!r}"
        return said


@dataclass(frozen=True)
class Running:
    """A bot that runs: its sandbox, its address, a token of its API."""

    sandbox: Sandbox
    address: str
    token: str

    def client(self) -> Client:
        """Give a connection of one's own; one a thread."""
        return Client(self.address, self.token)


@contextmanager
def sandboxed(rules: Path) -> Iterator[Sandbox]:
    """Serve a sandbox that holds the company."""
    sandbox = build_sandbox(read_policy(rules), signing_secret=SECRET)
    with serve(sandbox):
        yield sandbox
    sandbox.close()


@contextmanager
def started(file: Path, rules: Path, sandbox: Sandbox) -> Iterator[str]:
    """Run the bot on a migrated database for the length of the block, which begins when it is ready."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{file}",
        "KPI_BOT_RULES": str(rules),
        "KPI_BOT_SECRET_KEY": KEY,
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_SIGNING_SECRET": SECRET,
        "PORT": "0",
    }
    process = subprocess.Popen([*KPI_BOT, "run"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield _address_when_ready(process).replace("0.0.0.0", "127.0.0.1")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)


@contextmanager
def running(file: Path, rules: Path) -> Iterator[Running]:
    """Run the bot with a sandbox and a token."""
    with sandboxed(rules) as sandbox:
        database = Database(f"sqlite:///{file}")
        token = make_token(database, KEY, "bench", (), utc_now())
        database.close()
        with started(file, rules, sandbox) as address:
            yield Running(sandbox, address, token)


def _address_when_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        said = json.loads(line)
        if said["event"] == "ready":
            # Somebody has to read on, or the bot would wait for room to log in.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return str(said["at"])
    raise RuntimeError(f"the bot ended with {process.wait()} before it was ready")
