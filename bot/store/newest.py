"""The newest values of many series as bare numbers, for a first glance: without periods they are read far faster."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Integer, ScalarSelect, Select, Text, and_, bindparam, select

from bot.store.database import Transaction
from bot.store.statements import given, rows_given
from bot.store.tables import series, values
from bot.store.values import SeriesName, newest_of_each

_FEW = 10  # values of a series: for more it pays to look first how far back they reach, and read the numbers alone


class Newest(NamedTuple):
    """The newest values of a series, the oldest first; unbroken: each is of the day after the one before."""

    values: list[float]
    unbroken: bool


_Reach = tuple[int, int, int, str, str]
"""A series' id, the days of the oldest and the newest of the values that are asked for, its KPI and its segment."""


def newest(tx: Transaction, wanted: Sequence[SeriesName], *, limit: int) -> Mapping[SeriesName, Newest]:
    """Give so many of the newest values of many series by (KPI, segment), all of those that have fewer."""
    if limit <= _FEW:
        return _with_their_days(tx, wanted, limit)
    full = _reaches(tx, wanted, limit)
    numbers = _numbers(tx, full, limit)
    seen = {
        (kpi, segment): Newest(numbers[place * limit : (place + 1) * limit], until - since == limit - 1)
        for place, (_, since, until, kpi, segment) in enumerate(full)
    }
    short = [name for name in wanted if name not in seen]
    return seen | _with_their_days(tx, short, limit) if short else seen


def _with_their_days(tx: Transaction, wanted: Sequence[SeriesName], limit: int) -> dict[SeriesName, Newest]:
    """Read each value with its series and day: quickest for a few of each, and for series with fewer than asked for."""
    points: dict[SeriesName, list[tuple[int, float]]] = {name: [] for name in wanted}
    asked = rows_given(tx, ("kpi", "segment"), wanted) | {"limit": limit}
    for kpi, segment, day, value in _fetched(tx, newest_of_each(tx.dialect.name), asked):
        points[kpi, segment].append((day, value))
    return {name: _in_order(known) for name, known in points.items()}


def _in_order(points: list[tuple[int, float]]) -> Newest:
    points.sort()
    unbroken = not points or points[-1][0] - points[0][0] == len(points) - 1
    return Newest([value for _, value in points], unbroken)


def _reaches(tx: Transaction, wanted: Sequence[SeriesName], limit: int) -> list[_Reach]:
    """Look up the series that have as many values, in the order of their ids."""
    named = rows_given(tx, ("kpi", "segment"), wanted)
    return sorted(_fetched(tx, _reach_of_each(tx.dialect.name), named | {"offset": limit - 1}))


def _numbers(tx: Transaction, reaches: Sequence[_Reach], limit: int) -> list[float]:
    """Read the values of one series after the other, each in order of time."""
    asked = rows_given(tx, ("series_id", "since"), [reach[:2] for reach in reaches])
    rows = _fetched(tx, _values_of_each(tx.dialect.name), asked | {"offset": limit - 1})
    return list(chain.from_iterable(rows))


def _fetched(tx: Transaction, statement: Select[Any], parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Fetch from the driver itself: there may be a million, and a row of our own for each takes as long again."""
    with tx.execute(statement, parameters) as result:
        return list(result.cursor.fetchall())


@cache
def _reach_of_each(dialect: str) -> Select[Any]:
    named = given(dialect, kpi=Text(), segment=Text())
    known = named.join(series, and_(series.c.kpi == named.c.kpi, series.c.segment == named.c.segment))
    since, until = _day_so_far_back(bindparam("offset", type_=Integer())), _day_so_far_back(0)
    reach = (
        select(series.c.id, since.label("since"), until, series.c.kpi, series.c.segment).select_from(known).subquery()
    )
    return select(reach).where(reach.c.since.is_not(None))


@cache
def _values_of_each(dialect: str) -> Select[Any]:
    """Written for each database in the way in which it gives them in order without sorting them."""
    asked = given(dialect, series_id=Integer(), since=Integer())
    if dialect == "postgresql":
        later = and_(values.c.series_id == asked.c.series_id, values.c.day >= asked.c.since)
        return select(values.c.value).join_from(asked, values, later).order_by(asked.c.series_id, values.c.day)
    since = _day_so_far_back(bindparam("offset", type_=Integer()))
    last_values = and_(values.c.series_id == series.c.id, values.c.day >= since)
    picked = series.c.id.in_(select(asked.c.series_id))
    return (
        select(values.c.value).join_from(series, values, last_values).where(picked).order_by(series.c.id, values.c.day)
    )


def _day_so_far_back(offset: Any) -> ScalarSelect[Any]:
    """The day of a series' newest value (offset 0) or of one so many before it; NULL when there are not so many."""
    held = values.alias("held")
    back = select(held.c.day).where(held.c.series_id == series.c.id).order_by(held.c.day.desc())
    return back.limit(1).offset(offset).correlate(series).scalar_subquery()
