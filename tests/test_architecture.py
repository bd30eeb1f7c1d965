"""The house keeps its plan: what stands where, what modules say of themselves, and that the docs leave nothing out."""

import ast
import re
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest
import typer.main

from bot.cli import app
from bot.core.commands import VERBS
from bot.core.conditions import When
from bot.core.kpi import Classification, Direction, Kind
from bot.core.organisation import EscalationStep, Level
from bot.core.periods import Frequency
from bot.core.units import Unit
from bot.settings import NAMES
from bot.web.tokens import SCOPES

ROOT = Path(__file__).resolve().parents[1]
TOP_LEVEL = {
    "bot", "rules", "messages", "tests", "docs",
    "README.md", "CHANGELOG.md", "LICENSE", "Procfile", "pyproject.toml", "requirements.lock",
}  # fmt: skip
MADE_BY_TOOLS = {"uv.lock", "dist", "build", "htmlcov", "kpi-bot.db", "kpi-bot.db-wal", "kpi-bot.db-shm"}
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = "\n".join([README, *(page.read_text(encoding="utf-8") for page in sorted((ROOT / "docs").glob("*.md")))])
MODULES = sorted((ROOT / "bot").rglob("*.py"))
WORDS_OF_THE_RULES: list[type[StrEnum]] = [
    Unit, Direction, Frequency, Kind, Classification, Level, EscalationStep,
]  # fmt: skip
WRITTEN_CONDITIONS = [word for word in When.model_fields if word != "reaches"]


def test_nothing_stands_at_the_top_but_what_belongs_there() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - TOP_LEVEL - MADE_BY_TOOLS == set()
    assert TOP_LEVEL - found == set()


def test_every_module_opens_with_what_it_is_for() -> None:
    assert len(MODULES) > 100
    silent = [str(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_every_exception_to_a_lint_gives_its_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "# noqa" in line and not re.search(r"# noqa: [A-Z0-9, ]+ - \S", line)
    ]
    assert bare == []


def test_every_lint_the_configuration_ignores_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = re.search(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    by_file = re.search(r"^\[tool.ruff.lint.per-file-ignores\]\n(.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    assert ignored is not None and by_file is not None
    bare = [line for line in f"{ignored[1]}{by_file[1]}".splitlines() if not re.search(r" # \S+ \S+", line)]
    assert bare == []


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def _commands() -> list[str]:
    group = typer.main.get_group(app)
    return [f"{name} {sub}".strip() for name, one in group.commands.items() for sub in getattr(one, "commands", [""])]


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"\bkpi-bot {re.escape(command)}\b", DOCS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_slash_command_is_in_the_readme(verb: str) -> None:
    assert f"`/kpi {verb}" in README


@pytest.mark.parametrize("word", WRITTEN_CONDITIONS)
def test_every_condition_is_documented_with_an_example(word: str) -> None:
    assert re.search(rf"`{word}: \S", DOCS)


@pytest.mark.parametrize("word", [word.value for kind in WORDS_OF_THE_RULES for word in kind])
def test_every_word_of_the_rules_is_documented(word: str) -> None:
    assert f"`{word}`" in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_of_a_token_is_documented(scope: str) -> None:
    assert f"`{scope}`" in DOCS


def test_readme_knows_every_room_of_the_house() -> None:
    rooms = {path.name for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    shown = {f"{room}/" if not room.endswith(".py") else room for room in rooms - {"__init__.py"}}
    assert [room for room in sorted(shown) if not re.search(rf"^  {re.escape(room)} ", README, re.MULTILINE)] == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_version_has_a_place_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_is_imported_or_says_why_not() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert listed is not None
    silent = [line.strip(' ",') for line in listed[1].splitlines() if "# no import: " not in line]
    idle = [one for one in silent if not re.search(rf"^ *(from|import) {_imported_as(one)}\b", source, re.MULTILINE)]
    assert idle == []


def _imported_as(dependency: str) -> str:
    name = re.split(r"[>=<]", dependency)[0]
    return {"pyyaml": "yaml"}.get(name, name.replace("-", "_"))
