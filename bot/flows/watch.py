"""A clock is due: response windows end, values go missing, rules disappear under an open alert."""

from collections.abc import Iterable
from datetime import datetime

from bot.core.alert import Alert
from bot.core.announcing import announce
from bot.core.judging import after_trial, judge, timed_rules
from bot.core.lifecycle import Act, Event, Step, due_event, step
from bot.core.policy import Policy
from bot.store import alerts, values
from bot.store.cases import cases
from bot.store.database import Database, Transaction
from bot.store.derived import Batch, derive_ended
from bot.store.steps import decide, keep
from bot.store.values import Origin


def watch_clocks(database: Database, policy: Policy, now: datetime) -> int:
    """Take the step of every alert whose clock has run out; give how many steps were taken."""

    def work(tx: Transaction) -> int:
        steps = [_clock_step(policy, alert, now) for alert in alerts.due(tx, now)]
        return _keep_all(tx, policy, (one for one in steps if one is not None), now)

    return decide(database, work)


def watch_time(database: Database, policy: Policy, now: datetime) -> int:
    """Judge what the mere passing of time may change, which no arriving value would; give how many steps were taken.

    That is whether a value is missing, whether a period now counts as complete, and whether the sum of one that has
    ended lacks a part.
    """
    rules = {key: timed for key, kpi in policy.kpis.items() if (timed := timed_rules(policy, kpi))}

    def work(tx: Transaction) -> int:
        ended = {one.arrival.kpi for one in derive_ended(tx, policy, Batch(Origin.RULES, policy.version, now))}
        changed = ended.union(*(policy.dependents_of(key) for key in ended))
        wanted = rules | {key: policy.rules_of(policy.kpis[key]) for key in changed}
        series = {(kpi, segment): False for kpi, segment in values.known_series(tx) if kpi in wanted}
        asked = cases(tx, policy, series, lambda kpi: wanted[kpi.key], now)
        taken = [one for case, rules, known in asked for one in judge(case, rules, known)]
        return _keep_all(tx, policy, taken, now)

    return decide(database, work)


def withdraw_orphans(database: Database, policy: Policy, now: datetime) -> int:
    """End the open alerts whose rule or KPI the policy no longer has, or whose rule is on trial now; give how many."""

    def work(tx: Transaction) -> int:
        orphans = [one for one in alerts.open_alerts(tx, on_trial=True) if _is_orphan(policy, one)]
        priority = policy.priorities.priorities[0]
        steps = [step(alert, Event.WITHDRAWN, Act(), priority, now) for alert in orphans]
        return _keep_all(tx, policy, (one for one in steps if one is not None), now)

    return decide(database, work)


def tell_after_trial(database: Database, policy: Policy, now: datetime) -> int:
    """Tell the open alerts of rules that are no longer on trial, each once; give how many."""

    def work(tx: Transaction) -> int:
        waiting = [one for one in alerts.open_alerts(tx, on_trial=True) if one.dry_run]
        steps = [after_trial(policy, alert, Act(), now) for alert in waiting]
        return _keep_all(tx, policy, (one for one in steps if one is not None), now)

    return decide(database, work)


def _is_orphan(policy: Policy, alert: Alert) -> bool:
    rule = policy.rule(alert.kpi, alert.rule)
    return rule is None or (rule.dry_run and not alert.dry_run)


def _clock_step(policy: Policy, alert: Alert, now: datetime) -> Step | None:
    event = due_event(alert, now)
    return step(alert, event, Act(), policy.priority(alert.priority), now) if event else None


def _keep_all(tx: Transaction, policy: Policy, taken: Iterable[Step], now: datetime) -> int:
    count = 0
    for one in taken:
        keep(tx, one, announce(one, policy, now), now)
        count += 1
    return count
