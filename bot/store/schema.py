"""The schema's version: bringing a database up to it, and refusing one that is older or newer."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.core.errors import KpiBotError

_LOCK = 7_190_141_052  # any number nobody else uses: PostgreSQL's advisory lock of "migrating kpi-bot"


class NotMigrated(KpiBotError):
    """The database has no schema yet, or an older one."""


class DatabaseTooNew(KpiBotError):
    """The database was brought up to date by a newer version of kpi-bot."""


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the caller's transaction; whoever comes second waits and finds none.

    Raises DatabaseTooNew.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    _refuse_newer(_revision(connection))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def check(connection: Connection) -> None:
    """Raise NotMigrated or DatabaseTooNew unless the schema is exactly this version's."""
    revision = _revision(connection)
    _refuse_newer(revision)
    if revision != _revisions()[0]:
        found = f"at revision {revision}" if revision else "empty"
        raise NotMigrated(f"the database is {found}, this version needs {_revisions()[0]}. Run `kpi-bot migrate`")


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in _revisions():
        raise DatabaseTooNew(
            f"the database is at revision {revision}, which this version does not know: "
            "a newer kpi-bot has used it. Install that version again"
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _revisions() -> tuple[str, ...]:
    """Every revision this version knows, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
