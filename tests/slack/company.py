"""The small company in Slack: its rules, its people and channels in a sandbox, the real house around a database."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from slack_bolt import App

from bot.core.intake import take
from bot.core.policy import Policy
from bot.flows.deliver import Deliver
from bot.flows.house import House
from bot.flows.record import record
from bot.phrasebook import Phrasebook, shipped_messages
from bot.rulebook import read_policy
from bot.sandbox import Channel, Person, Sandbox, SandboxClock, serve
from bot.slack.door import Door
from bot.slack.listeners import build_app
from bot.slack.messenger import SlackMessenger, make_client
from bot.slack.profiles import Profiles
from bot.slack.workspace import Workspace
from bot.store.database import Database
from bot.store.values import Origin
from tests.databases import database_url
from tests.rulebook.small_company import write_small_company

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECRET = "sandbox-signing-secret"
EXECUTIVE, REVENUE, OPERATIONS, LOBBY = "C0EXEC0001", "C0REVENUE1", "C0OPERATE1", "C0LOBBY001"
ANA, BRUNO, CARLA, GUEST = "U0ANA0001", "U0BRUNO01", "U0CARLA01", "U0GUEST01"

PEOPLE = (
    Person(ANA, "ana", "Ana Alba"),
    Person(BRUNO, "bruno", "Bruno Bosch"),
    Person(CARLA, "carla", "Carla Costa"),
    Person(GUEST, "guest", "Gus Guest", is_restricted=True),
)
EVERYBODY = ("ana", "bruno", "carla", "guest")
CHANNELS = (
    Channel(EXECUTIVE, "executive", ("ana",), is_private=True),
    Channel(REVENUE, "revenue", EVERYBODY),
    Channel(OPERATIONS, "operations", EVERYBODY, with_bot=False),
    Channel(LOBBY, "lobby", EVERYBODY),
)


class Inline(Executor):
    """Does at once what it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Company:
    """Everything a test touches: the house, its database and policy, the sandbox, and how often it was nudged."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        sandbox.inbound.answer_seconds = 15  # the machine that runs the tests may be busy
        self.policy: Policy = read_policy(write_small_company(folder / "rules"))
        self.database_url = database_url("sqlite", folder, "main")
        self.database = Database(self.database_url)
        self.nudges = 0
        self.client = make_client("xoxb-sandbox", sandbox.api_url)
        self.house = House(
            database=self.database,
            phrasebook=Phrasebook(None, shipped_messages()),
            policy=lambda: self.policy,
            clock=sandbox.clock.now,
            nudge=self._nudged,
            present=Profiles(self.client).present,
        )

    def _nudged(self) -> None:
        self.nudges += 1

    def record(self, kpi: str, value: float, period: str) -> str | None:
        """Take a value in; gives the id of the alert it opened, if any."""
        now = self.house.clock()
        entry = take(self.policy, self.policy.kpis[kpi], value, period, "", now=now, place="values[0]")
        receipt = record(self.database, self.policy, [entry], origin=Origin.API, author="test", now=now)
        return receipt.opened[0] if receipt.opened else None

    def deliver(self) -> None:
        """Let everything that waits to be said go out, a second later each time, as the lanes ask for."""
        out = Deliver(
            self.database,
            self.house.policy,
            self.house.phrasebook,
            SlackMessenger(self.client),
            self.house.clock,
            Inline(),
        )
        for _ in range(20):
            out.send_due()
            self.sandbox.clock.advance(timedelta(seconds=2))

    def app(self, signing_secret: str | None = SECRET) -> App:
        """The Bolt app of the house."""
        return build_app(self.house, self.client, Workspace(self.client), signing_secret)

    def door(self) -> Door:
        """The door for signed HTTP."""
        return Door(self.house, self.app(), SECRET)

    @contextmanager
    def over_http(self) -> Iterator[Door]:
        """Let the sandbox send signed requests to a door on loopback."""
        door = self.door()
        with listening(door.handle) as address:
            self.sandbox.connect(f"{address}/slack/events")
            try:
                yield door
            finally:
                self.sandbox.connect(None)


@contextmanager
def company(folder: Path, **changes: Any) -> Iterator[Company]:
    """The company with its sandbox served on loopback; ``changes`` are arguments of `Sandbox`."""
    given: dict[str, Any] = {"clock": SandboxClock(NOW), "company": "Small Company"}
    sandbox = Sandbox(PEOPLE, CHANNELS, **{**given, **changes})
    with serve(sandbox):
        built = Company(folder, sandbox)
        try:
            yield built
        finally:
            built.database.close()


class Answered(NamedTuple):
    """What a web server of ours says."""

    body: str
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


@contextmanager
def listening(answer: Callable[[dict[str, str], bytes], Any]) -> Iterator[str]:
    """A web server on loopback that hands every POST to ``answer``; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = answer(dict(self.headers.items()), body)
            content = reply.body.encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
