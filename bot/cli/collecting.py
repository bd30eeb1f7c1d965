"""``collect``: values from their sources, now instead of when they are due."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.errors import KpiBotError
from bot.core.intake import known_kpi
from bot.core.policy import Policy
from bot.logs import start_logging

if TYPE_CHECKING:
    from bot.flows.collect import Outcome


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command()(collect)


def collect(
    kpis: Annotated[list[str] | None, typer.Argument(help="KPIs by key; default: all that have a source")] = None,
    backfill: Annotated[bool, typer.Option(help="Ask for the newest 400 periods, not only for what is new")] = False,
    since: Annotated[
        str | None, typer.Option(help="Ask for all since then, such as 2023 or 2023-06-15, 400 periods at a time")
    ] = None,
) -> None:
    """Read sources now and take in what they give. Exit 1 when one of them fails or has values that are refused."""
    from bot.app import Bot, utc_now
    from bot.settings import read_settings

    start_logging(level=logging.ERROR)  # what the log would say of a reading stands in the lines below
    bot = Bot(read_settings())
    bot.database.migrate()
    wanted = _sourced(bot.policy(), kpis or ())
    first = None if since is None else _first_day(since, utc_now())
    failed = 0
    for outcome in bot.collector().collect_now(wanted, backfill=backfill, since=first):
        place = f"[{wanted.index(outcome.kpi) + 1}/{len(wanted)}] {outcome.kpi}{_asked(outcome)}"
        counts = f"{outcome.accepted} new, {outcome.corrected} corrected, {outcome.unchanged} unchanged"
        refused = f", {len(outcome.refused)} refused" if outcome.refused else ""
        failed += outcome.code is not None
        if outcome.code is None or outcome.refused:
            print(f"{place}: {counts}{refused}", flush=True)
        if outcome.problem:
            typer.echo(f"{place}: {outcome.problem}", err=True)
    bot.close()
    if failed:
        raise typer.Exit(1)


def _first_day(written: str, now: datetime) -> date:
    """Read a year, a month or a day; raises KpiBotError for anything else, and for what is still to come."""
    for shape in ("%Y", "%Y-%m", "%Y-%m-%d"):
        with suppress(ValueError):
            first = datetime.strptime(written, shape).date()  # noqa: DTZ007 - a day has no zone
            if first > now.date():
                raise KpiBotError(f"--since {written} lies in the future; nothing was read")
            return first
    raise KpiBotError(f"--since '{written[:40]}' is no day. Write one such as 2023, 2023-06 or 2023-06-15")


def _asked(outcome: "Outcome") -> str:
    """Say which days were asked for, where it was one part of several."""
    return "" if outcome.asked is None else f" {outcome.asked[0]}..{outcome.asked[1] - timedelta(days=1)}"


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
