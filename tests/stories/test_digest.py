"""The daily digest: at 08:00 company time, to the C-suite's channel, exactly once a local date."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.flows.record import record_samples
from tests.databases import database_url
from tests.stage import MADRID, Stage, staged

CHANNEL = "#executive"
BEFORE_EIGHT = datetime(2026, 11, 24, 7, 59, 0, tzinfo=MADRID)


def digests(stage: Stage) -> list[str]:
    return [
        post.plain for post in stage.posts(CHANNEL) if "Daily KPI digest" in post.plain or "KPI digest" in post.plain
    ]


@pytest.fixture
def url(tmp_path: Path, worker: str) -> str:
    return database_url("sqlite", tmp_path, worker)


@pytest.fixture
def morning(url: str) -> Iterator[Stage]:
    with staged(url, start=BEFORE_EIGHT) as stage:
        record_samples(stage.bot.database, stage.policy, stage.clock.now())
        stage.wait_until_reports_began()
        yield stage


def wait_for_digests(stage: Stage, count: int) -> list[str]:
    stage.wait_until(lambda: len(digests(stage)) >= count)
    stage.settle()
    assert len(digests(stage)) == count
    return digests(stage)


def to_eight(stage: Stage, days: int = 0) -> None:
    local = stage.clock.now().astimezone(MADRID)
    eight = local.replace(hour=8, minute=0, second=1) + timedelta(days=days)
    stage.clock.move_to(eight)
    stage.bot.catch_up()


def test_the_digest_comes_at_eight_and_names_health_departments_and_open_alerts(morning: Stage) -> None:
    assert digests(morning) == []
    to_eight(morning)
    post = morning.wait_for_post(CHANNEL, "Customer success")
    for words in ("85", "Churn rate", "3.2%", "High", "left", "Sample data"):
        assert words in post.plain


def test_a_second_look_the_same_day_sends_nothing_more(morning: Stage) -> None:
    to_eight(morning)
    wait_for_digests(morning, 1)
    for _ in range(3):
        morning.pass_time(timedelta(hours=3))
        morning.settle()
    assert len(digests(morning)) == 1


def test_the_next_digest_says_what_turned_red_and_green_since(morning: Stage) -> None:
    to_eight(morning)
    wait_for_digests(morning, 1)
    morning.push("churn_rate", 4.3, "2026-11")
    morning.push("api_response_time", 120, "2026-11-24")
    to_eight(morning, days=1)
    latest = wait_for_digests(morning, 2)[-1]
    assert latest.index("Churn rate") < latest.index("Team satisfaction")
    assert latest.index("Back in the green") < latest.index("Team satisfaction")


def test_after_days_of_silence_one_late_digest_comes_and_says_so(url: str) -> None:
    with staged(url, start=BEFORE_EIGHT) as first:
        first.wait_until_reports_began()
        to_eight(first)
        wait_for_digests(first, 1)
    with staged(url, start=BEFORE_EIGHT + timedelta(days=4, hours=3)) as later:
        later.wait_for_post(CHANNEL, "late")
        later.settle()
        assert len(digests(later)) == 1


def test_a_restart_at_eight_does_not_repeat_the_digest(url: str) -> None:
    with staged(url, start=BEFORE_EIGHT) as first:
        first.wait_until_reports_began()
        to_eight(first)
        wait_for_digests(first, 1)
    with staged(url, start=BEFORE_EIGHT + timedelta(minutes=2)) as again:
        again.settle()
        again.pass_time(timedelta(minutes=5))
        again.settle()
        assert digests(again) == []


def test_report_daily_shows_the_digest_to_the_asker_alone_and_sends_nothing(morning: Stage) -> None:
    morning.settle()
    reply = morning.sandbox.user("ana").command("/kpi report daily", CHANNEL)
    assert reply.ephemeral and "Customer success" in reply.plain
    support = morning.sandbox.user("maeve").command("/kpi report daily", "#general")
    assert "Churn rate" not in support.plain
    assert digests(morning) == []
