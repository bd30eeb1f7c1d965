"""The schemas for editors are fresh, say what people write, and agree with the reader."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import BadInput
from bot.core.units import UNIT_WORDS
from bot.rulebook import shipped_rules
from bot.rulebook.layout import FILES
from bot.rulebook.plain_words import CHOICE, PATTERNS
from bot.rulebook.schema import schema_texts, schemas, write_schemas


def test_shipped_schemas_are_fresh() -> None:
    folder = shipped_rules() / ".schema"
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    assert on_disk == schema_texts(), "run: kpi-bot check --write-schema"


def test_every_shipped_file_points_its_editor_at_its_schema() -> None:
    for path in [*shipped_rules().glob("*.yaml"), *shipped_rules().glob("kpis/*.yaml")]:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert schema, f"{path.name} must begin with a '# yaml-language-server: $schema=…' comment"
        assert (path.parent / schema[1]).resolve().name in schemas()
        assert (path.parent / schema[1]).is_file()


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    assert len(write_schemas(tmp_path)) == len(FILES)
    assert write_schemas(tmp_path) == []


def test_schemas_are_not_written_beside_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no folder"):
        write_schemas(tmp_path / "nowhere")


def test_every_pattern_of_the_models_has_words_for_people() -> None:
    patterns = {found for schema in schemas().values() for found in _patterns(schema)}
    made_for_editors = {"^[0-9]{1,5}[smhdw]$", "^[0-9]{1,3} periods?$", r"^[0-9]+(\.[0-9]+)? ?(%|points?)$"}
    assert patterns - made_for_editors == set(PATTERNS)
    assert not any(CHOICE.fullmatch(pattern) for pattern in patterns)


def test_units_and_choices_complete_in_the_editor() -> None:
    definitions = schemas()["kpis.json"]["definitions"]
    assert definitions["Kpi"]["properties"]["unit"]["enum"] == list(UNIT_WORDS)
    assert definitions["Example"]["properties"]["expect"] == {"enum": ["breached", "calm", "unsure"]}
    assert "key" not in definitions["Kpi"]["properties"]
    assert "reaches" not in definitions["When"]["properties"]


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _patterns(each)
    if isinstance(schema, dict):
        for word, each in schema.items():
            if word == "pattern" and isinstance(each, str):
                yield each
            yield from _patterns(each)
