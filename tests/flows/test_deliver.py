"""Outbox → Slack on a real database: what each kind of failure does to the messages behind and around it."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.clearance import reader_of
from bot.core.errors import DeliveryClass, DeliveryError
from bot.core.intake import Entry
from bot.core.periods import parse_label
from bot.core.policy import Policy
from bot.core.speech import SPOKEN, Manner, Outgoing, Speech
from bot.core.words import Language
from bot.flows.act import acknowledge
from bot.flows.deliver import Deliver, Posted
from bot.flows.record import record
from bot.flows.watch import watch_clocks
from bot.phrasebook import Phrasebook, shipped_messages
from bot.store import alerts, outbox
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import policy_with, small_policy

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
REVENUE, EXECUTIVE, OPERATIONS = "C0REVENUE1", "C0EXEC0001", "C0OPERATE1"
PHRASEBOOK = Phrasebook(None, shipped_messages())

WAIT = DeliveryError(DeliveryClass.WAIT, "ratelimited", 5)
AMBIGUOUS = DeliveryError(DeliveryClass.AMBIGUOUS, "timeout")
NOT_SENT = DeliveryError(DeliveryClass.NOT_SENT, "refused")
ARCHIVED = DeliveryError(DeliveryClass.DESTINATION, "is_archived")
BLOCKS = DeliveryError(DeliveryClass.OUR_FAULT, "invalid_blocks")
UNKNOWN = DeliveryError(DeliveryClass.UNKNOWN, "new_code")
GONE = DeliveryError(DeliveryClass.GONE, "message_not_found")
NO_SCOPE = DeliveryError(DeliveryClass.CREDENTIALS, "missing_scope")


class AtOnce(Executor):
    """Runs what it is given before it returns."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Wire:
    """A messenger whose next answers are scripted; whatever is not scripted goes well."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, Speech]] = []
        self.tokens: dict[str, Posted] = {}
        self.plan: list[Callable[[str, str, str], DeliveryError | None]] = []
        self.look_ups: list[DeliveryError | None] = []
        self.lands_anyway = False

    def fail(self, error: DeliveryError, *, times: int = 1, kind: str = "post", to: str | None = None) -> None:
        def once(did: str, where: str, _token: str) -> DeliveryError | None:
            return error if did == kind and to in (None, where) else None

        self.plan += [once] * times

    def post(self, destination: str, speech: Speech, *, token: str, thread: str | None, loud: bool) -> Posted:
        where = f"{destination}/{thread}" if thread else destination
        error = self._error("post", destination, token)
        if error is None or self.lands_anyway:
            self.said.append(("post", where, speech))
            self.tokens[token] = Posted(channel=destination, ts=f"{len(self.said)}.0")
            self.lands_anyway = False
        if error is not None:
            raise error
        return self.tokens[token]

    def edit(self, channel: str, ts: str, speech: Speech) -> None:
        error = self._error("edit", channel, "")
        if error is not None:
            raise error
        self.said.append(("edit", f"{channel}/{ts}", speech))

    def find(self, destination: str, token: str, *, since: datetime, thread: str | None) -> Posted | None:
        error = self.look_ups.pop(0) if self.look_ups else None
        if error is not None:
            raise error
        return self.tokens.get(token)

    def _error(self, did: str, where: str, token: str) -> DeliveryError | None:
        for place, planned in enumerate(self.plan):
            error = planned(did, where, token)
            if error is not None:
                del self.plan[place]
                return error
        return None

    def posts(self, channel: str) -> list[Speech]:
        return [speech for did, where, speech in self.said if did == "post" and where == channel]


class Post:
    """A post office with a clock that tests move."""

    def __init__(self, database: Database, policy: Policy | None = None) -> None:
        self.database, self.policy, self.wire, self.now = database, policy or small_policy(), Wire(), START
        self.deliver = self.another()

    def another(self) -> Deliver:
        return Deliver(self.database, lambda: self.policy, PHRASEBOOK, self.wire, lambda: self.now, AtOnce())

    def breach(self, value: float = 4.5) -> str:
        kpi = self.policy.kpis["churn_rate"]
        entry = Entry(kpi=kpi.key, segment="", period=parse_label("2026-11", kpi.frequency), value=value)
        record(self.database, self.policy, [entry], origin=Origin.API, author="test", now=self.now)
        with self.database.reading() as tx:
            (alert,) = alerts.recent(tx, START - timedelta(days=1))
        return alert.id

    def run(self, for_: timedelta = timedelta(minutes=5), step: timedelta = timedelta(seconds=1)) -> None:
        end = self.now + for_
        while self.now <= end:
            while self.deliver.send_due():
                self.now += timedelta(milliseconds=10)
            self.now += step

    def counts(self) -> dict[str, int]:
        with self.database.reading() as tx:
            return {state: count for state, count in outbox.counts(tx).items() if count}

    def say(self, key: str, destination: str = REVENUE, **more: Any) -> None:
        outgoing = Outgoing(
            key=key, notice=SPOKEN, manner=Manner.POST, destination=destination, language=Language.EN, rank=2,
            created_at=self.now, facts={"speech": Speech(text=key).model_dump(mode="json")}, **more,
        )  # fmt: skip
        with self.database.transaction() as tx:
            outbox.queue(tx, outgoing)


@pytest.fixture
def office(database: Database) -> Post:
    return Post(database)


def test_a_direct_message_never_becomes_the_alert_s_message(office: Post) -> None:
    office.wire.fail(ARCHIVED, to=REVENUE)
    office.wire.fail(ARCHIVED, to=EXECUTIVE)
    alert_id = office.breach()
    office.run()
    watch_clocks(office.database, office.policy, office.now + timedelta(minutes=40))
    office.run()
    with office.database.reading() as tx:
        alert = alerts.get(tx, alert_id)
    assert alert is not None
    assert not alert.channel.startswith(("U", "D"))


@pytest.mark.parametrize("refusal", [WAIT, NOT_SENT])
def test_a_doubtful_message_stays_doubtful_until_it_has_been_looked_up(office: Post, refusal: DeliveryError) -> None:
    office.wire.lands_anyway = True
    office.wire.fail(AMBIGUOUS)
    office.wire.look_ups = [refusal, refusal]
    office.breach()
    office.run(timedelta(minutes=10))
    assert len(office.wire.posts(REVENUE)) == 1
    assert office.counts() == {"sent": 1}


def test_without_a_look_up_the_repeat_is_labelled_even_after_it_had_to_wait(office: Post) -> None:
    office.wire.lands_anyway = True
    office.wire.fail(AMBIGUOUS)
    office.wire.look_ups = [NO_SCOPE] * 9
    office.wire.fail(WAIT)
    office.breach()
    office.run(timedelta(minutes=10))
    first, second = office.wire.posts(REVENUE)
    label = PHRASEBOOK.word("may_be_a_repeat", Language.ES)
    assert (label in first.footer, label in second.footer) == (False, True)


def test_an_escalation_falls_back_when_its_channel_breaks_after_the_first_post(office: Post) -> None:
    office.breach()
    office.run()
    office.wire.fail(ARCHIVED, times=9, to=REVENUE)
    office.wire.fail(ARCHIVED, times=9, kind="edit", to=REVENUE)
    office.now += timedelta(minutes=40)
    watch_clocks(office.database, office.policy, office.now)
    office.run()
    assert len(office.wire.posts(EXECUTIVE)) == 1
    assert office.wire.posts(OPERATIONS)


def test_a_row_taken_over_by_another_process_is_not_sent_by_the_first(office: Post) -> None:
    class Slow(AtOnce):
        def __init__(self) -> None:
            self.held: list[Callable[[], Any]] = []

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.held.append(lambda: fn(*args, **kwargs))
            return Future()

    slow = Slow()
    first = Deliver(office.database, lambda: office.policy, PHRASEBOOK, office.wire, lambda: office.now, slow)
    office.breach()
    assert first.send_due() == 1
    office.now += timedelta(seconds=20)
    office.run()
    for held in slow.held:
        held()
    assert len(office.wire.posts(REVENUE)) == 1


def test_a_message_slack_does_not_understand_does_not_hold_up_the_others(office: Post) -> None:
    office.wire.plan = [lambda did, where, token: UNKNOWN if did == "post" and where == REVENUE else None] * 2
    office.say("bad")
    office.run(timedelta(seconds=1))
    office.say("good")
    office.run(timedelta(seconds=3))
    assert "good" in [speech.text for speech in office.wire.posts(REVENUE)]


def test_a_message_that_cannot_be_worded_does_not_hold_up_the_others_for_ever(office: Post) -> None:
    office.say("poison")
    broken = {"facts": {"speech": {"nonsense": 1}}}
    outgoing = Outgoing(
        key="broken", notice=SPOKEN, manner=Manner.POST, destination=REVENUE, language=Language.EN, rank=0,
        created_at=office.now, **broken,
    )  # fmt: skip
    with office.database.transaction() as tx:
        outbox.queue(tx, outgoing)
    office.run(timedelta(minutes=10), timedelta(seconds=5))
    assert [speech.text for speech in office.wire.posts(REVENUE)] == ["poison"]
    assert office.wire.posts(OPERATIONS), "the operators are told"


def test_an_alert_refused_for_its_blocks_goes_out_as_text_with_the_same_facts(office: Post) -> None:
    office.wire.fail(BLOCKS, times=2, to=REVENUE)
    office.breach()
    office.run()
    (said,) = office.wire.posts(REVENUE)
    assert said == Speech(text=said.text)
    assert "4.5" in said.text and "2.5" in said.text


def test_after_a_deleted_message_a_loud_step_is_told_once(office: Post) -> None:
    office.breach()
    office.run()
    office.wire.fail(GONE, kind="edit")
    office.now += timedelta(minutes=40)
    watch_clocks(office.database, office.policy, office.now)
    office.run()
    assert len(office.wire.posts(REVENUE)) == 2, "the first message, and the one that takes its place"


def test_a_post_that_is_said_to_be_gone_is_sent_again(office: Post) -> None:
    office.wire.fail(GONE, times=3, to=REVENUE)
    office.breach()
    office.run(timedelta(minutes=10))
    assert len(office.wire.posts(REVENUE)) == 1


def test_what_was_worded_about_a_kpi_that_has_left_is_shown_to_nobody(office: Post) -> None:
    office.say("secret figure", kpis=("mrr",))
    without = {key: kpi for key, kpi in office.policy.kpis.items() if key != "mrr"}
    office.policy = policy_with(office.policy, kpis=without)
    office.run()
    assert all("secret figure" not in speech.text for _, _, speech in office.wire.said)


def test_what_is_said_about_an_alert_keeps_its_order(office: Post) -> None:
    alert_id = office.breach()
    ana = office.policy.people["ana"]
    acknowledge(
        office.database, office.policy, alert_id, reader_of(ana), by=ana.slack, note="calling them", now=office.now
    )
    office.breach(2.0)
    office.run()
    assert office.wire.said[0][0] == "post"
    threads = [speech.body for did, where, speech in office.wire.said if did == "post" and "/" in where]
    assert len(threads) == 2
    assert "calling them" in threads[0]
