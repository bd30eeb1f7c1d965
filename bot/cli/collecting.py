"""``collect``: values from their sources, now instead of when they are due."""

import logging
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.core.errors import KpiBotError
from bot.core.intake import known_kpi
from bot.core.policy import Policy
from bot.logs import start_logging


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command()(collect)


def collect(
    kpis: Annotated[list[str] | None, typer.Argument(help="KPIs by key; default: all that have a source")] = None,
    backfill: Annotated[bool, typer.Option(help="Ask for all history again, not only for what is new")] = False,
) -> None:
    """Read sources now and take in what they give. Exit 1 when one of them fails or has values that are refused."""
    from bot.app import Bot
    from bot.settings import read_settings

    start_logging(level=logging.ERROR)  # what the log would say of a reading stands in the lines below
    bot = Bot(read_settings())
    bot.database.migrate()
    wanted = _sourced(bot.policy(), kpis or ())
    failed = 0
    for number, outcome in enumerate(bot.collector().collect_now(wanted, backfill=backfill), start=1):
        counts = f"{outcome.accepted} new, {outcome.corrected} corrected, {outcome.unchanged} unchanged"
        refused = f", {len(outcome.refused)} refused" if outcome.refused else ""
        failed += outcome.code is not None
        if outcome.code is None or outcome.refused:
            print(f"[{number}/{len(wanted)}] {outcome.kpi}: {counts}{refused}", flush=True)
        if outcome.problem:
            typer.echo(f"[{number}/{len(wanted)}] {outcome.kpi}: {outcome.problem}", err=True)
    bot.close()
    if failed:
        raise typer.Exit(1)


def _sourced(policy: Policy, keys: Sequence[str]) -> list[str]:
    """Give the KPIs to read; raises KpiBotError for one that is unknown or has no source."""
    found = [known_kpi(policy, key, "collect") for key in dict.fromkeys(keys)] or [
        kpi for kpi in policy.kpis.values() if kpi.source is not None
    ]
    if not found:
        raise KpiBotError("no KPI has a source. docs/sources.md shows how to write one; nothing was read")
    for kpi in found:
        if kpi.source is None:
            raise KpiBotError(f"{kpi.key} has no source. Write one in its entry; nothing was read")
    return [kpi.key for kpi in found]
