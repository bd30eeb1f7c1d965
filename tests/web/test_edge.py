"""What every answer has in common, what the app says of itself, and the door for Slack."""

import re
from collections.abc import Iterator, Mapping

import httpx2
import pytest

from bot.store.database import Database
from bot.web.bodies import LARGEST
from bot.web.slack_events import Answer
from tests.web.stage import Said, Stage, staged


class Slack:
    """Takes what comes through the door, and answers with a fixed answer."""

    def __init__(self) -> None:
        self.taken: list[tuple[Mapping[str, str], bytes]] = []
        self.answer: Answer = Said(200, {"Content-Type": "application/json"}, b'{"text":"hello"}')

    def __call__(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Note it down and answer."""
        self.taken.append((headers, body))
        return self.answer


@pytest.fixture
def slack() -> Slack:
    """What is behind the door."""
    return Slack()


@pytest.fixture
def with_door(database: Database, slack: Slack) -> Iterator[Stage]:
    """The small company, with Slack calling over HTTP."""
    with staged(database, slack_events=slack) as set_up:
        yield set_up


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/-/healthy", 200),
        ("GET", "/-/ready", 200),
        ("GET", "/metrics", 200),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/api/v1/kpis", 200),
        ("GET", "/api/v1/kpis/nonsense", 404),
        ("GET", "/nowhere", 404),
        ("POST", "/api/v1/values", 415),
        ("DELETE", "/api/v1/kpis", 405),
    ],
)
def test_no_answer_may_be_kept_or_guessed_at_nor_says_what_serves_it(
    untouched: Stage, method: str, path: str, status: int
) -> None:
    answer = untouched.client.request(method, path)

    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/api/v1/values/", "/api/v1", "//", "/slack/events"]
)
def test_what_is_not_there_is_not_found(untouched: Stage, path: str) -> None:
    answer = untouched.client.get(f"{untouched.address}{path}")

    assert answer.status_code == 404
    assert answer.json()["detail"][0]["place"] == "path"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/api/v1/values", "POST"), ("POST", "/api/v1/kpis", "GET"), ("PUT", "/api/v1/kpis/mrr/values", "GET")],
)
def test_other_method_is_refused_with_those_there_are(untouched: Stage, method: str, path: str, allowed: str) -> None:
    answer = untouched.client.request(method, path)

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert allowed in answer.json()["detail"][0]["remedy"]


def test_front_page_says_what_this_is(untouched: Stage) -> None:
    answer = httpx2.get(untouched.address)

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "KPIs" in answer.text
    for path in re.findall(r"^/\S+", answer.text, re.MULTILINE):
        assert httpx2.get(f"{untouched.address}{path}").status_code == 200


def test_description_names_every_call_with_its_errors_and_its_credentials(untouched: Stage) -> None:
    described = httpx2.get(f"{untouched.address}/api/openapi.json").json()

    assert set(described["paths"]) == {
        "/api/v1/values",
        "/api/v1/kpis",
        "/api/v1/kpis/{key}",
        "/api/v1/kpis/{key}/values",
        "/-/healthy",
        "/-/ready",
    }
    push = described["paths"]["/api/v1/values"]["post"]
    assert set(push["responses"]) == {"200", "400", "401", "403", "413", "415", "422"}
    for path, calls in described["paths"].items():
        for call in calls.values():
            assert call["summary"]
            assert call["description"]
            assert bool(call.get("security")) is path.startswith("/api/")
            for status, answer in call["responses"].items():
                if status.startswith("4"):
                    schema = answer["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problems"}


def test_description_of_the_batch_is_what_is_taken(untouched: Stage) -> None:
    described = httpx2.get(f"{untouched.address}/api/openapi.json").json()

    batch = described["paths"]["/api/v1/values"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    items = batch["properties"]["values"]
    assert batch["additionalProperties"] is False
    assert items["maxItems"] == 10_000
    assert set(items["items"]["required"]) == {"kpi", "value", "at"}
    assert set(items["items"]["properties"]) == {"kpi", "value", "at", "segment"}
    for reference in re.findall(r'"\$ref": ?"#/([^"]+)"', httpx2.get(f"{untouched.address}/api/openapi.json").text):
        found = described
        for step in reference.split("/"):
            found = found[step]


def test_signed_request_reaches_slack_as_it_came(with_door: Stage, slack: Slack) -> None:
    body = b"command=%2Fkpi&text=churn \xff"
    headers = [("X-Slack-Signature", "v0=abc"), ("X-Slack-Signature", "v0=def"), ("X-Slack-Request-Timestamp", "17")]

    answer = httpx2.post(f"{with_door.address}/slack/events", content=body, headers=headers)

    assert (answer.status_code, answer.json()) == (200, {"text": "hello"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    ((given, taken),) = slack.taken
    assert taken == body
    assert (given["x-slack-signature"], given["x-slack-request-timestamp"]) == ("v0=abc, v0=def", "17")


def test_what_slack_refuses_is_refused_with_its_status(with_door: Stage, slack: Slack) -> None:
    slack.answer = Said(401, body=b"bad signature")

    answer = httpx2.post(f"{with_door.address}/slack/events", content=b"")

    assert (answer.status_code, answer.content) == (401, b"bad signature")


def test_giant_never_reaches_slack(with_door: Stage, slack: Slack) -> None:
    announced = httpx2.post(f"{with_door.address}/slack/events", content=b"x" * (LARGEST + 1))
    streamed = httpx2.post(f"{with_door.address}/slack/events", content=iter([b"x" * LARGEST, b"x"]))

    assert (announced.status_code, streamed.status_code) == (413, 413)
    assert slack.taken == []


def test_slow_listener_holds_nobody_else_up(database: Database) -> None:
    during: list[int] = []

    def slow(_: Mapping[str, str], __: bytes) -> Answer:
        during.append(httpx2.get(f"{set_up.address}/-/healthy", timeout=5).status_code)
        return Said()

    with staged(database, slack_events=slow) as set_up:
        assert httpx2.post(f"{set_up.address}/slack/events", content=b"", timeout=10).status_code == 200
    assert during == [200]


def test_fault_of_ours_is_told_in_the_same_shape_and_names_no_figure(database: Database) -> None:
    def broken(_: Mapping[str, str], __: bytes) -> Answer:
        raise RuntimeError("churn is 4.31")

    with staged(database, slack_events=broken) as set_up:
        answer = httpx2.post(f"{set_up.address}/slack/events", content=b"")
        metrics = httpx2.get(f"{set_up.address}/metrics").text

    assert answer.status_code == 500
    assert answer.json()["detail"][0]["place"] == "server"
    assert "4.31" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'kpi_bot_http_requests_total{route="/slack/events",status="500"} 1.0' in metrics
