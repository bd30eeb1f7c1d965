"""``export``: values with where they came from, for scripts and spreadsheets."""

import csv
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.core.intake import known_kpi
from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.spans import read_span

if TYPE_CHECKING:
    from bot.flows.history import Exported

_COLUMNS = ("kpi", "at", "value", "segment", "unit", "origin", "author", "recorded_at", "replaced")


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("export")(export)


def export(
    kpi: Annotated[list[str] | None, typer.Option(help="A KPI (key); may be repeated; all when none is named")] = None,
    span: Annotated[str, typer.Option(help="Such as '2026-01..2026-06' or 'last 6 months'; else all of time")] = "",
    as_json: Annotated[
        bool, typer.Option("--json/--csv", help="JSON, with every replaced value, or CSV with how many there were")
    ] = False,
) -> None:
    """Print values with who brought each, when, from where, and what it replaced: by KPI and segment, oldest first."""
    from bot.app import Bot, utc_now
    from bot.flows.history import exported
    from bot.settings import read_settings

    bot, now = Bot(read_settings(), clock=utc_now), utc_now()
    policy = bot.policy()
    bot.database.check()
    wanted = read_span(span, now.astimezone(policy.zone).date(), policy.company.year_begins) if span else None
    found = exported(bot.database, policy, _named(policy, kpi or []), wanted)
    (_print_json if as_json else _print_csv)(found)
    bot.close()


def _named(policy: Policy, keys: list[str]) -> list[Kpi]:
    return [known_kpi(policy, key, "export") for key in keys] or list(policy.kpis.values())


def _print_csv(found: "Iterable[Exported]") -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found:
        row = _row(one)
        writer.writerow([row[name] for name in _COLUMNS[:-1]] + [len(row["replaced"])])


def _print_json(found: "Iterable[Exported]") -> None:
    print(json.dumps({"values": [_row(one) for one in found]}, ensure_ascii=False, indent=2))


def _row(one: "Exported") -> dict[str, Any]:
    record = one.record
    replaced = [_provenance(was) for was in record.replaced]
    series = {"kpi": one.kpi.key, "segment": one.segment, "at": one.period.label, "unit": one.kpi.unit}
    return series | _provenance(record) | {"replaced": replaced}


def _provenance(record: Any) -> dict[str, Any]:
    return {
        "value": record.value,
        "origin": record.origin.value,
        "author": record.author,
        "approved_by": record.approved_by,
        "recorded_at": record.recorded_at.isoformat(),
    }
