"""Values: taking them in with their corrections, and reading series back."""

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, Text, and_, bindparam, delete, exists, func, select, true

from bot.core.errors import BadInput
from bot.core.history import Doubtful, History, Point
from bot.core.periods import Frequency
from bot.core.verdict import Doubt
from bot.store.database import Transaction
from bot.store.statements import given, insert, put_many, rows_given
from bot.store.tables import batches, corrections, doubts, series, values

_EPOCH = date(1970, 1, 1).toordinal()
_of_doubt = select(doubts.c.day, doubts.c.reason)

SeriesName = tuple[str, str]
_Place = tuple[int, int]


class Origin(StrEnum):
    """Where values came from."""

    API = "api"
    FILE = "file"
    SLACK = "slack"
    SAMPLE = "sample"
    SOURCE = "source"
    RULES = "rules"  # calculated again because a formula changed


class Arrival(NamedTuple):
    """A value that has come in; first is the first day of its period."""

    kpi: str
    segment: str
    first: date
    value: float


class Change(StrEnum):
    """What an arrival was: the first value of its period, the one we had, or another one."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CORRECTED = "corrected"


class Stored(NamedTuple):
    """An arrival and what it changed; before is the value it replaced, or None."""

    arrival: Arrival
    change: Change
    before: float | None


class Replaced(NamedTuple):
    """A value that was replaced: where it had come from, by whom and when; see ``approvals.signed``."""

    value: float
    origin: Origin
    author: str
    recorded_at: datetime
    approved_by: str | None = None


class Recorded(NamedTuple):
    """A value with its provenance, and every value it replaced, the oldest first."""

    first: date
    value: float
    origin: Origin
    author: str
    recorded_at: datetime
    replaced: tuple[Replaced, ...]
    approved_by: str | None = None


def put(tx: Transaction, arrivals: Sequence[Arrival], *, origin: Origin, author: str, now: datetime) -> list[Stored]:
    """Take values in, all or nothing; answers in their order. The same value again changes nothing.

    On PostgreSQL this also holds the series until the end of the transaction, so that two processes never judge one
    series side by side. Raises BadInput for a value that is no finite number.
    """
    for index, arrival in enumerate(arrivals):
        if not math.isfinite(arrival.value):
            raise BadInput(f"values[{index}].value", "it is no finite number", "Leave the value out if there is none")
    ids = _series_ids(tx, {(arrival.kpi, arrival.segment) for arrival in arrivals})
    places = [(ids[arrival.kpi, arrival.segment], _day(arrival.first)) for arrival in arrivals]
    known = _known(tx, places)
    stored = []
    now_known = {place: value for place, (value, _) in known.items()}
    for place, arrival in zip(places, arrivals, strict=True):
        before = now_known.get(place)
        now_known[place] = arrival.value
        stored.append(Stored(arrival, _change(before, arrival.value), before))
    _write(tx, known, now_known, _batch(origin, author, now))
    return stored


def withdraw(
    tx: Transaction, kpi: str, places: Collection[tuple[str, date]], *, origin: Origin, author: str, now: datetime
) -> list[Stored]:
    """Take values (by segment and first day) away that no longer hold; what they were is kept as a correction.

    Gives those that were there; as arrivals they have no number (NaN).
    """
    ids = _held_ids(tx, {(kpi, segment) for segment, _ in places}) if places else {}
    wanted = {(ids[kpi, segment], _day(first)): (segment, first) for segment, first in places if (kpi, segment) in ids}
    known = _known(tx, list(wanted)) if wanted else {}
    if not known:
        return []
    batch = tx.scalar(insert(tx, batches).returning(batches.c.id), _batch(origin, author, now))
    kept = [(*place, *was, batch) for place, was in known.items()]
    put_many(tx, corrections, ("series_id", "day", "value", "batch_id", "replaced_by"), kept)
    gone = given(tx.dialect.name, series_id=Integer(), day=Integer())
    here = and_(values.c.series_id == gone.c.series_id, values.c.day == gone.c.day)
    tx.execute(delete(values).where(exists().where(here)), rows_given(tx, ("series_id", "day"), known))
    return [
        Stored(Arrival(kpi, *wanted[place], math.nan), Change.CORRECTED, before) for place, (before, _) in known.items()
    ]


def history(tx: Transaction, kpi: str, segment: str, frequency: Frequency, *, limit: int = 400) -> History:
    """Give the newest values of one series, the oldest first."""
    newest = (
        select(values.c.day, values.c.value)
        .where(values.c.series_id == _series_id(kpi, segment))
        .order_by(values.c.day.desc())
        .limit(limit)
    )
    points = tuple(Point(_date(day), value) for day, value in reversed(tx.execute(newest).all()))
    doubtful = tx.execute(_of_doubt.where(doubts.c.kpi == kpi, doubts.c.segment == segment)).first()
    return History(frequency, points, _doubt(*doubtful) if doubtful else None)


def histories(
    tx: Transaction, wanted: Sequence[tuple[str, str, Frequency]], *, limit: int = 400, since: date | None = None
) -> dict[SeriesName, History]:
    """Give the newest values of many series by (KPI, segment), in one query; without values an empty History.

    since: instead of so many, all of the periods that begin on that day or later.
    """
    points: dict[SeriesName, list[Point]] = {(kpi, segment): [] for kpi, segment, _ in wanted}
    named = rows_given(tx, ("kpi", "segment"), points)
    if since is None:
        found = tx.execute(newest_of_each(tx.dialect.name), named | {"limit": limit})
    else:
        found = tx.execute(_all_since(tx.dialect.name), named | {"since": _day(since)})
    for kpi, segment, day, value in found.all():
        points[kpi, segment].append(Point(_date(day), value))
    doubtful = {(row.kpi, row.segment): _doubt(row.day, row.reason) for row in tx.execute(select(doubts))}
    return {
        (kpi, segment): History(frequency, tuple(sorted(points[kpi, segment])), doubtful.get((kpi, segment)))
        for kpi, segment, frequency in wanted
    }


def doubt(tx: Transaction, kpi: str, segment: str, first: date, reason: Doubt | None) -> None:
    """Note why a calculated series has no number for a period; None: it has one, for this period or a later one.

    Only the newest period counts: a doubt about one that has a newer value is none.
    """
    mine = and_(doubts.c.kpi == kpi, doubts.c.segment == segment)
    tx.execute(delete(doubts).where(mine, doubts.c.day <= _day(first)))
    series_id = _series_id(kpi, segment)
    newer = select(values.c.day).where(values.c.series_id == series_id, values.c.day > _day(first)).limit(1)
    if reason is not None and tx.scalar(newer) is None:
        noted = insert(tx, doubts).on_conflict_do_nothing()
        tx.execute(noted, {"kpi": kpi, "segment": segment, "day": _day(first), "reason": reason.value})


def forget_doubts(tx: Transaction, *, calculated: Collection[str]) -> None:
    """Forget the doubts about KPIs (keys) that are no longer calculated: whoever sends their values has none."""
    doubtful = set(tx.scalars(select(doubts.c.kpi).distinct()))
    tx.execute(delete(doubts).where(doubts.c.kpi.in_(doubtful - set(calculated))))


def known_series(tx: Transaction) -> set[SeriesName]:
    """Give every (KPI, segment) that has ever had a value."""
    return {(kpi, segment) for kpi, segment in tx.execute(select(series.c.kpi, series.c.segment))}


def records(
    tx: Transaction,
    kpi: str,
    segment: str,
    *,
    limit: int | None = 24,
    since: date | None = None,
    until: date | None = None,
) -> list[Recorded]:
    """Give the newest values of one series with who, when and from where; the newest first.

    limit: None for all; since, until: only of the periods that begin on or after the one day and before the other.
    """
    series_id = tx.scalar(select(_series_id(kpi, segment)))
    query = (
        select(values.c.day, values.c.value, batches.c.origin, batches.c.author, batches.c.received_at)
        .join_from(values, batches, batches.c.id == values.c.batch_id)
        .where(values.c.series_id == series_id)
        .order_by(values.c.day.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(values.c.day >= _day(since))
    if until is not None:
        query = query.where(values.c.day < _day(until))
    current = tx.execute(query).all()
    replaced = _replaced(tx, series_id, oldest=current[-1].day) if current else {}
    return [
        Recorded(_date(day), value, Origin(origin), author, received_at, tuple(replaced.get(day, ())))
        for day, value, origin, author, received_at in current
    ]


def _batch(origin: Origin, author: str, now: datetime) -> dict[str, Any]:
    return {"origin": origin, "author": author, "received_at": now}


def _doubt(day: int, reason: str) -> Doubtful:
    return Doubtful(_date(day), Doubt(reason))


def _day(first: date) -> int:
    return first.toordinal() - _EPOCH


def _date(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


def _change(before: float | None, value: float) -> Change:
    if before is None:
        return Change.NEW
    return Change.UNCHANGED if before == value else Change.CORRECTED


def _series_id(kpi: str, segment: str) -> Any:
    return select(series.c.id).where(series.c.kpi == kpi, series.c.segment == segment).scalar_subquery()


def _series_ids(tx: Transaction, names: set[SeriesName]) -> dict[SeriesName, int]:
    """Look the series up, making those that are new; in one order everywhere, so that no two writers deadlock."""
    found = _held_ids(tx, names)
    if missing := sorted(names - found.keys()):
        put_many(tx, series, ("kpi", "segment"), missing, key=("kpi", "segment"))
        found |= _held_ids(tx, missing)
    return found


def _held_ids(tx: Transaction, names: Iterable[SeriesName]) -> dict[SeriesName, int]:
    found = tx.execute(_hold_ids(tx.dialect.name), rows_given(tx, ("kpi", "segment"), names)).all()
    return {(kpi, segment): series_id for kpi, segment, series_id in found}


@cache
def _hold_ids(dialect: str) -> Select[Any]:
    named = given(dialect, kpi=Text(), segment=Text())
    return (
        select(series.c.kpi, series.c.segment, series.c.id)
        .join_from(named, series, and_(series.c.kpi == named.c.kpi, series.c.segment == named.c.segment))
        .order_by(series.c.id)
        .with_for_update(of=series, key_share=True)
    )


def _known(tx: Transaction, places: Sequence[_Place]) -> dict[_Place, tuple[float, int]]:
    """The values (and their batches) that are there already."""
    found = tx.execute(_values_at(tx.dialect.name), rows_given(tx, ("series_id", "day"), places)).all()
    return {(series_id, day): (value, batch) for series_id, day, value, batch in found}


@cache
def _values_at(dialect: str) -> Select[Any]:
    places = given(dialect, series_id=Integer(), day=Integer())
    return select(values).join_from(
        places, values, and_(values.c.series_id == places.c.series_id, values.c.day == places.c.day)
    )


def _write(
    tx: Transaction, known: dict[_Place, tuple[float, int]], wanted: dict[_Place, float], batch: dict[str, Any]
) -> None:
    changed = {place: value for place, value in wanted.items() if place not in known or known[place][0] != value}
    if not changed:
        return
    batch_id = tx.scalar(insert(tx, batches).returning(batches.c.id), batch)
    kept = [(*place, *was, batch_id) for place, was in known.items() if place in changed]
    if kept:
        put_many(tx, corrections, ("series_id", "day", "value", "batch_id", "replaced_by"), kept)
    rows = [(*place, value, batch_id) for place, value in sorted(changed.items())]
    put_many(tx, values, ("series_id", "day", "value", "batch_id"), rows, key=("series_id", "day"))


@cache
def _all_since(dialect: str) -> Select[Any]:
    named = given(dialect, kpi=Text(), segment=Text())
    known = named.join(series, and_(series.c.kpi == named.c.kpi, series.c.segment == named.c.segment))
    later = and_(values.c.series_id == series.c.id, values.c.day >= bindparam("since", type_=Integer()))
    return select(series.c.kpi, series.c.segment, values.c.day, values.c.value).select_from(known.join(values, later))


@cache
def newest_of_each(dialect: str) -> Select[Any]:
    """One seek a series for its last ``limit`` values; never a walk over all history."""
    named = given(dialect, kpi=Text(), segment=Text())
    known = named.join(series, and_(series.c.kpi == named.c.kpi, series.c.segment == named.c.segment))
    newest, limit = values.alias("newest"), bindparam("limit", type_=Integer())
    if dialect == "postgresql":
        last = (
            select(newest.c.day, newest.c.value)
            .where(newest.c.series_id == series.c.id)
            .order_by(newest.c.day.desc())
            .limit(limit)
            .lateral()
        )
        return select(series.c.kpi, series.c.segment, last.c.day, last.c.value).select_from(
            known.join(last, onclause=true())
        )
    since = (
        select(newest.c.day)
        .where(newest.c.series_id == series.c.id)
        .order_by(newest.c.day.desc())
        .limit(1)
        .offset(limit - 1)
        .scalar_subquery()
    )
    last_values = and_(values.c.series_id == series.c.id, values.c.day >= func.coalesce(since, _day(date.min)))
    return select(series.c.kpi, series.c.segment, values.c.day, values.c.value).select_from(
        known.join(values, last_values)
    )


def _replaced(tx: Transaction, series_id: int | None, oldest: int) -> dict[int, list[Replaced]]:
    found: dict[int, list[Replaced]] = {}
    query = (
        select(corrections.c.day, corrections.c.value, batches.c.origin, batches.c.author, batches.c.received_at)
        .join_from(corrections, batches, batches.c.id == corrections.c.batch_id)
        .where(corrections.c.series_id == series_id, corrections.c.day >= oldest)
        .order_by(corrections.c.id)
    )
    for day, value, origin, author, received_at in tx.execute(query):
        found.setdefault(day, []).append(Replaced(value, Origin(origin), author, received_at))
    return found
