"""The optional files: segments, initiatives, risks, actions and sample history are read and checked too."""

from datetime import date
from pathlib import Path

import pytest

from bot.rulebook import read_policy
from tests.rulebook.reading import edit, faults_of

FILES = {
    "segments.yaml": "size: {name: {en: Size, es: Tamaño}, members: {small: {en: Small, es: Pequeña}, large: L}}\n",
    "initiatives.yaml": """\
expansion:
  name: Expansion
  quarter: 2026-Q4
  milestones:
    offices: {name: Offices, unit: count, current: 1, target: 3, owner: ceo}
    hires: {name: Hires, unit: count, current: 4, target: 9, owner: cro}
""",
    "risks.yaml": """\
risks:
  supplier: {name: Supplier fails, owner: ceo, mitigation: A second supplier, probability: 20, impact: high}
mitigations:
  second_supplier: {name: Second supplier, risk: supplier, progress: 40, owner: cro}
""",
    "actions.yaml": """\
call_back: {name: Call lost customers back, horizon: immediate, due: 2026-12-01, owner: cro, kpi: churn_rate}
""",
    "sample_history.yaml": """\
churn_rate: {current: 3.2, before: 2.0}
churn_rate/size:small: {current: 4.0, before: 2.5}
""",
}


@pytest.fixture
def full(folder: Path) -> Path:
    for file, text in FILES.items():
        (folder / file).write_text(text, encoding="utf-8")
    edit(folder, "kpis/revenue.yaml", "  weight: 2\n", "  weight: 2\n  segments: [size]\n")
    return folder


def test_optional_files_become_part_of_the_policy(full: Path) -> None:
    policy = read_policy(full)
    (initiative,) = policy.plans.initiatives
    assert [milestone.key for milestone in initiative.milestones] == ["offices", "hires"]
    assert policy.plans.mitigations[0].risk == policy.plans.risks[0].key == "supplier"
    assert policy.plans.actions[0].due == date(2026, 12, 1)
    assert policy.samples["churn_rate/size:small"].current == 4.0
    assert policy.segments_of(policy.kpis["churn_rate"]) == ("", "size:small", "size:large")


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "words"),
    [
        ("initiatives.yaml", "owner: cro", "owner: crp", "crp", "did you mean 'cro'?"),
        ("initiatives.yaml", "unit: count, current: 4", "unit: coins, current: 4", "coins", "unknown unit 'coins'"),
        ("initiatives.yaml", "target: 9", "targt: 9", "targt", "unknown key 'targt'; did you mean 'target'?"),
        ("initiatives.yaml", "2026-Q4", "2026-Q5", "2026-Q5", "expected a quarter such as 2026-Q4, got '2026-Q5'"),
        ("risks.yaml", "risk: supplier", "risk: suplier", "suplier", "unknown risk 'suplier'"),
        ("risks.yaml", "progress: 40", "progress: 400", "400", "expected at most 100, got '400'"),
        ("risks.yaml", "impact: high", "impact: huge", "huge", "unknown impact 'huge'"),
        ("actions.yaml", "2026-12-01", "2026-13-01", "2026-13", "expected a date such as 2026-11-22"),
        ("actions.yaml", "kpi: churn_rate", "kpi: churn", "churn}", "did you mean 'churn_rate'?"),
        ("actions.yaml", "immediate", "nowish", "nowish", "unknown horizon 'nowish'; expected one of immediate, short"),
        ("sample_history.yaml", "churn_rate:", "churn_rat:", "churn_rat:", "unknown KPI 'churn_rat'"),
        ("sample_history.yaml", "size:small", "size:tiny", "churn_rate/", "unknown segment of churn_rate 'size:tiny'"),
        ("sample_history.yaml", "before: 2.0", "before: two", "two", "expected a number, got 'two'"),
        ("sample_history.yaml", "2.0", "2.0, low: 55, high: 1", "55", "low (55) must be below high (1)"),
    ],
)
def test_mistake_in_an_optional_file_is_told_where_it_stands(
    full: Path, file: str, old: str, new: str, at: str, words: str
) -> None:
    edit(full, file, old, new)
    before = (full / file).read_text(encoding="utf-8").partition(at)[0]
    (fault,) = faults_of(full)
    assert fault.file == file
    assert (fault.line, fault.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert words in fault.problem


def test_sample_above_the_unit_is_refused(full: Path) -> None:
    edit(full, "kpis/operations.yaml", "unit: percent", "unit: of_5")
    edit(full, "kpis/operations.yaml", "99.9", "4.5")
    edit(full, "kpis/operations.yaml", "{critical: 99.0, critical_recovery: 99.5}", "{critical: 4.0}")
    (full / "sample_history.yaml").write_text("uptime: {current: 7, before: 4}\n", encoding="utf-8")
    (fault,) = faults_of(full)
    assert str(fault) == "sample_history.yaml:1:19: 7 is more than of_5 allows (5)"
