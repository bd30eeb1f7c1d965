"""``GET /api/v1/kpis…``: definitions, standings, and history with where each value came from."""

from datetime import timedelta

import pytest

from tests.databases import KINDS
from tests.web.stage import NOON, Stage, small_company

_DAYS = [f"10-{day:02d}" for day in range(1, 31)]


@pytest.mark.parametrize("kind", KINDS)
def test_kpi_is_told_as_it_is_defined_and_where_it_stands(stage: Stage) -> None:
    stage.push(*({"kpi": "churn_rate", "value": value, "at": at} for value, at in [(2.0, "2026-09"), (3.0, "2026-10")]))

    told = stage.client.get("/api/v1/kpis/churn_rate").json()

    assert told["name"] == {"en": "Churn rate", "es": "Tasa de cancelación"}
    assert (told["key"], told["aliases"], told["owner"], told["department"]) == (
        "churn_rate",
        ["churn"],
        "cro",
        "revenue",
    )
    assert (told["unit"], told["direction"], told["frequency"]) == ("percent", "lower_is_better", "monthly")
    assert (told["target"], told["thresholds"]["critical"], told["thresholds"]["for"]) == (2.5, 4.0, 1)
    standing = told["standing"]
    assert standing.pop("attainment") == pytest.approx(2.5 / 3.0 * 100)
    assert standing.pop("running") is None
    assert standing == {"segment": "", "period": "2026-10", "value": 3.0, "target": 2.5, "status": "yellow"}


def test_plan_is_told_whole_and_its_standing_names_the_target_of_the_period(stage: Stage) -> None:
    stage.push({"kpi": "mrr", "value": 440000, "at": "2026-10"})

    told = stage.client.get("/api/v1/kpis/mrr").json()

    assert told["target"] == {"2026-01": 400000, "2026-07": 450000}
    assert told["standing"]["target"] == 450000


def test_list_has_every_kpi_in_the_order_of_the_rules(stage: Stage) -> None:
    stage.push({"kpi": "uptime", "value": 98.5, "at": "2026-11-21"})

    listed = stage.client.get("/api/v1/kpis").json()["kpis"]

    assert [one["key"] for one in listed] == list(small_company().kpis)
    assert {one["key"]: one["standing"]["status"] for one in listed} == {
        "churn_rate": "grey",
        "mrr": "grey",
        "uptime": "red",
    }
    assert next(one for one in listed if one["key"] == "uptime") == stage.client.get("/api/v1/kpis/uptime").json()


@pytest.mark.parametrize("kind", KINDS)
def test_history_tells_where_each_value_came_from_and_what_it_replaced(stage: Stage) -> None:
    first = {"kpi": "churn_rate", "value": 2.0, "at": "2026-09"}
    stage.push(first, first | {"at": "2026-10"})
    stage.now = NOON + timedelta(hours=1)
    stage.push(first | {"value": 2.2})

    newest, corrected = stage.client.get("/api/v1/kpis/churn_rate/values").json()["values"]

    assert (newest["period"], newest["value"], newest["replaced"]) == ("2026-10", 2.0, [])
    assert corrected == {
        "period": "2026-09",
        "value": 2.2,
        "origin": "api",
        "author": "all of it",
        "recorded_at": "2026-11-22T13:00:00Z",
        "replaced": [{"value": 2.0, "origin": "api", "author": "all of it", "recorded_at": "2026-11-22T12:00:00Z"}],
    }


def test_history_is_as_long_as_is_asked_for(stage: Stage) -> None:
    stage.push(*({"kpi": "mrr", "value": 1000, "at": f"2026-{month:02d}"} for month in range(1, 12)))

    told = stage.client.get("/api/v1/kpis/mrr/values", params={"limit": 2}).json()

    assert [one["period"] for one in told["values"]] == ["2026-11", "2026-10"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"from": "2026-Q3", "to": "2026-Q3"}, ["2026-09", "2026-08", "2026-07"]),
        ({"from": "2026-09-30"}, ["2026-11", "2026-10", "2026-09"]),
        ({"to": "2026-02-01"}, ["2026-02", "2026-01"]),
        ({"from": "last 30 days"}, ["2026-11", "2026-10"]),
        ({"from": "2026-Q3", "to": "2026-Q3", "limit": "1"}, ["2026-09"]),
        ({"from": "2027"}, []),
    ],
)
def test_history_keeps_to_the_time_that_is_asked_for(stage: Stage, asked: dict[str, str], told: list[str]) -> None:
    stage.push(*({"kpi": "mrr", "value": 1000, "at": f"2026-{month:02d}"} for month in range(1, 12)))

    answer = stage.client.get("/api/v1/kpis/mrr/values", params=asked).json()

    assert [one["period"] for one in answer["values"]] == told


def test_history_from_a_time_on_is_not_cut_where_the_newest_values_alone_would_be(stage: Stage) -> None:
    stage.push(*({"kpi": "uptime", "value": 99, "at": f"2026-{day}"} for day in _DAYS))

    told = [
        len(stage.client.get("/api/v1/kpis/uptime/values", params=asked).json()["values"])
        for asked in ({}, {"from": "2026-10-01"})
    ]

    assert told == [24, len(_DAYS)]


def test_span_that_cannot_be_read_is_told_with_what_can(untouched: Stage) -> None:
    (problem,) = untouched.client.get("/api/v1/kpis/churn_rate/values?from=soon").json()["detail"]

    assert problem["problem"] == "'soon' names no span of time"
    assert "2026-Q3" in problem["remedy"]


def test_api_description_names_the_time_that_can_be_asked_for(untouched: Stage) -> None:
    described = untouched.client.get("/api/openapi.json").json()["paths"]["/api/v1/kpis/{key}/values"]["get"]

    assert {"from", "to"} <= {one["name"] for one in described["parameters"]}


@pytest.mark.parametrize("path", ["nonsense", "nonsense/values", "CHURN_RATE", "churn", "%00", "%ff", "..%2f..%2fetc"])
def test_unknown_kpi_is_not_found(untouched: Stage, path: str) -> None:
    answer = untouched.client.get(f"/api/v1/kpis/{path}")

    assert answer.status_code == 404
    assert set(answer.json()["detail"][0]) == {"place", "problem", "remedy"}


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("segment=size:small", "segment"),
        ("segment=" + "x" * 300, "segment"),
        ("from=soon", "from"),
        ("to=2026-13", "to"),
        ("from=", "from"),
        ("from=2026-10-01&to=2026-09", "to"),
    ],
)
def test_parameter_that_cannot_be_taken_is_named(untouched: Stage, query: str, place: str) -> None:
    answer = untouched.client.get(f"/api/v1/kpis/churn_rate/values?{query}")

    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["detail"]] == [place]
