"""``run``, ``web``, ``worker``, ``migrate``: kpi-bot as a service."""

import gc
from typing import TYPE_CHECKING

import structlog
import typer

from bot.cli.waiting import until_stopped
from bot.logs import start_logging
from bot.settings import read_settings

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
    from bot.app import Bot

    start_logging()
    bot = Bot(read_settings(slack=True, listens=True))
    bot.database.migrate()
    with bot.working(), bot.listening() as address:
        _until_stopped(bot, address)
    bot.close()


def web() -> None:
    """Run the web server and Slack's side of it; a worker elsewhere sends."""
    from bot.app import Bot

    start_logging()
    bot = Bot(read_settings(slack=True, listens=True))
    bot.database.check()
    with bot.listening() as address:
        _until_stopped(bot, address)
    bot.close()


def worker() -> None:
    """Run the clocks, the reports and the delivery."""
    from bot.app import Bot

    start_logging()
    bot = Bot(read_settings(slack=True))
    bot.database.check()
    with bot.working():
        _until_stopped(bot, "worker")
    bot.close()


def migrate() -> None:
    """Bring the database to this version; creates it if need be."""
    from bot.store.database import Database

    database = Database(read_settings().database_url)
    database.migrate()
    database.close()
    print("the database is up to date")


def _until_stopped(bot: "Bot", where: str) -> None:
    wrong = bot.check_slack()
    if wrong:
        log.warning("slack_refused_us", code=wrong)
    # What has been built by now stays; not looking through it again keeps large pushes quick.
    gc.collect()
    gc.freeze()
    log.info("ready", at=where)
    until_stopped()
    log.info("stopping")
