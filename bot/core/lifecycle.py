"""The life of an alert as one table: (state, event) → (state, notice). A pair not in it changes and says nothing."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.alert import Alert, Resolution, State
from bot.core.organisation import Priority
from bot.core.verdict import Finding
from bot.core.words import Frozen


class Event(StrEnum):
    """What can happen to an alert.

    A warning is outgrown by its critical alert and returns when that is over; the alert of a rule on trial is told
    when the trial ends.
    """

    BREACHED = "breached"
    RECOVERED = "recovered"
    ACKNOWLEDGED = "acknowledged"
    ACTED = "acted"
    RESOLVED = "resolved"
    UNACKNOWLEDGED = "unacknowledged"
    WINDOW_ENDING = "window_ending"
    WINDOW_MISSED = "window_missed"
    WITHDRAWN = "withdrawn"
    OUTGROWN = "outgrown"
    RETURNED = "returned"
    TOLD = "told"


class Notice(StrEnum):
    """What is said about an alert; the value is the name of its template."""

    OPENED = "alert_opened"
    REOPENED = "alert_reopened"
    UPDATED = "alert_updated"
    ACKNOWLEDGED = "alert_acknowledged"
    ACTED = "alert_acted"
    RECOVERED = "alert_recovered"
    RESOLVED = "alert_resolved"
    ESCALATED = "alert_escalated"
    REMINDED = "alert_reminded"
    MISSED = "alert_missed"
    WITHDRAWN = "alert_withdrawn"
    OUTGROWN = "alert_outgrown"


TABLE: dict[tuple[State | None, Event], tuple[State, Notice]] = {
    (None, Event.BREACHED): (State.FIRING, Notice.OPENED),
    (State.FIRING, Event.BREACHED): (State.FIRING, Notice.UPDATED),
    (State.FIRING, Event.RECOVERED): (State.RESOLVED, Notice.RECOVERED),
    (State.FIRING, Event.ACKNOWLEDGED): (State.ACKNOWLEDGED, Notice.ACKNOWLEDGED),
    (State.FIRING, Event.RESOLVED): (State.RESOLVED, Notice.RESOLVED),
    (State.FIRING, Event.UNACKNOWLEDGED): (State.FIRING, Notice.ESCALATED),
    (State.FIRING, Event.WINDOW_ENDING): (State.FIRING, Notice.REMINDED),
    (State.FIRING, Event.WINDOW_MISSED): (State.FIRING, Notice.MISSED),
    (State.FIRING, Event.WITHDRAWN): (State.RESOLVED, Notice.WITHDRAWN),
    (State.FIRING, Event.OUTGROWN): (State.RESOLVED, Notice.OUTGROWN),
    (State.FIRING, Event.TOLD): (State.FIRING, Notice.OPENED),
    (State.ACKNOWLEDGED, Event.BREACHED): (State.ACKNOWLEDGED, Notice.UPDATED),
    (State.ACKNOWLEDGED, Event.ACTED): (State.ACKNOWLEDGED, Notice.ACTED),
    (State.ACKNOWLEDGED, Event.RECOVERED): (State.RESOLVED, Notice.RECOVERED),
    (State.ACKNOWLEDGED, Event.RESOLVED): (State.RESOLVED, Notice.RESOLVED),
    (State.ACKNOWLEDGED, Event.WINDOW_ENDING): (State.ACKNOWLEDGED, Notice.REMINDED),
    (State.ACKNOWLEDGED, Event.WINDOW_MISSED): (State.ACKNOWLEDGED, Notice.MISSED),
    (State.ACKNOWLEDGED, Event.WITHDRAWN): (State.RESOLVED, Notice.WITHDRAWN),
    (State.ACKNOWLEDGED, Event.OUTGROWN): (State.RESOLVED, Notice.OUTGROWN),
    (State.RESOLVED, Event.BREACHED): (State.FIRING, Notice.REOPENED),
    (State.RESOLVED, Event.RETURNED): (State.FIRING, Notice.UPDATED),
}


class Act(Frozen):
    """What came with an event: who did it (Slack member id), what they said, and what was seen."""

    by: str | None = None
    text: str | None = None
    finding: Finding | None = None
    period: str | None = None
    restated: bool = False


class Step(Frozen):
    """One step in an alert's life: how it stood (None when it opens), how it stands, what is said, and why."""

    before: Alert | None
    alert: Alert
    notice: Notice
    act: Act


def step(alert: Alert, event: Event, act: Act, priority: Priority, now: datetime) -> Step | None:
    """Take one event; None when it changes nothing (a second click, a late reminder, a value that says the same)."""
    row = TABLE.get((alert.state, event))
    if row is None or _is_not_for(alert, event) or _says_nothing_new(alert, event, act):
        return None
    state, notice = row
    changes = _changes(alert, event, act, priority, now) | {"state": state, "version": alert.version + 1}
    return Step(before=alert, alert=alert.model_copy(update=changes), notice=notice, act=act)


_OF_JUDGING = (Event.BREACHED, Event.RECOVERED, Event.WITHDRAWN, Event.OUTGROWN, Event.RETURNED, Event.TOLD)


def _is_not_for(alert: Alert, event: Event) -> bool:
    """Only judging touches the alert of a rule on trial; and only such an alert is still to be told."""
    return event not in _OF_JUDGING if alert.dry_run else event is Event.TOLD


def _says_nothing_new(alert: Alert, event: Event, act: Act) -> bool:
    if event is Event.ACTED:
        # The first action said counts, whoever says it; only whoever has the alert can say another.
        taken = alert.action is not None and act.by != alert.acknowledged_by
        return not act.text or act.text == alert.action or taken
    return event is Event.BREACHED and alert.is_open and has_seen(alert, act.finding, act.period)


def has_seen(alert: Alert, finding: Finding | None, period: str | None) -> bool:
    """Say whether an alert knows of a finding already.

    A corrected value before the judged one may change how long it has lasted: that is not worth a word by itself.
    """
    known = alert.finding._replace(lasting=1, at_least=None)
    return finding is not None and known == finding._replace(lasting=1, at_least=None) and alert.period == period


def start_clocks(priority: Priority, now: datetime) -> dict[str, datetime | None]:
    """Give the clocks of an alert that opens (or reopens) now."""
    return {"acknowledge_by": _after(now, priority.acknowledge_within)} | _window(priority, now)


def stopped_clocks() -> dict[str, datetime | None]:
    """Give the clocks of an alert that is over, or that nobody is told of."""
    return {"acknowledge_by": None, "remind_at": None, "respond_by": None}


def _window(priority: Priority, now: datetime) -> dict[str, datetime | None]:
    respond_by = _after(now, priority.respond_within)
    remind_at = respond_by - priority.remind_before if respond_by and priority.remind_before else None
    return {"remind_at": remind_at, "respond_by": respond_by}


def due_event(alert: Alert, now: datetime) -> Event | None:
    """Say which clock of an alert has run out by now, the gravest first; None when none has."""
    if not alert.is_open:
        return None
    if alert.respond_by is not None and alert.respond_by <= now:
        return Event.WINDOW_MISSED
    if alert.acknowledge_by is not None and alert.acknowledge_by <= now:
        return Event.UNACKNOWLEDGED
    if alert.remind_at is not None and alert.remind_at <= now:
        return Event.WINDOW_ENDING
    return None


def reopens(alert: Alert, priority: Priority, now: datetime) -> bool:
    """Say whether a new breach reopens this resolved alert rather than opening another."""
    return alert.resolved_at is not None and now - alert.resolved_at <= priority.reopen_within


_ENDS = {Event.WITHDRAWN: Resolution.WITHDRAWN, Event.OUTGROWN: Resolution.OUTGROWN}


def _changes(alert: Alert, event: Event, act: Act, priority: Priority, now: datetime) -> dict[str, object]:
    if event in (Event.BREACHED, Event.RETURNED, Event.TOLD):
        return _seen(act) | _begun(alert, event, priority, now)
    if event is Event.RECOVERED:
        why = Resolution.RESTATED if act.restated else Resolution.RECOVERED
        return stopped_clocks() | {"resolved_at": now, "resolution": why} | _seen(act)
    if event is Event.RESOLVED:
        ended: dict[str, object] = {"resolved_at": now, "resolved_by": act.by, "resolution": Resolution.BY_HAND}
        return stopped_clocks() | ended | ({"action": act.text} if act.text else {})
    if event in _ENDS:
        return stopped_clocks() | {"resolved_at": now, "resolution": _ENDS[event]} | _seen(act)
    if event in (Event.ACKNOWLEDGED, Event.ACTED):
        return _acknowledged(act, now) if event is Event.ACKNOWLEDGED else _acted(act)
    return _clock_ran_out(alert, event, priority, now)


def _begun(alert: Alert, event: Event, priority: Priority, now: datetime) -> dict[str, object]:
    if event is Event.TOLD:
        return {"dry_run": False, **start_clocks(priority, now)}
    return {} if alert.is_open else _afresh(alert, event, priority, now)


def _afresh(alert: Alert, event: Event, priority: Priority, now: datetime) -> dict[str, object]:
    """Begin again with the owner; a warning that returns was never over, so that is not counted."""
    cleared = dict.fromkeys(
        ("acknowledged_at", "acknowledged_by", "action", "resolved_at", "resolved_by", "resolution")
    )
    counted = {"step": 0, "reopened": alert.reopened + (event is Event.BREACHED)}
    return cleared | counted | (stopped_clocks() if alert.dry_run else start_clocks(priority, now))


def _seen(act: Act) -> dict[str, object]:
    return {"finding": act.finding, "period": act.period} if act.finding and act.period else {}


def _acknowledged(act: Act, now: datetime) -> dict[str, object]:
    """Somebody says "mine": the first clock stops; the second only when they also say what they will do."""
    taken: dict[str, object] = {"acknowledge_by": None, "acknowledged_at": now, "acknowledged_by": act.by}
    return taken | (_acted(act) if act.text else {})


def _acted(act: Act) -> dict[str, object]:
    """Somebody says what is done: the second promise is kept."""
    return {"action": act.text, "remind_at": None, "respond_by": None}


def _clock_ran_out(alert: Alert, event: Event, priority: Priority, now: datetime) -> dict[str, object]:
    """A promise was missed: it walks on, and whoever gets it has the time that the one before had.

    With the last of the chain no clock starts anew, so that the walk ends. Passing on names the response window to
    whoever gets it, so a reminder due at that moment would say it twice.
    """
    if event is Event.WINDOW_ENDING:
        return {"remind_at": None}
    onward = min(alert.step + 1, len(alert.chain) - 1)
    goes_on = onward < len(alert.chain) - 1
    waits = goes_on and alert.acknowledged_at is None
    moved: dict[str, object] = {
        "step": onward,
        "missed": alert.missed + 1,
        "acknowledge_by": _after(now, priority.acknowledge_within) if waits else None,
    }
    if event is Event.WINDOW_MISSED:
        return moved | (_window(priority, now) if goes_on else {"remind_at": None, "respond_by": None})
    reminded = alert.remind_at is not None and alert.remind_at <= now and onward > alert.step
    return moved | ({"remind_at": None} if reminded else {})


def _after(now: datetime, wait: timedelta | None) -> datetime | None:
    return None if wait is None else now + wait
