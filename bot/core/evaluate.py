"""Judging: one rule, one history, one verdict; stateless, so replaying the past gives what living through it gave."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.conditions import Sight
from bot.core.history import History
from bot.core.kpi import Kpi, Rule
from bot.core.verdict import Breached, Calm, Doubt, Unsure, Verdict


def evaluate(kpi: Kpi, rule: Rule, history: History, *, firing: bool, now: datetime, zone: ZoneInfo) -> Verdict:
    """Judge the newest value of a history (in order of time) by one rule.

    firing: the rule's alert is open, so recovery levels apply. Unsure changes nothing.
    """
    if _incomplete(kpi, history, now, zone):
        return Unsure(reason=Doubt.INCOMPLETE_PERIOD)
    verdict = rule.when.condition.judge(Sight(kpi, history, firing, now, zone))
    if not isinstance(verdict, Breached) or firing or rule.lasting == 1 or rule.when.stale is not None:
        return verdict
    return _lasting(kpi, rule, history, now, zone, verdict)


def _lasting(kpi: Kpi, rule: Rule, history: History, now: datetime, zone: ZoneInfo, verdict: Breached) -> Verdict:
    """Ask the same question of the values before: ``for`` is a question to the history, not a counter."""
    for back in range(1, rule.lasting):
        earlier = rule.when.condition.judge(Sight(kpi, history.without_last(back), firing=False, now=now, zone=zone))
        if isinstance(earlier, Calm | Unsure):
            return Unsure(reason=Doubt.PENDING_FOR)
    return Breached(finding=verdict.finding.model_copy(update={"periods": rule.lasting}))


def _incomplete(kpi: Kpi, history: History, now: datetime, zone: ZoneInfo) -> bool:
    period = history.latest_period
    if kpi.completeness_delay is None or period is None:
        return False
    return now < period.shift(kpi.completeness_delay - 1).ends(zone)
