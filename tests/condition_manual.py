"""The conditions' part of docs/rules.md, docstrings and examples; ``python -m tests.condition_manual`` writes it."""

import inspect
from pathlib import Path
from typing import get_args

from bot.core.conditions import When
from tests.condition_examples import table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rules.md"
BEGIN = "<!-- conditions: made from bot/core/conditions/ by `python -m tests.condition_manual` -->"
END = "<!-- end of conditions -->"
_UNWRITTEN = "reaches"  # what thresholds are made of; nobody writes it


def manual() -> str:
    """Give the manual: heading, docstring and examples of each condition that can be written after ``when:``."""
    return "\n\n".join(_entry(word) for word in When.model_fields if word != _UNWRITTEN)


def with_manual(page: str) -> str:
    """Give the page with the manual between its two markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{manual()}\n\n{END}{after}"


def _entry(word: str) -> str:
    condition = get_args(When.model_fields[word].annotation)[0]
    said = inspect.getdoc(condition) or ""
    paragraphs = [" ".join(paragraph.split()) for paragraph in said.replace("``", "`").split("\n\n")]
    return "\n\n".join([f"### {word}", *paragraphs, table(word)])


if __name__ == "__main__":
    PAGE.write_text(with_manual(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
