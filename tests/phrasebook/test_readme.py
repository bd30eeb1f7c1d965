"""``messages/README.md`` lists every message, fact, block and filter there is."""

import re

import pytest

from bot.phrasebook import shipped_messages
from bot.phrasebook.facts import FACTS, OPTIONAL
from bot.phrasebook.filters import FILTERS
from bot.phrasebook.parts import PARTS

README = shipped_messages() / "README.md"


def _messages() -> list[str]:
    return [f"| `{notice}` | {' '.join(f'`{fact}`' for fact in facts)} |" for notice, facts in sorted(FACTS.items())]


def _filters() -> list[str]:
    return [
        f"| `{name}` | {' '.join((made.__doc__ or '').split()).replace('``', '`')} |" for name, made in FILTERS.items()
    ]


@pytest.mark.parametrize(("table", "rows"), [("messages", _messages()), ("filters", _filters())])
def test_a_table_lists_exactly_what_there_is(table: str, rows: list[str]) -> None:
    found = re.search(rf"<!-- {table} -->\n(.*?)<!-- end of {table} -->", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert found[1].splitlines() == rows, "copy these rows into the README:\n" + "\n".join(rows)


def test_every_block_and_every_fact_that_may_be_left_out_is_explained() -> None:
    words = README.read_text(encoding="utf-8")
    assert [part for part in PARTS if f"| `{part}` |" not in words] == []
    assert [fact for fact in OPTIONAL if f"`{fact}`" not in words] == []
