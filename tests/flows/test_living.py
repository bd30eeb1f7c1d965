"""Replay against life: what ``replay`` says of a history is what recording it, day by day, did."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.alert import Alert, Resolution
from bot.core.history import History, Point
from bot.core.intake import Entry
from bot.core.periods import Frequency, Period, period_of
from bot.core.policy import Dimension, Policy
from bot.core.reliving import needed, relive
from bot.flows.record import record
from bot.flows.watch import watch_clocks, watch_time
from bot.store import alerts
from bot.store.database import Database
from bot.store.values import Origin
from tests.core.examples import make_kpi, policy_of
from tests.databases import database_url

SIZES = Dimension.model_validate({"key": "size", "name": "Size", "members": {"small": "Small", "large": "Large"}})
Series = dict[tuple[str, str], dict[date, float]]


class Past(NamedTuple):
    """A policy whose KPI ``watched`` is looked at, and the values that are sent."""

    policy: Policy
    values: Series
    until: datetime


def live(database: Database, past: Past) -> list[Alert]:
    """Send every value as its period ends, with the clock moved; gives the alerts of ``watched`` as they end up."""
    zone = past.policy.zone
    first = min(day for points in past.values.values() for day in points)
    day = first
    while (now := datetime.combine(day, time(), zone).astimezone(UTC)) <= past.until:
        _run_clocks(database, past.policy, now)
        arriving = [
            Entry(kpi=kpi, segment=segment, period=period, value=value)
            for (kpi, segment), points in past.values.items()
            for begins, value in points.items()
            if (period := Period(past.policy.kpis[kpi].frequency, begins)).next.first == day
        ]
        if arriving:
            record(database, past.policy, arriving, origin=Origin.API, author="test", now=now)
        watch_time(database, past.policy, now)
        day += timedelta(days=1)
    _run_clocks(database, past.policy, past.until)
    with database.reading() as tx:
        return [one for one in alerts.recent(tx, datetime(2000, 1, 1, tzinfo=UTC)) if one.kpi == "watched"]


def _run_clocks(database: Database, policy: Policy, until: datetime) -> None:
    while True:
        with database.reading() as tx:
            due = [one.next_due for one in alerts.open_alerts(tx) if one.next_due is not None]
        if not due or min(due) > until:
            return
        watch_clocks(database, policy, min(due))


def replayed(past: Past) -> list[Alert]:
    kpi = past.policy.kpis["watched"]
    histories = {
        name: History(
            past.policy.kpis[name[0]].frequency, tuple(Point(day, value) for day, value in sorted(points.items()))
        )
        for name, points in past.values.items()
        if past.policy.kpis[name[0]] in needed(past.policy, kpi)
    }
    found: dict[str, Alert] = {}
    for one in relive(past.policy, kpi, histories, past.until):
        found[one.step.alert.id] = one.step.alert
    return list(found.values())


def told(found: list[Alert]) -> list[dict[str, Any]]:
    """What is compared: everything but the ids, which are drawn by lot."""
    kept = [one.model_dump(exclude={"id"}) for one in found]
    return sorted(kept, key=lambda one: (one["opened_at"], one["rule"], one["segment"]))


VALUES = st.sampled_from([0.0, 40.0, 50.0, 60.0, 69.0, 70.0, 80.0, 90.0, 100.0, 115.0, 130.0])
SMALL = st.integers(1, 3)


def periods(number: int) -> str:
    return f"{number} period{'s' if number > 1 else ''}"


@st.composite
def simple(draw: st.DrawFn) -> dict[str, Any]:
    """Any condition that asks about one KPI."""
    limit, over = draw(st.sampled_from([50.0, 70.0, 90.0])), periods(draw(SMALL))
    return draw(
        st.sampled_from(
            [
                {"above": limit},
                {"above": {"limit": limit, "recovery": limit - 20}},
                {"below": {"limit": limit, "recovery": limit + 10}},
                {"outside": {"low": 50.0, "high": limit + 10, "recovery": {"low": 60.0, "high": limit}}},
                {"misses_target_by": "20 %"},
                {"misses_target_by": {"by": "30 %", "recovery": "10 %"}},
                {"beats_target_by": 10.0},
                {"off_pace": "20 %"},
                {"rises": {"by": "10 %", "over": over}},
                {"falls": {"by": 15.0, "over": over, "recovery": 5.0}},
                {"worsens_for": over},
                {"worsens_for": {"periods": over, "recovery": "1 period"}},
                {"stale": over},
                {"anomaly": {"by": "1 %", "widths": draw(st.sampled_from([0.3, 1.0]))}},
                {"anomaly": {"side": "worse", "seen": "2 of 3", "widths": 0.5, "recovery": 0.2}},
                {"forecast_misses_target": over},
                {"forecast_misses_target": {"within": over, "by": 10.0, "recovery": 5.0}},
                {"forecast_misses_target": {"within": over, "surely": True}},
            ]
        )
    )


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    """Any condition, those of several included, which may ask about the other KPI."""
    if draw(st.integers(0, 3)):
        return draw(simple())
    parts = [draw(simple()), draw(simple()) | {"kpi": "other"}]
    return {draw(st.sampled_from(["all_of", "any_of"])): parts}


@st.composite
def rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(draw(st.integers(1, 3))):
        rule: dict[str, Any] = {"id": f"rule-{number}", "when": draw(conditions())}
        rule["priority"] = draw(st.sampled_from(["critical", "high", "medium", "insight"]))
        rule["for"] = periods(draw(SMALL))
        if draw(st.booleans()):
            rule["keep_firing_for"] = periods(draw(SMALL))
        rule["no_data"] = draw(st.sampled_from(["unsure", "unsure", "breached", "calm"]))
        rule["dry_run"] = draw(st.integers(0, 4)) == 0
        made.append(rule)
    return made


@st.composite
def series(draw: st.DrawFn, frequency: Frequency, first: date, until: date) -> dict[date, float]:
    """Values with gaps, for the periods between two days."""
    found, period = {}, period_of(first, frequency)
    while period.next.first <= until:
        if draw(st.integers(0, 5)):
            found[period.first] = draw(VALUES)
        period = period.next
    return found


def _longer(frequency: Frequency) -> Frequency:
    return Frequency.WEEKLY if frequency is Frequency.DAILY else Frequency.MONTHLY


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    frequency = draw(st.sampled_from([Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY]))
    other = draw(st.sampled_from([Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY]))
    first = date(2026, 3, 20)  # the clocks change within these days
    until = first + timedelta(days=draw(st.integers(5, 25 if Frequency.DAILY in (frequency, other) else 120)))
    calculated = draw(st.booleans())
    thresholds = {"warning": 70.0, "warning_recovery": 80.0, "critical": 50.0, "for": periods(draw(st.integers(1, 2)))}
    watched = make_kpi(
        "watched",
        frequency=_longer(other) if calculated else frequency,
        accumulates=True,
        segments=() if calculated else ("size",),
        thresholds=thresholds if draw(st.booleans()) else None,
        completeness_delay=draw(st.sampled_from([None, "1 period", "2 periods"])),
        formula="other * 2 - 10 / base" if calculated else None,
        rules=draw(rules()),
    )
    kpis = [
        watched,
        make_kpi("other", frequency=other, rollup=draw(st.sampled_from(["last", "sum"]))),
        make_kpi("base", frequency=other, rollup="mean"),
    ]
    policy = policy_of(*kpis, dimensions={"size": SIZES})
    values: Series = {("other", ""): draw(series(other, first, until))}
    if calculated:
        values["base", ""] = draw(series(other, first, until))
    else:
        values["watched", ""] = draw(series(frequency, first, until))
        values["watched", "size:small"] = draw(series(frequency, first, until))
    if not any(values.values()):
        values["other", ""] = {period_of(first, other).first: 100.0}
    moment = datetime.combine(until, time(), policy.zone).astimezone(UTC)
    return Past(policy, values, moment + timedelta(hours=draw(st.integers(0, 30))))


def test_replay_gives_every_alert_that_living_through_it_gave(tmp_path_factory: Any, worker: str) -> None:
    folder = tmp_path_factory.mktemp("lives")

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(pasts())
    def lives_agree(past: Past) -> None:
        database = Database(database_url("sqlite", folder, worker))
        try:
            assert told(replayed(past)) == told(live(database, past))
        finally:
            database.close()

    lives_agree()


def test_a_calculated_value_made_again_by_the_last_input_ends_its_alert_as_restated(database: Database) -> None:
    watched = make_kpi("watched", frequency="weekly", formula="other", thresholds={"critical": 50.0})
    policy = policy_of(watched, make_kpi("other", frequency="daily", rollup="last"))
    monday = date(2026, 3, 16)
    week = {monday + timedelta(days=day): 100.0 if day == 6 else 40.0 for day in range(7)}
    past = Past(policy, {("other", ""): week}, datetime(2026, 4, 1, tzinfo=UTC))
    (alert,) = replayed(past)
    assert alert.resolution is Resolution.RESTATED
    assert told([alert]) == told(live(database, past))


def test_what_is_foreseen_of_a_long_past_is_replayed_as_it_was_lived(database: Database) -> None:
    foreseeing = [
        {"id": "odd", "when": {"anomaly": {}}, "priority": "high"},
        {"id": "missing", "when": {"forecast_misses_target": {"within": "3 periods", "by": 5.0}}, "priority": "medium"},
    ]
    policy = policy_of(make_kpi("watched", frequency="daily", target=100.0, rules=foreseeing))
    first = date(2026, 3, 1)
    values = {first + timedelta(days=day): 100.0 + day % 3 - max(day - 50, 0) for day in range(70)}
    values[first + timedelta(days=30)] = 160.0
    past = Past(policy, {("watched", ""): values}, datetime(2026, 5, 20, tzinfo=UTC))
    lived = told(live(database, past))
    assert {"odd", "missing"} == {one["rule"] for one in lived}
    assert told(replayed(past)) == lived
