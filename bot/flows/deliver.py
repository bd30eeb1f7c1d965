"""Outbox → Slack: claim, post, settle; never lost, never twice."""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.core.announcing import for_operators
from bot.core.clearance import destination_reader, may_see
from bot.core.errors import DeliveryClass, DeliveryError
from bot.core.policy import Policy
from bot.core.settling import SETTLE, Next, Settlement, settle, wait_for_look_up
from bot.core.speech import OPERATORS, SPOKEN, Manner, Outgoing, Speech
from bot.core.words import Frozen
from bot.phrasebook import Phrasebook
from bot.phrasebook.wordings import About, wordings
from bot.store import alerts, notes, outbox, values
from bot.store.database import Database
from bot.store.outbox import Claimed

log = structlog.get_logger()

STOPPED_UNTIL = "slack_stopped_until"
STOPPED_FOR = "slack_stopped_for"

_BATCH = 8
_CRASHES = 5
_CLOCK_SLACK = timedelta(minutes=15)
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
        except Exception as error:  # noqa: BLE001 - around a delivery, so that the others go on
            # Its words may quote what was to be said, so only the kind is logged.
            log.critical("delivery_crashed", row=claimed.id, notice=claimed.outgoing.notice, error=type(error).__name__)
            if claimed.suspects >= _CRASHES:
                self._give_up(claimed, "crashed")
        finally:
            self._under_way.discard(claimed.id)

    def _settle_suspect(self, claimed: Claimed) -> None:
        """A message that may be in Slack already: look it up, adopt it, or say it again."""
        outgoing = claimed.outgoing
        if outgoing.manner is Manner.EDIT:
            return self._send(claimed)
        since = (claimed.first_attempt_at or outgoing.created_at) - _CLOCK_SLACK
        destination, thread = _place(claimed)
        try:
            posted = self._messenger.find(destination, claimed.token, since=since, thread=thread)
        except DeliveryError as error:
            wait = wait_for_look_up(error, claimed.suspects)
            log.info("lookup_refused", row=claimed.id, code=error.code, again=wait is not None)
            return self._send(claimed, repeated=True) if wait is None else self._still_suspect(claimed, error, wait)
        if posted is None:
            return self._send(claimed)
        log.info("message_adopted", row=claimed.id, notice=outgoing.notice)
        return self._sent(claimed, posted)

    def _send(self, claimed: Claimed, *, repeated: bool = False) -> None:
        if claimed.outgoing.manner is not Manner.POST and claimed.alert_ts is None:
            return self._post_anew(claimed, "no_message")
        if not self._cleared(claimed.outgoing, _audience(claimed)):
            return self._hold_back(claimed)
        attempts = self._wordings(claimed.outgoing, repeated=repeated)
        for place, speech in enumerate(attempts):
            plainest = place == len(attempts) - 1
            if not self._still_ours(claimed):
                return None
            try:
                return self._sent(claimed, self._say(claimed, speech))
            except DeliveryError as error:
                settlement = settle(error, claimed.outgoing.manner, claimed.tries, plainest=plainest)
                if settlement.next is not Next.PLAINER:
                    return self._failed(claimed, error, settlement)
                self._tell_operators(claimed, "wording_refused", error.code)
        return None

    def _still_ours(self, claimed: Claimed) -> bool:
        """Before each call: a row that waited too long may have been taken over by another process."""
        with self._database.transaction() as tx:
            return outbox.renew(tx, claimed, settle_until=self._clock() + SETTLE)

    def _say(self, claimed: Claimed, speech: Speech) -> Posted:
        destination, thread = _place(claimed)
        if claimed.outgoing.manner is Manner.EDIT and claimed.alert_ts is not None:
            self._messenger.edit(destination, claimed.alert_ts, speech)
            return Posted(channel=destination, ts=claimed.alert_ts)
        return self._messenger.post(destination, speech, token=claimed.token, thread=thread, loud=claimed.outgoing.loud)

    def _wordings(self, outgoing: Outgoing, *, repeated: bool) -> list[Speech]:
        policy = self._policy()
        with self._database.reading() as tx:
            alert = alerts.get(tx, outgoing.alert) if outgoing.alert else None
            kpi = policy.kpis.get(alert.kpi) if alert else None
            history = values.history(tx, kpi.key, alert.segment, kpi.frequency, limit=40) if alert and kpi else None
        about = About(alert, history) if alert and history else None
        return wordings(self._phrasebook, policy, outgoing, about, self._clock(), repeated=repeated)

    def _cleared(self, outgoing: Outgoing, destination: str) -> bool:
        """Check clearance at the moment of sending, by the policy in force now."""
        policy = self._policy()
        reader = destination_reader(destination, policy)
        named = [policy.kpis[key] for key in outgoing.kpis if key in policy.kpis]
        # What was worded before its KPI left the policy cannot be judged any more; an alert's words are made now.
        unknown = outgoing.notice == SPOKEN and len(named) < len(outgoing.kpis)
        return not unknown and all(may_see(reader, kpi, policy) for kpi in named)

    def _hold_back(self, claimed: Claimed) -> None:
        log.warning("not_cleared", row=claimed.id, destination=claimed.outgoing.destination)
        self._fall_back(claimed, "not_cleared")

    def _sent(self, claimed: Claimed, posted: Posted) -> None:
        with self._database.transaction() as tx:
            outbox.settle_sent(tx, claimed, channel=posted.channel, ts=posted.ts, now=self._clock())
            notes.drop(tx, STOPPED_UNTIL, STOPPED_FOR)
        log.info("sent", row=claimed.id, notice=claimed.outgoing.notice, destination=claimed.outgoing.destination)

    def _failed(self, claimed: Claimed, error: DeliveryError, settlement: Settlement) -> None:
        what, now = settlement.next, self._clock()
        log.warning("not_sent", row=claimed.id, notice=claimed.outgoing.notice, next=what.value, code=error.code)
        if what is Next.FALL_BACK:
            return self._fall_back(claimed, error.code)
        if what is Next.POST_ANEW:
            return self._post_anew(claimed, error.code)
        if what is Next.GIVE_UP:
            return self._give_up(claimed, error.code)
        if what is Next.SUSPECT:
            return self._still_suspect(claimed, error, settlement.wait)
        return self._later(claimed, error, settlement, now)

    def _later(self, claimed: Claimed, error: DeliveryError, settlement: Settlement, now: datetime) -> None:
        """Try again later; a message that was doubtful before stays doubtful, so that it is looked up first."""
        until = now + settlement.wait
        doubtful = claimed.suspects > 0 and claimed.outgoing.manner is not Manner.EDIT
        with self._database.transaction() as tx:
            if doubtful:
                outbox.settle_suspect(tx, claimed, error=error.code, settle_until=until)
            else:
                outbox.settle_later(tx, claimed, not_before=until, error=error.code, counts=settlement.counts, now=now)
            if error.kind is DeliveryClass.WAIT:
                outbox.pause_lane(tx, _place(claimed)[0], until)
            if settlement.next is Next.STOP_ALL:
                notes.put(tx, STOPPED_UNTIL, until.isoformat())
                notes.put(tx, STOPPED_FOR, error.code)

    def _still_suspect(self, claimed: Claimed, error: DeliveryError, wait: timedelta) -> None:
        with self._database.transaction() as tx:
            outbox.settle_suspect(tx, claimed, error=error.code, settle_until=self._clock() + wait)

    def _give_up(self, claimed: Claimed, code: str) -> None:
        with self._database.transaction() as tx:
            outbox.settle_dead(tx, claimed, error=code, now=self._clock())
        self._tell_operators(claimed, "message_given_up", code)

    def _fall_back(self, claimed: Claimed, code: str) -> None:
        """Send it to the fall-back channel if that one is cleared for it; tell the operators either way.

        A quiet change of a message that cannot be reached is not worth a message elsewhere.
        """
        policy, now, outgoing = self._policy(), self._clock(), claimed.outgoing
        fallback = policy.channels[policy.company.fallback_channel].slack
        quiet = outgoing.manner is not Manner.POST and not outgoing.loud
        if quiet or _place(claimed)[0] == fallback or not self._cleared(outgoing, fallback):
            return self._give_up(claimed, code)
        if outgoing.manner is Manner.POST:
            with self._database.transaction() as tx:
                outbox.settle_redirected(tx, claimed, destination=fallback, error=code, now=now)
        else:
            self._post_anew(claimed, code, destination=fallback)
        return self._tell_operators(claimed, "destination_broken", code)

    def _post_anew(self, claimed: Claimed, code: str, *, destination: str | None = None) -> None:
        """The message we wanted to change or answer is not there: say it again as a new one.

        A quiet reply is not said again, nor is anything while a new message is waiting: that one says the same.
        """
        now, outgoing = self._clock(), claimed.outgoing
        again = outgoing.model_copy(
            update={
                "key": f"{outgoing.key}:anew",
                "manner": Manner.POST,
                "created_at": now,
                "destination": destination or outgoing.destination,
            }
        )
        needed = outgoing.manner is Manner.EDIT or outgoing.loud
        with self._database.transaction() as tx:
            if not outbox.settle_superseded(tx, claimed, error=code, now=now) or outgoing.alert is None:
                return
            if outgoing.manner is Manner.EDIT or destination is not None:
                alerts.forget_message(tx, outgoing.alert)
            if needed and not outbox.post_waits(tx, outgoing.alert):
                outbox.queue(tx, again)

    def _tell_operators(self, claimed: Claimed, what: str, code: str) -> None:
        """Tell the operators' channel of a dead end, once a day for each kind and destination."""
        policy, now = self._policy(), self._clock()
        outgoing = claimed.outgoing
        if outgoing.notice == OPERATORS:
            return
        # A message that is lost is told each time; a destination that is broken once a day.
        lost = (outgoing.alert or claimed.id) if what == "message_given_up" else ""
        key = f"operators:{what}:{outgoing.destination}:{code}:{lost}:{now.date().isoformat()}"
        about = f"{outgoing.notice} {outgoing.alert or ''}".strip()
        facts = {"what": what, "destination": outgoing.destination, "code": code, "about": about}
        with self._database.transaction() as tx:
            outbox.queue(tx, for_operators(policy, key, facts, now))


def _place(claimed: Claimed) -> tuple[str, str | None]:
    """Where it goes: what is said about an alert follows its message to wherever that was posted."""
    outgoing = claimed.outgoing
    if outgoing.manner is Manner.POST or claimed.alert_channel is None:
        return outgoing.destination, None
    return claimed.alert_channel, claimed.alert_ts if outgoing.manner is Manner.REPLY else None


def _audience(claimed: Claimed) -> str:
    """Who reads it: an edited direct message the person it went to, whose conversation has an id of its own."""
    place, outgoing = _place(claimed)[0], claimed.outgoing
    return outgoing.destination if outgoing.edits is not None and place.startswith("D") else place
