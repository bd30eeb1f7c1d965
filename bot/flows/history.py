"""Somebody asks what the numbers of a KPI were → each with its change, its target, and who brought it, when and how."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.approval import waits_for
from bot.core.clearance import Reader, may_see
from bot.core.history import History, Point
from bot.core.kpi import Kpi
from bot.core.measures import complete_part
from bot.core.periods import Period, period_of
from bot.core.policy import Policy
from bot.core.spans import Span
from bot.core.speech import Speech
from bot.core.standing import Trend, attained, trend_of
from bot.core.words import Band, Language, Text
from bot.phrasebook import Phrasebook
from bot.phrasebook.charts import line_chart
from bot.store import approvals, values
from bot.store.database import Database
from bot.store.values import Origin, Recorded, Replaced

SHOWN = 12
"""How many of the newest values are told when no span is named."""
MOST = 20
"""How many of a span's values are told: with a chart, about as many as fit one message."""


class Earlier(NamedTuple):
    """A value that was replaced, and when it was."""

    was: Replaced
    until: datetime


class Number(NamedTuple):
    """One value as it is told; late: how long after its period's end it came, where that was too long.

    met: whether it reached its target; None when its period had none. earlier: what it corrected, the newest first;
    while a period runs its number simply moves on. complete: whether its period counts as complete; before, it is
    measured against nothing.
    """

    period: Period
    value: float
    trend: Trend | None
    target: float | Band | None
    met: bool | None
    record: Recorded
    late: timedelta | None
    earlier: tuple[Earlier, ...]
    complete: bool


class Exported(NamedTuple):
    """One value of one series with where it came from."""

    kpi: Kpi
    segment: str
    period: Period
    record: Recorded


def history(
    database: Database,
    policy: Policy,
    phrasebook: Phrasebook,
    reader: Reader,
    language: Language,
    kpi: Kpi,
    segment: str,
    span: Span | None,
    now: datetime,
) -> Speech:
    """Tell the values of a span, or the newest few; the newest first. The reader must be cleared for the KPI."""
    first, until = _reach(kpi, span)
    with database.reading() as tx:
        # One value more than is told: the oldest has changed, too.
        found = values.records(
            tx, kpi.key, segment, limit=None if span else SHOWN + 1, since=first and first.previous.first, until=until
        )
        found = approvals.signed(tx, kpi.key, segment, kpi.frequency, found)
        waiting = approvals.waiting(tx, kpi.key, segment)
        newest = values.history(tx, kpi.key, segment, kpi.frequency, limit=1).latest_period
    told = [one for one in numbers(kpi, found, policy.zone, now) if span is None or span.touches(one.period)]
    told = told if span else told[:SHOWN]
    points = [Point(one.period.first, one.value) for one in reversed(told)]
    return phrasebook.say(
        "kpi_history",
        language,
        chart=line_chart(phrasebook, kpi, points, language),
        kpi=kpi,
        segment=segment,
        numbers=told[:MOST],
        waiting=[(one, waits_for(policy, one)) for one in waiting],
        more=max(len(told) - MOST, 0),
        span=span,
        gaps=_gaps(told),
        newest=newest,
        inputs=_inputs(policy, reader, kpi),
        policy=policy,
        now=now,
    )


def exported(database: Database, policy: Policy, kpis: Iterable[Kpi], span: Span | None) -> Iterator[Exported]:
    """Give every value of the KPIs within a span, or of all time: by KPI and segment, the oldest first."""
    for kpi in kpis:
        first, until = _reach(kpi, span)
        for segment in policy.segments_of(kpi):
            with database.reading() as tx:
                found = values.records(tx, kpi.key, segment, limit=None, since=first and first.first, until=until)
                found = approvals.signed(tx, kpi.key, segment, kpi.frequency, found)
            for record in reversed(found):
                yield Exported(kpi, segment, Period(kpi.frequency, record.first), record)


def numbers(kpi: Kpi, found: Sequence[Recorded], zone: ZoneInfo, now: datetime) -> list[Number]:
    """Put records, the newest first, beside their targets and the value before each."""
    points = tuple(Point(one.first, one.value) for one in reversed(found))
    newest = complete_part(kpi, History(kpi.frequency, points), now, zone).latest
    told: list[Number] = []
    arrivals: set[datetime] = set()
    for place, record in enumerate(found):
        period = Period(kpi.frequency, record.first)
        target = kpi.target_for(period)
        complete = newest is not None and record.first <= newest.first
        before = found[place + 1].value if complete and place + 1 < len(found) else None
        arrived = record.replaced[0] if record.replaced else record
        late = None if arrived.recorded_at in arrivals else _late(kpi, period, arrived, zone)
        arrivals.add(arrived.recorded_at)
        told.append(
            Number(
                period=period,
                value=record.value,
                trend=None if before is None else trend_of(kpi, before, record.value),
                target=target,
                met=attained(kpi.direction, record.value, target) >= 100 if complete and target is not None else None,
                record=record,
                late=late,
                earlier=_earlier(record, period.ends(zone)),
                complete=complete,
            )
        )
    return told


def _reach(kpi: Kpi, span: Span | None) -> tuple[Period | None, date | None]:
    """Give the first period a span touches, and the day from which none does."""
    return (None, None) if span is None else (period_of(span.first, kpi.frequency), span.until)


def _late(kpi: Kpi, period: Period, arrived: Recorded | Replaced, zone: ZoneInfo) -> timedelta | None:
    """Say how long after its period a value came, if a whole further period was over by then."""
    if arrived.origin is Origin.SAMPLE or arrived.recorded_at < period.shift(kpi.completeness_delay or 1).ends(zone):
        return None
    return arrived.recorded_at - period.ends(zone)


def _earlier(record: Recorded, over: datetime) -> tuple[Earlier, ...]:
    """Give the values that were replaced once their period was over."""
    ends = [*(was.recorded_at for was in record.replaced[1:]), record.recorded_at]
    found = (Earlier(was, end) for was, end in zip(record.replaced, ends, strict=False) if end >= over)
    return tuple(found)[::-1]


def _gaps(told: Sequence[Number]) -> int:
    """Count the periods without a value between the oldest and the newest that are told."""
    if not told:
        return 0
    count, period = 1, told[-1].period
    while period.first < told[0].period.first:
        count, period = count + 1, period.next
    return count - len(told)


def _inputs(policy: Policy, reader: Reader, kpi: Kpi) -> tuple[Text, ...] | None:
    """Name the KPIs one is calculated from, as far as the reader may know of them; None where somebody sends it."""
    if kpi.formula is None:
        return None
    made_of = (policy.kpis[name] for name in kpi.formula.names)
    return tuple(one.name for one in made_of if may_see(reader, one, policy))
