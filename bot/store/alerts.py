"""Alerts as they stand, which of them are due, and the timeline of each."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, CursorResult, RowMapping, Select, Text, and_, func, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.core.alert import Alert, State
from bot.core.errors import KpiBotError
from bot.core.words import Frozen
from bot.store import statements
from bot.store.database import Transaction
from bot.store.statements import given, rows_given
from bot.store.tables import alerts, moments

SeriesRule = tuple[str, str, str]

# Written into the statement, not bound: only then do the databases see that a partial index will do.
_RESOLVED = literal(State.RESOLVED.value, literal_execute=True)


class AlreadyOpen(KpiBotError):
    """Another alert of the same rule and series is open; it is that one that should be stepped."""


class Moment(Frozen):
    """One line of an alert's timeline: what happened (the notice), who did it, what they said, with what facts."""

    at: datetime
    notice: str
    by: str | None = None
    text: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)


def insert(tx: Transaction, alert: Alert) -> None:
    """Keep a new alert. Raises AlreadyOpen when its rule and series have an open one."""
    added = statements.insert(tx, alerts).on_conflict_do_nothing().returning(alerts.c.id)
    if tx.scalar(added, _row(alert)) is None:
        raise _already_open(alert)


def save(tx: Transaction, alert: Alert) -> bool:
    """Keep the next version of an alert; False, and nothing kept, when somebody else has made that version already.

    Where its message is stays as it was: that is for ``set_message`` alone. Raises AlreadyOpen when it reopens while
    another alert of its rule and series is open.
    """
    changed = update(alerts).where(alerts.c.id == alert.id, alerts.c.version == alert.version - 1)
    row = _row(alert)
    del row["channel"], row["ts"]  # the message may have been posted since this version was read
    try:
        return tx.scalar(changed.returning(alerts.c.id), row) is not None
    except IntegrityError as error:
        raise _already_open(alert) from error


def get(tx: Transaction, alert_id: str) -> Alert | None:
    """Give one alert by its id."""
    return _first(tx.execute(select(alerts).where(alerts.c.id == alert_id)))


def find(tx: Transaction, prefix: str) -> list[Alert]:
    """Give up to ten alerts whose id begins so, the newest first."""
    matching = alerts.c.id.startswith(prefix, autoescape=True)
    return _alerts(tx.execute(select(alerts).where(matching).order_by(alerts.c.opened_at.desc()).limit(10)))


def open_alerts(tx: Transaction, *, kpis: Collection[str] | None = None, on_trial: bool = False) -> list[Alert]:
    """Give the open alerts (of these KPIs), the longest open first; those of rules on trial only when asked for."""
    query = select(alerts).where(alerts.c.state != _RESOLVED)
    if not on_trial:
        query = query.where(alerts.c.dry_run.is_(False))
    if kpis is not None:
        query = query.where(_of_given_kpis(tx.dialect.name))
    asked = rows_given(tx, ("kpi",), ((kpi,) for kpi in kpis)) if kpis is not None else {}
    return _alerts(tx.execute(query.order_by(alerts.c.opened_at, alerts.c.id), asked))


def open_series(tx: Transaction, kpis: Collection[str]) -> set[tuple[str, str]]:
    """Give the series (KPI, segment) of these KPIs that have an open alert, be it of a rule on trial."""
    query = select(alerts.c.kpi, alerts.c.segment).where(alerts.c.state != _RESOLVED, _of_given_kpis(tx.dialect.name))
    return {(kpi, segment) for kpi, segment in tx.execute(query, rows_given(tx, ("kpi",), ((kpi,) for kpi in kpis)))}


def latest_for(tx: Transaction, rule: str, kpi: str, segment: str) -> Alert | None:
    """Give the open alert of a rule and series, else the one resolved last."""
    mine = and_(alerts.c.kpi == kpi, alerts.c.segment == segment, alerts.c.rule == rule)
    still_open_first = alerts.c.resolved_at.is_not(None)
    return _first(
        tx.execute(select(alerts).where(mine).order_by(still_open_first, alerts.c.resolved_at.desc()).limit(1))
    )


def latest_for_many(tx: Transaction, kpis: Collection[str]) -> dict[SeriesRule, Alert]:
    """Give by (rule, KPI, segment) what ``latest_for`` would, for every rule and series of these KPIs, in one query."""
    asked = rows_given(tx, ("kpi",), ((kpi,) for kpi in kpis))
    candidates = _alerts(tx.execute(_latest_of_given_kpis(tx.dialect.name), asked))
    return {(one.rule, one.kpi, one.segment): one for one in sorted(candidates, key=lambda one: one.is_open)}


@cache
def _latest_of_given_kpis(dialect: str) -> Select[Any]:
    other = alerts.alias("other")
    same = and_(other.c.kpi == alerts.c.kpi, other.c.segment == alerts.c.segment, other.c.rule == alerts.c.rule)
    resolved_last = alerts.c.resolved_at == select(func.max(other.c.resolved_at)).where(same).scalar_subquery()
    return select(alerts).where(_of_given_kpis(dialect), or_(alerts.c.resolved_at.is_(None), resolved_last))


@cache
def _of_given_kpis(dialect: str) -> ColumnElement[bool]:
    return alerts.c.kpi.in_(select(given(dialect, kpi=Text())))


def due(tx: Transaction, now: datetime, *, limit: int = 100) -> list[Alert]:
    """Give the open alerts with a clock that has run out, the longest overdue first."""
    ran_out = and_(alerts.c.next_due.is_not(None), alerts.c.next_due <= now)
    return _alerts(tx.execute(select(alerts).where(ran_out).order_by(alerts.c.next_due, alerts.c.id).limit(limit)))


def recent(tx: Transaction, since: datetime) -> list[Alert]:
    """Give the alerts opened or resolved since then, in the order in which they opened."""
    opened = select(alerts.c.id).where(alerts.c.opened_at >= since)
    lately = alerts.c.id.in_(opened.union(select(alerts.c.id).where(alerts.c.resolved_at >= since)))
    return _alerts(tx.execute(select(alerts).where(lately).order_by(alerts.c.opened_at, alerts.c.id)))


def set_message(tx: Transaction, alert_id: str, channel: str, ts: str) -> None:
    """Remember where the alert's message is; no new version, for nothing about the alert itself has changed."""
    tx.execute(update(alerts).where(alerts.c.id == alert_id).values(channel=channel, ts=ts))


def forget_message(tx: Transaction, alert_id: str) -> None:
    """Its message is no longer in Slack: the next post about the alert becomes its message."""
    tx.execute(update(alerts).where(alerts.c.id == alert_id).values(ts=None))


def note(tx: Transaction, alert_id: str, moment: Moment) -> None:
    """Add a line to the alert's timeline."""
    tx.execute(statements.insert(tx, moments), moment.model_dump() | {"alert": alert_id})


def timeline(tx: Transaction, alert_id: str) -> list[Moment]:
    """Give the alert's timeline, the oldest line first."""
    told = (moments.c.at, moments.c.notice, moments.c.by, moments.c.text, moments.c.facts)
    query = select(*told).where(moments.c.alert == alert_id).order_by(moments.c.id)
    return [Moment.model_validate(row) for row in tx.execute(query).mappings()]


def _row(alert: Alert) -> dict[str, Any]:
    return alert.model_dump() | {"next_due": alert.next_due}


def _alerts(found: CursorResult[Any]) -> list[Alert]:
    return [_alert(row) for row in found.mappings()]


def _first(found: CursorResult[Any]) -> Alert | None:
    row = found.mappings().first()
    return None if row is None else _alert(row)


def _alert(row: RowMapping) -> Alert:
    return Alert.model_validate({field: row[field] for field in Alert.model_fields})


def _already_open(alert: Alert) -> AlreadyOpen:
    return AlreadyOpen(f"rule {alert.rule} has an open alert for {alert.kpi} {alert.segment}".rstrip())
