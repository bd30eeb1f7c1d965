"""What the pages say is what the program does: generated parts are fresh, and examples are taken as they stand."""

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.conditions import When
from bot.core.intake import known_kpi, take
from bot.core.spans import read_span
from bot.phrasebook.facts import FACTS, SHARED
from bot.phrasebook.filters import FILTERS
from bot.phrasebook.parts import PARTS
from bot.rulebook import read_policy, shipped_rules
from bot.settings import NAMES, SettingsWrong, read_settings
from tests.condition_examples import WORKED, Row, answered
from tests.condition_manual import PAGE, with_manual

ROOT = Path(__file__).resolve().parents[1]
RULES = PAGE.read_text(encoding="utf-8")
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _examples(page: str) -> list[Any]:
    return [yaml.safe_load(text) for text in YAML.findall((ROOT / page).read_text(encoding="utf-8"))]


def test_manual_of_the_conditions_is_fresh() -> None:
    assert with_manual(RULES) == RULES, "run: python -m tests.condition_manual"


@pytest.mark.parametrize(("word", "row"), [(word, row) for word, worked in WORKED.items() for row in worked.rows])
def test_a_worked_example_in_the_manual_is_what_the_condition_answers(word: str, row: Row) -> None:
    assert row.when.startswith(f"{word}: ")
    assert (answered(word, row, firing=False), answered(word, row, firing=True)) == (row.rest, row.open)


def test_the_worked_examples_of_a_condition_show_a_breach_and_a_calm() -> None:
    assert all({"breached", "calm"} <= {row.rest for row in worked.rows} for worked in WORKED.values())


@pytest.mark.parametrize("condition", re.findall(r"`(\w+: (?:\{[^`]*\}|[^`{]+))`", RULES.partition("## Conditions")[2]))
def test_every_condition_in_the_manual_can_be_written_so(condition: str) -> None:
    given = yaml.safe_load(condition)
    if set(given) & set(When.model_fields):
        When.model_validate(given)


def test_the_rule_on_the_first_screen_is_the_demo_companys() -> None:
    (shown,) = _examples("README.md")
    ((key, entry),) = shown.items()
    shipped = yaml.safe_load((shipped_rules() / "kpis/customer_success.yaml").read_text(encoding="utf-8"))[key]
    shipped["thresholds"].pop("warning_priority", None)
    assert {word: shipped[word] for word in entry} == entry


def test_the_kpi_in_the_manual_is_accepted_with_its_rule(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))
    kpi = next(one for one in _examples("docs/rules.md") if "refund_rate" in one)
    rules = next(one for one in _examples("docs/rules.md") if "rules" in one)
    kpi["refund_rate"] |= rules
    (folder / "kpis/example.yaml").write_text(yaml.safe_dump(kpi), encoding="utf-8")
    assert read_policy(folder).kpis["refund_rate"].rules[0].id == "refunds-rising"


def test_the_page_in_the_rules_folder_is_one_screen_and_its_kpi_is_accepted(tmp_path: Path) -> None:
    assert len((ROOT / "rules/README.md").read_text(encoding="utf-8").splitlines()) <= 40
    folder = Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))
    (kpi,) = _examples("rules/README.md")
    (folder / "kpis/example.yaml").write_text(yaml.safe_dump(kpi), encoding="utf-8")
    assert {rule.id for rule in read_policy(folder).kpis["refund_rate"].rules} == {"refunds-rising"}


def test_the_files_in_the_manual_are_accepted(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))
    for text in YAML.findall(RULES):
        if name := re.match(r"# (\w+\.yaml)\n", text):
            shipped = yaml.safe_load((folder / name[1]).read_text(encoding="utf-8"))
            (folder / name[1]).write_text(yaml.safe_dump(_merged(shipped, yaml.safe_load(text))), encoding="utf-8")
    policy = read_policy(folder)
    assert policy.dimensions["customer_size"].members["smb"].en == "SMB"


def test_every_span_in_the_manual_is_one_that_can_be_written() -> None:
    table = re.search(r"### Spans of time\n.*?\n\|---[^\n]*\n(.*?)\n\n", RULES, re.DOTALL)
    assert table is not None
    written = [words for row in table[1].splitlines() for words in re.findall(r"`([^`]+)`", row)]
    assert len(written) > 40
    for words in written:
        assert read_span(words, date(2026, 11, 22))


def test_readme_counts_the_demo_companys_kpis() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"a sample company of {len(read_policy(shipped_rules()).kpis)} KPIs" in readme


def test_the_value_pushed_in_the_pages_is_one_we_take() -> None:
    policy = read_policy(shipped_rules())
    for page in ("README.md", "docs/api.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        pushed = re.findall(r'\{"kpi": "(\w+)", "value": ([\d.]+), "at": "([^"]+)"(?:, "segment": "([^"]+)")?\}', text)
        assert pushed
        for kpi, value, at, segment in pushed:
            later = datetime(2027, 1, 1, tzinfo=UTC)
            take(policy, known_kpi(policy, kpi, page), float(value), at, segment, now=later, place=page)


def _merged(shipped: Any, shown: Any) -> Any:
    if not isinstance(shipped, dict) or not isinstance(shown, dict):
        return shown
    return shipped | {key: _merged(shipped.get(key), value) for key, value in shown.items()}


@pytest.mark.parametrize("name", [*FACTS, *SHARED, *FILTERS, *PARTS])
def test_every_message_filter_and_part_is_in_the_manual(name: str) -> None:
    assert re.search(rf"`{name}[`(]", (ROOT / "docs/messages.md").read_text(encoding="utf-8"))


def test_every_secret_that_may_come_from_a_file_is_in_the_manual() -> None:
    deploying = (ROOT / "docs/deploying.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert f"`{name}`" in deploying
    with pytest.raises(SettingsWrong) as wrong:
        read_settings(environ={f"{name}_FILE": "/nowhere" for name in NAMES})
    assert set(re.findall(r"^(\w+_FILE):", str(wrong.value), re.MULTILINE)) == set(
        re.findall(r"`(\w+_FILE)`", deploying)
    )
