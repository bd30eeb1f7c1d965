"""``run``, ``web``, ``worker``, ``migrate``: what is missing is said at the start, all of it at once."""

from pathlib import Path

import pytest

from bot.app import Bot
from bot.cli import serve
from bot.core.errors import PolicyRefused
from bot.settings import Settings
from bot.store.database import Database
from tests.cli.conftest import KpiBot
from tests.rulebook.small_company import write_small_company

_SLACK = {"SLACK_BOT_TOKEN": "xoxb-nobody", "SLACK_SIGNING_SECRET": "secret"}


@pytest.mark.parametrize("command", ["run", "web"])
def test_everything_missing_or_wrong_is_named_at_once(kpi_bot: KpiBot, command: str) -> None:
    ended = kpi_bot(command, PORT="http", KPI_BOT_RULES="nowhere", DATABASE_URL_FILE="nowhere.txt")
    assert ended.code == 2
    assert sorted(line.split(":", 1)[0] for line in ended.err.splitlines()) == [
        "DATABASE_URL_FILE", "KPI_BOT_RULES", "PORT", "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN",
    ]  # fmt: skip
    assert not Path("kpi-bot.db").exists()


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_settings_database_address_and_rules_are_named_together(kpi_bot: KpiBot, command: str) -> None:
    kpi_bot("init", "mine")
    rules = Path("mine/company.yaml")
    rules.write_text(rules.read_text(encoding="utf-8").replace("language: en", "language: english"), encoding="utf-8")
    wrong = {"PORT": "http", "KPI_BOT_RULES": "mine", "DATABASE_URL": "mysql://me:hunter2@localhost/kpi"}
    ended = kpi_bot(command, **_SLACK, **wrong)
    assert ended.code == 2
    assert [line.split(":", 1)[0] for line in ended.err.splitlines()] == ["PORT", "DATABASE_URL", "mine/company.yaml"]
    assert "hunter2" not in ended.err


def test_a_secret_that_cannot_be_read_is_not_missing_as_well(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("run", SLACK_BOT_TOKEN_FILE="nowhere", SLACK_APP_TOKEN_FILE="nowhere")
    assert ended.code == 2
    assert [line.split(":", 1)[0] for line in ended.err.splitlines()] == [
        "SLACK_BOT_TOKEN_FILE",
        "SLACK_APP_TOKEN_FILE",
    ]


def test_a_missing_folder_of_wording_has_a_remedy_of_its_own(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("check", KPI_BOT_MESSAGES="nowhere")
    assert ended.code == 2
    assert "only the files" in ended.err
    assert "kpi-bot init" not in ended.err


def test_watching_the_demo_company_in_a_real_workspace_is_warned_about(kpi_bot: KpiBot) -> None:
    kpi_bot("init", "mine")
    said = [kpi_bot("web", **_SLACK, **more).out for more in (
        {}, {"KPI_BOT_RULES": "mine"}, {"SLACK_API_URL": "http://127.0.0.1:1/api/"},
    )]  # fmt: skip
    assert ["watching_the_demo_company" in one for one in said] == [True, False, False]


def test_a_worker_needs_no_way_in_for_slack(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("worker")
    assert ended.code == 2
    assert [line.split(":", 1)[0] for line in ended.err.splitlines()] == ["SLACK_BOT_TOKEN"]


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_database_that_is_not_migrated_is_refused(kpi_bot: KpiBot, command: str) -> None:
    ended = kpi_bot(command, **_SLACK)
    assert ended.code == 2
    assert "kpi-bot migrate" in ended.err


def test_wrong_rules_are_refused_at_the_start_with_their_place(kpi_bot: KpiBot) -> None:
    kpi_bot("init", "company")
    Path("company/reports.yaml").write_text(
        "daily: {name: Daily, cron: never, channel: leadership}\n", encoding="utf-8"
    )
    ended = kpi_bot("run", KPI_BOT_RULES="company", **_SLACK)
    assert ended.code == 2
    assert ended.err.startswith("company/reports.yaml:1:")


def test_a_service_starts_again_on_the_rules_that_took_force_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small_company(tmp_path / "rules")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/kpi.db", rules=folder)
    first = Bot(settings)
    first.database.migrate()
    first.follow_rules()
    first.close()
    (folder / "company.yaml").write_text("[", encoding="utf-8")
    with pytest.raises(PolicyRefused):
        Bot(settings)
    for name, value in {**_SLACK, "DATABASE_URL": settings.database_url, "KPI_BOT_RULES": str(folder)}.items():
        monkeypatch.setenv(name, value)
    again = serve._build(listens=False)
    assert again.policy().version == first.policy().version
    again.close()


def test_migrating_makes_the_database_and_again_changes_nothing(kpi_bot: KpiBot) -> None:
    first, again = (kpi_bot("migrate", DATABASE_URL="sqlite:///data/kpi.db") for _ in range(2))
    assert (first.code, first.out) == (0, "created data/kpi.db\nthe database is up to date\n")
    assert (again.code, again.out) == (0, "the database is up to date\n")
    database = Database("sqlite:///data/kpi.db")
    database.check()
    database.close()


def test_a_database_we_cannot_use_is_refused_without_its_password(kpi_bot: KpiBot) -> None:
    ended = kpi_bot("migrate", DATABASE_URL="mysql://me:hunter2@localhost/kpi")
    assert ended.code == 2
    assert "DATABASE_URL" in ended.err
    assert "hunter2" not in ended.err
