"""Judging: one rule, one history, one verdict; stateless, so replaying the past gives what living through it gave."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.conditions import Sight
from bot.core.history import History
from bot.core.kpi import Kpi, Rule
from bot.core.periods import Period
from bot.core.verdict import Breached, Calm, Doubt, Unsure, Verdict


def evaluate(kpi: Kpi, rule: Rule, history: History, *, firing: bool, now: datetime, zone: ZoneInfo) -> Verdict:
    """Judge the newest complete value of a history (in order of time) by one rule.

    firing: the rule's alert is open, so recovery levels apply. Unsure changes nothing.
    """
    stale = rule.when.stale is not None
    judged = history if stale else complete_part(kpi, history, now, zone)
    if history.points and not judged.points:
        return Unsure(reason=Doubt.INCOMPLETE_PERIOD)
    verdict = rule.when.condition.judge(Sight(kpi, judged, firing, now, zone))
    if not isinstance(verdict, Breached) or firing or rule.lasting == 1 or stale:
        return verdict
    return _lasting(kpi, rule, judged, now, zone, verdict)


def complete_part(kpi: Kpi, history: History, now: datetime, zone: ZoneInfo) -> History:
    """Give the history up to the newest value whose period counts as complete; all of it without a delay."""
    if kpi.completeness_delay is None:
        return history
    waiting = 0
    for point in reversed(history.points):
        period = Period(history.frequency, point.first)
        if now >= period.shift(kpi.completeness_delay - 1).ends(zone):
            break
        waiting += 1
    return history.without_last(waiting)


def looks_back(kpi: Kpi, rule: Rule) -> int:
    """Say how many of a series' newest values decide what a rule answers; values before them make no difference."""
    return rule.when.condition.looks_back + rule.lasting - 1 + (kpi.completeness_delay or 0)


def _lasting(kpi: Kpi, rule: Rule, history: History, now: datetime, zone: ZoneInfo, verdict: Breached) -> Verdict:
    """Ask the same question of the values before: ``for`` is a question to the history, not a counter."""
    for back in range(1, rule.lasting):
        earlier = rule.when.condition.judge(Sight(kpi, history.without_last(back), firing=False, now=now, zone=zone))
        if isinstance(earlier, Calm | Unsure):
            return Unsure(reason=Doubt.PENDING_FOR)
    return Breached(finding=verdict.finding._replace(periods=rule.lasting))
