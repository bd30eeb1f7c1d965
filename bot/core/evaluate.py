"""Judging: one rule, one history, one verdict; stateless, so replaying the past gives what living through it gave."""

from bot.core.conditions import Sight, Surroundings
from bot.core.history import History
from bot.core.kpi import Kpi, NoData, Rule
from bot.core.measures import periods_without_value
from bot.core.verdict import Breached, Calm, Doubt, Finding, Unsure, Verdict


def evaluate(kpi: Kpi, rule: Rule, history: History, *, firing: bool, around: Surroundings) -> Verdict:
    """Judge the newest complete value of a history (in order of time) by one rule.

    firing: the rule's alert is open, so recovery levels and ``keep_firing_for`` apply. Unsure changes nothing.
    """
    sight = Sight.of(kpi, history, firing=firing, around=around)
    if rule.no_data is not NoData.UNSURE:
        missing = _without_data(rule, sight)
        if missing is not None:
            return missing
    if history.doubt is not None and rule.when.stale is None:
        return Unsure(history.doubt)
    verdict = rule.when.condition.judge(sight)
    if isinstance(verdict, Unsure):
        waiting = verdict.reason is Doubt.NO_VALUE and history.points and not sight.history.points
        return Unsure(Doubt.INCOMPLETE_PERIOD) if waiting else verdict
    if isinstance(verdict, Calm):
        return _kept(rule, sight, verdict) if firing and rule.keep_firing_for else verdict
    if rule.lasting == 1 or rule.when.stale is not None:
        return verdict
    return _for_so_long(rule, verdict) if firing else _lasting(rule, sight, verdict)


def looks_back(kpi: Kpi, rule: Rule) -> int:
    """Say how many of a series' newest values decide what a rule answers; values before them make no difference."""
    return rule.looks_back + (kpi.completeness_delay or 0)


def _without_data(rule: Rule, sight: Sight) -> Verdict | None:
    """Answer as the rule says when the newest complete period has no value; None when it has one."""
    missing = periods_without_value(sight.running, sight.around.now, sight.around.zone)
    if not missing:
        return None
    finding = Finding("stale", value=sight.running.points[-1].value, periods=missing)
    return Breached(finding) if rule.no_data is NoData.BREACHED else Calm(finding)


def _kept(rule: Rule, sight: Sight, verdict: Calm) -> Verdict:
    """Ask the same question of the values before: calm only when so many of them were calm as well."""
    for back in range(1, (rule.keep_firing_for or 0) + 1):
        if isinstance(rule.when.condition.judge(sight.so_long_ago(back)), Breached):
            return Unsure(Doubt.KEPT_FIRING)
    return verdict


def _lasting(rule: Rule, sight: Sight, verdict: Breached) -> Verdict:
    """Ask the same question of the values before: ``for`` is a question to the history, not a counter."""
    for back in range(1, rule.lasting):
        if not isinstance(rule.when.condition.judge(sight.so_long_ago(back)), Breached):
            return Unsure(Doubt.PENDING_FOR)
    return _for_so_long(rule, verdict)


def _for_so_long(rule: Rule, verdict: Breached) -> Breached:
    """Say how long it has lasted at least; the same while the alert is open, so that nothing new seems to be seen."""
    return Breached(verdict.finding._replace(periods=rule.lasting))
