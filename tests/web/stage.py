"""The small company's HTTP edge, served for real on loopback: a house, a clock to set, tokens and a client."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx2

from bot.core.organisation import Level
from bot.core.policy import Policy
from bot.flows.house import House
from bot.phrasebook import Phrasebook, shipped_messages
from bot.rulebook import read_policy
from bot.store.database import Database
from bot.web.api import build_web
from bot.web.server import LOOPBACK, serve
from bot.web.slack_events import SlackEvents
from bot.web.tokens import SCOPES, make_token
from tests.rulebook.small_company import write_small_company

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET_KEY = "the key of these tests"


class Said(NamedTuple):
    """An answer to Slack."""

    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""


@dataclass
class Stage:
    """now: what the clock says; nudges: how often delivery was asked to look; client: carries a token of all scopes."""

    house: House
    client: httpx2.Client
    address: str
    now: datetime = NOON
    nudges: list[datetime] = field(default_factory=list)

    def begin(self) -> None:
        """Set the clock, and give the client a token, as at the beginning of every test."""
        self.now = NOON
        self.nudges.clear()
        self.client.headers["Authorization"] = f"Bearer {self.token('all of it', *SCOPES)}"

    def token(
        self, name: str, *scopes: str, clearance: Level = Level.EXECUTIVE, departments: Sequence[str] = ()
    ) -> str:
        """Make another token."""
        database = self.house.database
        return make_token(database, SECRET_KEY, name, scopes, self.now, clearance=clearance, departments=departments)

    def push(self, *items: Any) -> httpx2.Response:
        """Push a batch."""
        return self.client.post("/api/v1/values", json={"values": list(items)})

    def push_raw(self, body: bytes, content_type: str = "application/json") -> httpx2.Response:
        """Push these very bytes."""
        return self.client.post("/api/v1/values", content=body, headers={"Content-Type": content_type})

    def stored(self, kpi: str, segment: str = "") -> dict[str, float]:
        """Read a series back, by period."""
        answer = self.client.get(f"/api/v1/kpis/{kpi}/values", params={"segment": segment})
        assert answer.status_code == 200, answer.text
        return {one["period"]: one["value"] for one in answer.json()["values"]}


@cache
def small_company() -> Policy:
    """The small company's policy."""
    with TemporaryDirectory() as folder:
        return read_policy(write_small_company(Path(folder)))


@contextmanager
def staged(database: Database, *, slack_events: SlackEvents | None = None) -> Iterator[Stage]:
    """Serve the small company on the database for the length of the block."""
    phrasebook = Phrasebook(None, shipped_messages())
    house = House(
        database, phrasebook, small_company, clock=lambda: stage.now, nudge=lambda: stage.nudges.append(stage.now)
    )
    app = build_web(house, slack_events=slack_events, secret_key=SECRET_KEY)
    with serve(app, LOOPBACK, 0) as address, httpx2.Client(base_url=address, timeout=20) as client:
        stage = Stage(house, client, address)
        stage.begin()
        yield stage
