"""``check`` warns of rules that would ring too often: by place, with the count and the change to make."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import KpiBot
from tests.rulebook.small_company import write_small_company


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The small company, where uptime (critical below 99.0) is measured every day."""
    return write_small_company(tmp_path / "rules")


def restless(rules: Path, values: str) -> None:
    """Import uptime that swings from day to day, up to yesterday."""
    today = datetime.now(UTC).date()
    numbers = [99.9 if number % 3 else 90.0 for number in range(60)]
    lines = [f"uptime,{today - timedelta(days=60 - place)},{number}" for place, number in enumerate(numbers)]
    Path(values).write_text("\n".join(["kpi,at,value", *lines]) + "\n", encoding="utf-8")


def test_a_noisy_rule_is_warned_about_and_the_check_still_passes(kpi_bot: KpiBot, rules: Path) -> None:
    restless(rules, "values.csv")
    kpi_bot("import", "values.csv", KPI_BOT_RULES=str(rules))
    ended = kpi_bot("check", str(rules))
    assert ended.code == 0
    (warning,) = re.findall(r"^warning: (.*)$", ended.out, re.MULTILINE)
    place, said = warning.split(": ", 1)
    file, line, column = place.rsplit(":", 2)
    written = Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert written[int(column) - 1 :].startswith("99.0")
    assert said.startswith("rule 'uptime-critical' would have rung 20 times over the last year of values in the data")
    assert "(noisy_from is 4)" in said
    assert "with 'for: 2 periods' it would never have rung" in said


def test_the_company_says_what_is_noisy(kpi_bot: KpiBot, rules: Path) -> None:
    restless(rules, "values.csv")
    kpi_bot("import", "values.csv", KPI_BOT_RULES=str(rules))
    with (rules / "company.yaml").open("a", encoding="utf-8") as file:
        file.write("noisy_from: 30\n")
    assert "warning" not in kpi_bot("check", str(rules)).out


def test_sample_history_is_judged_too(kpi_bot: KpiBot, rules: Path) -> None:
    samples = "uptime: {current: 99.4, before: 98.6, decimals: 1, noise: 0.01}\n"
    (rules / "sample_history.yaml").write_text(samples, encoding="utf-8")
    with (rules / "company.yaml").open("a", encoding="utf-8") as file:
        file.write("noisy_from: 2\n")
    ended = kpi_bot("check", str(rules))
    assert (ended.code, "over the last year of sample history" in ended.out) == (0, True)


def test_a_database_that_cannot_be_used_is_said_and_fails_nothing(kpi_bot: KpiBot, rules: Path) -> None:
    ended = kpi_bot("check", str(rules), DATABASE_URL="mysql://nobody@nowhere/x")
    assert ended.code == 0
    assert "noise was not judged on the database: DATABASE_URL: " in ended.out


def test_noisy_from_must_be_a_number_above_zero(kpi_bot: KpiBot, rules: Path) -> None:
    with (rules / "company.yaml").open("a", encoding="utf-8") as file:
        file.write("noisy_from: 0\n")
    assert kpi_bot("check", str(rules)).code == 1
