"""Tokens, replayed requests, the audit and notes."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from bot.core.clearance import Reader
from bot.core.errors import BadInput
from bot.core.organisation import Level
from bot.store import audit, notes, requests, tokens
from bot.store.database import Database
from bot.store.tables import audit as audit_table
from tests.store.samples import NOW

MINUTE = timedelta(minutes=1)
READER = Reader(level=Level.DEPARTMENT, departments=frozenset({"finance", "sales"}))


def test_a_token_is_found_by_its_digest_until_revoked(database: Database) -> None:
    with database.transaction() as tx:
        tokens.create(tx, "etl", "d1", ["values:write", "kpis:read"], NOW, reader=READER)
        found = tokens.find(tx, "d1")
        assert found == tokens.Token("etl", frozenset({"values:write", "kpis:read"}), READER, NOW, None, None)
        assert tokens.find(tx, "d2") is None
        assert tokens.revoke(tx, "etl", NOW + MINUTE)
        assert not tokens.revoke(tx, "etl", NOW + 2 * MINUTE)
        assert not tokens.revoke(tx, "nobody", NOW)
        found = tokens.find(tx, "d1")
    assert found is not None
    assert found.revoked_at == NOW + MINUTE


def test_a_second_token_of_a_name_is_refused(database: Database) -> None:
    with database.transaction() as tx:
        tokens.create(tx, "etl", "d1", ["values:write"], NOW, reader=READER)
        with pytest.raises(BadInput, match="etl"):
            tokens.create(tx, "etl", "d2", ["values:write"], NOW, reader=READER)
        assert [token.name for token in tokens.listed(tx)] == ["etl"]
        assert tokens.find(tx, "d2") is None


def test_use_is_remembered_to_the_minute(database: Database) -> None:
    def last_used(moment: timedelta) -> object:
        with database.transaction() as tx:
            tokens.used(tx, "d1", NOW + moment)
            found = tokens.find(tx, "d1")
        assert found is not None
        return found.last_used_at

    with database.transaction() as tx:
        tokens.create(tx, "etl", "d1", ["values:write"], NOW, reader=READER)
    assert last_used(timedelta()) == NOW
    assert last_used(0.9 * MINUTE) == NOW
    assert last_used(MINUTE) == NOW + MINUTE


def test_a_request_is_taken_the_first_time_only(database: Database) -> None:
    with database.transaction() as tx:
        assert requests.first_time(tx, "r1", NOW, keep=5 * MINUTE)
        assert requests.first_time(tx, "r2", NOW, keep=5 * MINUTE)
        assert not requests.first_time(tx, "r1", NOW + 5 * MINUTE, keep=5 * MINUTE)
        assert requests.first_time(tx, "r1", NOW + 6 * MINUTE, keep=5 * MINUTE)


def test_of_many_equal_requests_at_once_one_is_taken(database: Database) -> None:
    taken: list[bool] = []
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        with database.transaction() as tx:
            taken.append(requests.first_time(tx, "r1", NOW, keep=5 * MINUTE))

    crowd = [threading.Thread(target=work) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(taken) == [False, False, False, True]


@pytest.fixture
def audited(database: Database) -> Database:
    for number in range(4):
        with database.transaction() as tx:
            audit.record(
                tx, who=f"U{number}", what="silenced", subject="churn", detail={"b": "día", "a": number}, now=NOW
            )
    return database


def test_an_untouched_audit_verifies(database: Database, audited: Database) -> None:
    with database.reading() as tx:
        assert audit.verify(tx) is None


def test_an_empty_audit_verifies(database: Database) -> None:
    with database.reading() as tx:
        assert audit.verify(tx) is None


@pytest.mark.parametrize("column", ["who", "what", "subject", "detail", "hash", "at"])
def test_a_changed_row_is_found(audited: Database, column: str) -> None:
    with audited.transaction() as tx:
        second = tx.scalars(select(audit_table.c.id).order_by(audit_table.c.id)).all()[1]
        changed = NOW + MINUTE if column == "at" else "forged"
        tx.execute(update(audit_table).where(audit_table.c.id == second).values({column: changed}))
        assert audit.verify(tx) == second


def test_a_missing_row_is_found_at_the_one_after_it(audited: Database) -> None:
    with audited.transaction() as tx:
        ids = tx.scalars(select(audit_table.c.id).order_by(audit_table.c.id)).all()
        tx.execute(delete(audit_table).where(audit_table.c.id == ids[1]))
        assert audit.verify(tx) == ids[2]


def test_a_row_put_in_is_found(audited: Database) -> None:
    with audited.transaction() as tx:
        row = tx.execute(select(audit_table).order_by(audit_table.c.id.desc()).limit(1)).mappings().one()
        tx.execute(insert(audit_table).values(dict(row) | {"id": row["id"] + 1}))
        assert audit.verify(tx) == row["id"] + 1


def test_many_who_append_at_once_make_one_chain(database: Database) -> None:
    together = threading.Barrier(4)

    def work(who: str) -> None:
        together.wait()
        for _ in range(10):
            with database.transaction() as tx:
                audit.record(tx, who=who, what="acknowledged", subject="a1", detail={}, now=NOW)

    crowd = [threading.Thread(target=work, args=(f"U{n}",)) for n in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with database.reading() as tx:
        assert audit.verify(tx) is None
        assert len(tx.execute(select(audit_table.c.id)).all()) == 40


def test_a_note_keeps_the_newest(database: Database) -> None:
    with database.transaction() as tx:
        assert notes.get(tx, "credentials") is None
        notes.put(tx, "credentials", "broken")
        notes.put(tx, "credentials", "fine")
        assert notes.get(tx, "credentials") == "fine"
