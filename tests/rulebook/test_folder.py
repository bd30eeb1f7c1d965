"""Which files are taken, which are refused, and how the exact content is named."""

import shutil
import tracemalloc
from pathlib import Path

import pytest

from bot.rulebook import read_policy, shipped_rules
from tests.rulebook.reading import edit, faults_of


def test_good_folder_becomes_a_policy(folder: Path) -> None:
    policy = read_policy(folder)
    assert list(policy.kpis) == ["uptime", "churn_rate", "mrr"]
    assert policy.priorities.priorities[0].key == "critical"
    assert policy.chain(policy.kpis["churn_rate"], policy.priority("critical")) == ("bruno", "carla", "ana")
    assert [rule.id for rule in policy.rules_of(policy.kpis["churn_rate"])] == [
        "churn-rate-critical",
        "churn-rate-warning",
        "churn-worsening",
    ]


def test_version_names_the_exact_content(folder: Path) -> None:
    before = read_policy(folder).version
    assert len(before) == 16
    assert read_policy(folder).version == before
    edit(folder, "company.yaml", "Small Company", "Small Company ")
    assert read_policy(folder).version != before


def test_version_changes_when_a_file_is_renamed(folder: Path) -> None:
    before = read_policy(folder).version
    (folder / "kpis/revenue.yaml").rename(folder / "kpis/sales.yaml")
    assert read_policy(folder).version != before


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "nowhere")
    assert "is no folder" in fault.problem


def test_empty_folder_names_every_file_it_lacks(tmp_path: Path) -> None:
    assert {fault.file for fault in faults_of(tmp_path)} == {
        "company.yaml",
        "people.yaml",
        "channels.yaml",
        "departments.yaml",
        "priorities.yaml",
        "clearance.yaml",
        "kpis/*.yaml",
    }


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("report.yaml", "unknown file; did you mean reports.yaml?"),
        ("kpis/deep/sales.yaml", "unknown file"),
        ("notes/a.yaml", "unknown file"),
        ("kpis/sales.yml", "rename it to kpis/sales.yaml"),
        ("reports.yml", "rename it to reports.yaml"),
    ],
)
def test_file_nobody_would_read_is_refused(folder: Path, file: str, words: str) -> None:
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text("a: 1\n")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line) == (file, 1)
    assert words in fault.problem


def test_readme_schemas_and_hidden_files_are_passed_over(folder: Path) -> None:
    before = read_policy(folder).version
    (folder / "README.md").write_text("words")
    (folder / ".schema").mkdir()
    (folder / ".schema/old.yaml").write_text("a: &b 1")
    (folder / ".company.yaml.swp.yaml").write_text("{")
    assert read_policy(folder).version == before


def test_ten_megabytes_are_refused_without_being_read(folder: Path) -> None:
    (folder / "kpis/huge.yaml").write_bytes(b"# " + b"x" * 10_000_000)
    tracemalloc.start()
    (fault,) = faults_of(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(fault) == "kpis/huge.yaml:1:1: is larger than 1 MiB; split it"
    assert peak < 5_000_000


def test_link_that_leaves_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    shutil.move(folder / "reports.yaml", outside)
    (folder / "reports.yaml").symlink_to(outside)
    (fault,) = faults_of(folder)
    assert (fault.file, "leaves the rules folder" in fault.problem) == ("reports.yaml", True)


def test_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / "reports.yaml").rename(folder / ".reports")
    (folder / "reports.yaml").symlink_to(folder / ".reports")
    assert list(read_policy(folder).reports) == ["daily"]


def test_folder_named_like_a_file_is_refused(folder: Path) -> None:
    (folder / "risks.yaml").mkdir()
    (fault,) = faults_of(folder)
    assert str(fault) == "risks.yaml:1:1: is no file that can be read"


def test_shipped_folder_is_found_and_good() -> None:
    assert (shipped_rules() / "company.yaml").is_file()
    assert read_policy(shipped_rules()).kpis


def test_entries_that_are_all_mistaken_are_given_up_after_a_thousand(folder: Path) -> None:
    (folder / "kpis/noise.yaml").write_text("".join(f"a{number}: 1\n" for number in range(5000)))
    faults = faults_of(folder)
    assert len(faults) == 1001
    assert "is not checked further after 1000 mistakes" in faults[-1].problem
