"""``replay``: a rule tried on values of the database or a file, alone and beside a changed one."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import KpiBot
from tests.rulebook.small_company import write_small_company

CHURN = [2.0, 2.1, 4.5, 4.6, 2.0, 2.1, 3.0, 2.0]


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """The small company's rules."""
    return str(write_small_company(tmp_path / "rules"))


def values(*numbers: float, kpi: str = "churn_rate") -> str:
    lines = [f"{kpi},2025-{month:02},{number}" for month, number in enumerate(numbers, start=1)]
    Path("values.csv").write_text("\n".join(["kpi,at,value", *lines]) + "\n", encoding="utf-8")
    return "values.csv"


def changed(rules: str, old: str, new: str) -> str:
    folder = Path(shutil.copytree(rules, "changed"))
    file = folder / "kpis/revenue.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(folder)


def test_each_episode_is_told_with_its_dates_length_peak_and_people(kpi_bot: KpiBot, rules: str) -> None:
    ended = kpi_bot("replay", "churn-rate-critical", "--since", "2025", "--values", values(*CHURN), KPI_BOT_RULES=rules)
    assert (ended.code, ended.err) == (0, "")
    assert "churn-rate-critical (critical): 1 alert, " in ended.out
    (row,) = [line.split("  ") for line in ended.out.splitlines() if line.startswith("  2025-")]
    assert [cell.strip() for cell in row if cell.strip()] == [
        "2025-04-01", "2025-03", "61 days", "4.6%", "recovered", "Bruno Bosch → Carla Costa → Ana Alba",
    ]  # fmt: skip


def test_a_kpi_stands_for_all_its_rules(kpi_bot: KpiBot, rules: str) -> None:
    ended = kpi_bot("replay", "churn_rate", "--since", "2025", "--values", values(*CHURN), KPI_BOT_RULES=rules)
    for rule in ("churn-rate-critical", "churn-rate-warning", "churn-worsening"):
        assert f"\n{rule} (" in ended.out


def test_the_database_s_values_are_used_unless_a_file_is_named(kpi_bot: KpiBot, rules: str) -> None:
    assert kpi_bot("import", values(*CHURN), KPI_BOT_RULES=rules).code == 0
    asked = ("replay", "churn_rate", "--since", "2025", "--json")
    known = kpi_bot(*asked, KPI_BOT_RULES=rules)
    filed = kpi_bot(*asked, "--values", "values.csv", KPI_BOT_RULES=rules)
    assert known.code == filed.code
    for one, other in zip(_rules(known.out), _rules(filed.out), strict=True):
        assert (one["rule"], one["alerts"], one["episodes"]) == (other["rule"], other["alerts"], other["episodes"])


def _rules(said: str) -> list[dict[str, object]]:
    rules: list[dict[str, object]] = json.loads(said)["today"]["rules"]
    return rules


def test_a_changed_folder_is_shown_beside_today_s_rule(kpi_bot: KpiBot, rules: str) -> None:
    other = changed(rules, "critical: 4.0, critical_recovery: 3.8", "critical: 2.9")
    asked = ("replay", "churn-rate-critical", "--since", "2025", "--rules", other, "--values", values(*CHURN))
    ended = kpi_bot(*asked, KPI_BOT_RULES=rules)
    assert ended.code == 0
    assert "churn-rate-critical: now 1 alert (" in ended.out
    assert "with the change 2 alerts (" in ended.out
    today, then = (float(share) for share in re.findall(r"open (\d+)% of the time", ended.out))
    assert today < then, "few alerts that stay open long are no improvement"
    told = ended.out.partition("With the change:")[2]
    assert "  new: 1\n" in told
    assert "  gone: none" in told
    assert "2025-08-01" in told
    as_data = json.loads(kpi_bot(*asked, "--json", KPI_BOT_RULES=rules).out)
    assert [one["period"] for one in as_data["new"]] == ["2025-07"]
    assert as_data["gone"] == []


def test_a_rule_only_the_changed_folder_has_can_be_tried(kpi_bot: KpiBot, rules: str) -> None:
    other = changed(rules, "    - id: churn-worsening", "    - {id: churn-high, when: {above: 2.9}, priority: low}\n"
                    "    - id: churn-worsening")  # fmt: skip
    file = values(*CHURN)
    assert kpi_bot("replay", "churn-high", "--values", file, KPI_BOT_RULES=rules).code == 2
    ended = kpi_bot("replay", "churn-high", "--since", "2025", "--rules", other, "--values", file, KPI_BOT_RULES=rules)
    assert ended.code == 0
    assert "churn-high: now no such rule, with the change 2 alerts" in ended.out


@pytest.mark.parametrize(("numbers", "noisy_from"), [([2.0, 2.0, 2.0], 4), (CHURN, 0.01)])
def test_a_rule_that_never_or_too_often_rings_ends_with_1(
    kpi_bot: KpiBot, rules: str, numbers: list[float], noisy_from: float
) -> None:
    with (Path(rules) / "company.yaml").open("a", encoding="utf-8") as file:
        file.write(f"noisy_from: {noisy_from}\n")
    asked = ("replay", "churn-rate-critical", "--since", "2025", "--values", values(*numbers))
    ended = kpi_bot(*asked, KPI_BOT_RULES=rules)
    assert ended.code == 1
    assert ("would never have fired" in ended.out) is (noisy_from == 4)
    assert ("too noisy" in ended.out) is (noisy_from != 4)


def test_a_rule_on_trial_says_that_nobody_is_told(kpi_bot: KpiBot, rules: str) -> None:
    other = changed(rules, "    - id: churn-worsening", "    - id: churn-worsening\n      dry_run: true")
    ended = kpi_bot("replay", "churn-worsening", "--since", "2025", "--values", values(*CHURN), KPI_BOT_RULES=other)
    assert "churn-worsening (medium, dry run: nobody is told): " in ended.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("churn-rate-critica",), "there is no rule or KPI 'churn-rate-critica'. Did you mean churn-rate-critical?"),
        (("churn_rate", "--since", "soon"), "'soon' is no period and no span of time. Write one such as 2026-01"),
        (("churn_rate", "--since", "2089"), "--since: 2089 has not begun yet"),
        (("churn_rate", "--segment", "small"), "churn_rate has no segment 'small'. It has: total"),
        (("mrr",), "values.csv has no values that mrr needs"),
    ],
)
def test_what_cannot_be_tried_is_said_plainly(kpi_bot: KpiBot, rules: str, words: tuple[str, ...], says: str) -> None:
    ended = kpi_bot("replay", *words, "--values", values(*CHURN), KPI_BOT_RULES=rules)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


@pytest.mark.parametrize(
    ("since", "first"),
    [("Q2 2025", "2025-04-01"), ("marzo 2025", "2025-03-01"), ("2025-02-10", "2025-02-10"), ("FY2025", "2025-02-01")],
)
def test_it_is_tried_from_the_beginning_of_whatever_span_is_named(
    kpi_bot: KpiBot, rules: str, since: str, first: str
) -> None:
    ended = kpi_bot("replay", "churn_rate", "--since", since, "--values", values(*CHURN), KPI_BOT_RULES=rules)
    assert f"(churn_rate), {first} to " in ended.out


def test_without_values_it_says_where_to_get_some(kpi_bot: KpiBot, rules: str) -> None:
    ended = kpi_bot("replay", "churn_rate", KPI_BOT_RULES=rules)
    assert (ended.code, "kpi-bot migrate" in ended.err) == (2, True)
    kpi_bot("import", values(99.0, kpi="mrr"), KPI_BOT_RULES=rules)
    ended = kpi_bot("replay", "churn_rate", KPI_BOT_RULES=rules)
    assert ended.code == 2
    assert "there are no values for churn_rate in the database yet" in ended.err


def test_a_bad_line_in_the_file_is_named(kpi_bot: KpiBot, rules: str) -> None:
    Path("bad.csv").write_text("kpi,at,value\nchurn_rate,2025-01,many\n", encoding="utf-8")
    ended = kpi_bot("replay", "churn_rate", "--values", "bad.csv", KPI_BOT_RULES=rules)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("bad.csv:2.value: ")
    assert ended.err.endswith("1 bad line; nothing was tried\n")
