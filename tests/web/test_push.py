"""``POST /api/v1/values``: what is taken, what is refused by which place, and that nothing is stored half."""

import json
import socket
import time
from typing import Any

import pytest

from bot.store import alerts, audit, outbox, values
from bot.store.values import Origin
from bot.web.batch import MOST_PROBLEMS, MOST_VALUES
from bot.web.bodies import LARGEST
from tests.databases import KINDS
from tests.web.stage import Stage

GOOD = {"kpi": "churn_rate", "value": 2.1, "at": "2026-10"}


def problems(stage: Stage, *items: Any) -> list[tuple[str, str]]:
    """The places and problems of a batch that is refused, each with words that say what to do or why."""
    answer = stage.push(*items)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()) == {"detail"}
    for one in answer.json()["detail"]:
        assert set(one) == {"place", "problem", "remedy"}
    return [(one["place"], one["problem"]) for one in answer.json()["detail"]]


@pytest.mark.parametrize("kind", KINDS)
def test_value_is_stored_with_its_origin_and_the_token_as_author(stage: Stage) -> None:
    answer = stage.push(GOOD, {"kpi": "uptime", "value": 99.95, "at": "2026-11-21T10:00:00+01:00"})

    assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "unchanged": 0, "corrected": 0, "alerts": 0})
    with stage.house.database.reading() as tx:
        (churn,) = values.records(tx, "churn_rate", "")
        (uptime,) = values.records(tx, "uptime", "")
    assert (churn.value, churn.origin, churn.author) == (2.1, Origin.API, "all of it")
    assert churn.recorded_at == stage.now
    assert (uptime.value, uptime.first.isoformat()) == (99.95, "2026-11-21")


@pytest.mark.parametrize("kind", KINDS)
def test_same_value_again_changes_nothing(stage: Stage) -> None:
    stage.push(GOOD)

    answer = stage.push(GOOD, GOOD)

    assert answer.json() == {"accepted": 0, "unchanged": 2, "corrected": 0, "alerts": 0}
    with stage.house.database.reading() as tx:
        assert values.records(tx, "churn_rate", "")[0].replaced == ()


@pytest.mark.parametrize("kind", KINDS)
def test_correction_keeps_what_was_before(stage: Stage) -> None:
    stage.push(GOOD)

    answer = stage.push(GOOD | {"value": 2.3})

    assert answer.json() == {"accepted": 0, "unchanged": 0, "corrected": 1, "alerts": 0}
    with stage.house.database.reading() as tx:
        (record,) = values.records(tx, "churn_rate", "")
    assert (record.value, [was.value for was in record.replaced]) == (2.3, [2.1])


@pytest.mark.parametrize("kind", KINDS)
def test_value_past_its_threshold_opens_an_alert_and_wakes_delivery(stage: Stage) -> None:
    answer = stage.push(GOOD | {"value": 4.3})

    assert answer.json()["alerts"] >= 1
    with stage.house.database.reading() as tx:
        opened = alerts.open_alerts(tx)
        assert len(opened) == answer.json()["alerts"]
        assert "churn-rate-critical" in {alert.rule for alert in opened}
        assert outbox.counts(tx)["pending"] >= 1
    assert stage.nudges == [stage.now]


def test_push_is_in_the_audit_without_its_figures(stage: Stage) -> None:
    stage.push(GOOD | {"value": 2.187})

    with stage.house.database.reading() as tx:
        rows = tx.exec_driver_sql("SELECT who, what, subject, detail FROM audit ORDER BY id").all()
        assert audit.verify(tx) is None
    assert [tuple(row)[:3] for row in rows][-1] == ("all of it", "values", "api")
    assert "2.187" not in str(rows)


@pytest.mark.parametrize(
    ("item", "place", "said"),
    [
        (GOOD | {"kpi": "churn_rat"}, "values[1].kpi", "unknown KPI 'churn_rat'"),
        (GOOD | {"kpi": "CHURN_RATE"}, "values[1].kpi", "unknown KPI"),
        (GOOD | {"kpi": ""}, "values[1].kpi", "unknown KPI ''"),
        (GOOD | {"kpi": 7}, "values[1].kpi", "must be text"),
        (GOOD | {"kpi": None}, "values[1].kpi", "must be text"),
        (GOOD | {"kpi": "x" * 201}, "values[1].kpi", "longer than 200"),
        (GOOD | {"value": True}, "values[1].value", "must be a number, not true or false"),
        (GOOD | {"value": "12"}, "values[1].value", "must be a number, not text"),
        (GOOD | {"value": "1.234,5"}, "values[1].value", "must be a number, not text"),
        (GOOD | {"value": ""}, "values[1].value", "must be a number, not text"),
        (GOOD | {"value": None}, "values[1].value", "must be a number, not nothing"),
        (GOOD | {"value": [1]}, "values[1].value", "must be a number"),
        (GOOD | {"value": {}}, "values[1].value", "must be a number"),
        (GOOD | {"value": 1e300}, "values[1].value", "finite number of ordinary size"),
        (GOOD | {"at": "2026-W40"}, "values[1].at", "weekly period"),
        (GOOD | {"at": "2026-13"}, "values[1].at", "not in the calendar"),
        (GOOD | {"at": "2026-12"}, "values[1].at", "future"),
        (GOOD | {"at": "2026-11-22T12:06:00Z"}, "values[1].at", "future"),
        (GOOD | {"at": "2026-11-22T08:00:00"}, "values[1].at", "zone"),
        (GOOD | {"at": "0001-01-01T00:00:00+14:00"}, "values[1].at", "outside the calendar"),
        (GOOD | {"at": "9999-12-31T23:59:59-14:00"}, "values[1].at", "outside the calendar"),
        (GOOD | {"at": "yesterday"}, "values[1].at", "no period"),
        (GOOD | {"at": ""}, "values[1].at", "no period"),
        (GOOD | {"at": 1700000000}, "values[1].at", "must be text"),
        (GOOD | {"segment": "region:north"}, "values[1].segment", "no segment 'region:north'"),
        (GOOD | {"segment": None}, "values[1].segment", "must be text"),
        (GOOD | {"unit": "percent"}, "values[1].unit", "unknown key"),
        ({"kpi": "churn_rate", "value": 2.1}, "values[1].at", "is missing"),
        ({"kpi": "churn_rate", "at": "2026-10"}, "values[1].value", "is missing"),
        ({"value": 2.1, "at": "2026-10"}, "values[1].kpi", "is missing"),
        ([], "values[1]", "must be an object"),
        (None, "values[1]", "must be an object"),
        (3, "values[1]", "must be an object"),
    ],
)
def test_bad_item_is_named_by_its_place(untouched: Stage, item: Any, place: str, said: str) -> None:
    ((at, problem),) = problems(untouched, GOOD, item)

    assert at == place
    assert said in problem
    assert untouched.stored("churn_rate") == {}
    assert untouched.nudges == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400, "9" * 5000])
def test_number_no_float_can_hold_is_refused_by_its_place(untouched: Stage, number: str) -> None:
    answer = untouched.push_raw(f'{{"values":[{{"kpi":"churn_rate","at":"2026-10","value":{number}}}]}}'.encode())

    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["detail"]] == ["values[0].value"]


@pytest.mark.parametrize(("number", "kept"), [("-0.0", 0.0), ("0", 0.0), ("-3", -3.0), ("2.5e0", 2.5), ("3", 3.0)])
def test_every_ordinary_number_is_kept_exactly(stage: Stage, number: str, kept: float) -> None:
    answer = stage.push_raw(f'{{"values":[{{"kpi":"mrr","at":"2026-10","value":{number}}}]}}'.encode())

    assert answer.status_code == 200, answer.text
    assert repr(stage.stored("mrr")["2026-10"]) == repr(kept)


def test_all_bad_items_are_named_at_once(untouched: Stage) -> None:
    found = problems(
        untouched,
        GOOD | {"value": "x"},
        GOOD,
        {"kpi": 3, "colour": "red"},
        GOOD | {"kpi": "nonsense"},
        GOOD | {"at": "never"},
    )

    assert [place for place, _ in found] == [
        "values[0].value",
        "values[2].colour",
        "values[2].value",
        "values[2].at",
        "values[2].kpi",
        "values[3].kpi",
        "values[4].at",
    ]


def test_list_of_problems_ends_somewhere(untouched: Stage) -> None:
    found = problems(untouched, *[GOOD | {"value": None}] * 500)

    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == ("values", f"more than {MOST_PROBLEMS} things are wrong; these are the first")


@pytest.mark.parametrize("kind", KINDS)
def test_one_bad_item_keeps_the_whole_batch_out(stage: Stage) -> None:
    stage.push(GOOD)

    found = problems(stage, GOOD | {"value": 9.9}, GOOD | {"at": "2026-09"}, GOOD | {"at": "someday"})

    assert [place for place, _ in found] == ["values[2].at"]
    assert stage.stored("churn_rate") == {"2026-10": 2.1}


@pytest.mark.parametrize("kind", KINDS)
def test_two_values_for_one_period_keep_the_whole_batch_out(stage: Stage) -> None:
    found = problems(stage, GOOD | {"at": "2026-09"}, GOOD, GOOD | {"value": 2.2, "at": "2026-10-31T10:00:00Z"})

    assert [place for place, _ in found] == ["values[2]"]
    assert stage.stored("churn_rate") == {}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"values":[],"dry_run":true}', "dry_run"),
        (b"{}", "values"),
        (b'{"values":null}', "values"),
        (b'{"values":{}}', "values"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'"values"', "body"),
        (b"NaN", "body"),
    ],
)
def test_json_that_is_no_batch_is_refused(untouched: Stage, body: bytes, place: str) -> None:
    answer = untouched.push_raw(body)

    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["detail"]] == [place]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is no JSON"),
        (b"{", "line 1, column 2"),
        (b'{"values":[1,]}', "is no JSON"),
        (b"kpi=churn_rate", "is no JSON"),
        (b'\xef\xbb\xbf{"values":[]}', "is no JSON"),
        (b'{"values":["\xff"]}', "is not UTF-8 at byte 12"),
        ('{"values":[]}'.encode("utf-16"), "is not UTF-8"),
        (b'{"values":[],"values":[]}', "the key 'values' twice"),
        (b'{"values":[{"kpi":"mrr","at":"2026-10","value":1,"value":2}]}', "the key 'value' twice"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
    ],
)
def test_body_that_is_no_json_is_refused(untouched: Stage, body: bytes, said: str) -> None:
    answer = untouched.push_raw(body)

    assert answer.status_code == 400
    (one,) = answer.json()["detail"]
    assert one["place"] == "body"
    assert said in one["problem"]


@pytest.mark.parametrize("body", [b'{"values":[{"kpi":"\\ud800","at":"\\udfff","value":1}]}', b'{"\\ud800":1}'])
def test_half_a_character_is_refused_and_told_of(untouched: Stage, body: bytes) -> None:
    assert untouched.push_raw(body).status_code == 422


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_body_that_is_not_said_to_be_json_is_refused(untouched: Stage, content_type: str) -> None:
    answer = untouched.push_raw(json.dumps({"values": [GOOD]}).encode(), content_type)

    assert answer.status_code == 415
    assert untouched.stored("churn_rate") == {}


def test_json_in_utf_8_may_say_so(stage: Stage) -> None:
    body = json.dumps({"values": [GOOD]}).encode()

    assert stage.push_raw(body, 'Application/JSON; charset="UTF-8"').status_code == 200


def test_compressed_body_is_refused_for_what_it_is(untouched: Stage) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    answer = untouched.client.post("/api/v1/values", content=b"\x1f\x8b", headers=headers)

    assert (answer.status_code, answer.json()["detail"][0]["place"]) == (415, "content-encoding")


def test_empty_batch_is_taken_and_changes_nothing(untouched: Stage) -> None:
    assert untouched.push().json() == {"accepted": 0, "unchanged": 0, "corrected": 0, "alerts": 0}


def test_body_of_exactly_1_mib_is_read_and_one_byte_more_is_not(stage: Stage) -> None:
    whole = json.dumps({"values": [GOOD]}).encode()
    padded = whole + b" " * (LARGEST - len(whole))

    assert stage.push_raw(padded).status_code == 200
    answer = stage.push_raw(padded + b" ")
    assert (answer.status_code, answer.json()["detail"][0]["problem"]) == (413, "is larger than 1 MiB")


def test_body_whose_length_is_not_announced_is_cut_off_too(untouched: Stage) -> None:
    answer = untouched.client.post(
        "/api/v1/values", content=iter([b" " * 65536] * 17), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413


def test_announced_giant_is_refused_before_it_is_sent(untouched: Stage) -> None:
    host, port = untouched.address.removeprefix("http://").split(":")
    head = (
        f"POST /api/v1/values HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Authorization: {untouched.client.headers['Authorization']}\r\nContent-Length: 10000000000\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head.encode())
        assert connection.recv(200).startswith(b"HTTP/1.1 413")


def test_chunked_batch_within_the_limit_is_taken(stage: Stage) -> None:
    whole = json.dumps({"values": [GOOD]}).encode()

    answer = stage.client.post(
        "/api/v1/values", content=iter([whole[:20], whole[20:]]), headers={"Content-Type": "application/json"}
    )

    assert answer.json()["accepted"] == 1


def test_more_than_10_000_values_are_refused_together(untouched: Stage) -> None:
    body = b'{"values":[' + b",".join([b"1"] * (MOST_VALUES + 1)) + b"]}"

    answer = untouched.push_raw(body)

    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["detail"]] == ["values"]


def test_10_000_values_are_taken_in_one_request(stage: Stage) -> None:
    days = [
        f"{year}-{month:02d}-{day:02d}" for year in range(1991, 2022) for month in range(1, 13) for day in range(1, 28)
    ]
    items = [{"kpi": "uptime", "value": 99.5, "at": day} for day in days[:MOST_VALUES]]

    began = time.perf_counter()
    answer = stage.push_raw(json.dumps({"values": items}, separators=(",", ":")).encode())

    assert answer.json()["accepted"] == MOST_VALUES
    assert time.perf_counter() - began < 5


def test_client_that_leaves_half_way_stores_nothing_and_harms_nobody(stage: Stage) -> None:
    host, port = stage.address.removeprefix("http://").split(":")
    head = (
        f"POST /api/v1/values HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Authorization: {stage.client.headers['Authorization']}\r\nContent-Length: 500\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head.encode() + json.dumps({"values": [GOOD]}).encode())

    assert stage.stored("churn_rate") == {}
    assert stage.push(GOOD).json()["accepted"] == 1
