"""What rules/README.md shows can be added to the shipped rules as it stands there."""

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from bot.rulebook.examples import failing_examples
from bot.rulebook.policy import read_policy
from tests.rules.sampled import NOW, RULES


def entries() -> dict[str, Any]:
    """Give what the blocks say, one on top of the other."""
    blocks = re.findall(r"```yaml\n(.*?)```", (RULES / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    whole: dict[str, Any] = {}
    for block in blocks:
        for key, entry in yaml.safe_load(block).items():
            whole.setdefault(key, {}).update(entry)
    return whole


def test_the_kpi_and_the_rules_of_the_readme_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    (folder / "kpis/refunds.yaml").write_text(yaml.safe_dump(entries(), allow_unicode=True), encoding="utf-8")
    policy = read_policy(folder)
    refund_rate = policy.kpis["refund_rate"]
    assert [rule.id for rule in policy.rules_of(refund_rate)] == [
        "refund-rate-critical",
        "refund-rate-warning",
        "refunds-rising",
    ]
    assert failing_examples(folder, NOW) == []
