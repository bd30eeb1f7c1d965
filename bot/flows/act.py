"""A person acknowledges or resolves an alert; the first one wins, and a second click changes nothing."""

from datetime import datetime

from bot.core.alert import Alert
from bot.core.announcing import announce
from bot.core.clearance import Reader, may_see
from bot.core.digest import open_longest_first
from bot.core.lifecycle import Act, Event, step
from bot.core.policy import Policy
from bot.core.words import Frozen
from bot.store import alerts, audit
from bot.store.database import Database, Transaction
from bot.store.steps import decide, keep


class Outcome(Frozen):
    """The alert after the act, None when there is none to be seen; done: what the act changed, if anything."""

    alert: Alert | None
    done: Event | None = None


def acknowledge(
    database: Database, policy: Policy, alert_id: str, reader: Reader, *, by: str, note: str | None, now: datetime
) -> Outcome:
    """Say "mine"; a note is the action taken, also later on, and ends the response window. by: Slack member id."""
    events = (Event.ACKNOWLEDGED, Event.ACTED) if note else (Event.ACKNOWLEDGED,)
    return _act(database, policy, alert_id, events, reader, Act(by=by, text=note), now)


def resolve(
    database: Database, policy: Policy, alert_id: str, reader: Reader, *, by: str, note: str | None, now: datetime
) -> Outcome:
    """End an alert by hand; a note is the reason. by: Slack member id."""
    return _act(database, policy, alert_id, (Event.RESOLVED,), reader, Act(by=by, text=note), now)


def most_urgent(database: Database, policy: Policy, kpi: str, *, unacknowledged: bool) -> Alert | None:
    """Give the open alert of a KPI that an act on the KPI means: the most urgent, one nobody has taken first."""
    with database.reading() as tx:
        open_now = open_longest_first(policy, alerts.open_alerts(tx, kpis=[kpi]))
    waiting = [alert for alert in open_now if alert.acknowledged_at is None]
    chosen = waiting if unacknowledged and waiting else open_now
    return chosen[0] if chosen else None


def _act(
    database: Database,
    policy: Policy,
    alert_id: str,
    events: tuple[Event, ...],
    reader: Reader,
    act: Act,
    now: datetime,
) -> Outcome:
    """Take the first of the events that changes the alert."""

    def work(tx: Transaction) -> Outcome:
        alert = alerts.get(tx, alert_id)
        kpi = policy.kpis.get(alert.kpi) if alert else None
        if alert is None or alert.dry_run or kpi is None or not may_see(reader, kpi, policy):
            return Outcome(alert=None)
        for event in events:
            taken = step(alert, event, act, policy.priority(alert.priority), now)
            if taken is not None:
                keep(tx, taken, announce(taken, policy, now), now)
                detail = {"kpi": alert.kpi}
                audit.record(tx, who=act.by or "", what=event.value, subject=alert.id, detail=detail, now=now)
                return Outcome(alert=taken.alert, done=event)
        return Outcome(alert=alert)

    return decide(database, work)
