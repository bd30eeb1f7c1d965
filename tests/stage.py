"""The whole bot on a stage: demo company, real database, real HTTP, the sandbox for Slack, a clock that tests move."""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from bot.app import Bot, utc_now
from bot.cli.stage import build_sandbox
from bot.core.policy import Policy
from bot.rulebook import read_policy, shipped_rules
from bot.rulebook.watching import SETTLES
from bot.sandbox import Message, Sandbox, SandboxClock, serve
from bot.settings import Settings
from bot.store import notes, outbox
from bot.web.server import LOOPBACK
from bot.web.tokens import SCOPES, make_token

MADRID = ZoneInfo("Europe/Madrid")
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=MADRID)
SECRET = "a-signing-secret-for-tests"


@dataclass
class Stage:
    """What a story acts with."""

    sandbox: Sandbox
    bot: Bot
    clock: SandboxClock
    address: str
    token: str
    _moved_at: float = 0.0

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.bot.policy()

    def push(self, kpi: str, value: object, at: str, segment: str = "") -> httpx2.Response:
        """Push one value through the API."""
        item = {"kpi": kpi, "value": value, "at": at} | ({"segment": segment} if segment else {})
        return self.send({"values": [item]})

    def send(self, body: Any) -> httpx2.Response:
        """Send a body to the push API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx2.post(f"{self.address}/api/v1/values", json=body, headers=headers, timeout=10)

    def pass_time(self, by: timedelta) -> None:
        """Move the clock and let the bot look at what is due."""
        self.clock.advance(by)
        self.bot.catch_up()

    def posts(self, channel: str) -> list[Message]:
        """What stands in a channel, threads left out."""
        return [post for post in self.sandbox.channel(channel).posts if not _is_reply(post)]

    def wait_for_post(self, channel: str, words: str, timeout: float = 10.0) -> Message:
        """Wait until a message in the channel shows the words; gives it."""

        def found() -> Message | None:
            self._keep_lanes_moving()
            return next((post for post in self.sandbox.channel(channel).posts if words in post.plain), None)

        return self._seen(found, timeout)

    def wait_for_direct(self, person: str, timeout: float = 10.0) -> Message:
        """Wait until somebody has a direct message of the bot; gives the first."""

        def found() -> Message | None:
            self._keep_lanes_moving()
            return next(iter(self.sandbox.user(person).direct), None)

        return self._seen(found, timeout)

    def settle(self, timeout: float = 20.0) -> None:
        """Wait until nothing is left to be sent; a channel's pause of a second passes on the moved clock."""

        def settled() -> bool:
            self._keep_lanes_moving()
            return self.nothing_left()

        self.sandbox.wait_for(settled, timeout)

    def settle_for_now(self) -> None:
        """Wait until nothing can be sent as the clock stands."""

        def idle() -> bool:
            with self.bot.database.reading() as tx:
                due = outbox.next_moment(tx)
            return (due is None or due > self.clock.now()) and all(
                call.status is not None for call in self.sandbox.calls()
            )

        def idle_for_a_while() -> bool:
            if not idle():
                return False
            time.sleep(0.1)
            return idle()

        self._wait(idle_for_a_while)

    def nothing_left(self) -> bool:
        """Say whether every message is settled."""
        with self.bot.database.reading() as tx:
            counts = outbox.counts(tx)
        return counts["pending"] + counts["sending"] == 0

    def wait_until_stopped(self) -> None:
        """Wait until the bot has decided to send nothing for a while."""

        def stopped() -> bool:
            with self.bot.database.reading() as tx:
                return notes.get(tx, "slack_stopped_until") is not None

        self._wait(stopped)

    def wait_until_reports_began(self) -> None:
        """Wait until the bot has taken note that it reports from now on."""

        def begun() -> bool:
            with self.bot.database.reading() as tx:
                return notes.get(tx, "report_begun:daily:executive") is not None

        self._wait(begun)

    def wait_until(self, wanted: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait until it has come to that, letting channels' pauses pass."""

        def moving() -> bool:
            self._keep_lanes_moving()
            return wanted()

        self._wait(moving, timeout)

    def ready(self) -> httpx2.Response:
        """Ask whether the bot is ready."""
        return httpx2.get(f"{self.address}/-/ready", timeout=10)

    def _seen(self, look: Callable[[], Message | None], timeout: float) -> Message:
        message = self.sandbox.wait_for(look, timeout)
        assert message is not None
        return message

    def _wait(self, wanted: Callable[[], bool], timeout: float = 10.0) -> None:
        end = time.monotonic() + timeout
        while not wanted():
            assert time.monotonic() < end, "it did not come to that in time"
            time.sleep(0.02)

    def _keep_lanes_moving(self) -> None:
        if time.monotonic() - self._moved_at >= 0.05:
            self._moved_at = time.monotonic()
            self.clock.advance(timedelta(milliseconds=1050))
            self.bot.nudge()


def _is_reply(post: Message) -> bool:
    return post.thread_ts is not None and post.thread_ts != post.ts


@contextlib.contextmanager
def staged(
    database_url: str,
    *,
    transport: str = "http",
    start: datetime = TUESDAY_NOON,
    rules: Path | None = None,
    scopes: frozenset[str] | None = None,
    settles: float = SETTLES,
) -> Iterator[Stage]:
    """Raise the curtain; transport: ``http`` (signed) or ``socket``."""
    clock = SandboxClock(start)
    sandbox = build_sandbox(read_policy(rules or shipped_rules()), clock=clock, signing_secret=SECRET)
    with serve(sandbox):
        settings = Settings(
            database_url=database_url,
            slack_bot_token="xoxb-sandbox",
            slack_signing_secret=SECRET if transport == "http" else "",
            slack_app_token="xapp-sandbox" if transport == "socket" else "",
            slack_api_url=sandbox.api_url,
            port=0,
            rules=rules,
        )
        bot = Bot(settings, clock=clock.now, settles=settles)
        bot.database.migrate()
        token = make_token(bot.database, "", f"tests-{secrets.token_hex(4)}", SCOPES, utc_now())
        with bot.working(), bot.listening(host=LOOPBACK) as address:
            sandbox.connect(f"{address}/slack/events" if transport == "http" else None)
            if transport == "socket":
                sandbox.wait_for(lambda: sandbox.inbound.connected)
            yield Stage(sandbox, bot, clock, address, token)
        bot.close()
    sandbox.close()
