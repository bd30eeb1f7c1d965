"""Occurrences: claimed by one, finished once."""

import threading
from datetime import date, datetime, timedelta

from bot.store import occurrences
from bot.store.database import Database
from bot.store.occurrences import Occurrence
from tests.store.samples import NOW

TODAY = date(2026, 11, 22)
LEASE = timedelta(minutes=2)


def claim(database: Database, owner: str, now: datetime = NOW, *, audience: str = "c_suite", day: date = TODAY) -> bool:
    with database.transaction() as tx:
        return occurrences.claim(
            tx, schedule="daily", audience=audience, local_date=day, owner=owner, now=now, lease=LEASE
        )


def finish(database: Database, *, day: date = TODAY, overall: int = 80) -> bool:
    with database.transaction() as tx:
        return occurrences.finish(
            tx, schedule="daily", audience="c_suite", local_date=day, snapshot={"overall": overall}, now=NOW
        )


def test_of_four_who_claim_at_once_one_gets_it(database: Database) -> None:
    won: list[str] = []
    together = threading.Barrier(4)

    def work(owner: str) -> None:
        together.wait()
        if claim(database, owner):
            won.append(owner)

    crowd = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(won) == 1


def test_it_is_free_again_only_after_the_lease(database: Database) -> None:
    assert claim(database, "first")
    assert not claim(database, "second", NOW + LEASE)
    assert claim(database, "second", NOW + LEASE + timedelta(microseconds=1))


def test_what_is_finished_is_never_claimed_again(database: Database) -> None:
    claim(database, "first")
    assert finish(database)
    assert not claim(database, "second", NOW + 9 * LEASE)
    assert not finish(database, overall=10)
    with database.reading() as tx:
        found = occurrences.last_finished(tx, schedule="daily", audience="c_suite")
    assert found == Occurrence(TODAY, NOW, {"overall": 80})


def test_what_nobody_claimed_cannot_be_finished(database: Database) -> None:
    assert not finish(database)


def test_other_audiences_and_days_are_occurrences_of_their_own(database: Database) -> None:
    assert claim(database, "first")
    assert claim(database, "first", audience="board")
    assert claim(database, "first", day=TODAY + timedelta(days=1))


def test_the_last_one_before_a_day(database: Database) -> None:
    for day in (TODAY - timedelta(days=2), TODAY - timedelta(days=1), TODAY):
        claim(database, "first", day=day)
    finish(database, day=TODAY - timedelta(days=2), overall=70)
    finish(database, overall=90)
    with database.reading() as tx:
        before = occurrences.last_finished(tx, schedule="daily", audience="c_suite", before=TODAY)
        assert occurrences.last_finished(tx, schedule="weekly", audience="c_suite") is None
    assert before is not None
    assert (before.local_date, before.snapshot) == (TODAY - timedelta(days=2), {"overall": 70})
