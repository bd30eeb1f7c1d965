"""Values: what came in comes out, corrections keep what was before."""

import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from bot.core.errors import BadInput
from bot.core.history import Point
from bot.core.periods import Frequency
from bot.store.database import Database
from bot.store.values import (
    Arrival,
    Change,
    Origin,
    Replaced,
    Stored,
    histories,
    history,
    known_series,
    put,
    records,
)
from tests.store.samples import NOW

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def keep(database: Database, *arrivals: Arrival, author: str = "ann", now: datetime = NOW) -> list[Stored]:
    with database.transaction() as tx:
        return put(tx, arrivals, origin=Origin.API, author=author, now=now)


def test_values_come_back_oldest_first(database: Database) -> None:
    keep(database, Arrival("churn", "", NOVEMBER, 2.9), Arrival("churn", "", OCTOBER, 2.4))
    with database.reading() as tx:
        assert history(tx, "churn", "", Frequency.MONTHLY).points == (Point(OCTOBER, 2.4), Point(NOVEMBER, 2.9))


def test_limit_keeps_the_newest_values(database: Database) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(10)]
    keep(database, *(Arrival("sales", "", day, float(n)) for n, day in enumerate(days)))
    with database.reading() as tx:
        assert [point.value for point in history(tx, "sales", "", Frequency.DAILY, limit=3).points] == [7.0, 8.0, 9.0]
        many = histories(tx, [("sales", "", Frequency.DAILY)], limit=3)
        assert [point.value for point in many["sales", ""].points] == [7.0, 8.0, 9.0]


def test_a_date_before_1970_is_kept(database: Database) -> None:
    keep(database, Arrival("population", "", date(1950, 1, 1), 2.5e9))
    with database.reading() as tx:
        assert history(tx, "population", "", Frequency.YEARLY).points == (Point(date(1950, 1, 1), 2.5e9),)
        assert histories(tx, [("population", "", Frequency.YEARLY)])["population", ""].points[0].value == 2.5e9


@pytest.mark.parametrize("number", [0.1 + 0.2, 1e300, -0.0, 5e-324, 123456789.123456789])
def test_a_number_comes_back_exactly(database: Database, number: float) -> None:
    keep(database, Arrival("churn", "", NOVEMBER, 1.0))
    keep(database, Arrival("churn", "", NOVEMBER, number))
    with database.reading() as tx:
        assert history(tx, "churn", "", Frequency.MONTHLY).points == (Point(NOVEMBER, number),)


def test_the_same_value_again_is_no_change(database: Database) -> None:
    arrival = Arrival("churn", "", NOVEMBER, 2.9)
    assert keep(database, arrival) == [Stored(arrival, Change.NEW, None)]
    assert keep(database, arrival, author="bob") == [Stored(arrival, Change.UNCHANGED, 2.9)]
    with database.reading() as tx:
        (record,) = records(tx, "churn", "")
    assert (record.author, record.replaced) == ("ann", ())


def test_a_correction_keeps_who_said_what_before(database: Database) -> None:
    keep(database, Arrival("churn", "", NOVEMBER, 2.9))
    later = NOW + timedelta(hours=1)
    arrival = Arrival("churn", "", NOVEMBER, 3.1)
    assert keep(database, arrival, author="bob", now=later) == [Stored(arrival, Change.CORRECTED, 2.9)]
    keep(database, Arrival("churn", "", NOVEMBER, 3.3), author="eve", now=later)
    with database.reading() as tx:
        (record,) = records(tx, "churn", "")
    assert (record.first, record.value, record.author, record.recorded_at) == (NOVEMBER, 3.3, "eve", later)
    assert record.replaced == (Replaced(2.9, Origin.API, "ann", NOW), Replaced(3.1, Origin.API, "bob", later))


def test_records_are_newest_first_and_limited(database: Database) -> None:
    keep(database, *(Arrival("churn", "", date(2026, month, 1), float(month)) for month in range(1, 12)))
    with database.reading() as tx:
        assert [record.first.month for record in records(tx, "churn", "", limit=2)] == [11, 10]
        assert records(tx, "unknown", "") == []


def test_a_period_twice_in_one_batch_ends_with_the_last(database: Database) -> None:
    first, last = Arrival("churn", "", NOVEMBER, 2.9), Arrival("churn", "", NOVEMBER, 3.0)
    stored = keep(database, first, last)
    assert [(one.change, one.before) for one in stored] == [(Change.NEW, None), (Change.CORRECTED, 2.9)]
    with database.reading() as tx:
        assert history(tx, "churn", "", Frequency.MONTHLY).points == (Point(NOVEMBER, 3.0),)


def test_segments_are_series_of_their_own(database: Database) -> None:
    keep(database, Arrival("churn", "", NOVEMBER, 2.9), Arrival("churn", "smb", NOVEMBER, 4.4))
    wanted = [("churn", "smb", Frequency.MONTHLY), ("churn", "", Frequency.MONTHLY), ("nps", "", Frequency.QUARTERLY)]
    with database.reading() as tx:
        found = histories(tx, wanted)
        assert known_series(tx) == {("churn", ""), ("churn", "smb")}
    assert found["churn", "smb"].points == (Point(NOVEMBER, 4.4),)
    assert found["churn", ""].points == (Point(NOVEMBER, 2.9),)
    assert (found["nps", ""].frequency, found["nps", ""].points) == (Frequency.QUARTERLY, ())


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused_and_nothing_kept(database: Database, number: float) -> None:
    with pytest.raises(BadInput, match=r"values\[1\]"):
        keep(database, Arrival("churn", "", OCTOBER, 2.4), Arrival("churn", "", NOVEMBER, number))
    with database.reading() as tx:
        assert known_series(tx) == set()


def test_nothing_to_keep_is_fine(database: Database) -> None:
    assert keep(database) == []


def test_ten_thousand_values_take_a_handful_of_statements(database: Database) -> None:
    arrivals = [Arrival(f"kpi_{n}", "", NOVEMBER, n / 7) for n in range(10_000)]
    wanted = [(one.kpi, "", Frequency.MONTHLY) for one in arrivals]
    told: list[str] = []

    def tell(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", tell)
    try:
        keep(database, *arrivals)
        with database.reading() as tx:
            found = histories(tx, wanted, limit=2)
    finally:
        event.remove(Engine, "before_cursor_execute", tell)
    assert all(found[one.kpi, ""].points == (Point(NOVEMBER, one.value),) for one in arrivals)
    assert len([statement for statement in told if not statement.startswith(("BEGIN", "PRAGMA"))]) <= 8


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="timezone"):
        keep(database, Arrival("churn", "", NOVEMBER, 2.9), now=NOW.replace(tzinfo=None))


def test_of_many_who_correct_one_value_at_once_none_is_forgotten(database: Database) -> None:
    together = threading.Barrier(4)

    def work(number: int) -> None:
        together.wait()
        for step in range(5):
            keep(database, Arrival("churn", "", NOVEMBER, float(number * 10 + step)), author=str(number))

    crowd = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with database.reading() as tx:
        (record,) = records(tx, "churn", "")
    said = sorted([record.value, *(one.value for one in record.replaced)])
    assert said == sorted(float(number * 10 + step) for number in range(4) for step in range(5))
