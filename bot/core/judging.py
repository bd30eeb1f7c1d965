"""Judging a whole series: every rule of its KPI, each against its alert, into the steps that follow."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.core.alert import Alert, State
from bot.core.evaluate import complete_part, evaluate
from bot.core.history import History
from bot.core.kpi import Kpi, Rule
from bot.core.lifecycle import Act, Event, Notice, Step, reopens, start_clocks, step
from bot.core.periods import period_at
from bot.core.policy import Policy, critical_rule_id, warning_rule_id
from bot.core.verdict import Breached, Unsure


class Case(NamedTuple):
    """What is judged: one series as it stands now; restated: values of periods that were over have been corrected."""

    policy: Policy
    kpi: Kpi
    segment: str
    history: History
    now: datetime
    restated: bool = False

    @property
    def period(self) -> str:
        """Label of the judged value's period; of the running one when there is no value."""
        judged = complete_part(self.kpi, self.history, self.now, self.policy.zone).latest_period
        return (judged or period_at(self.now, self.history.frequency, self.policy.zone)).label


def judge(case: Case, rules: Sequence[Rule], alerts: Mapping[str, Alert]) -> list[Step]:
    """Judge the newest value of a series by rules of its KPI.

    alerts: by rule id, the open alert of this series or the one resolved last. While the critical rule of a KPI's
    thresholds is broken, its warning says less of the same: it is not opened, and an open one ends there.
    """
    zone = case.policy.zone
    steps: list[Step] = []
    critical = False
    for rule in rules:
        alert = alerts.get(rule.id)
        firing = alert is not None and alert.is_open
        verdict = evaluate(case.kpi, rule, case.history, firing=firing, now=case.now, zone=zone)
        breached = isinstance(verdict, Breached)
        if isinstance(verdict, Unsure) or not (breached or firing):
            continue
        act = Act(finding=verdict.finding, period=case.period, restated=case.restated)
        critical |= breached and rule.id == critical_rule_id(case.kpi)
        if breached and not (critical and rule.id == warning_rule_id(case.kpi)):
            taken = _breach(case, rule, alert, act)
        else:
            taken = _end(case, alert, act, Event.OUTGROWN if breached else Event.RECOVERED)
        steps += [taken] if taken is not None else []
    return steps


def _end(case: Case, alert: Alert | None, act: Act, event: Event) -> Step | None:
    return None if alert is None else step(alert, event, act, case.policy.priority(alert.priority), case.now)


def _breach(case: Case, rule: Rule, alert: Alert | None, act: Act) -> Step | None:
    policy, now = case.policy, case.now
    priority = policy.priority(rule.priority)
    if alert is not None and (alert.is_open or reopens(alert, priority, now)):
        return step(alert, Event.BREACHED, act, policy.priority(alert.priority), now)
    if act.finding is None or act.period is None:
        raise ValueError("a breach comes with what was seen and for which period")
    opened = Alert(
        id=uuid.uuid4().hex[:12],
        kpi=case.kpi.key,
        segment=case.segment,
        rule=rule.id,
        priority=rule.priority,
        state=State.FIRING,
        finding=act.finding,
        period=act.period,
        opened_at=now,
        chain=policy.chain(case.kpi, priority),
        channel=policy.channel_of(case.kpi).slack,
        policy_version=policy.version,
        **start_clocks(priority, now),
    )
    return Step(before=None, alert=opened, notice=Notice.OPENED, act=act)
