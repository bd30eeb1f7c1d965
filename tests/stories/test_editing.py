"""Rules edited under a running bot: whatever is done to the folder, it goes on by the last good policy."""

import functools
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from bot.app import Bot
from bot.core.errors import Fault
from bot.rulebook import read_policy, reading, shipped_rules, watching
from bot.rulebook.tree import read_tree
from bot.rulebook.watching import Reading, read_folder
from bot.settings import Settings
from bot.store import alerts
from bot.web.server import LOOPBACK
from tests.databases import KINDS, database_url
from tests.rulebook.breaking import BREAKINGS, break_folder
from tests.rulebook.reading import edit
from tests.stage import Stage, staged

VARIANTS = 200
OPERATORS = "#kpi-operations"
CHURN = "kpis/customer_success.yaml"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules that may be broken."""
    return Path(shutil.copytree(shipped_rules(), tmp_path / "rules", ignore=shutil.ignore_patterns(".schema")))


@pytest.fixture(params=KINDS)
def stage(request: pytest.FixtureRequest, rules: Path, tmp_path: Path, worker: str) -> Iterator[Stage]:
    """The shipped company, whose rules are followed as soon as they stand still for a moment."""
    with staged(database_url(request.param, tmp_path, worker), rules=rules, settles=0.2) as raised:
        yield raised


def test_a_lowered_threshold_is_told_in_the_owners_channel_without_a_new_start(stage: Stage, rules: Path) -> None:
    assert stage.push("churn_rate", 3.9, "2026-10").json()["alerts"] == 1
    stage.wait_for_post("#customer-success", "3.9%")
    edit(rules, CHURN, "critical: 4.0, critical_recovery: 3.8", "critical: 3.5, critical_recovery: 3.0")
    stage.wait_for_post("#customer-success", "Critical")
    stage.wait_for_post(OPERATORS, CHURN)


def test_a_bad_file_is_told_to_the_operators_once_and_the_bot_goes_on(stage: Stage, rules: Path) -> None:
    good = stage.policy
    edit(rules, CHURN, "owner: cro", "owner: crp")
    line = (rules / CHURN).read_text().splitlines().index("  owner: crp") + 1
    stage.wait_for_post(OPERATORS, f"{CHURN}:{line}:10")
    assert stage.policy is good
    assert stage.push("churn_rate", 4.3, "2026-10").json()["alerts"] == 1
    assert "4.3%" in stage.sandbox.user("ana").command("/kpi churn", "#customer-success").plain
    edit(rules, CHURN, "owner: crp", "owner: cro")
    stage.wait_for_post(OPERATORS, "sound again")
    stage.settle()
    assert len(stage.posts(OPERATORS)) == 2


def test_an_alert_of_a_rule_that_has_gone_is_withdrawn_at_once(stage: Stage, rules: Path) -> None:
    stage.push("churn_rate", 4.3, "2026-10")
    stage.wait_for_post("#customer-success", "4.3%")
    edit(rules, CHURN, ", critical: 4.0, critical_recovery: 3.8}", "}")
    stage.wait_until(lambda: open_rules(stage) == ["churn-rate-warning"])
    stage.wait_for_post("#customer-success", "Withdrawn")


def test_a_report_follows_its_new_moment(stage: Stage, rules: Path) -> None:
    stage.wait_until_reports_began()
    edit(rules, "reports.yaml", "0 8 * * *", "30 15 * * *")
    stage.wait_until(lambda: stage.policy.reports["daily"].cron == "30 15 * * *")
    stage.pass_time(timedelta(hours=3, minutes=40))
    stage.wait_for_post("#executive", "Tuesday 24 November")


def test_a_process_that_only_serves_follows_too(rules: Path, tmp_path: Path, worker: str) -> None:
    settings = Settings(database_url=database_url("sqlite", tmp_path, worker), port=0, rules=rules)
    bot = Bot(settings, settles=0)
    with bot.listening(host=LOOPBACK) as address:
        edit(rules, "company.yaml", "currency: EUR", "currency: USD")
        end = time.monotonic() + 10
        while bot.policy().company.currency != "USD":
            assert time.monotonic() < end
            time.sleep(0.05)
        assert bot.policy().version in httpx2.get(f"{address}/-/ready").text
    bot.close()


def test_two_hundred_broken_variants_leave_the_last_good_policy_in_force(
    tmp_path: Path, worker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that nothing is done to are read once for all variants; what is done to the others is not."""
    monkeypatch.setattr(reading, "read_tree", functools.cache(read_tree))
    seen: list[Reading] = []

    def noted(folder: Path) -> Reading:
        seen.append(read_folder(folder))
        return seen[-1]

    monkeypatch.setattr(watching, "read_folder", noted)
    whole = Path(shutil.copytree(shipped_rules(), tmp_path / "whole", ignore=shutil.ignore_patterns(".schema")))
    rules = write_link(tmp_path / "rules", whole)
    refused, before = 0, whole
    with staged(database_url("sqlite", tmp_path, worker), rules=rules, settles=0) as stage:
        for seed in range(VARIANTS):
            variant = Path(shutil.copytree(whole, tmp_path / f"variant-{seed}"))
            done, good = break_folder(seed, variant), stage.policy
            write_link(rules, variant)
            stage.bot.follow_rules()
            sound = seen[-1]
            if sound.policy is None:
                refused += 1
                assert stage.policy is good, (seed, done)
                assert sound.faults, (seed, done)
                for fault in sound.faults:
                    assert stands_somewhere(variant, fault), (seed, done, str(fault)[:300])
            else:
                assert stage.policy.version == sound.policy.version, (seed, done)
            if before is not whole:
                shutil.rmtree(before)
            before = variant
        assert refused > VARIANTS * 0.7
        write_link(rules, whole)
        stage.wait_until(lambda: stage.policy.version == read_policy(whole).version)
        assert stage.push("churn_rate", 4.3, "2026-10").status_code == 200


def test_there_are_many_ways_to_break_a_folder() -> None:
    assert len(BREAKINGS) >= 20


def open_rules(stage: Stage) -> list[str]:
    with stage.bot.database.reading() as tx:
        return [alert.rule for alert in alerts.open_alerts(tx, kpis=["churn_rate"])]


def write_link(link: Path, to: Path) -> Path:
    """Let a link lead somewhere else at once, as a mounted folder of settings is swapped."""
    new = link.with_suffix(".new")
    new.symlink_to(to)
    return new.replace(link)


def stands_somewhere(folder: Path, fault: Fault) -> bool:
    """Say whether a fault names a file and a line in it, and says something short enough to be read."""
    path = folder / fault.file
    lines = path.read_bytes().count(b"\n") + 2 if path.is_file() else 1
    return bool(fault.file) and 1 <= fault.line <= lines and fault.column >= 1 and 0 < len(fault.problem) < 1000
