"""Judging a whole series: every rule of its KPI, each against its alert, into the steps that follow."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.core.alert import Alert, Resolution, State
from bot.core.conditions import Others, nobody_else
from bot.core.evaluate import evaluate, lasted
from bot.core.history import History
from bot.core.kpi import Kpi, Rule
from bot.core.lifecycle import Act, Event, Notice, Step, has_seen, reopens, start_clocks, step, stopped_clocks
from bot.core.measures import badness, complete_part
from bot.core.periods import period_at
from bot.core.policy import Policy, critical_rule_id, warning_rule_id
from bot.core.verdict import Breached, Unsure


class Case(NamedTuple):
    """What is judged: one series as it stands now.

    restated: the judged value is a correction of a period that was over; others: the KPIs its rules also ask about.
    """

    policy: Policy
    kpi: Kpi
    segment: str
    history: History
    now: datetime
    restated: bool = False
    others: Others = nobody_else

    @property
    def period(self) -> str:
        """Label of the newest complete value's period; of the running one when there is none."""
        return self._label(complete_part(self.kpi, self.history, self.now, self.policy.zone))

    def period_of(self, rule: Rule) -> str:
        """Give the label of the period a rule judges."""
        return self._label(self.history) if rule.when.condition.unfinished else self.period

    def _label(self, judged: History) -> str:
        return (judged.latest_period or period_at(self.now, judged.frequency, self.policy.zone)).label


def judge(case: Case, rules: Sequence[Rule], alerts: Mapping[str, Alert]) -> list[Step]:
    """Judge the newest value of a series by rules of its KPI.

    alerts: by rule id, the open alert of this series or the one resolved last. While the critical rule of a KPI's
    thresholds is broken, its warning says less of the same: it is not opened, and an open one ends there, to go on
    without a word when the critical alert recovers no further than into the warning.
    """
    around = case.policy.around(case.now, case.others, case.segment)
    steps: list[Step] = []
    critical = eased = False
    for rule in rules:
        alert = alerts.get(rule.id)
        firing = alert is not None and alert.is_open
        verdict = evaluate(case.kpi, rule, case.history, firing=firing, around=around)
        breached = isinstance(verdict, Breached)
        if isinstance(verdict, Unsure) or not (breached or firing):
            continue
        period, finding = case.period_of(rule), verdict.finding
        if breached and not (firing and alert is not None and has_seen(alert, finding, period)):
            finding = lasted(case.kpi, rule, case.history, finding, around)
        act = Act(finding=finding, period=period, restated=_restated(case, alert, period))
        critical |= breached and rule.id == critical_rule_id(case.kpi)
        if breached and not (critical and rule.id == warning_rule_id(case.kpi)):
            taken = _breach(case, rule, alert, act, Event.RETURNED if eased else Event.BREACHED)
        else:
            taken = _end(case, alert, act, Event.OUTGROWN if breached else Event.RECOVERED)
        eased |= firing and not breached and rule.id == critical_rule_id(case.kpi)
        steps += [taken] if taken is not None else []
    return steps


def timed_rules(policy: Policy, kpi: Kpi) -> tuple[Rule, ...]:
    """Give the rules of a KPI whose answer the mere passing of time may change.

    Where its values wait to be complete those are all but the ones that do not wait, such as the pace: a day that is
    over makes it seem slower until that day's value has come.
    """
    waits = kpi.completeness_delay is not None
    return tuple(rule for rule in policy.rules_of(kpi) if rule.timed or (waits and not rule.when.condition.unfinished))


def after_trial(policy: Policy, alert: Alert, act: Act, now: datetime) -> Step | None:
    """Tell the open alert of a rule that is no longer on trial, as one that opens now; None when there is no need."""
    kpi, rule = policy.kpis.get(alert.kpi), policy.rule(alert.kpi, alert.rule)
    if kpi is None or rule is None or rule.dry_run:
        return None
    addressed = alert.model_copy(update=_addressed(policy, kpi, rule))
    return step(addressed, Event.TOLD, act, policy.priority(rule.priority), now)


def _end(case: Case, alert: Alert | None, act: Act, event: Event) -> Step | None:
    return None if alert is None else step(alert, event, act, case.policy.priority(alert.priority), case.now)


def _restated(case: Case, alert: Alert | None, period: str) -> bool:
    return case.restated and alert is not None and alert.period == period == case.period


def _breach(case: Case, rule: Rule, alert: Alert | None, act: Act, event: Event) -> Step | None:
    if alert is None:
        return _open(case, rule, act)
    if alert.dry_run is not rule.dry_run:
        return _changed_over(case, rule, alert, act)
    if _settled_by_hand(case.kpi, alert, act):
        return None
    if not alert.is_open and not reopens(alert, case.policy.priority(rule.priority), case.now):
        return _open(case, rule, act)
    outgrown = alert.resolution is Resolution.OUTGROWN
    return step(alert, event if outgrown else Event.BREACHED, act, case.policy.priority(alert.priority), case.now)


def _changed_over(case: Case, rule: Rule, alert: Alert, act: Act) -> Step | None:
    """The rule went on trial, or off it, since the alert began: what is open is told, or left to be withdrawn."""
    return after_trial(case.policy, alert, act, case.now) if alert.is_open else _open(case, rule, act)


def _settled_by_hand(kpi: Kpi, alert: Alert, act: Act) -> bool:
    """What somebody closed stays closed until another period is judged, or a worse value for the same one."""
    if alert.resolution is not Resolution.BY_HAND or act.finding is None or act.period != alert.period:
        return False
    seen, closed = act.finding.value, alert.finding.value
    return seen is None or closed is None or badness(kpi, seen) <= badness(kpi, closed)


def _open(case: Case, rule: Rule, act: Act) -> Step:
    policy, now = case.policy, case.now
    priority = policy.priority(rule.priority)
    if act.finding is None or act.period is None:
        raise ValueError("a breach comes with what was seen and for which period")
    opened = Alert(
        id=uuid.uuid4().hex[:12],
        kpi=case.kpi.key,
        segment=case.segment,
        rule=rule.id,
        state=State.FIRING,
        finding=act.finding,
        period=act.period,
        opened_at=now,
        dry_run=rule.dry_run,
        **_addressed(policy, case.kpi, rule),
        **(stopped_clocks() if rule.dry_run else start_clocks(priority, now)),
    )
    return Step(before=None, alert=opened, notice=Notice.OPENED, act=act)


def _addressed(policy: Policy, kpi: Kpi, rule: Rule) -> dict[str, Any]:
    """Give how urgent an alert of a rule is, whom it walks to and where, by the policy of today."""
    return {
        "priority": rule.priority,
        "chain": policy.chain(kpi, policy.priority(rule.priority)),
        "channel": policy.channel_of(kpi).slack,
        "policy_version": policy.version,
    }
