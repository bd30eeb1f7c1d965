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
    if rule.no_data is not NoData.UNSURE and not around.segment:
        missing = _without_data(rule, sight)
        if missing is not None:
            return missing
    if sight.history.doubt is not None and rule.when.stale is None:
        return Unsure(sight.history.doubt.reason)
    verdict = rule.when.condition.judge(sight)
    if isinstance(verdict, Unsure):
        waiting = verdict.reason is Doubt.NO_VALUE and history.points and not sight.history.points
        return Unsure(Doubt.INCOMPLETE_PERIOD) if waiting else verdict
    if isinstance(verdict, Calm):
        return _kept(rule, sight, verdict) if firing and rule.keep_firing_for else verdict
    if firing or rule.lasting == 1 or rule.when.stale is not None:
        return verdict
    return _lasting(rule, sight, verdict)


def lasted(kpi: Kpi, rule: Rule, history: History, finding: Finding, around: Surroundings) -> Finding:
    """Say in what was seen how many values in a row broke the rule; worth doing only where it is told.

    Not told of what is missing, or of what time alone may break: looking back would find it broken all along.
    """
    condition = rule.when.condition
    if rule.counts == 1 or condition.timed or finding.condition != rule.when.word:
        return finding
    sight, run = Sight.of(kpi, history, firing=False, around=around), 0
    while run < rule.counts and isinstance(condition.judge(sight.so_long_ago(run)), Breached):
        run += 1
    return finding._replace(lasting=run, at_least=True if run == rule.counts else None) if run > 1 else finding


def explain(kpi: Kpi, rule: Rule, history: History, *, firing: bool, around: Surroundings) -> Verdict:
    """Judge as ``evaluate`` does, for somebody who asks why: of a broken rule, also for how long it has been."""
    verdict = evaluate(kpi, rule, history, firing=firing, around=around)
    if isinstance(verdict, Breached):
        return Breached(lasted(kpi, rule, history, verdict.finding, around))
    return verdict


def looks_back(kpi: Kpi, rule: Rule) -> int:
    """Say how many of a series' newest values decide what a rule answers, and how long it is said to have lasted.

    Values before them make no difference.
    """
    counted = rule.when.condition.looks_back + rule.counts - 1
    return max(rule.looks_back, counted) + (kpi.completeness_delay or 0)


def _without_data(rule: Rule, sight: Sight) -> Verdict | None:
    """Answer as the rule says when the newest complete period has no value; None when it has one."""
    around, delay = sight.around, sight.kpi.completeness_delay or 1
    missing = periods_without_value(sight.history, around.now, around.zone, delay=delay)
    if not missing:
        return None
    finding = Finding("stale", value=sight.history.points[-1].value, periods=missing)
    return Breached(finding) if rule.no_data is NoData.BREACHED else Calm(finding)


def _kept(rule: Rule, sight: Sight, verdict: Calm) -> Verdict:
    """Ask the same question of the values before: calm only when so many of them were calm as well."""
    for back in range(1, (rule.keep_firing_for or 0) + 1):
        if not isinstance(rule.when.condition.judge(sight.so_long_ago(back)), Calm):
            return Unsure(Doubt.KEPT_FIRING)
    return verdict


def _lasting(rule: Rule, sight: Sight, verdict: Breached) -> Verdict:
    """Ask the same question of the values before: ``for`` is a question to the history, not a counter."""
    for back in range(1, rule.lasting):
        if not isinstance(rule.when.condition.judge(sight.so_long_ago(back)), Breached):
            return Unsure(Doubt.PENDING_FOR)
    return verdict
