"""``export``: values with where they came from, as CSV that can be taken in again or as JSON."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, KpiBot


@pytest.fixture
def filled(kpi_bot: KpiBot) -> KpiBot:
    lines = ["kpi,at,value", "churn_rate,2025-01,2.1", "churn_rate,2025-02,2.2", "promoters,2025-Q1,70"]
    for name, last in (("first.csv", "promoters,2025-Q2,71"), ("second.csv", "churn_rate,2025-03,2.3")):
        Path(name).write_text("\n".join([*lines, last]) + "\n", encoding="utf-8")
        assert kpi_bot("import", name).code == 0
        lines[1] = "churn_rate,2025-01,2.4"
    return kpi_bot


def rows(ended: Ended) -> list[dict[str, str]]:
    assert ended.code == 0, ended.err
    return list(csv.DictReader(StringIO(ended.out)))


def test_every_value_comes_with_its_origin_and_its_corrections(filled: KpiBot) -> None:
    found = rows(filled("export", "--kpi", "churn_rate", "--csv"))
    assert [(one["at"], one["value"], one["author"], one["replaced"]) for one in found] == [
        ("2025-01", "2.4", "second.csv", "1"),
        ("2025-02", "2.2", "first.csv", "0"),
        ("2025-03", "2.3", "second.csv", "0"),
    ]
    assert {(one["unit"], one["origin"]) for one in found} == {("percent", "file")}


def test_json_holds_what_was_before_too(filled: KpiBot) -> None:
    ended = filled("export", "--kpi", "churn_rate", "--span", "January 2025", "--json")
    (one,) = json.loads(ended.out)["values"]
    assert (one["kpi"], one["segment"], one["at"], one["value"]) == ("churn_rate", "", "2025-01", 2.4)
    assert [(was["value"], was["origin"], was["author"]) for was in one["replaced"]] == [(2.1, "file", "first.csv")]


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ((), {"2025-01", "2025-02", "2025-03", "2025-Q1", "2025-Q2"}),
        (("--span", "febrero de 2025"), {"2025-02", "2025-Q1"}),
        (("--span", "2025-02..2025-04", "--kpi", "promoters"), {"2025-Q1", "2025-Q2"}),
        (("--span", "yesterday"), set()),
    ],
)
def test_a_span_and_kpis_narrow_it(filled: KpiBot, options: tuple[str, ...], labels: set[str]) -> None:
    sent = [one for one in rows(filled("export", *options)) if one["kpi"] in ("churn_rate", "promoters")]
    assert {one["at"] for one in sent} == labels


def test_its_first_columns_can_be_taken_in_again(filled: KpiBot) -> None:
    sent = [one for one in rows(filled("export")) if one["kpi"] in ("churn_rate", "promoters")]
    columns = ("kpi", "at", "value", "segment", "unit")
    lines = [",".join(columns), *(",".join(one[name] for name in columns) for one in sent)]
    Path("again.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "0 new, 0 corrected, 5 unchanged" in filled("import", "again.csv").out


@pytest.mark.parametrize(
    ("options", "says"),
    [(("--span", "soon"), "'soon' names no span of time. Write it such as"), (("--kpi", "chrn"), "churn_rate")],
)
def test_what_cannot_be_read_is_named(filled: KpiBot, options: tuple[str, ...], says: str) -> None:
    ended = filled("export", *options)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
