"""``demo``: sandbox, sample company and bot in one process, without a Slack account."""

import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command()(demo)


def demo(
    port: Annotated[int, typer.Option(help="Where the page is, on this machine only; 0 takes any free port")] = 8765,
) -> None:
    """Show kpi-bot at work on a sample company: a stand-in for Slack in your browser, no account needed."""
    import logging

    from bot.cli.waiting import Stop
    from bot.logs import start_logging

    start_logging(level=logging.WARNING)
    print("Preparing a sample company …", flush=True)
    with staged(port) as address:
        print(f"\n  kpi-bot demo: open {address}\n\n  Everything you see is sample data. Ctrl-C ends it.\n", flush=True)
        Stop().wait()


@contextlib.contextmanager
def staged(port: int) -> Iterator[str]:
    """Run the demo for as long as the block lasts; gives the address of its page."""
    from bot.app import Bot, utc_now
    from bot.cli import stage
    from bot.flows.record import record_samples
    from bot.rulebook import read_policy, shipped_rules
    from bot.sandbox import SandboxClock, serve
    from bot.settings import Settings, read_settings
    from bot.web.server import LOOPBACK

    given = read_settings()
    policy = read_policy(given.rules or shipped_rules())
    clock = SandboxClock(stage.morning_of(policy, utc_now()))
    secret = secrets.token_hex(16)
    sandbox = stage.build_sandbox(policy, clock=clock, signing_secret=secret)
    with tempfile.TemporaryDirectory(prefix="kpi-bot-demo-") as folder, serve(sandbox, port=port) as address:
        settings = Settings(
            database_url=f"sqlite:///{Path(folder) / 'demo.db'}",
            slack_bot_token="xoxb-sandbox",  # noqa: S106 - the stand-in's own, worth nothing elsewhere
            slack_signing_secret=secret,
            slack_api_url=sandbox.api_url,
            port=0,
            rules=given.rules,
            messages=given.messages,
        )
        bot = Bot(settings, clock=clock.now)
        bot.database.migrate()
        record_samples(bot.database, bot.policy(), clock.now())
        for event in stage.events_of(bot.house):
            sandbox.events[event.id] = event
        with bot.working(), bot.listening(host=LOOPBACK) as bot_address:
            sandbox.connect(f"{bot_address}/slack/events")
            clock.listen(lambda _: bot.catch_up())
            # Not before everybody is here: on a slow machine the first moment of the story would be over.
            clock.run()
            yield address
        bot.close()
