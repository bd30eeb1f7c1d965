"""What is handed over to be judged: whatever has something to say, exactly as it stands; the calm is left out."""

import random
from collections.abc import Iterable
from datetime import timedelta

from bot.core.conditions import Other
from bot.core.judging import Case, judge
from bot.core.kpi import Kpi
from bot.core.lifecycle import Step
from bot.core.policy import Policy
from bot.store import alerts
from bot.store.cases import cases
from bot.store.database import Database, Transaction
from bot.store.values import Arrival, Origin, histories, put
from tests.core.examples import NOW, make_kpi, make_rule, policy_of

TODAY = NOW.date()
SERIES = 60
CALM = {f"calm_{number}" for number in range(SERIES)}


def company(chance: random.Random) -> Policy:
    """Daily KPIs with rules of every kind, each with numbers of its own."""

    def watched(number: int) -> Kpi:
        choices = [
            make_rule({"above": chance.randint(105, 125)}, id="above"),
            make_rule({"falls": {"by": f"{chance.randint(10, 30)} %"}}, id="falls", **{"for": "1 period"}),
            make_rule({"worsens_for": "3 periods"}, id="worsens"),
            make_rule({"anomaly": {}}, id="unusual"),
            make_rule({"anomaly": {"widths": 3, "seen": "2 of 3"}}, id="patient"),
            make_rule({"stale": "2 periods"}, id="stale"),
            make_rule({"all_of": [{"above": 104}, {"kpi": "calm_0", "above": 90}]}, id="both"),
        ]
        return make_kpi(
            f"busy_{number}",
            frequency="daily",
            thresholds=chance.choice([None, {"warning": 85, "critical": 75}]),
            completeness_delay=chance.choice([None, None, None, "1 period"]),
            rules=chance.sample(choices, chance.randint(0, 3)),
        )

    busy = [watched(number) for number in range(SERIES)]
    calm = [make_kpi(key, frequency="daily", rules=[make_rule({"above": 1000})]) for key in sorted(CALM)]
    return policy_of(*busy, *calm)


def fill(tx: Transaction, policy: Policy, chance: random.Random) -> None:
    """Give each KPI a history of some length, most without gaps, that ends a day or some days ago."""
    for key in policy.kpis:
        days = range(chance.choice([1, 2, 3, 20, 90, 100]))
        gaps = chance.choice([0.0, 0.0, 0.0, 0.1])
        last = TODAY - timedelta(days=chance.choice([0, 1, 1, 4]))
        level = [100 + 15 * (day % 7 == 2) + chance.gauss(0, 2) + chance.choice([0] * 9 + [25, -25]) for day in days]
        kept = [(day, value) for day, value in zip(days, level, strict=True) if chance.random() >= gaps]
        arrivals = [Arrival(key, "", last - timedelta(days=day), value) for day, value in kept]
        put(tx, arrivals, origin=Origin.API, author="ann", now=NOW)


def one_by_one(tx: Transaction, policy: Policy) -> list[Step]:
    """Judge every series by the whole of it, without any glance."""
    known = histories(tx, [(key, "", kpi.frequency) for key, kpi in policy.kpis.items()])
    latest = alerts.latest_for_many(tx, policy.kpis)
    steps = []
    for key, kpi in policy.kpis.items():
        others = {name: Other(policy.kpis[name], known[name, ""]) for name in policy.kpis}
        case = Case(policy, kpi, "", known[key, ""], NOW, others=others.get)
        mine = {rule: alert for (rule, of, _), alert in latest.items() if of == key}
        steps += judge(case, policy.rules_of(kpi), mine)
    return steps


def at_a_glance(tx: Transaction, policy: Policy) -> list[Step]:
    asked = cases(tx, policy, {(key, ""): False for key in policy.kpis}, policy.rules_of, NOW)
    return [step for case, rules, known in asked for step in judge(case, rules, known)]


def said(steps: Iterable[Step]) -> list[tuple[object, ...]]:
    """What steps come to, without the names that new alerts are given by chance."""
    return [(one.notice, one.alert.kpi, one.alert.rule, one.alert.period, one.alert.finding) for one in steps]


def test_judging_at_a_glance_takes_the_very_steps_that_judging_one_by_one_takes(database: Database) -> None:
    taken = 0
    for seed in range(3):
        chance = random.Random(seed)
        policy = company(chance)
        with database.transaction() as tx:
            fill(tx, policy, chance)
            opening = at_a_glance(tx, policy)
            assert said(opening) == said(one_by_one(tx, policy))
            for step in opening:
                alerts.insert(tx, step.alert)
            put(tx, [Arrival(key, "", TODAY, chance.choice([100.0, 70.0, 130.0])) for key in policy.kpis],
                origin=Origin.API, author="ann", now=NOW)  # fmt: skip
            then = at_a_glance(tx, policy)
            assert said(then) == said(one_by_one(tx, policy))
            taken += len(opening) + len(then)
            tx.rollback()
    assert taken > 50


def test_calm_series_are_left_out(database: Database) -> None:
    chance = random.Random(1)
    policy = company(chance)
    with database.transaction() as tx:
        fill(tx, policy, chance)
        asked = cases(tx, policy, {(key, ""): False for key in policy.kpis}, policy.rules_of, NOW)
        assert {case.kpi.key for case, _, _ in asked}.isdisjoint(CALM)


def test_a_calm_series_with_an_open_alert_is_handed_over_with_it(database: Database) -> None:
    policy = policy_of(make_kpi(frequency="daily", rules=[make_rule({"above": 4})]))
    with database.transaction() as tx:
        put(tx, [Arrival("sample", "", TODAY, 9.0)], origin=Origin.API, author="ann", now=NOW)
        (opened,) = at_a_glance(tx, policy)
        alerts.insert(tx, opened.alert)
        put(tx, [Arrival("sample", "", TODAY, 3.0)], origin=Origin.API, author="ann", now=NOW)
        ((_, _, known),) = cases(tx, policy, {("sample", ""): False}, policy.rules_of, NOW)
        assert known == {"rule": opened.alert}
