"""Whether the process says of itself what is true: alive, ready, and how much it has to do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.core.errors import PolicyRefused
from bot.core.policy import Policy
from bot.flows.deliver import STOPPED_FOR
from bot.store import notes
from bot.store.database import Database
from bot.web.health import LONGEST_WAIT, readiness
from bot.web.metrics import Metrics
from tests.databases import bare_url
from tests.web.stage import Stage

ALARMING = {"kpi": "churn_rate", "value": 4.3, "at": "2026-10"}


@pytest.fixture
def unmigrated(tmp_path: Path, worker: str) -> Iterator[Database]:
    """A database nobody has migrated."""
    opened = Database(bare_url("sqlite", tmp_path, worker))
    yield opened
    opened.close()


def ready(stage: Stage) -> tuple[int, dict[str, bool], dict[str, Any]]:
    """Ask, without a token: the status, which checks hold, and everything that was said."""
    answer = httpx2.get(f"{stage.address}/-/ready")
    told = answer.json()
    return answer.status_code, {name: check["ok"] for name, check in told["checks"].items()}, told


def test_all_is_well_when_everything_is_there(stage: Stage) -> None:
    status, checks, told = ready(stage)

    assert (status, told["ready"]) == (200, True)
    assert checks == {"database": True, "policy": True, "slack": True, "messages": True}


def test_refused_slack_credentials_are_a_reason_not_to_be_ready(stage: Stage) -> None:
    with stage.house.database.transaction() as tx:
        notes.put(tx, STOPPED_FOR, "invalid_auth")

    status, checks, told = ready(stage)

    assert (status, told["ready"]) == (503, False)
    assert checks == {"database": True, "policy": True, "slack": False, "messages": True}
    assert "invalid_auth" in told["checks"]["slack"]["detail"]


def test_message_that_waits_for_five_minutes_is_a_reason_not_to_be_ready(stage: Stage) -> None:
    stage.push(ALARMING)
    stage.now += LONGEST_WAIT - timedelta(seconds=1)
    assert ready(stage)[0] == 200

    stage.now += timedelta(seconds=1)
    status, checks, told = ready(stage)

    assert status == 503
    assert checks == {"database": True, "policy": True, "slack": True, "messages": False}
    assert "5 minutes" in told["checks"]["messages"]["detail"]


def test_database_nobody_migrated_is_a_reason_not_to_be_ready(stage: Stage, unmigrated: Database) -> None:
    found = readiness(replace(stage.house, database=unmigrated))

    assert not found.ready
    assert "kpi-bot migrate" in found.checks["database"].detail
    assert not any(found.checks[name].ok for name in ("database", "slack", "messages"))


def test_database_that_does_not_answer_is_named_without_its_address(stage: Stage) -> None:
    nobody = Database("postgresql://someone:hushhush@127.0.0.1:1/kpi")

    found = readiness(replace(stage.house, database=nobody))

    assert (found.ready, found.checks["database"].detail) == (False, "does not answer")
    assert not re.search("hushhush|127|someone", found.model_dump_json())


def test_policy_that_cannot_be_loaded_is_a_reason_not_to_be_ready(stage: Stage) -> None:
    def refused() -> Policy:
        raise PolicyRefused([])

    found = readiness(replace(stage.house, policy=refused))

    assert (found.ready, found.checks["policy"].ok, found.checks["database"].ok) == (False, False, True)


def test_process_is_alive_even_when_it_is_not_ready(stage: Stage) -> None:
    with stage.house.database.transaction() as tx:
        notes.put(tx, STOPPED_FOR, "account_inactive")

    answer = httpx2.get(f"{stage.address}/-/healthy")

    assert (answer.status_code, answer.text) == (200, "ok")


def samples(stage: Stage) -> dict[tuple[str, ...], float]:
    """Scrape: each number by name and label values."""
    text = httpx2.get(f"{stage.address}/metrics").text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_count_values_by_what_became_of_them(own_stage: Stage) -> None:
    calm = ALARMING | {"value": 2.0}
    own_stage.push(calm, calm | {"at": "2026-09"})
    own_stage.push(calm)
    own_stage.push(calm | {"value": 2.1})
    own_stage.push(calm, calm | {"at": "never"}, calm)

    counted = samples(own_stage)

    assert {
        outcome: counted["kpi_bot_values_total", outcome] for outcome in ("accepted", "unchanged", "corrected")
    } == {
        "accepted": 2,
        "unchanged": 1,
        "corrected": 1,
    }
    assert counted["kpi_bot_values_total", "refused"] == 3


def test_metrics_count_requests_by_the_pattern_of_their_route(own_stage: Stage) -> None:
    for path in ("churn_rate", "mrr", "nonsense"):
        own_stage.client.get(f"/api/v1/kpis/{path}")
    own_stage.client.get("/wp-login.php")
    own_stage.client.get("/.env")

    counted = samples(own_stage)

    assert counted["kpi_bot_http_requests_total", "/api/v1/kpis/{key}", "200"] == 2
    assert counted["kpi_bot_http_requests_total", "/api/v1/kpis/{key}", "404"] == 1
    assert counted["kpi_bot_http_requests_total", "none", "404"] == 2
    assert counted["kpi_bot_http_request_seconds_count", "/api/v1/kpis/{key}"] == 3
    assert not any("wp-login" in label for key in counted for label in key)


def test_metrics_tell_what_waits_and_what_is_open(stage: Stage) -> None:
    stage.push(ALARMING)
    stage.now += timedelta(seconds=30)

    counted = samples(stage)

    assert counted["kpi_bot_database_up",] == 1
    assert counted["kpi_bot_outbox_messages", "pending"] >= 1
    assert counted["kpi_bot_outbox_messages", "dead"] == 0
    assert counted["kpi_bot_outbox_oldest_waiting_seconds",] == 30
    assert counted["kpi_bot_open_alerts", "critical"] == 1
    assert counted["kpi_bot_open_alerts", "low"] == 0


def test_metrics_hold_no_value_of_any_kpi_and_no_token(own_stage: Stage) -> None:
    own_stage.push(ALARMING | {"value": 4.317928})
    own_stage.push({"kpi": "mrr", "value": 731928.5, "at": "2026-10"}, {"kpi": "canary_731928", "value": 1, "at": "x"})

    text = httpx2.get(f"{own_stage.address}/metrics").text

    assert "kpi_bot_values_total" in text
    assert not re.search(r"4\.317|731928", text)
    assert own_stage.client.headers["Authorization"].removeprefix("Bearer ") not in text


def test_metrics_still_answer_when_the_database_does_not(unmigrated: Database, stage: Stage) -> None:
    told = generate_latest(Metrics(replace(stage.house, database=unmigrated)).registry)

    assert b"kpi_bot_database_up 0.0" in told
