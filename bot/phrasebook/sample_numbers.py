"""Numbers as a history tells them, of the small sample company: corrected ones, late ones, calculated ones, none."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.core.approval import Answer, Approval, Approver, Way
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
    approved_by: str | None = None


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
    complete: bool = True


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
    waiting = [(one, approver) for one, approver in [(sample_approval(now), sample_approver(policy))] * 6]
    return {
        "corrected, late": churn | {"numbers": [corrected, again, *others], "gaps": 2},
        "a span": pipeline | {"span": Span(begun, begun + timedelta(days=30)), "more": 1200},
        "calculated": pipeline
        | {"numbers": calculated, "inputs": (policy.kpis["churn_rate"].name, policy.kpis["new_markets"].name)},
        "calculated from what the reader may not see": pipeline | {"numbers": calculated[:1], "inputs": ()},
        "band, segment": _facts(policy, now, "deliverability") | {"segment": "size:small"},
        "none in the span": churn | {"numbers": [], "span": Span(begun, begun + timedelta(days=30))},
        "running": churn | {"numbers": [newest._replace(complete=False, met=None, trend=None), *others[:1]]},
        "none": churn | {"numbers": [], "newest": None},
        "approved": churn | {"numbers": [newest._replace(record=newest.record._replace(approved_by="U0BO"))]},
        "waiting": churn | {"numbers": others[:1], "waiting": waiting[:1]},
        "many waiting": churn | {"numbers": [], "waiting": waiting},
    }


def sample_approval(now: datetime, **changes: Any) -> Approval:
    """Give a number of the small company that waits for approval."""
    plain = Approval(
        id="0a1b2c3d4e5f",
        kpi="churn_rate",
        segment="",
        period="2026-10",
        value=4.3,
        by="U0ADA",
        way=Way.FORM,
        note=None,
        approver="bo",
        asked_at=now - timedelta(hours=1),
    )
    return plain.model_copy(update=changes)


def sample_approver(policy: Policy, *, deputy: bool = False) -> Approver:
    """Give who is asked to approve it."""
    return Approver(policy.people["bo"], policy.roles["cro" if deputy else "ceo"], deputy)


def approval_cases(policy: Policy, now: datetime) -> dict[str, Facts]:
    """Give the facts of the messages about a number that needs approval, each with a word for what is special."""

    def facts(kpi: str = "churn_rate", approver: Approver | None = None, **changes: Any) -> Facts:
        entry = policy.kpis[kpi]
        asked = approver or sample_approver(policy)
        return {"approval": sample_approval(now, kpi=kpi, **changes), "kpi": entry, "approver": asked, "policy": policy}

    answered: dict[str, Any] = {"decided_at": now, "decided_by": "U0BO"}
    return {
        "waiting": facts(note="From the *board* pack <draft>"),
        "typed, a segment, a deputy": facts(
            approver=sample_approver(policy, deputy=True), way=Way.COMMAND, segment="size:small"
        ),
        "money": facts("pipeline_value", value=3_823_450.0) | {"discreet": True},
        "in person": facts(approver=Approver(policy.people["bo"], None)),
        "approved": facts(state=Answer.APPROVED, **answered),
        "returned": facts(state=Answer.RETURNED, reason="The *refunds* are missing <!channel>", **answered),
        "replaced": facts(state=Answer.REPLACED, **answered),
        "money returned": facts("pipeline_value", state=Answer.RETURNED, reason="Too early", value=1e6, **answered)
        | {"discreet": True},
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
        "kpi": kpi, "segment": "", "numbers": numbers, "waiting": [], "span": None, "gaps": 0,
        "newest": seen.latest_period, "inputs": None, "policy": policy, "now": now,
    }  # fmt: skip


def _number(policy: Policy, key: str, point: Point, before: Point | None, record: Record) -> Number:
    kpi = policy.kpis[key]
    period = Period(kpi.frequency, point.first)
    target = kpi.target_for(period)
    trend = trend_of(kpi, before.value, point.value) if before else None
    met = None if target is None else attained(kpi.direction, point.value, target) >= 100
    return Number(period, point.value, trend, target, met, record)
