"""Clearance at the API: for a token there are the KPIs it may see, and no others."""

import httpx2
import pytest

from bot.core.organisation import Level
from bot.store import values
from tests.databases import KINDS
from tests.web.stage import Stage

# Of as many letters as the KPI they stand beside.
HIDDEN, UNKNOWN = "churn_rate", "nosuch_kpi"


def as_reader(stage: Stage, clearance: Level, *departments: str) -> None:
    """From here on the client carries a token of that clearance."""
    token = stage.token("reader", clearance=clearance, departments=departments)
    stage.client.headers["Authorization"] = f"Bearer {token}"


def said(answer: httpx2.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """Everything a client can see of an answer but the time, with the unknown key put for the hidden one."""
    headers = [(name, value) for name, value in answer.headers.items() if name != "date"]
    return answer.status_code, headers, answer.content.replace(HIDDEN.encode(), UNKNOWN.encode())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("clearance", "departments", "seen"),
    [
        (Level.EXECUTIVE, (), ["uptime", "churn_rate", "mrr"]),
        (Level.DEPARTMENT, ("revenue",), ["uptime", "churn_rate", "mrr"]),
        (Level.DEPARTMENT, ("operations",), ["uptime"]),
        (Level.SUPPORT, (), ["uptime"]),
    ],
)
def test_list_holds_what_the_token_may_see(
    stage: Stage, clearance: Level, departments: tuple[str, ...], seen: list[str]
) -> None:
    as_reader(stage, clearance, *departments)

    assert [one["key"] for one in stage.client.get("/api/v1/kpis").json()["kpis"]] == seen
    for key in ("churn_rate", "mrr", "uptime"):
        expected = 200 if key in seen else 404
        assert stage.client.get(f"/api/v1/kpis/{key}").status_code == expected
        assert stage.client.get(f"/api/v1/kpis/{key}/values").status_code == expected


@pytest.mark.parametrize("rest", ["", "/values", "?segment=size:small", "/values?limit=3", "/values?limit=0"])
def test_kpi_not_cleared_answers_byte_for_byte_like_one_that_does_not_exist(stage: Stage, rest: str) -> None:
    stage.push({"kpi": HIDDEN, "value": 3.1, "at": "2026-10"})
    as_reader(stage, Level.SUPPORT)

    hidden, unknown = (stage.client.get(f"/api/v1/kpis/{key}{rest}") for key in (HIDDEN, UNKNOWN))

    assert said(hidden) == said(unknown)
    assert hidden.status_code in (404, 422)


@pytest.mark.parametrize(
    "item",
    [
        {"value": 3.1, "at": "2026-10"},
        {"value": 3.1, "at": "2026-Q4"},
        {"value": "much", "at": "2026-10"},
        {"value": 3.1, "at": "2026-10", "segment": "size:small"},
    ],
)
def test_value_of_a_kpi_not_cleared_is_refused_byte_for_byte_like_one_of_an_unknown_kpi(
    stage: Stage, item: dict[str, object]
) -> None:
    as_reader(stage, Level.SUPPORT)

    hidden, unknown = (stage.push({"kpi": key, **item}) for key in (HIDDEN, UNKNOWN))

    assert hidden.status_code == 422
    assert said(hidden) == said(unknown)
    with stage.house.database.reading() as tx:
        assert values.records(tx, HIDDEN, "") == []


def test_hint_names_only_kpis_that_are_cleared(stage: Stage) -> None:
    misspelt = {"kpi": "churn_rat", "value": 3.1, "at": "2026-10"}
    assert "churn_rate" in stage.push(misspelt).text

    as_reader(stage, Level.SUPPORT)

    assert "churn_rate" not in stage.push(misspelt).text
    assert "Did you mean uptime?" in stage.push(misspelt | {"kpi": "uptme"}).text


def test_values_of_cleared_kpis_are_taken(stage: Stage) -> None:
    as_reader(stage, Level.SUPPORT)

    assert stage.push({"kpi": "uptime", "value": 99.95, "at": "2026-11-21"}).json()["accepted"] == 1
