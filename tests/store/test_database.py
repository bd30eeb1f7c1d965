"""The database: urls, migrations, and how transactions behave."""

import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from bot.core.errors import BadInput
from bot.store import notes
from bot.store.database import Database, DatabaseUnreachable
from bot.store.schema import DatabaseTooNew, NotMigrated
from bot.store.tables import metadata
from tests.databases import KINDS, bare_url


def test_the_migrations_make_exactly_the_tables_that_are_declared(database: Database) -> None:
    with database.transaction() as tx:
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []


def test_values_lie_in_the_order_of_their_key(database: Database) -> None:
    with database.reading() as tx:
        if database.dialect == "sqlite":
            made = tx.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'value'"))
            assert "WITHOUT ROWID" in str(made)
        else:
            made = tx.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'pk_value'"))
            assert "(series_id, day) INCLUDE (value)" in str(made)


@pytest.mark.parametrize("kind", KINDS)
def test_migrating_makes_an_empty_database_ready(kind: str, tmp_path: Path, worker: str) -> None:
    bare = Database(bare_url(kind, tmp_path, worker))
    with pytest.raises(NotMigrated, match="kpi-bot migrate"):
        bare.check()
    bare.migrate()
    bare.migrate()
    bare.check()
    bare.close()


@pytest.mark.parametrize("kind", KINDS)
def test_all_who_start_at_once_may_migrate(kind: str, tmp_path: Path, worker: str) -> None:
    url = bare_url(kind, tmp_path, worker)
    ready: list[int] = []
    together = threading.Barrier(4)

    def start(number: int) -> None:
        own = Database(url)
        together.wait()
        own.migrate()
        own.check()
        own.close()
        ready.append(number)

    crowd = [threading.Thread(target=start, args=(number,)) for number in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(ready) == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_from_a_newer_version_is_left_alone(kind: str, tmp_path: Path, worker: str) -> None:
    newer = Database(bare_url(kind, tmp_path, worker))
    newer.migrate()
    with newer.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="9999"):
        newer.check()
    with pytest.raises(DatabaseTooNew, match="9999"):
        newer.migrate()
    newer.close()


def test_an_error_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as tx:
        notes.put(tx, "half", "done")
        raise RuntimeError
    with database.reading() as tx:
        assert notes.get(tx, "half") is None


def test_who_only_reads_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), database.reading() as tx:
        notes.put(tx, "a", "b")
    with database.transaction() as tx:
        notes.put(tx, "a", "b")


def test_a_reader_sees_one_state_and_holds_nobody_up(database: Database) -> None:
    with database.reading() as tx:
        assert notes.get(tx, "a") is None
        with database.transaction() as writer:
            notes.put(writer, "a", "b")
        assert notes.get(tx, "a") is None
    with database.reading() as tx:
        assert notes.get(tx, "a") == "b"


def test_reading_and_then_writing_never_fails_for_another_writer(database: Database) -> None:
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(25):
                with database.transaction() as tx:
                    if database.dialect == "postgresql":
                        tx.execute(text("LOCK TABLE note IN EXCLUSIVE MODE"))
                    notes.put(tx, "count", str(int(notes.get(tx, "count") or 0) + 1))
        except DBAPIError as error:
            failures.append(error)

    crowd = [threading.Thread(target=count_up) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with database.reading() as tx:
        assert (failures, notes.get(tx, "count")) == ([], "100")


def test_a_commit_on_sqlite_survives_power_loss(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with opened.transaction() as tx:
        said = {name: tx.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")}
        assert (said, tx.scalar(text("PRAGMA busy_timeout"))) == (
            {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1},
            5000,
        )
    opened.close()


@pytest.mark.parametrize("url", ["", "kpi.db", "sqlite://", "sqlite:///:memory:", "postgresql://host", "://"])
def test_a_url_that_is_none_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(BadInput, match=r"DATABASE_URL.*sqlite:///kpi\.db"):
        Database(url)


def test_another_kind_of_database_is_named_without_its_password() -> None:
    with pytest.raises(BadInput, match="'mysql'") as refused:
        Database("mysql://bot:s3cret@db/kpi")
    assert "s3cret" not in str(refused.value)


def test_a_missing_driver_is_named_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadInput, match=r"kpi-bot\[postgres\]"):
        Database("postgres://bot:s3cret@127.0.0.1/kpi")


def test_nobody_learns_the_password() -> None:
    opened = Database("postgres://bot:s3cret@127.0.0.1:1/kpi?application_name=s3cret")
    with pytest.raises(DatabaseUnreachable, match=r"postgresql 127\.0\.0\.1:1/kpi\).*that the server runs") as refused:
        opened.check()
    assert "s3cret" not in f"{refused.value} {refused.value!r} {opened!r}"


def test_a_folder_that_cannot_be_made_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    opened = Database(f"sqlite:///{tmp_path}/file/kpi.db")
    with pytest.raises(DatabaseUnreachable, match=r"file/kpi\.db\).*Check DATABASE_URL"):
        opened.migrate()


def test_errors_name_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused, database.transaction() as tx:
        tx.execute(metadata.tables["note"].insert(), [{"key": "a", "value": "4711"}, {"key": "a", "value": "4712"}])
    assert "471" not in str(refused.value).replace("Key (key)=(a)", "")


def test_every_table_has_a_primary_key(database: Database) -> None:
    with database.reading() as tx:
        found = inspect(tx)
        assert all(found.get_pk_constraint(table)["constrained_columns"] for table in metadata.tables)
