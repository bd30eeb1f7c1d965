"""Calculated KPIs: when an input arrives or is restated, every value that is made of it is made again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from bot.core.calculating import adds_up, answer_of, periods_ended, periods_made_of
from bot.core.kpi import Kpi
from bot.core.periods import Period
from bot.core.policy import Policy
from bot.core.verdict import Doubt
from bot.store import notes, values
from bot.store.database import Transaction
from bot.store.values import Arrival, Change, Origin, SeriesName, Stored

_ENDED = "periods_ended"
"""The note of the day up to which ended periods have been looked at."""

Touched = Mapping[SeriesName, Iterable[date]]
"""The periods, by their first days, that changed of each series."""


class Batch(NamedTuple):
    """Who sent the values all this follows from; what is calculated from them says the same of itself."""

    origin: Origin
    author: str
    now: datetime


def derive(
    tx: Transaction,
    policy: Policy,
    touched: Touched,
    batch: Batch,
    also: Mapping[SeriesName, set[Period]] = MappingProxyType({}),
) -> list[Stored]:
    """Calculate what follows from changed values, over as many steps as it takes; gives what that changed.

    also: periods of calculated series to make again, whatever changed. Where the inputs no longer give a number, a
    value that was there is withdrawn.
    """
    today = batch.now.astimezone(policy.zone).date()
    changed = {name: set(firsts) for name, firsts in touched.items()}
    told: list[Stored] = []
    for kpi in policy.calculated:
        periods = _periods(policy, kpi, changed, today)
        periods |= {(segment, one) for (key, segment), ended in also.items() if key == kpi.key for one in ended}
        if not periods:
            continue
        stored = _calculate(tx, policy, kpi, periods, batch)
        for one in stored:
            changed.setdefault((kpi.key, one.arrival.segment), set()).add(one.arrival.first)
        told += stored
    return told


def derive_all(tx: Transaction, policy: Policy, batch: Batch) -> list[Stored]:
    """Calculate every value of every calculated KPI again, as after a change of formulas; gives what that changed."""
    names = {name for kpi in policy.calculated if kpi.formula for name in kpi.formula.names}
    inputs = [(kpi, segment) for kpi, segment in values.known_series(tx) if kpi in names]
    frequencies = [(kpi, segment, policy.kpis[kpi].frequency) for kpi, segment in inputs]
    histories = values.histories(tx, frequencies, since=date.min)
    return derive(tx, policy, {name: [point.first for point in one.points] for name, one in histories.items()}, batch)


def derive_ended(tx: Transaction, policy: Policy, batch: Batch) -> list[Stored]:
    """Calculate again, once a day, what adds up and whose period has ended since; gives what that changed.

    What lacks a short period then has no number any more, until that one's value comes.
    """
    today = batch.now.astimezone(policy.zone).date()
    noted = notes.get(tx, _ENDED)
    if noted == today.isoformat():
        return []
    since = date.fromisoformat(noted) if noted else today - timedelta(days=1)
    ended = {kpi.key: periods_ended(kpi, since, today) for kpi in policy.calculated if adds_up(policy, kpi)}
    known = values.known_series(tx) if ended else ()
    also = {(key, segment): ended[key] for key, segment in known if key in ended}
    notes.put(tx, _ENDED, today.isoformat())
    return derive(tx, policy, {}, batch, also=also)


def _periods(policy: Policy, kpi: Kpi, changed: Touched, today: date) -> set[tuple[str, Period]]:
    """Give the segments and periods of a calculated KPI that changed inputs belong to."""
    names = kpi.formula.names if kpi.formula else ()
    found: set[tuple[str, Period]] = set()
    for segment in policy.segments_of(kpi):
        mine = {name: changed[name, segment] for name in names if (name, segment) in changed}
        if mine:
            found |= {(segment, period) for period in periods_made_of(policy, kpi, mine, today)}
    return found


def _calculate(
    tx: Transaction, policy: Policy, kpi: Kpi, periods: set[tuple[str, Period]], batch: Batch
) -> list[Stored]:
    answers = _answers(tx, policy, kpi, periods, batch.now.astimezone(policy.zone).date())
    made = [
        Arrival(kpi.key, segment, period.first, answer)
        for (segment, period), answer in answers.items()
        if not isinstance(answer, Doubt)
    ]
    gone = [(segment, period.first) for (segment, period), answer in answers.items() if isinstance(answer, Doubt)]
    stored = values.put(tx, made, origin=batch.origin, author=batch.author, now=batch.now) if made else []
    withdrawn = values.withdraw(tx, kpi.key, gone, origin=batch.origin, author=batch.author, now=batch.now)
    # Each takes the place of those about earlier periods, so only the newest of a segment is worth noting.
    newest = {
        segment: (period, answer) for (segment, period), answer in answers.items() if answer is not Doubt.NO_VALUE
    }
    for segment, (period, answer) in newest.items():
        values.doubt(tx, kpi.key, segment, period.first, answer if isinstance(answer, Doubt) else None)
    return [one for one in stored if one.change is not Change.UNCHANGED] + withdrawn


def _answers(
    tx: Transaction, policy: Policy, kpi: Kpi, periods: set[tuple[str, Period]], today: date
) -> dict[tuple[str, Period], float | Doubt]:
    formula = kpi.formula
    if formula is None:
        return {}
    since = min(period.previous.first for _, period in periods)
    segments = {segment for segment, _ in periods}
    wanted = [(name, segment, policy.kpis[name].frequency) for name in formula.names for segment in segments]
    found = values.histories(tx, wanted, since=since)
    return {
        (segment, period): answer_of(policy, kpi, period, {name: found[name, segment] for name in formula.names}, today)
        for segment, period in sorted(periods)
    }
