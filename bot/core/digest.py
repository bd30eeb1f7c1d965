"""The daily digest: what a reader is told first, what gets one line, and how the company and departments score."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.core.alert import Alert
from bot.core.clearance import Reader, may_see
from bot.core.organisation import Department
from bot.core.policy import Policy
from bot.core.standing import Score, Standing, Status, overall_score, score
from bot.core.words import Frozen

LEAD = 7
_MOVES = 3
_HEALTHY = (Status.GREEN, Status.BLUE)


class Why(StrEnum):
    """Why a line is in the digest."""

    TURNED_RED = "turned_red"
    ALERT_OPEN = "alert_open"
    TURNED_GREEN = "turned_green"
    STILL_RED = "still_red"
    BIGGEST_MOVE = "biggest_move"


class DigestItem(Frozen):
    """One line: a KPI, why it is told, its alert when one is open, the status it had in the digest before."""

    why: Why
    standing: Standing
    alert: Alert | None = None
    before: Status | None = None


class DepartmentScore(Frozen):
    """A department's score now and in the digest before."""

    department: Department
    score: Score
    before: float | None = None


class Snapshot(Frozen):
    """What a digest remembers for the next one: statuses and scores, by key."""

    statuses: dict[str, Status]
    departments: dict[str, float]
    overall: float | None = None


class Digest(Frozen):
    """Everything a digest says; ``lead`` first, at most seven; ``rest`` one line each."""

    day: date
    overall: Score | None
    overall_before: float | None
    departments: tuple[DepartmentScore, ...]
    lead: tuple[DigestItem, ...]
    rest: tuple[DigestItem, ...]
    counts: dict[Status, int]
    since: date | None
    snapshot: Snapshot

    @property
    def kpis(self) -> tuple[str, ...]:
        """Keys of the KPIs it names."""
        return tuple(dict.fromkeys(item.standing.kpi.key for item in (*self.lead, *self.rest)))


def build_digest(
    policy: Policy,
    reader: Reader,
    standings: Iterable[Standing],
    alerts: Iterable[Alert],
    last: tuple[date, Mapping[str, Any]] | None,
    day: date,
) -> Digest:
    """Build the digest of a local date for a reader, from totals and open alerts the reader may see.

    last: the date and snapshot of the digest before, None for the first one.
    """
    seen = [one for one in standings if not one.segment and may_see(reader, one.kpi, policy)]
    before = Snapshot.model_validate(last[1]) if last else None
    departments = _departments(policy, seen, before)
    overall = overall_score([(one.score, one.department.weight) for one in departments], policy.company.scores)
    shown = [alert for alert in alerts if alert.kpi in policy.kpis and may_see(reader, policy.kpis[alert.kpi], policy)]
    items = _items(policy, seen, shown, before)
    return Digest(
        day=day,
        overall=overall,
        overall_before=before.overall if before else None,
        departments=tuple(departments),
        lead=tuple(items[:LEAD]),
        rest=tuple(items[LEAD:]),
        counts={status: sum(1 for one in seen if one.status is status) for status in Status},
        since=last[0] if last else None,
        snapshot=Snapshot(
            statuses={one.kpi.key: one.status for one in seen},
            departments={one.department.key: one.score.value for one in departments},
            overall=overall.value if overall else None,
        ),
    )


def open_longest_first(policy: Policy, alerts: Iterable[Alert]) -> list[Alert]:
    """Order alerts as a reader wants them: by urgency, by time left, by age, by the weight of their KPI."""

    def urgency(alert: Alert) -> tuple[int, bool, datetime, datetime, float, str]:
        rank, kpi = policy.priority(alert.priority).rank, policy.kpis.get(alert.kpi)
        weight = kpi.weight if kpi else 0.0
        by = alert.respond_by or alert.opened_at
        return rank, alert.respond_by is None, by, alert.opened_at, -weight, alert.kpi

    return sorted(alerts, key=urgency)


def _departments(policy: Policy, seen: list[Standing], before: Snapshot | None) -> list[DepartmentScore]:
    scored = []
    for department in policy.departments.values():
        own = score([one for one in seen if one.kpi.department == department.key], policy.company.scores)
        if own is not None:
            was = before.departments.get(department.key) if before else None
            scored.append(DepartmentScore(department=department, score=own, before=was))
    return sorted(scored, key=lambda one: -one.score.value)


def _items(policy: Policy, seen: list[Standing], alerts: list[Alert], before: Snapshot | None) -> list[DigestItem]:
    """What changed first, then open alerts by urgency, what is red without one, the biggest moves; each KPI once."""
    by_key = {one.kpi.key: one for one in seen}
    urgent = {}
    for alert in reversed(open_longest_first(policy, alerts)):
        urgent[alert.kpi] = alert
    was = before.statuses if before else {}
    weightiest = sorted(seen, key=lambda one: -one.kpi.weight)
    items = [
        *(_item(Why.TURNED_RED, one, urgent, was) for one in seen if _turned_red(one, was)),
        *(_item(Why.TURNED_GREEN, one, urgent, was) for one in seen if _turned_green(one, was)),
        *(
            _item(Why.ALERT_OPEN, by_key[key], urgent, was)
            for key in dict.fromkeys(alert.kpi for alert in open_longest_first(policy, alerts))
            if key in by_key
        ),
        *(_item(Why.STILL_RED, one, urgent, was) for one in weightiest if one.status is Status.RED),
        *(_item(Why.BIGGEST_MOVE, one, urgent, was) for one in _moves(seen)),
    ]
    first: dict[str, DigestItem] = {}
    for item in items:
        first.setdefault(item.standing.kpi.key, item)
    return list(first.values())


def _item(why: Why, standing: Standing, urgent: Mapping[str, Alert], was: Mapping[str, Status]) -> DigestItem:
    key = standing.kpi.key
    return DigestItem(why=why, standing=standing, alert=urgent.get(key), before=was.get(key))


def _turned_red(standing: Standing, was: Mapping[str, Status]) -> bool:
    """Red now and not red in the digest before, also when there was no value then."""
    return bool(was) and standing.status is Status.RED and was.get(standing.kpi.key) is not Status.RED


def _turned_green(standing: Standing, was: Mapping[str, Status]) -> bool:
    return standing.status in _HEALTHY and was.get(standing.kpi.key) in (Status.RED, Status.YELLOW)


def _moves(seen: list[Standing]) -> list[Standing]:
    """The biggest moves for the worse, measured against the value before, so that units do not matter."""
    worse = [one for one in seen if one.trend and one.trend.better is False and one.trend.previous]
    return sorted(worse, key=_size, reverse=True)[:_MOVES]


def _size(standing: Standing) -> float:
    trend = standing.trend
    return abs(trend.difference / trend.previous) if trend and trend.previous else 0.0
