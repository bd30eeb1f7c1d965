"""``run``, ``web``, ``worker``, ``migrate``: kpi-bot as a service."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import typer

from bot.cli.checking import placed
from bot.cli.waiting import Stop
from bot.core.errors import BadInput, KpiBotError, PolicyRefused
from bot.logs import start_logging
from bot.settings import Settings, SettingsWrong, read_settings

if TYPE_CHECKING:
    from bot.app import Bot

log = structlog.get_logger()


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command()(run)
    app.command()(web)
    app.command()(worker)
    app.command()(migrate)


def run() -> None:
    """Run everything in one process: web server, Slack, clocks, reports, delivery. Migrates the database first."""
    stop = Stop()
    bot = _build(listens=True)
    bot.database.migrate()
    with bot.working(), bot.listening() as address:
        _until_stopped(bot, address, stop)
    bot.close()


def web() -> None:
    """Run the web server and Slack's side of it; a worker elsewhere sends."""
    stop = Stop()
    bot = _build(listens=True)
    bot.database.check()
    with bot.listening() as address:
        _until_stopped(bot, address, stop)
    bot.close()


def worker() -> None:
    """Run the clocks, the reports and the delivery."""
    stop = Stop()
    bot = _build(listens=False)
    bot.database.check()
    with bot.working():
        _until_stopped(bot, "worker", stop)
    bot.close()


def migrate() -> None:
    """Bring the database to this version; creates it if need be."""
    from bot.store.database import Database

    url = read_settings().database_url
    database, file = Database(url), _sqlite_file(url)
    new = file is not None and not file.exists()
    database.migrate()
    database.close()
    if file is not None and new and file.exists():
        print(f"created {file}")
    print("the database is up to date")


def _sqlite_file(url: str) -> Path | None:
    return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None


def _build(*, listens: bool) -> "Bot":
    """Build the bot, not yet started; whatever keeps it from that is raised as one error that names all of it."""
    from bot.app import Bot

    start_logging()
    try:
        settings = read_settings(slack=True, listens=listens)
        bot = Bot(settings, goes_on=True)
    except (SettingsWrong, BadInput, PolicyRefused) as first:
        raise KpiBotError("\n".join(_everything_wrong(listens=listens)) or str(first)) from None
    if settings.rules is None and settings.speaks_to_slack:
        # A logger keeps the output it first wrote to, so this one is of this start alone.
        demo = structlog.get_logger()
        demo.warning("watching_the_demo_company", remedy="name the folder with your rules in KPI_BOT_RULES")
    return bot


def _everything_wrong(*, listens: bool) -> list[str]:
    """Look at the settings, the database's address and the rules one by one, whatever the others are like."""
    settings, said = _settings_and_faults(listens=listens)
    return [*said, *_database_faults(settings), *_rules_faults(settings)]


def _settings_and_faults(*, listens: bool) -> tuple[Settings, list[str]]:
    try:
        return read_settings(slack=True, listens=listens), []
    except SettingsWrong as wrong:
        return wrong.rest, [str(wrong)]


def _database_faults(settings: Settings) -> list[str]:
    from bot.store.database import Database

    try:
        Database(settings.database_url).close()
    except BadInput as refused:
        return [str(refused)]
    return []


def _rules_faults(settings: Settings) -> list[str]:
    from bot.rulebook import read_policy, shipped_rules

    folder = settings.rules or shipped_rules()
    try:
        read_policy(folder)
    except PolicyRefused as refused:
        return [str(fault) for fault in placed(folder, refused.faults)]
    return []


def _until_stopped(bot: "Bot", where: str, stop: Stop) -> None:
    wrong = bot.check_slack()
    if wrong:
        log.warning("slack_refused_us", code=wrong)
    # What has been built by now stays; not looking through it again keeps large pushes quick.
    gc.collect()
    gc.freeze()
    log.info("ready", at=where)
    stop.wait()
    log.info("stopping")
