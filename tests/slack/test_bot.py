"""The wired bot towards Slack: what it learns at the start, and what it does with messages when it has to stop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot import ticker
from bot.app import Bot
from bot.core.speech import SPOKEN, Manner, Outgoing
from bot.core.words import Language
from bot.flows.deliver import STOPPED_FOR, STOPPED_UNTIL
from bot.settings import Settings
from bot.store import notes, outbox
from bot.web.health import readiness
from bot.web.server import LOOPBACK
from tests.slack.company import ANA, EXECUTIVE, LOBBY, NOW, REVENUE, SECRET, Company

DESTINATIONS = (EXECUTIVE, REVENUE, LOBBY, ANA)


@dataclass
class Wired:
    """The bot of the small company; its database is the company's."""

    bot: Bot
    small: Company

    def calls(self, method: str) -> int:
        return len(self.small.sandbox.calls(method))


@pytest.fixture
def wired(small: Company, tmp_path: Path) -> Iterator[Wired]:
    bot = Bot(
        Settings(
            database_url=small.database_url,
            slack_bot_token="xoxb-sandbox",
            slack_signing_secret=SECRET,
            slack_api_url=small.sandbox.api_url,
            port=0,
            rules=tmp_path / "rules",
        ),
        clock=small.sandbox.clock.now,
    )
    yield Wired(bot, small)
    bot.close()


def test_the_first_reader_does_not_wait_for_what_was_learnt_at_the_start(wired: Wired) -> None:
    assert wired.bot.check_slack() is None
    with wired.bot.listening(host=LOOPBACK) as address:
        wired.small.sandbox.connect(f"{address}/slack/events")
        assert wired.small.sandbox.user("ana").command("/kpi help", "revenue").error is None
    assert wired.calls("auth.test") == 1


def test_a_refused_token_makes_us_unready_from_the_start_until_it_is_taken(wired: Wired) -> None:
    assert readiness(wired.bot.house).ready
    fault = wired.small.sandbox.faults.plan("error", method="auth.test", error="invalid_auth", times=None)
    assert wired.bot.check_slack() == "invalid_auth"
    found = readiness(wired.bot.house)
    assert not found.ready
    assert "invalid_auth" in found.checks["slack"].detail
    with wired.bot.database.transaction() as tx:
        notes.put(tx, STOPPED_UNTIL, (NOW + timedelta(minutes=1)).isoformat())
    fault.times = 0
    assert wired.bot.check_slack() is None
    assert readiness(wired.bot.house).ready
    with wired.bot.database.reading() as tx:
        assert notes.get(tx, STOPPED_UNTIL) is None


def test_an_outage_at_the_start_says_nothing_about_our_credentials(wired: Wired) -> None:
    wired.small.sandbox.faults.plan("server_error", method="auth.test")
    assert wired.bot.check_slack() == "http_503"
    assert readiness(wired.bot.house).ready
    with wired.bot.database.transaction() as tx:
        notes.put(tx, STOPPED_FOR, "token_revoked")
    wired.small.sandbox.faults.plan("server_error", method="auth.test")
    wired.bot.check_slack()
    assert not readiness(wired.bot.house).ready


def test_stopping_waits_for_the_message_on_its_way_alone_and_the_next_start_sends_the_rest_once(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.sending_pool", lambda: ticker.sending_pool(1))
    slow = wired.small.sandbox.faults.plan("slow", method="chat.postMessage", seconds=1.0, times=None)
    queue_everywhere(wired)
    with wired.bot.working():
        wired.small.sandbox.wait_for(lambda: wired.calls("chat.postMessage") == 1)
    assert wired.calls("chat.postMessage") == 1
    assert counts(wired) == {"sent": 1, "sending": len(DESTINATIONS) - 1}

    slow.times = 0
    wired.small.sandbox.clock.advance(timedelta(minutes=1))
    with wired.bot.working():
        wired.small.sandbox.wait_for(lambda: counts(wired) == {"sent": len(DESTINATIONS)})
    assert wired.calls("chat.postMessage") == len(DESTINATIONS)


def queue_everywhere(wired: Wired) -> None:
    with wired.bot.database.transaction() as tx:
        for destination in DESTINATIONS:
            speech = {"text": f"for {destination}", "body": "Hello"}
            message = Outgoing(
                key=f"test:{destination}",
                notice=SPOKEN,
                manner=Manner.POST,
                destination=destination,
                language=Language.EN,
                rank=1,
                created_at=NOW,
                facts={"speech": speech},
            )
            outbox.queue(tx, message)


def counts(wired: Wired) -> dict[str, int]:
    with wired.bot.database.reading() as tx:
        return {state: count for state, count in outbox.counts(tx).items() if count}
