"""Outbox → Slack: claim, post, settle; never lost, never twice."""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.core.clearance import destination_reader, may_see
from bot.core.errors import DeliveryError
from bot.core.policy import Policy
from bot.core.settling import SETTLE, Next, lateness, settle
from bot.core.speech import Manner, Outgoing, Speech
from bot.core.words import Frozen
from bot.phrasebook import Phrasebook, WordingError
from bot.phrasebook.alerts import alert_speech, plain_alert_speech
from bot.store import alerts, notes, outbox, values
from bot.store.database import Database
from bot.store.outbox import Claimed

log = structlog.get_logger()

SPOKEN = "spoken"
OPERATORS = "operators_notice"
STOPPED_UNTIL = "slack_stopped_until"
STOPPED_FOR = "slack_stopped_for"

_BATCH = 16
_LANE_PAUSE = timedelta(seconds=1)


class Posted(Frozen):
    """Where a message landed: channel id (of a direct message: D…) and its ts."""

    channel: str
    ts: str


class Messenger(Protocol):
    """Speaks into Slack; every method raises DeliveryError with the class of what went wrong."""

    def post(self, destination: str, speech: Speech, *, token: str, thread: str | None, loud: bool) -> Posted:
        """Post a message that carries the opaque token; in a thread, and shown in the channel too when loud."""

    def edit(self, channel: str, ts: str, speech: Speech) -> None:
        """Replace a message of ours."""

    def find(self, destination: str, token: str, *, since: datetime, thread: str | None) -> Posted | None:
        """Look a message up by its token among what was said since; None when it is not there."""


class Deliver:
    """The one way out. Several may run at once, in one process or many: a row is claimed by one of them."""

    def __init__(
        self,
        database: Database,
        policy: Callable[[], Policy],
        phrasebook: Phrasebook,
        messenger: Messenger,
        clock: Callable[[], datetime],
        executor: Executor,
    ) -> None:
        self._database, self._policy, self._phrasebook = database, policy, phrasebook
        self._messenger, self._clock, self._executor = messenger, clock, executor
        self._under_way: set[int] = set()

    def send_due(self) -> int:
        """Claim what is due and hand it to the executor; give how many rows that were."""
        now = self._clock()
        if not self._something_due(now):
            return 0
        with self._database.transaction() as tx:
            under_way = tuple(self._under_way)
            suspects = outbox.suspects(tx, now, limit=_BATCH, settle_for=SETTLE, under_way=under_way)
            fresh = outbox.claim(tx, now, limit=_BATCH, settle_for=SETTLE, lane_pause=_LANE_PAUSE)
        for work, rows in ((self._settle_suspect, suspects), (self._send, fresh)):
            for claimed in rows:
                self._under_way.add(claimed.id)
                self._executor.submit(self._guarded, work, claimed)
        return len(suspects) + len(fresh)

    def _something_due(self, now: datetime) -> bool:
        """Look without taking the database's write lock; after a refused token wait as long as was decided then."""
        with self._database.reading() as tx:
            stopped = notes.get(tx, STOPPED_UNTIL)
            due = outbox.next_moment(tx)
        waiting = stopped is not None and datetime.fromisoformat(stopped) > now
        return due is not None and due <= now and not waiting

    def _guarded(self, work: Callable[[Claimed], None], claimed: Claimed) -> None:
        """Keep one poisoned message from stopping the others: it stays claimed and is looked at again later."""
        try:
            work(claimed)
        except Exception:
            log.exception("delivery_crashed", row=claimed.id, notice=claimed.outgoing.notice)
        finally:
            self._under_way.discard(claimed.id)

    def _settle_suspect(self, claimed: Claimed) -> None:
        """A message that may be in Slack already: look it up, adopt it, or say it again."""
        outgoing = claimed.outgoing
        if outgoing.manner is Manner.EDIT:
            return self._send(claimed)
        since = (claimed.first_attempt_at or outgoing.created_at) - timedelta(minutes=1)
        destination, thread = _place(claimed)
        try:
            posted = self._messenger.find(destination, claimed.token, since=since, thread=thread)
        except DeliveryError as error:
            log.info("lookup_refused", row=claimed.id, code=error.code)
            return self._send(claimed, repeated=True)
        if posted is None:
            return self._send(claimed)
        log.info("message_adopted", row=claimed.id, notice=outgoing.notice)
        return self._sent(claimed, posted)

    def _send(self, claimed: Claimed, *, repeated: bool = False) -> None:
        if claimed.outgoing.manner is not Manner.POST and claimed.alert_ts is None:
            return self._post_anew(claimed, "no_message")
        if not self._cleared(claimed.outgoing, _place(claimed)[0]):
            return self._hold_back(claimed)
        attempts = self._wordings(claimed, repeated=repeated)
        for place, speech in enumerate(attempts):
            plainest = place == len(attempts) - 1
            try:
                return self._sent(claimed, self._say(claimed, speech))
            except DeliveryError as error:
                settlement = settle(error, claimed.outgoing.manner, claimed.tries, plainest=plainest)
                if settlement.next is not Next.PLAINER:
                    return self._failed(claimed, error, settlement.next, settlement.wait, counts=settlement.counts)
                self._tell_operators(claimed, "wording_refused", error.code)
        return None

    def _say(self, claimed: Claimed, speech: Speech) -> Posted:
        destination, thread = _place(claimed)
        if claimed.outgoing.manner is Manner.EDIT and claimed.alert_ts is not None:
            self._messenger.edit(destination, claimed.alert_ts, speech)
            return Posted(channel=destination, ts=claimed.alert_ts)
        return self._messenger.post(destination, speech, token=claimed.token, thread=thread, loud=claimed.outgoing.loud)

    def _wordings(self, claimed: Claimed, *, repeated: bool) -> list[Speech]:
        """Give the message as it should be, then ever plainer, for when Slack refuses it."""
        outgoing, now = claimed.outgoing, self._clock()
        label = self._phrasebook.word("may_be_a_repeat", outgoing.language) if repeated else ""
        if outgoing.notice == SPOKEN:
            speech = Speech.model_validate(outgoing.facts["speech"])
            plain = Speech(text=speech.text)
        elif outgoing.notice == OPERATORS:
            speech = self._phrasebook.say(OPERATORS, outgoing.language, **outgoing.facts)
            plain = Speech(text=speech.text)
        else:
            speech, plain = self._alert_wordings(outgoing, now)
        wordings = [speech, speech.model_copy(update={"chart": None}), plain] if speech.chart else [speech, plain]
        return [_labelled(one, label) for one in wordings]

    def _alert_wordings(self, outgoing: Outgoing, now: datetime) -> tuple[Speech, Speech]:
        policy = self._policy()
        with self._database.reading() as tx:
            alert = alerts.get(tx, outgoing.alert or "")
            kpi = policy.kpis.get(alert.kpi) if alert else None
            history = values.history(tx, kpi.key, alert.segment, kpi.frequency, limit=40) if alert and kpi else None
        if alert is None or kpi is None or history is None:
            gone = Speech(text=self._phrasebook.word("no_longer_watched", outgoing.language))
            return gone, gone
        late = lateness(outgoing.created_at, now)
        plain = plain_alert_speech(policy, alert, history, outgoing, now)
        try:
            return alert_speech(self._phrasebook, policy, alert, history, outgoing, now, late=late), plain
        except WordingError as error:
            log.exception("wording_failed", template=outgoing.notice, problem=str(error))
            return plain, plain

    def _cleared(self, outgoing: Outgoing, destination: str) -> bool:
        """Check clearance at the moment of sending, by the policy in force now."""
        policy = self._policy()
        reader = destination_reader(destination, policy)
        named = [policy.kpis[key] for key in outgoing.kpis if key in policy.kpis]
        return all(may_see(reader, kpi, policy) for kpi in named)

    def _hold_back(self, claimed: Claimed) -> None:
        log.warning("not_cleared", row=claimed.id, destination=claimed.outgoing.destination)
        self._fall_back(claimed, "not_cleared")

    def _sent(self, claimed: Claimed, posted: Posted) -> None:
        with self._database.transaction() as tx:
            outbox.settle_sent(tx, claimed, channel=posted.channel, ts=posted.ts, now=self._clock())
            notes.drop(tx, STOPPED_UNTIL, STOPPED_FOR)
        log.info("sent", row=claimed.id, notice=claimed.outgoing.notice, destination=claimed.outgoing.destination)

    def _failed(self, claimed: Claimed, error: DeliveryError, what: Next, wait: timedelta, *, counts: bool) -> None:
        now = self._clock()
        log.warning("not_sent", row=claimed.id, notice=claimed.outgoing.notice, next=what.value, code=error.code)
        if what is Next.FALL_BACK:
            return self._fall_back(claimed, error.code)
        if what is Next.POST_ANEW:
            return self._post_anew(claimed, error.code)
        with self._database.transaction() as tx:
            if what is Next.SUSPECT:
                outbox.settle_suspect(tx, claimed, error=error.code, settle_until=now + wait)
            elif what is Next.GIVE_UP:
                outbox.settle_dead(tx, claimed, error=error.code, now=now)
            else:
                outbox.settle_later(tx, claimed, not_before=now + wait, error=error.code, counts=counts, now=now)
                outbox.pause_lane(tx, claimed.outgoing.destination, now + wait)
            if what is Next.STOP_ALL:
                notes.put(tx, STOPPED_UNTIL, (now + wait).isoformat())
                notes.put(tx, STOPPED_FOR, error.code)
        if what is Next.GIVE_UP:
            self._tell_operators(claimed, "message_given_up", error.code)
        return None

    def _fall_back(self, claimed: Claimed, code: str) -> None:
        """Send it to the fall-back channel if that one is cleared for it; tell the operators either way."""
        policy, now = self._policy(), self._clock()
        fallback = policy.channels[policy.company.fallback_channel].slack
        possible = claimed.outgoing.destination != fallback and claimed.outgoing.manner is not Manner.EDIT
        redirected = possible and self._cleared(claimed.outgoing, fallback)
        with self._database.transaction() as tx:
            if redirected:
                outbox.settle_redirected(tx, claimed, destination=fallback, error=code, now=now)
            else:
                outbox.settle_dead(tx, claimed, error=code, now=now)
        self._tell_operators(claimed, "destination_broken" if redirected else "message_given_up", code)

    def _post_anew(self, claimed: Claimed, code: str) -> None:
        """The message we wanted to change or answer is not there: say it again as a new one.

        A quiet reply is not said again: the alert's new message, which its edit becomes, says the same.
        """
        now = self._clock()
        needed = claimed.outgoing.manner is Manner.EDIT or claimed.outgoing.loud
        again = claimed.outgoing.model_copy(
            update={"key": f"{claimed.outgoing.key}:anew", "manner": Manner.POST, "created_at": now}
        )
        with self._database.transaction() as tx:
            if outbox.settle_superseded(tx, claimed, error=code, now=now):
                if claimed.outgoing.alert and claimed.outgoing.manner is Manner.EDIT:
                    alerts.forget_message(tx, claimed.outgoing.alert)
                if needed:
                    outbox.queue(tx, again)

    def _tell_operators(self, claimed: Claimed, what: str, code: str) -> None:
        """Tell the operators' channel of a dead end, once a day for each kind and destination."""
        policy, now = self._policy(), self._clock()
        channel = policy.channels[policy.company.operators_channel]
        outgoing = claimed.outgoing
        if outgoing.notice == OPERATORS:
            return
        notice = Outgoing(
            key=f"operators:{what}:{outgoing.destination}:{code}:{now.date().isoformat()}",
            notice=OPERATORS,
            manner=Manner.POST,
            destination=channel.slack,
            language=channel.language or policy.company.language,
            rank=0,
            created_at=now,
            facts={"what": what, "destination": outgoing.destination, "code": code, "about": outgoing.notice},
        )
        with self._database.transaction() as tx:
            outbox.queue(tx, notice)


def _place(claimed: Claimed) -> tuple[str, str | None]:
    """Where it goes: what is said about an alert follows its message to wherever that was posted."""
    outgoing = claimed.outgoing
    if outgoing.manner is Manner.POST or claimed.alert_channel is None:
        return outgoing.destination, None
    return claimed.alert_channel, claimed.alert_ts if outgoing.manner is Manner.REPLY else None


def _labelled(speech: Speech, label: str) -> Speech:
    if not label:
        return speech
    footer = f"{label} · {speech.footer}" if speech.footer else label
    return speech.model_copy(update={"text": f"{label}: {speech.text}", "footer": footer})
