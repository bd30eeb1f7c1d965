"""P1: one pass over every KPI's newest values, from the database to stored decisions."""

from datetime import UTC, date, datetime
from pathlib import Path

from bot.core.announcing import announce
from bot.core.judging import judge
from bot.core.policy import Policy
from bot.store.cases import cases
from bot.store.database import Database, Transaction
from bot.store.steps import keep
from tests.bench import floors
from tests.bench.company import fill, key_of, migrated, policy_of_many
from tests.bench.figures import Figure, Scale, middle, timed

_LAST = date(2026, 11, 21)
_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_BROKEN_EVERY = 100


def p1(scale: Scale, folder: Path) -> Figure:
    """One pass; one KPI in a hundred has just broken its thresholds, and that alert and its message are stored."""
    policy, file = policy_of_many(folder / "rules", scale.judged), migrated(folder)
    names = [(key_of(number), "") for number in range(scale.judged)]
    fill(file, names, days=scale.days, last=_LAST, broken_every=_BROKEN_EVERY)
    database = Database(f"sqlite:///{file}")
    opening = [_pass(database, policy, undo=True) for _ in range(scale.runs + 1)][1:]
    _pass(database, policy, undo=False)
    steady = [_pass(database, policy, undo=True) for _ in range(scale.runs)]
    database.close()
    return Figure(
        value=middle(opening),
        floor=middle(floors.seeks(file, scale.runs)),
        what=f"one pass, {scale.judged} KPIs x {scale.days} values, 1 in {_BROKEN_EVERY} newly broken",
        floor_is="one SQL statement for the last two values of each",
        also={"nothing new": middle(steady)},
    )


def _pass(database: Database, policy: Policy, *, undo: bool) -> float:
    """Time one pass, its commit left out; undo: so that the next one finds what this one found."""
    with database.transaction() as tx:
        taken = timed(lambda: _judge_all(tx, policy))
        if undo:
            tx.rollback()
    return taken


def _judge_all(tx: Transaction, policy: Policy) -> None:
    everything = {(key, ""): False for key in policy.kpis}
    for case, rules, known in cases(tx, policy, everything, policy.rules_of, _NOON):
        for step in judge(case, rules, known):
            keep(tx, step, announce(step, policy, _NOON), _NOON)
