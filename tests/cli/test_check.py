"""``check`` and ``init``: what is wrong is named by its place, and a starter is fine as it comes."""

import re
import shutil
from pathlib import Path

import pytest

from bot.rulebook import read_policy, shipped_rules
from bot.rulebook.starter import starter_folder
from tests.cli.conftest import KpiBot


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules that may be broken."""
    return Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_shipped_rules_and_messages_pass(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("check")
    assert ended.code == 0, ended.out
    assert re.search(r"\d+ KPIs, \d+ rules, .*all fine", ended.out)


def test_a_good_folder_is_named_by_its_version(kpi_bot: KpiBot, rules: Path) -> None:
    assert f"version {read_policy(rules).version})" in kpi_bot("check", str(rules)).out


def test_every_mistake_is_named_by_file_line_and_column(kpi_bot: KpiBot, rules: Path) -> None:
    _change(rules / "kpis/customer_success.yaml", "owner: cro", "owner: crp")
    _change(rules / "channels.yaml", "clearance: executive", "clearance: executiv")
    ended = kpi_bot("check", str(rules))
    assert ended.code == 1
    places = re.findall(r"^(\S+?):(\d+):(\d+): ", ended.out, re.MULTILINE)
    assert {file for file, _, _ in places} == {f"{rules}/kpis/customer_success.yaml", f"{rules}/channels.yaml"}
    for file, line, column in places:
        written = Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert written[int(column) - 1 :].startswith(("crp", "executiv"))
    assert f"{len(places)} mistakes in" in ended.out


def test_places_lead_to_the_files_from_where_one_stands(kpi_bot: KpiBot) -> None:
    kpi_bot("init", "mine")
    _change(Path("mine/company.yaml"), "language: en", "language: english")
    places = re.findall(r"^(\S+?):\d+:\d+: ", kpi_bot("check", "mine").out, re.MULTILINE)
    assert places == ["mine/company.yaml"]
    assert Path(places[0]).is_file()


def test_slack_ids_of_the_starter_are_mentioned_until_they_are_replaced(kpi_bot: KpiBot) -> None:
    kpi_bot("init", "mine")
    ended = kpi_bot("check", "mine")
    assert ended.code == 0
    assert "6 Slack ids still say REPLACE: mine/people.yaml:5, mine/people.yaml:6," in ended.out
    for file in (Path("mine/people.yaml"), Path("mine/channels.yaml")):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("0REPLACE", "0ACME000"), encoding="utf-8")
    ended = kpi_bot("check", "mine")
    assert (ended.code, "REPLACE" in ended.out) == (0, False)


@pytest.mark.parametrize("named", ["mine/kpis", "mine/kpis/"])
def test_a_kpis_folder_is_not_taken_for_the_rules(kpi_bot: KpiBot, named: str) -> None:
    kpi_bot("init", "mine")
    ended = kpi_bot("check", named)
    assert (ended.code, ended.out) == (2, "")
    assert "mine/kpis is a kpis folder; name the one above it" in ended.err


def test_rules_named_in_the_environment_are_the_ones_checked(kpi_bot: KpiBot, rules: Path) -> None:
    _change(rules / "company.yaml", "currency: EUR", "currency: EURO")
    assert kpi_bot("check", KPI_BOT_RULES=str(rules)).code == 1


@pytest.mark.parametrize("words", [("nowhere",), ("nowhere", "--write-schema"), ("a-file",)])
def test_a_folder_that_is_not_there_is_not_checked(kpi_bot: KpiBot, words: tuple[str, ...]) -> None:
    Path("a-file").touch()
    ended = kpi_bot("check", *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"there is no folder {words[0]}.")
    assert not Path("nowhere").exists()


def test_an_example_that_does_not_hold_is_a_mistake(kpi_bot: KpiBot, rules: Path) -> None:
    history = "[2.0, 2.4, 2.9, 3.2], expect: "
    _change(rules / "kpis/customer_success.yaml", f"{history}breached", f"{history}calm")
    ended = kpi_bot("check", str(rules))
    assert ended.code == 1
    assert re.search(r"customer_success\.yaml:\d+:\d+: .*churn-worsening.* breached.* expects calm", ended.out)


def test_broken_wording_is_a_mistake(kpi_bot: KpiBot, tmp_path: Path) -> None:
    own = tmp_path / "messages" / "en"
    own.mkdir(parents=True)
    (own / "help.j2").write_text("{% block text %}{{ nonsense }}{% endblock %}", encoding="utf-8")
    ended = kpi_bot("check", KPI_BOT_MESSAGES=str(tmp_path / "messages"))
    assert ended.code == 1
    assert "help.j2" in ended.out


def test_check_writes_editor_schemas_when_asked(kpi_bot: KpiBot, rules: Path) -> None:
    shutil.rmtree(rules / ".schema")
    assert kpi_bot("check", str(rules), "--write-schema").code == 0
    assert (rules / ".schema" / "kpis.json").is_file()


def test_starter_is_read_without_a_change(kpi_bot: KpiBot) -> None:
    assert kpi_bot("init", "company").code == 0
    policy = read_policy(Path("company"))
    assert len(policy.kpis) == 3
    assert kpi_bot("check", "company").code == 0


def test_starter_holds_rules_and_nothing_of_the_program(kpi_bot: KpiBot) -> None:
    kpi_bot("init", "company")
    found = {path.relative_to("company").as_posix() for path in Path("company").rglob("*") if path.is_file()}
    own = {name for name in found if not name.startswith(".schema/")}
    shipped = {path.relative_to(starter_folder()).as_posix() for path in starter_folder().rglob("*") if path.is_file()}
    assert own == shipped
    assert all(name.endswith((".yaml", "README.md")) for name in own)


def test_every_starter_file_points_editors_at_a_schema_that_init_writes(kpi_bot: KpiBot) -> None:
    kpi_bot("init", "company")
    for file in Path("company").rglob("[a-z]*.yaml"):
        named = re.match(r"# yaml-language-server: \$schema=(\S+)", file.read_text(encoding="utf-8"))
        assert named is not None, file
        assert (file.parent / named[1]).is_file()


def test_init_takes_an_empty_folder(kpi_bot: KpiBot) -> None:
    Path("company").mkdir()
    assert kpi_bot("init", "company").code == 0


def test_init_leaves_a_folder_with_something_in_it_alone(kpi_bot: KpiBot) -> None:
    Path("company").mkdir()
    Path("company/notes.txt").write_text("mine", encoding="utf-8")
    ended = kpi_bot("init", "company")
    assert ended.code == 2
    assert "not empty" in ended.err
    assert [path.name for path in Path("company").iterdir()] == ["notes.txt"]


def test_init_refuses_a_file(kpi_bot: KpiBot) -> None:
    Path("company").write_text("mine", encoding="utf-8")
    ended = kpi_bot("init", "company")
    assert (ended.code, Path("company").read_text(encoding="utf-8")) == (2, "mine")


def test_whether_the_variables_of_connections_are_set_is_said_and_never_what_they_hold(
    kpi_bot: KpiBot, rules: Path, tmp_path: Path
) -> None:
    (rules / "sources.yaml").write_text(
        "connections:\n"
        "  warehouse: {sql: WAREHOUSE_URL}\n"
        "  billing: {http: https://api.example.com, token: BILLING_TOKEN}\n"
        "  crm: {sql: CRM_URL}\n"
        "  exports: {folder: data}\n",
        encoding="utf-8",
    )
    (tmp_path / "token").write_text("hunter2", encoding="utf-8")
    given = {"WAREHOUSE_URL": "mysql://me:hunter2@db/shop", "BILLING_TOKEN_FILE": str(tmp_path / "token")}
    ended = kpi_bot("check", str(rules), **given)
    assert ended.code == 0
    (line,) = [line for line in ended.out.splitlines() if line.startswith("connections here: ")]
    assert line.removeprefix("connections here: ").split("; ") == [
        "warehouse: WAREHOUSE_URL is set",
        "billing: BILLING_TOKEN is set",
        "crm: CRM_URL is not set, nor is CRM_URL_FILE",
        "exports needs no variable",
    ]
    assert "hunter2" not in ended.out + ended.err


def test_nothing_is_said_of_connections_where_there_are_none(kpi_bot: KpiBot) -> None:
    assert "connections here" not in kpi_bot("check").out
