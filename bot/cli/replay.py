"""``replay``: what a rule would have said over the past, tried before it speaks."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from bot.core.entering import segment_named
from bot.core.errors import BadInput, KpiBotError
from bot.core.history import History, Point
from bot.core.intake import Entry
from bot.core.kpi import Kpi
from bot.core.periods import Frequency, period_at
from bot.core.policy import Policy
from bot.core.reliving import SeriesName
from bot.core.replay import Replay, replay
from bot.core.spans import UnknownSpan, read_span

if TYPE_CHECKING:
    from bot.store.database import Database

_SPAN = re.compile(r"([1-9]\d{0,3})([dwmy])")
_LENGTHS = {"d": Frequency.DAILY, "w": Frequency.WEEKLY, "m": Frequency.MONTHLY, "y": Frequency.YEARLY}


class Asked(NamedTuple):
    """What is to be tried: the KPI (key), one of its rules (None for all), and from when on."""

    kpi: str
    rule: str | None
    since: datetime


class Known(NamedTuple):
    """Where the values are: in the database, or those of a file."""

    database: "Database | None"
    histories: dict[SeriesName, History]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("replay")(replay_rule)


def replay_rule(
    rule: Annotated[str, typer.Argument(help="A rule's id, or a KPI's key for all its rules")],
    since: Annotated[
        str, typer.Option(help="From when on: a period such as 2026-01, or a span: 12m, 'last quarter'")
    ] = "12m",
    rules: Annotated[
        Path | None, typer.Option(help="A changed rules folder, to be compared with the one in force")
    ] = None,
    values: Annotated[Path | None, typer.Option(help="Values from a CSV file instead of the database")] = None,
    segment: Annotated[
        str | None, typer.Option(help="Only this segment of the KPI; 'total' for the total alone")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show when a rule would have fired, for how long, whom it would have rung, how often a month.

    Exit 1 when it would never have fired, or so often that it is noisy; 2 when it could not be tried.
    """
    from bot.app import utc_now
    from bot.cli.replay_table import Shown, as_data, as_text
    from bot.rulebook import read_policy, shipped_rules
    from bot.settings import read_settings

    settings, now = read_settings(), utc_now()
    today = read_policy(settings.rules or shipped_rules())
    changed = read_policy(rules) if rules else None
    asked = _asked([one for one in (changed, today) if one], rule, since, now)
    known = _known(settings.database_url, changed or today, values, now)
    one = _tried(today, asked, known, segment, now)
    other = _tried(changed, asked, known, segment, now) if changed else None
    if one is None and other is None:
        raise KpiBotError(_no_values(asked, values))
    shown = Shown(changed or today, one, other, with_change=changed is not None)
    print(json.dumps(as_data(shown), indent=2) if as_json else as_text(shown))
    if shown.finds_something:
        raise typer.Exit(1)


def _asked(policies: Sequence[Policy], named: str, since: str, now: datetime) -> Asked:
    """Find what is named: a KPI, or a rule of one. Raises BadInput, with what comes nearest."""
    from bot.rulebook.nearest import nearest

    begins = since_of(since, policies[0], now)
    for policy in policies:
        if named in policy.kpis:
            return Asked(named, None, begins)
        for kpi in policy.kpis.values():
            if any(rule.id == named for rule in policy.rules_of(kpi)):
                return Asked(kpi.key, named, begins)
    names = [name for one in policies for kpi in one.kpis.values() for name in _names(one, kpi)]
    meant = nearest(named, names)
    raise BadInput(
        "RULE",
        f"there is no rule or KPI '{named[:80]}'",
        f"Did you mean {meant}?" if meant else "Name a rule's id or a KPI's key, as rules/kpis/ has them",
    )


def _names(policy: Policy, kpi: Kpi) -> list[str]:
    return [kpi.key, *(rule.id for rule in policy.rules_of(kpi))]


def since_of(written: str, policy: Policy, now: datetime) -> datetime:
    """Read from when on: so many whole units ago (``12m``, ``90d``), or the beginning of a span as a person names it.

    Raises BadInput.
    """
    counted = _SPAN.fullmatch(written)
    try:
        if counted:
            first = period_at(now, _LENGTHS[counted[2]], policy.zone).shift(-int(counted[1])).first
        else:
            today = now.astimezone(policy.zone).date()
            first = read_span(written, today, policy.company.year_begins).first
    except (ValueError, OverflowError, UnknownSpan):
        problem = f"'{written[:40]}' is no period and no span of time"
        raise BadInput(
            "--since", problem, "Write one such as 2026-01, 2026-01-15, 90d, 12m or 'last quarter'"
        ) from None
    begins = datetime.combine(first, time(), policy.zone).astimezone(UTC)
    if begins >= now:
        raise BadInput("--since", f"{written} has not begun yet", "Name a time that is over")
    return begins


def _known(url: str, policy: Policy, file: Path | None, now: datetime) -> Known:
    """Say where values come from. Raises KpiBotError when there is no database yet, or the file cannot be taken."""
    from bot.cli.data import BadLines, read_entries
    from bot.store.database import Database

    if file is not None:
        try:
            return Known(None, histories_of(read_entries(policy, file, now, place="{path}:{line}")))
        except BadLines as bad:
            raise KpiBotError(f"{bad}; nothing was tried") from None
    database = Database(url)
    database.check()
    return Known(database, {})


def histories_of(entries: Iterable[Entry]) -> dict[SeriesName, History]:
    """Put values that have been read together into series."""
    points: dict[tuple[SeriesName, Frequency], dict[date, float]] = {}
    for entry in entries:
        series = points.setdefault(((entry.kpi, entry.segment), entry.period.frequency), {})
        series[entry.period.first] = entry.value
    return {
        name: History(frequency, tuple(Point(first, value) for first, value in sorted(series.items())))
        for (name, frequency), series in points.items()
    }


def _tried(policy: Policy, asked: Asked, known: Known, segment: str | None, now: datetime) -> Replay | None:
    """Replay what was asked by one policy; None when it has no such KPI or rule, or there are no values."""
    from bot.flows.replay import replayed

    kpi = policy.kpis.get(asked.kpi)
    if kpi is None or (asked.rule is not None and policy.rule(kpi.key, asked.rule) is None):
        return None
    part = _segment(policy, kpi, segment)
    if known.database is None:
        found = replay(policy, kpi, known.histories, asked.since, now, segment=part)
    else:
        found = replayed(known.database, policy, kpi, asked.since, now, segment=part)
    return found.only(asked.rule) if found and asked.rule else found


def _segment(policy: Policy, kpi: Kpi, named: str | None) -> str | None:
    if named is None:
        return None
    found = "" if named == "total" else segment_named(policy, kpi, named)
    if found is None or (not found and named != "total"):
        known = ", ".join(part or "total" for part in policy.segments_of(kpi))
        raise BadInput("--segment", f"{kpi.key} has no segment '{named[:80]}'", f"It has: {known}")
    return found


def _no_values(asked: Asked, file: Path | None) -> str:
    if file is not None:
        return f"{file} has no values that {asked.kpi} needs. Nothing was tried"
    return (
        f"there are no values for {asked.kpi} in the database yet. "
        "Take some in with `kpi-bot import FILE`, or name a file with --values"
    )
