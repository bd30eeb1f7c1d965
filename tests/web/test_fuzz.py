"""Whatever is sent, the answer is never a fault of ours, and what was stored stays as it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.database import Database
from tests.databases import database_url
from tests.web.stage import Stage, staged

FUZZED = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.sampled_from(["churn_rate", "mrr", "uptime", "churn", "Churn Rate"])
LABELS = st.sampled_from(
    ["2026-10", "2026-11", "2026-11-21", "2026-W40", "2026-Q4", "2026", "0001-01-01", "9999-12-31", "0000", "2026-00"]
)
TEXTS = st.text(max_size=30) | st.characters(categories=["Cs", "Cc", "Nd", "Mn"])
MOMENTS = st.datetimes().map(lambda at: at.isoformat()) | st.datetimes().map(lambda at: f"{at.isoformat()}+14:00")
NUMBERS = st.floats() | st.integers() | st.just(10**400)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
ITEMS = st.fixed_dictionaries(
    {"kpi": KEYS | ANYTHING, "value": NUMBERS | ANYTHING, "at": LABELS | MOMENTS | ANYTHING},
    optional={"segment": st.just("") | ANYTHING, "more": ANYTHING},
)
BATCHES = st.fixed_dictionaries({"values": st.lists(ITEMS | ANYTHING, max_size=5) | ANYTHING}) | ANYTHING


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage that takes all of it."""
    opened = Database(database_url("sqlite", Path(tmp_path_factory.mktemp("fuzzed")), "fuzzed"))
    with staged(opened) as set_up:
        yield set_up
    opened.close()


@FUZZED
@given(batch=BATCHES)
def test_any_json_is_either_taken_or_refused_by_place(fuzzed: Stage, batch: Any) -> None:
    answer = fuzzed.push_raw(json.dumps(batch).encode())

    if answer.status_code == 200:
        counted = answer.json()
        assert counted["accepted"] + counted["unchanged"] + counted["corrected"] == len(batch["values"])
    else:
        assert answer.status_code == 422, answer.text
        assert answer.json()["detail"]
        for one in answer.json()["detail"]:
            assert one["place"] in ("body", "values") or one["place"].startswith("values[") or one["place"] in batch
            assert one["problem"]


@FUZZED
@given(body=st.binary(max_size=200) | st.text(alphabet='{}[]",:0123456789eE+-. values', max_size=80).map(str.encode))
def test_any_bytes_are_refused_without_a_fault(fuzzed: Stage, body: bytes) -> None:
    answer = fuzzed.push_raw(body)

    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


@FUZZED
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW"]),
    path=st.lists(
        st.sampled_from(["api", "v1", "kpis", "values", "churn_rate", "-", "ready", "slack", "events", "metrics", ""])
        | st.binary(max_size=5).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw)),
        max_size=5,
    ).map("/".join),
    query=st.binary(max_size=20).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw)),
    parameter=st.sampled_from(["limit", "segment", "x"]),
)
def test_any_path_and_query_are_answered_without_a_fault(
    fuzzed: Stage, method: str, path: str, query: str, parameter: str
) -> None:
    answer = fuzzed.client.request(method, f"{fuzzed.address}/{path}?{parameter}={query}")

    assert answer.status_code < 500, (method, path)
