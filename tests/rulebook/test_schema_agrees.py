"""Editors see by the schemas what the reader sees: a real validator accepts what is good and refuses what is bad."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.rulebook import shipped_rules
from bot.rulebook.folder import read_files
from bot.rulebook.reading import draft_of
from bot.rulebook.schema import schemas
from bot.rulebook.starter import starter_folder
from bot.rulebook.tree import read_tree
from tests.rulebook.reading import edit
from tests.rulebook.small_company import write_sources
from tests.rulebook.test_mistakes import Mistake, mistakes

SCHEMAS = schemas()
UNSEEN = {
    "unknown time zone": "the schema would have to list them all",
    "KPI in two files": "a schema sees one file",
    "formula with a power": "formulas are no regular expressions",
    "source of two kinds": "keys that exclude each other",
    "query that says what is in its columns": "keys that exclude each other",
    "connection of two kinds": "keys that exclude each other",
    "connection of no kind": "one key of several",
    "token of a database": "keys that exclude each other",
}
"""Mistakes inside one entry that the schemas leave to the reader, and why."""


def refusals(file: str, data: object) -> list[str]:
    """Give what a validator says of a file's content."""
    schema = SCHEMAS[file.split("/")[0].removesuffix(".yaml") + ".json"]
    return [f"{list(error.path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(data)]


@pytest.fixture
def sourced(folder: Path) -> Path:
    """The small company, with KPIs that are fetched."""
    return write_sources(folder)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("rules", [shipped_rules(), starter_folder()], ids=["shipped", "starter"])
def test_what_is_shipped_is_accepted(rules: Path) -> None:
    contents, _ = read_files(rules)
    trees = {file: read_tree(file, content)[0] for file, content in contents.items() if _is_yaml(file)}
    assert [file for file, tree in trees.items() if tree is None or refusals(file, tree.data)] == []


def test_the_small_company_is_accepted(sourced: Path) -> None:
    for file, content in read_files(sourced)[0].items():
        tree, _ = read_tree(file, content)
        assert not _is_yaml(file) or (tree is not None and refusals(file, tree.data) == [])


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.claim)
def test_a_mistake_inside_an_entry_shows_in_the_editor(sourced: Path, mistake: Mistake) -> None:
    """What is no YAML every editor sees; what stands between entries is for the reader alone."""
    file = mistake.place.split(":")[0]
    edit(sourced, file, mistake.old, mistake.new)
    contents, _ = read_files(sourced)
    tree, unreadable = read_tree(file, contents[file])
    if not _is_yaml(file) or tree is None or unreadable or not draft_of(contents).faults:
        return
    seen = bool(refusals(file, tree.data))
    assert seen is (mistake.claim not in UNSEEN), "a schema that sees more or less: keep UNSEEN true"


CONDITIONS: dict[str, tuple[list[Any], list[Any]]] = {
    "above": ([4, {"limit": 4, "recovery": 3}], ["4", {"limt": 4}, {}]),
    "below": ([4, {"limit": 4, "recovery": 5}], [[4]]),
    "outside": ([{"low": 1, "high": 2}], [4, {"low": 1}]),
    "misses_target_by": (["10 %", "2 points", 5], ["much", "10 percent"]),
    "beats_target_by": (["10 %"], ["%"]),
    "rises": ([{"by": "10 %", "over": "2 periods"}], ["10 %", {"by": "10 %", "over": 2}]),
    "falls": ([{"by": 3, "over": "1 period"}], [{"over": "1 period"}]),
    "worsens_for": (["3 periods"], [3, "3 months"]),
    "stale": (["2 periods"], [2]),
    "off_pace": (["10 %", {"by": "10 %"}], [{"bye": "10 %"}, "slow"]),
    "forecast_misses_target": (["3 periods"], ["soon", 3]),
    "anomaly": ([{}], ["yes", {"nonsense": 1}]),
    "all_of": ([[{"above": 4}, {"kpi": "mrr", "below": 3}]], [{"above": 4}, [{"abov": 4}], [4]]),
    "any_of": ([[{"above": 4}, {"below": 3}]], ["above", [{"above": "4"}]]),
}


def kpi_with(**rule: Any) -> dict[str, Any]:
    """Give the content of a KPI file whose one KPI has one rule."""
    kpi = {"name": "A", "unit": "EUR", "direction": "higher_is_better", "frequency": "monthly", "kind": "output",
           "category": "a", "department": "b", "owner": "c", "classification": "internal", "target": 1}  # fmt: skip
    return {"a": kpi | {"rules": [{"id": "a", "priority": "high"} | rule]}}


def test_every_condition_is_tried() -> None:
    written = SCHEMAS["kpis.json"]["definitions"]["When"]["properties"].keys()
    assert set(CONDITIONS) == set(written) - {"kpi"}


@pytest.mark.parametrize("word", CONDITIONS)
def test_each_condition_is_accepted_as_it_is_written_and_refused_otherwise(word: str) -> None:
    good, bad = CONDITIONS[word]
    assert [(one, said) for one in good if (said := refusals("kpis/a.yaml", kpi_with(when={word: one})))] == []
    assert [one for one in bad if not refusals("kpis/a.yaml", kpi_with(when={word: one}))] == []


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("for", ["2 periods"], [2, "2 months"]),
        ("keep_firing_for", ["2 periods"], [2, "long"]),
        ("no_data", ["unsure", "breached", "calm"], ["never", True]),
        ("runbook_url", ["https://wiki.example.com/a"], [1]),
        ("examples", [[{"history": [1, 2], "expect": "calm"}]], [[{"history": [1, 2], "expect": "fine"}], {}]),
    ],
)
def test_each_key_of_a_rule_is_accepted_and_refused(key: str, good: list[Any], bad: list[Any]) -> None:
    for one in good:
        assert refusals("kpis/a.yaml", kpi_with(when={"above": 4}, **{key: one})) == []
    for one in bad:
        assert refusals("kpis/a.yaml", kpi_with(when={"above": 4}, **{key: one})) != []


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("formula", ["mrr / customers"], [3, ["mrr"]]),
        ("rollup", ["sum", "mean", "last"], ["total"]),
        ("accumulates", [True], ["yes"]),
        ("completeness_delay", ["1 period"], [1]),
        ("source", [{"sql": "a.sql", "connection": "b"}], [{"sql": "a.sql"}, {"sql": "a.txt", "connection": "b"}]),
    ],
)
def test_each_newer_key_of_a_kpi_is_accepted_and_refused(key: str, good: list[Any], bad: list[Any]) -> None:
    kpis = kpi_with(when={"above": 4})
    for one in good:
        assert refusals("kpis/a.yaml", {"a": kpis["a"] | {key: one}}) == []
    for one in bad:
        assert refusals("kpis/a.yaml", {"a": kpis["a"] | {key: one}}) != []


def test_every_mistake_that_is_left_to_the_reader_is_among_the_mistakes() -> None:
    assert set(UNSEEN) <= {mistake.claim for mistake in mistakes()}


def _is_yaml(file: str) -> bool:
    return file.endswith(".yaml")
