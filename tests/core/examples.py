"""Small pieces the core's tests are made of: a company, KPIs, rules, histories and alerts with plain defaults."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.alert import Alert, State
from bot.core.calendar import Calendar
from bot.core.conditions import Surroundings
from bot.core.evaluate import evaluate
from bot.core.history import History, Point
from bot.core.kpi import Kpi, Rule
from bot.core.periods import Frequency, Period, parse_label
from bot.core.policy import Policy
from bot.core.standing import Standing, stand
from bot.core.verdict import Finding, Verdict
from bot.rulebook import read_policy, shipped_rules
from tests.rulebook.small_company import write_small_company

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
OCTOBER = "2026-10"


@cache
def small_policy() -> Policy:
    """The small company: people ana, bruno and carla; KPIs churn_rate, mrr and uptime."""
    with tempfile.TemporaryDirectory() as folder:
        return read_policy(write_small_company(Path(folder)))


@cache
def shipped_policy() -> Policy:
    """The demo company with its whole catalogue."""
    return read_policy(shipped_rules())


def policy_with(policy: Policy, **changes: Any) -> Policy:
    """Give the policy with some of its parts replaced, and nothing remembered from before."""
    return Policy(**{name: getattr(policy, name) for name in Policy.model_fields} | changes)


def policy_of(*kpis: Kpi, **changes: Any) -> Policy:
    """Give the small company with exactly these KPIs."""
    return policy_with(small_policy(), kpis={kpi.key: kpi for kpi in kpis}, **changes)


def make_kpi(key: str = "sample", **changes: Any) -> Kpi:
    """Make a monthly KPI of the small company's revenue department; higher is better, aimed at 100."""
    plain: dict[str, Any] = {
        "key": key,
        "name": key.replace("_", " "),
        "unit": "count",
        "direction": "higher_is_better",
        "frequency": "monthly",
        "kind": "output",
        "category": "growth",
        "department": "revenue",
        "owner": "cro",
        "classification": "internal",
        "target": 100.0,
    }
    return Kpi.model_validate(plain | changes)


def make_rule(when: dict[str, Any], **changes: Any) -> Rule:
    """Make a rule as ``rules/`` writes it; ``lasting="2 periods"`` is its ``for``."""
    return Rule.model_validate({"id": "rule", "when": when, "priority": "medium"} | changes)


def period(label: str, frequency: Frequency = Frequency.MONTHLY) -> Period:
    """Read a period label."""
    return parse_label(label, frequency)


def history(*values: float, last: str = OCTOBER, frequency: Frequency = Frequency.MONTHLY) -> History:
    """Make a history without gaps whose newest value stands for the period ``last``."""
    end = parse_label(last, frequency)
    firsts = [end.shift(back - len(values) + 1).first for back in range(len(values))]
    return History(frequency, tuple(Point(first, value) for first, value in zip(firsts, values, strict=True)))


def gappy(values: Iterable[tuple[str, float]], frequency: Frequency = Frequency.MONTHLY) -> History:
    """Make a history from labels and values."""
    return History(frequency, tuple(Point(parse_label(label, frequency).first, value) for label, value in values))


def verdict_on(
    kpi: Kpi, rule: Rule, seen: History, *, firing: bool = False, now: datetime = NOW, zone: ZoneInfo = MADRID
) -> Verdict:
    """Judge a history by a rule."""
    return evaluate(kpi, rule, seen, firing=firing, around=Surroundings(now, Calendar(zone)))


def answer(verdict: Verdict) -> str:
    """Say a verdict in a word: breached, calm or the reason of the doubt."""
    reason = getattr(verdict, "reason", None)
    return str(reason) if reason is not None else type(verdict).__name__.casefold()


def make_alert(**changes: Any) -> Alert:
    """Make a firing alert about churn that walks from bruno over carla to ana."""
    plain: dict[str, Any] = {
        "id": "a1",
        "kpi": "churn_rate",
        "segment": "",
        "rule": "churn-rate-critical",
        "priority": "critical",
        "state": State.FIRING,
        "finding": Finding(condition="reaches", value=4.3, limit=4.0),
        "period": OCTOBER,
        "opened_at": NOW,
        "chain": ("bruno", "carla", "ana"),
        "channel": "C0REVENUE1",
        "policy_version": "v1",
    }
    return Alert.model_validate(plain | changes)


def standing_of(kpi: Kpi, *values: float, policy: Policy | None = None, last: str = OCTOBER) -> Standing:
    """Say where a KPI with these newest values stands on 22 November 2026."""
    seen = history(*values, last=last, frequency=kpi.frequency)
    return stand(policy or policy_of(kpi), kpi, "", seen, NOW)
