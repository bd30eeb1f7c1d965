"""Builds every part once and wires them; reads the clock and hands it on."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from os import getpid

import structlog

from bot.core.errors import DeliveryClass, DeliveryError
from bot.core.policy import Policy
from bot.flows import checkin, report, watch
from bot.flows.collect import Collect
from bot.flows.deliver import STOPPED_FOR, STOPPED_UNTIL, Deliver
from bot.flows.house import House
from bot.flows.record import record
from bot.flows.renew import PolicyInForce
from bot.phrasebook import Phrasebook, shipped_messages
from bot.rulebook import shipped_rules
from bot.rulebook.watching import SETTLES
from bot.settings import Settings, read_secret
from bot.slack.door import Door
from bot.slack.listeners import build_app
from bot.slack.messenger import SlackMessenger, make_client
from bot.slack.profiles import Profiles
from bot.slack.socket import start_socket
from bot.slack.workspace import Workspace
from bot.sources.reading import Reader
from bot.store import notes
from bot.store.database import Database
from bot.store.good_rules import kept_files
from bot.store.values import Origin
from bot.ticker import Ticker, sending_pool
from bot.web.api import build_web
from bot.web.server import EVERYWHERE, serve

log = structlog.get_logger()

_LAST_READING_SECONDS = 3.0
"""How long a reading that is under way is waited for when we stop; what is late is read again by whoever works next."""


def utc_now() -> datetime:
    """Read the real clock; nobody else does."""
    return datetime.now(UTC)


class Bot:
    """The parts of one process, wired; which of them run is the caller's choice."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = utc_now,
        settles: float = SETTLES,
        goes_on: bool = False,
    ) -> None:
        """Build everything; nothing is opened, read from the network or started yet, but the rules are read.

        settles: for how many seconds a changed rules folder must stand still before it is read again; goes_on: whether
        the rules that took force last stand in for a folder that is broken. Raises PolicyRefused.
        """
        self._settings, self._clock = settings, clock
        self.database = Database(settings.database_url)
        self._name = f"{socket.gethostname()}:{getpid()}"
        self._in_force = PolicyInForce(
            settings.rules or shipped_rules(),
            process=self._name,
            kept=(lambda: kept_files(self.database)) if goes_on else dict,
            settles=settles,
        )
        self.phrasebook = Phrasebook(settings.messages, shipped_messages())
        self._client = make_client(settings.slack_bot_token, settings.slack_api_url)
        self._messenger = SlackMessenger(self._client)
        self._workspace = Workspace(self._client)
        self._profiles = Profiles(self._client)
        self.house = House(
            database=self.database,
            phrasebook=self.phrasebook,
            policy=self.policy,
            clock=clock,
            nudge=self.nudge,
            present=self._profiles.present,
        )
        self.phrasebook.prepare()
        self._ticker: Ticker | None = None
        self._follows_rules, self._following = False, threading.Lock()

    def policy(self) -> Policy:
        """The policy in force now."""
        return self._in_force.policy

    def nudge(self) -> None:
        """There is something to send: look at once. Without a worker in this process its next tick will see."""
        if self._ticker is not None:
            self._ticker.nudge("deliver")

    def catch_up(self) -> None:
        """Look at everything that may be due at once, as after the clock was moved."""
        if self._ticker is not None:
            self._ticker.nudge("clocks", "reports", "check_ins", "time", "collect", "deliver")

    def collector(self) -> Collect:
        """Make what reads the sources; what it reads is taken in as if it had been pushed."""
        reader = Reader(read_secret, self._settings.rules or shipped_rules())
        return Collect(
            self.database,
            self.policy,
            read=reader.read,
            record=lambda policy, entries, author, now: record(
                self.database, policy, entries, origin=Origin.SOURCE, author=author, now=now
            ),
            clock=self._clock,
            owner=self._name,
            nudge=self.nudge,
        )

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Tick for as long as the block lasts: deliver, watch the clocks, send the reports, read the sources.

        Leaving it waits for the messages that are on their way and for no other: whatever was claimed and not begun is
        looked up and sent by whoever works next.
        """
        pool = sending_pool()
        deliver = Deliver(self.database, self.policy, self.phrasebook, self._messenger, self._clock, pool)
        collect = self.collector()
        self._ticker = Ticker(
            {
                "deliver": (deliver.send_due, 0.25),
                "clocks": (self._watch_clocks, 1),
                "reports": (lambda: self._send_reports(self._name), 2),
                "check_ins": (self._ask_owners, 5),
                "time": (self._watch_time, 60),
                "collect": (collect.collect_due, 5),
            }
        )
        self._ticker.start()
        try:
            with self._following_rules():
                yield
        finally:
            collect.stop(_LAST_READING_SECONDS)
            self._ticker.stop()
            self._ticker = None
            pool.shutdown(wait=True, cancel_futures=True)

    @contextlib.contextmanager
    def listening(self, *, host: str = EVERYWHERE) -> Iterator[str]:
        """Serve HTTP, and Slack by whichever way the settings name; gives the server's address."""
        settings = self._settings
        bolt = build_app(self.house, self._client, self._workspace, settings.slack_signing_secret or None)
        secret = settings.slack_signing_secret
        door = Door(self.house, bolt, secret) if secret else None
        web = build_web(self.house, slack_events=_passed_to(door) if door else None, secret_key=settings.secret_key)
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._following_rules())
            address = stack.enter_context(serve(web, host, settings.port))
            if settings.slack_app_token:
                connection = start_socket(self.house, bolt, settings.slack_app_token, self._client)
                stack.callback(connection.close)
            yield address

    def check_slack(self) -> str | None:
        """Ask Slack who we are; give its word for what is wrong, None when all is well.

        The answer is kept for the first reader. Refused credentials make us unready at once, taken ones ready again.
        """
        try:
            self._workspace.ask()
        except DeliveryError as error:
            if error.kind is DeliveryClass.CREDENTIALS:
                with self.database.transaction() as tx:
                    notes.put(tx, STOPPED_FOR, error.code)
            return error.code
        with self.database.transaction() as tx:
            notes.drop(tx, STOPPED_UNTIL, STOPPED_FOR)
        return None

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    @contextlib.contextmanager
    def _following_rules(self) -> Iterator[None]:
        """Take changes of the rules folder into force for as long as the block lasts; once a process is enough."""
        if self._follows_rules:
            yield
            return
        ticker = Ticker({"rules": (self.follow_rules, 1)})
        self._follows_rules = True
        ticker.start()
        try:
            yield
        finally:
            ticker.stop()
            self._follows_rules = False

    def follow_rules(self) -> None:
        """Look once whether the rules folder has changed, and do what that makes necessary."""
        with self._following:
            before = self.policy()
            told = self._in_force.look(self.database, self._clock)
            if self.policy() is not before:
                self._watch_time()
        if told:
            self.nudge()

    def _watch_clocks(self) -> None:
        if watch.watch_clocks(self.database, self.policy(), self._clock()):
            self.nudge()

    def _watch_time(self) -> None:
        policy, now = self.policy(), self._clock()
        steps = watch.watch_time(self.database, policy, now)
        steps += watch.withdraw_orphans(self.database, policy, now) + watch.tell_after_trial(self.database, policy, now)
        if steps:
            self.nudge()

    def _send_reports(self, owner: str) -> None:
        if report.send_due(self.database, self.policy(), self.phrasebook, owner, self._clock()):
            self.nudge()

    def _ask_owners(self) -> None:
        zone, now = self._profiles.zone, self._clock()
        if checkin.ask_owners(self.database, self.policy(), self.phrasebook, zone, self._name, now):
            self.nudge()


def _passed_to(door: Door) -> Callable[[Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]:
    """Hand a request from the web server to the door before Bolt, and its answer back."""

    def events(headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        answer = door.handle(headers, body)
        return answer.status, answer.headers, answer.body.encode()

    return events
