"""P1, P1b, P1n: one pass over every KPI's newest values, from the database to stored decisions."""

import gc
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.core.announcing import announce
from bot.core.band_matrix import bands
from bot.core.bands import LOOKS_BACK
from bot.core.judging import judge
from bot.core.kpi import Rule
from bot.core.policy import Policy
from bot.store.cases import cases
from bot.store.database import Database, Transaction
from bot.store.steps import keep
from tests.bench import floors
from tests.bench.company import fill, migrated, policy_of_many
from tests.bench.figures import Figure, Scale, middle, timed

LAST = date(2026, 11, 21)
_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_BROKEN_EVERY = 100
_FEW = 100  # KPIs of the pass that the cost of a KPI among many is held against
_CHANGE = Rule.model_validate(
    {"id": "soars", "when": {"rises": {"by": "150 %", "over": "1 period"}}, "priority": "low"}
)
_ANOMALY = Rule.model_validate({"id": "unusual", "when": {"anomaly": {}}, "priority": "low"})


class _Company(NamedTuple):
    """A company with a history, and what it takes to pass over it."""

    policy: Policy
    file: Path
    database: Database


def p1(scale: Scale, folder: Path) -> Figure:
    """Two thresholds and a change; one KPI in a hundred has newly broken one: that alert and its message are stored."""
    company = _company(scale, folder, scale.judged, _CHANGE)
    opening, steady = _passes(company, scale.runs)
    return Figure(
        value=middle(opening),
        floor=middle(floors.seeks(company.file, scale.runs)),
        what=f"{_passed(scale)}; two thresholds and a change, 1 in {_BROKEN_EVERY} newly broken",
        floor_is="one SQL statement for the last two values of each",
        also={"nothing new": middle(steady), "the comparisons in numpy": floors.comparisons(scale.judged)},
    )


def p1b(scale: Scale, folder: Path) -> Figure:
    """The robust band; one KPI in a hundred has just left it."""
    company = _company(scale, folder, scale.judged, _ANOMALY, thresholds=False)
    opening, steady = _passes(company, scale.runs)
    reading = floors.newest(company.file, LOOKS_BACK + 1, scale.runs)
    known = np.random.default_rng(1).normal(100, 3, (scale.judged, LOOKS_BACK))
    arithmetic = middle([timed(lambda: bands(known, season=7)) for _ in range(scale.runs)])
    return Figure(
        value=middle(opening),
        floor=middle(reading) + arithmetic,
        what=f"{_passed(scale)}; the robust band, 1 in {_BROKEN_EVERY} newly outside",
        floor_is=f"one SQL statement for the last {LOOKS_BACK + 1} values of each + their bands in numpy",
        also={"nothing new": middle(steady), "the statement": middle(reading), "the bands": arithmetic},
    )


def p1n(scale: Scale, folder: Path) -> Figure:
    """What a KPI of the pass of P1 costs among many, held against what it costs among few."""
    few = min(_FEW, scale.judged)
    many, some = (
        1000 * middle(_passes(_company(scale, folder / name, count, _CHANGE), scale.runs)[0]) / count
        for name, count in (("many", scale.judged), ("few", few))
    )
    return Figure(
        value=many,
        floor=some,
        unit="us",
        what=f"a KPI in a pass over {scale.judged} x {scale.days} values; below 1 x: costs grow no faster than KPIs",
        floor_is=f"a KPI in a pass over {few}",
    )


def judge_all(tx: Transaction, policy: Policy) -> None:
    """Pass over the newest values of every KPI, and keep what that decides."""
    everything = {(key, ""): False for key in policy.kpis}
    for case, rules, known in cases(tx, policy, everything, policy.rules_of, _NOON):
        for step in judge(case, rules, known):
            keep(tx, step, announce(step, policy, _NOON), _NOON)


def _company(scale: Scale, folder: Path, count: int, rule: Rule, *, thresholds: bool = True) -> _Company:
    folder.mkdir(exist_ok=True)
    policy = policy_of_many(folder / "rules", count, rule, thresholds=thresholds)
    policy.prepare()
    file = migrated(folder)
    fill(file, [(key, "") for key in policy.kpis], days=scale.days, last=LAST, broken_every=_BROKEN_EVERY)
    return _Company(policy, file, Database(f"sqlite:///{file}"))


def _passes(company: _Company, runs: int) -> tuple[list[float], list[float]]:
    """Time passes that find what has newly broken, and passes that find nothing new."""
    # As the bot does before it says that it is ready: what has been built by now stays.
    gc.collect()
    gc.freeze()
    opening = [_pass(company, undo=True) for _ in range(runs + 1)][1:]
    _pass(company, undo=False)
    steady = [_pass(company, undo=True) for _ in range(runs)]
    company.database.close()
    gc.unfreeze()
    return opening, steady


def _pass(company: _Company, *, undo: bool) -> float:
    """Time one pass, its commit left out; undo: so that the next one finds what this one found."""
    with company.database.transaction() as tx:
        taken = timed(lambda: judge_all(tx, company.policy))
        if undo:
            tx.rollback()
    return taken


def _passed(scale: Scale) -> str:
    return f"one pass, {scale.judged} KPIs x {scale.days} values"
