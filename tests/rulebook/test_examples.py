"""Examples beside a rule are run: each history must give the verdict it names."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import Fault, PolicyRefused
from bot.rulebook import read_policy
from bot.rulebook.examples import failing_examples, history_of
from tests.rulebook.reading import edit

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def _failing(folder: Path) -> list[Fault]:
    return failing_examples(folder, NOW)


def test_examples_that_hold_are_not_mentioned(folder: Path) -> None:
    assert _failing(folder) == []


def test_example_that_does_not_hold_is_told_where_it_stands(folder: Path) -> None:
    edit(folder, "kpis/revenue.yaml", "[3.2, 2.9, 3.0], expect: calm", "[3.2, 2.9, 3.0], expect: breached")
    (fault,) = _failing(folder)
    assert (fault.file, fault.line, fault.column) == ("kpis/revenue.yaml", 22, 11)
    assert fault.problem == "rule 'churn-worsening' is calm on this history; the example expects breached"


def test_example_that_is_too_short_says_why_the_rule_is_unsure(folder: Path) -> None:
    edit(folder, "kpis/revenue.yaml", "[3.2, 2.9, 3.0]", "[3.0]")
    (fault,) = _failing(folder)
    assert "is unsure (too_little_history)" in fault.problem


@pytest.mark.parametrize(("delay", "last"), [("", "2026-10"), ("  completeness_delay: 2 periods\n", "2026-09")])
def test_last_number_of_an_example_stands_for_the_newest_complete_period(folder: Path, delay: str, last: str) -> None:
    edit(folder, "kpis/revenue.yaml", "  weight: 2\n", f"  weight: 2\n{delay}")
    policy = read_policy(folder)
    kpi = policy.kpis["churn_rate"]
    history = history_of(kpi.rules[0].examples[0], kpi, NOW, policy.zone)
    assert history.latest_period is not None
    assert history.latest_period.label == last
    assert [point.value for point in history.points] == [2.0, 2.4, 2.9, 3.2]
    assert _failing(folder) == []


def test_examples_of_a_bad_folder_are_not_run(folder: Path) -> None:
    edit(folder, "company.yaml", "Europe/Madrid", "Madrid")
    with pytest.raises(PolicyRefused):
        _failing(folder)
