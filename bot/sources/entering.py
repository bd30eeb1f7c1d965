"""From the rows of a source to checked values: the same questions as for a pushed one, each refusal with its place."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from bot.core.errors import BadInput
from bot.core.intake import Entry, take
from bot.core.kpi import Kpi
from bot.core.periods import example_label, period_of
from bot.core.policy import Policy
from bot.sources.rows import Row
from bot.sources.span import Span

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Entered(NamedTuple):
    """entries: what can be taken; refused: what cannot, in words with the place, never with a value."""

    entries: list[Entry]
    refused: list[str]


def entered(policy: Policy, kpi: Kpi, rows: Sequence[Row], span: Span, now: datetime) -> Entered:
    """Check the rows of a KPI's source; a row without a value is passed over.

    Of rows that give one period of one series different values, none is taken: nobody can tell which is meant.
    """
    found: dict[tuple[str, date], list[tuple[str, Entry]]] = {}
    refused = []
    for number, row in enumerate(rows, start=1):
        if row.value is None or row.value == "":
            continue
        place = row.place or f"row {number}"
        try:
            entry = take(policy, kpi, _number(row.value), _label(kpi, row, span), row.segment, now=now, place=place)
            found.setdefault((entry.segment, entry.period.first), []).append((place, entry))
        except BadInput as problem:
            refused.append(_told(kpi, problem))
    entries = []
    for same in found.values():
        if len({entry.value for _, entry in same}) == 1:
            entries.append(same[0][1])
        else:
            refused.append(_many(kpi, same))
    return Entered(entries, refused)


def _number(value: object) -> object:
    """Give the number a text stands for; whatever else it holds is left to be refused as text."""
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else value


def _label(kpi: Kpi, row: Row, span: Span) -> str:
    """Give the period a row stands for, or its moment; a day stands for the period it lies in."""
    if row.at is None:
        return period_of(span.newest, kpi.frequency).label
    at = row.at.strip()
    try:
        if _DAY.fullmatch(at):
            return period_of(date.fromisoformat(at), kpi.frequency).label
        moment = datetime.fromisoformat(at) if ":" in at else None
    except ValueError:
        return at
    if moment is not None and moment.tzinfo is None:
        return moment.replace(tzinfo=span.zone).isoformat()
    return moment.isoformat() if moment else at


def _told(kpi: Kpi, problem: BadInput) -> str:
    """Say what is wrong without showing what stands there: columns may have been swapped."""
    field = problem.place.rpartition(".")[2]
    if field == "segment":
        return f"{problem.place}: is no segment of {kpi.key}"
    if field == "at" and "'" in problem.problem:
        return (
            f"{problem.place}: is no {kpi.frequency} period; give a date, or one such as {example_label(kpi.frequency)}"
        )
    return f"{problem.place}: {problem.problem}"


def _many(kpi: Kpi, same: Sequence[tuple[str, Entry]]) -> str:
    (first, entry), (second, _) = same[0], same[1]
    label = entry.period.label
    said = f"{second}: gives {label} a second, different value, the first is in {first}"
    return f"{said}; give one value for each {kpi.frequency} period"
