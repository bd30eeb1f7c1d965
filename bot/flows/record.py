"""Values arrive → stored, judged, alerts stepped, messages queued: one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from bot.core.announcing import announce
from bot.core.errors import BadInput
from bot.core.intake import Entry
from bot.core.judging import Case, judge
from bot.core.lifecycle import Notice, Step
from bot.core.periods import period_at, period_of
from bot.core.policy import Policy
from bot.core.samples import last_complete, sample_points
from bot.core.words import Frozen
from bot.store import audit, notes, values
from bot.store.cases import SeriesName, cases
from bot.store.database import Database, Transaction
from bot.store.derived import Batch, derive
from bot.store.notes import SAMPLE_HISTORY
from bot.store.steps import decide, keep
from bot.store.values import Arrival, Change, Origin, Stored


class Receipt(Frozen):
    """What became of a batch: new, unchanged and corrected values, the ids of the alerts it opened.

    told: alerts took a step, so that there is something to deliver.
    """

    accepted: int
    unchanged: int
    corrected: int
    opened: tuple[str, ...]
    told: bool


def record(
    database: Database,
    policy: Policy,
    entries: Sequence[Entry],
    *,
    origin: Origin,
    author: str,
    now: datetime,
    note: str | None = None,
    also: Callable[[Transaction], None] | None = None,
) -> Receipt:
    """Take a batch of checked values, all or nothing; note: what its sender says about it, kept in the audit.

    also: what belongs into the same transaction; an error it raises undoes everything.
    Raises BadInput when the batch gives one period of one series two different values.
    """
    arrivals = _arrivals(entries)

    def work(tx: Transaction) -> Receipt:
        stored = values.put(tx, arrivals, origin=origin, author=author, now=now)
        derived = derive(tx, policy, _touched(stored), Batch(origin, author, now))
        changed = _changed(policy, [*stored, *derived], now)
        series = {name: bool(corrected) for name, corrected in changed.items()} | _dependents(policy, changed)
        asked = cases(tx, policy, series, policy.rules_of, now)
        taken = [step for case, rules, known in asked for step in judge(_marked(case, changed), rules, known)]
        for step in taken:
            keep(tx, step, announce(step, policy, now), now)
        receipt = _receipt(stored, taken, repeated=len(entries) - len(arrivals))
        if also is not None:
            also(tx)
        _remember(tx, receipt, origin, author, note, now)
        return receipt

    return decide(database, work)


def record_samples(database: Database, policy: Policy, now: datetime) -> Receipt:
    """Take in the sample history of every KPI, up to the last complete period, labelled as what it is."""
    today = now.astimezone(policy.zone).date()
    entries = []
    for series, anchor in policy.samples.items():
        key, _, segment = series.partition("/")
        last = last_complete(today, policy.kpis[key].frequency)
        for point in sample_points(series, anchor, last):
            period = period_of(point.first, last.frequency)
            entries.append(Entry(kpi=key, segment=segment, period=period, value=point.value))
    receipt = record(database, policy, entries, origin=Origin.SAMPLE, author="sample history", now=now)
    with database.transaction() as tx:
        notes.put(tx, SAMPLE_HISTORY, now.isoformat())
    return receipt


def _arrivals(entries: Sequence[Entry]) -> list[Arrival]:
    seen: dict[tuple[str, str, date], Arrival] = {}
    for place, entry in enumerate(entries):
        arrival = Arrival(entry.kpi, entry.segment, entry.period.first, entry.value)
        known = seen.setdefault((entry.kpi, entry.segment, entry.period.first), arrival)
        if known.value != arrival.value:
            series = f"{entry.kpi} {entry.segment}".strip()
            problem = f"gives {series} a second, different value for {entry.period.label}"
            raise BadInput(f"values[{place}]", problem, "Send one value a period")
    return list(seen.values())


def _touched(stored: Sequence[Stored]) -> dict[SeriesName, list[date]]:
    touched: dict[SeriesName, list[date]] = {}
    for one in stored:
        if one.change is not Change.UNCHANGED:
            touched.setdefault((one.arrival.kpi, one.arrival.segment), []).append(one.arrival.first)
    return touched


def _changed(policy: Policy, stored: Sequence[Stored], now: datetime) -> dict[SeriesName, set[str]]:
    """Give the series that changed, each with the labels of the periods that were over and have been corrected."""
    changed: dict[SeriesName, set[str]] = {}
    for one in stored:
        if one.change is not Change.UNCHANGED:
            corrected = changed.setdefault((one.arrival.kpi, one.arrival.segment), set())
            if _restated(policy, one, now):
                corrected.add(period_of(one.arrival.first, policy.kpis[one.arrival.kpi].frequency).label)
    return changed


def _dependents(policy: Policy, changed: Mapping[SeriesName, object]) -> dict[SeriesName, bool]:
    """Give the other series whose rules ask about a KPI that changed; nothing of their own was corrected."""
    keys = {dependent for kpi, _ in changed for dependent in policy.dependents_of(kpi)}
    series = ((key, segment) for key in sorted(keys) for segment in policy.segments_of(policy.kpis[key]))
    return {name: False for name in series if name not in changed}


def _marked(case: Case, changed: Mapping[SeriesName, set[str]]) -> Case:
    """Call the case restated only when the very value that is judged has been corrected, not any older one."""
    corrected = changed.get((case.kpi.key, case.segment), set())
    return case._replace(restated=case.restated and case.period in corrected)


def _restated(policy: Policy, stored: Stored, now: datetime) -> bool:
    """A new number for a period that was over already; while a period runs its number simply moves on."""
    if stored.change is not Change.CORRECTED:
        return False
    return stored.arrival.first < period_at(now, policy.kpis[stored.arrival.kpi].frequency, policy.zone).first


def _receipt(stored: Sequence[Stored], taken: Sequence[Step], *, repeated: int) -> Receipt:
    changes, told = [one.change for one in stored], [step for step in taken if not step.alert.dry_run]
    return Receipt(
        accepted=changes.count(Change.NEW),
        unchanged=changes.count(Change.UNCHANGED) + repeated,
        corrected=changes.count(Change.CORRECTED),
        opened=tuple(step.alert.id for step in told if step.notice in (Notice.OPENED, Notice.REOPENED)),
        told=bool(told),
    )


def _remember(tx: Transaction, receipt: Receipt, origin: Origin, author: str, note: str | None, now: datetime) -> None:
    if receipt.accepted or receipt.corrected or note:
        detail = {"accepted": receipt.accepted, "corrected": receipt.corrected} | ({"note": note} if note else {})
        audit.record(tx, who=author, what="values", subject=origin.value, detail=detail, now=now)
