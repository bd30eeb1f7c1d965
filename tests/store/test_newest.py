"""The newest values as bare numbers: the same as read with their periods, whatever a series looks like."""

import random
from datetime import date, timedelta

import pytest

from bot.core.periods import Frequency
from bot.store.database import Database
from bot.store.newest import newest
from bot.store.values import Arrival, Origin, histories, put
from tests.store.samples import NOW

FIRST = date(2026, 1, 1)


def put_some(database: Database, *days: int, kpi: str = "sales", segment: str = "") -> None:
    arrivals = [Arrival(kpi, segment, FIRST + timedelta(days=day), day + 0.5) for day in days]
    with database.transaction() as tx:
        put(tx, arrivals, origin=Origin.API, author="ann", now=NOW)


@pytest.mark.parametrize("limit", [1, 2, 10, 11, 40])
def test_they_are_those_of_the_histories_of_as_many_values(database: Database, limit: int) -> None:
    chance = random.Random(limit)
    names = [(f"kpi_{number}", segment) for number in range(20) for segment in ("", "part:a")]
    for kpi, segment in chance.sample(names, len(names) - 5):
        put_some(database, *chance.sample(range(60), chance.randint(1, 60)), kpi=kpi, segment=segment)
    wanted = [(kpi, segment, Frequency.DAILY) for kpi, segment in names]
    with database.reading() as tx:
        found, known = newest(tx, names, limit=limit), histories(tx, wanted, limit=limit)
    assert found.keys() == known.keys()
    for name, history in known.items():
        days = [point.first.toordinal() for point in history.points]
        assert found[name].values == [point.value for point in history.points]
        assert found[name].unbroken == (days == list(range(days[0], days[0] + len(days))) if days else True)


@pytest.mark.parametrize("limit", [10, 11, 12, 13])
def test_days_left_out_are_told_only_where_they_are_among_those_asked_for(database: Database, limit: int) -> None:
    put_some(database, 1, *range(3, 14))
    with database.reading() as tx:
        assert newest(tx, [("sales", "")], limit=limit)["sales", ""].unbroken == (limit <= 11)


def test_a_series_nobody_knows_has_none(database: Database) -> None:
    with database.reading() as tx:
        assert newest(tx, [("sales", "")], limit=3) == {("sales", ""): ([], True)}
        assert newest(tx, [], limit=3) == {}
