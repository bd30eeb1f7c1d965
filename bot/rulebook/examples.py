"""The examples beside a rule are run like tests: each history must give the verdict it names."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.conditions import Surroundings
from bot.core.errors import Fault
from bot.core.evaluate import evaluate
from bot.core.history import History, Point
from bot.core.kpi import Example, Kpi, Rule
from bot.core.policy import Policy
from bot.core.samples import last_complete
from bot.core.verdict import Unsure, Verdict
from bot.rulebook.draft import Draft
from bot.rulebook.policy import read_draft


def failing_examples(folder: Path, now: datetime) -> list[Fault]:
    """Run every example of every rule in a folder; gives one fault for each whose verdict is another than it names.

    The numbers of an example stand for consecutive periods, of which the last is the newest complete one at ``now``.
    Raises PolicyRefused when the folder itself cannot be taken.
    """
    return failing(*read_draft(folder), now)


def failing(policy: Policy, draft: Draft, now: datetime) -> list[Fault]:
    """Do what ``failing_examples`` does, for a folder that has been read already."""
    around = policy.around(now)
    return [
        draft.place(Kpi, kpi.key, ("rules", place, "examples", number)).fault(problem)
        for kpi in policy.kpis.values()
        for place, rule in enumerate(kpi.rules)
        for number, problem in _failing(kpi, rule, around)
    ]


def _failing(kpi: Kpi, rule: Rule, around: Surroundings) -> Iterator[tuple[int, str]]:
    for number, example in enumerate(rule.examples):
        history = history_of(example, kpi, around.now, around.zone)
        verdict = evaluate(kpi, rule, history, firing=False, around=around)
        if _word(verdict) != example.expect:
            reason = f" ({verdict.reason})" if isinstance(verdict, Unsure) else ""
            said = f"rule '{rule.id}' is {_word(verdict)}{reason} on this history; the example expects {example.expect}"
            yield number, said


def history_of(example: Example, kpi: Kpi, now: datetime, zone: ZoneInfo) -> History:
    """Give the history an example stands for, as the KPI would have it at ``now``."""
    last = last_complete(now.astimezone(zone).date(), kpi.frequency).shift(1 - (kpi.completeness_delay or 1))
    points = (
        Point(last.shift(place + 1 - len(example.history)).first, value) for place, value in enumerate(example.history)
    )
    return History(kpi.frequency, tuple(points))


def _word(verdict: Verdict) -> str:
    return type(verdict).__name__.lower()
