"""Numbers as a history tells them, of the small sample company: corrected ones, late ones, calculated ones, none."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.core.history import Point
from bot.core.periods import Period
from bot.core.policy import Policy
from bot.core.spans import Span, Unreadable
from bot.core.standing import Trend, attained, trend_of
from bot.core.words import Band
from bot.phrasebook.sample_company import sample_history

Facts = dict[str, Any]


class Record(NamedTuple):
    """Where a value came from."""

    value: float
    origin: str
    author: str
    recorded_at: datetime


class Number(NamedTuple):
    """One value as it is told."""

    period: Period
    value: float
    trend: Trend | None
    target: float | Band | None
    met: bool | None
    record: Record
    late: timedelta | None = None
    earlier: tuple[tuple[Record, datetime], ...] = ()


def history_cases(policy: Policy, now: datetime) -> dict[str, Facts]:
    """Give the facts of ``kpi_history``, each with a word for what is special about it."""
    churn, pipeline = _facts(policy, now, "churn_rate"), _facts(policy, now, "pipeline_value")
    newest, *others = churn["numbers"]
    before = Record(2.9, "file", "warehouse <old>.csv", now - timedelta(days=9))
    first = Record(2.7, "slack", "U0ADA", now - timedelta(days=12))
    corrected = newest._replace(
        earlier=((before, now - timedelta(days=1)), (first, before.recorded_at)), late=timedelta(days=40)
    )
    again = newest._replace(earlier=((first, now),) * 5)
    begun = newest.period.first
    calculated = [
        number._replace(record=number.record._replace(origin=origin))
        for number, origin in zip(pipeline["numbers"], ("slack", "api", "rules", "sample"), strict=True)
    ]
    return {
        "corrected, late": churn | {"numbers": [corrected, again, *others], "gaps": 2},
        "a span": pipeline | {"span": Span(begun, begun + timedelta(days=30)), "more": 1200},
        "calculated": pipeline
        | {"numbers": calculated, "inputs": (policy.kpis["churn_rate"].name, policy.kpis["new_markets"].name)},
        "calculated from what the reader may not see": pipeline | {"numbers": calculated[:1], "inputs": ()},
        "band, segment": _facts(policy, now, "deliverability") | {"segment": "size:small"},
        "none in the span": churn | {"numbers": [], "span": Span(begun, begun + timedelta(days=30))},
        "none": churn | {"numbers": [], "newest": None},
    }


def span_cases(policy: Policy) -> dict[str, Facts]:
    """Give the facts of ``span_unknown``, each with a word for what is special about it."""
    plain = {why.value: {"asked": "*soon* <!channel>", "why": why, "segments": []} for why in Unreadable}
    sizes = policy.dimensions["size"].members
    return plain | {"with segments": {"asked": "big ones", "why": Unreadable.UNKNOWN, "segments": list(sizes.values())}}


def _facts(policy: Policy, now: datetime, key: str) -> Facts:
    kpi, seen = policy.kpis[key], sample_history(policy, key)
    origins = ("slack", "api", "file", "source", "rules", "sample")
    authors = ("U0ADA", "warehouse", "churn.csv", "churn & co")
    numbers = []
    for place, point in enumerate(reversed(seen.points)):
        record = Record(point.value, origins[place % 6], authors[place % 4], now - timedelta(days=30 * place))
        numbers.append(_number(policy, key, point, seen.before(point.first).latest, record))
    return {
        "kpi": kpi, "segment": "", "numbers": numbers, "span": None, "gaps": 0, "newest": seen.latest_period,
        "inputs": None, "policy": policy, "now": now,
    }  # fmt: skip


def _number(policy: Policy, key: str, point: Point, before: Point | None, record: Record) -> Number:
    kpi = policy.kpis[key]
    period = Period(kpi.frequency, point.first)
    target = kpi.target_for(period)
    trend = trend_of(kpi, before.value, point.value) if before else None
    met = None if target is None else attained(kpi.direction, point.value, target) >= 100
    return Number(period, point.value, trend, target, met, record)
