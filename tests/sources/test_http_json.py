import gzip
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.core.source import Connection, Fields, Source
from bot.sources import http_json
from bot.sources.rows import MOST_BYTES, MOST_ROWS, Row, SourceFailed
from bot.sources.web import PUBLIC, Wire
from tests.sources.asking import SPAN, unplaced
from tests.sources.servers import PUBLIC_MACHINE, Certificates, Reply, Rerouted, Server, answer, serving

TOKEN = "tok-5f3c-secret"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def read(server: Server, *, token: str | None = None, seconds: int = 5, wire: Wire = PUBLIC, **given: Any) -> list[Row]:
    """Read from a server on this machine; what is given and not known to a connection describes the source."""
    known = {name: given.pop(name) for name in ("header", "hosts", "token_name") if name in given}
    connection = Connection(
        key="api",
        http=f"http://127.0.0.1:{server.port}/v1",
        loopback=True,
        seconds=seconds,
        token="API_TOKEN" if token else None,
        **known,
    )
    found = http_json.read(Source(connection="api", **given), connection, token=token, span=SPAN, wire=wire)
    return unplaced(found)


def rows(document: object, **given: Any) -> list[Row]:
    with serving(answer(json.dumps(document))) as server:
        return read(server, **given)


def failure(*replies: Reply, **given: Any) -> SourceFailed:
    with serving(*replies) as server, pytest.raises(SourceFailed) as failed:
        read(server, **given)
    return failed.value


def test_one_number_is_a_value_without_a_time() -> None:
    assert rows(3.2) == [Row(3.2)]
    assert rows({"value": 3.2}) == [Row(3.2)]
    assert rows({"churn": {"rate": "3.20"}}, rows="churn.rate") == [Row(3.2)]


def test_a_list_gives_a_row_for_each_of_its_objects() -> None:
    document = {"data": [{"month": "2026-10", "n": 5, "plan": "pro"}, {"month": "2026-11", "n": 7, "plan": None}]}
    fields = Fields(at="month", value="n", segment="plan")
    assert rows(document, rows="data", fields=fields) == [Row(5, "2026-10", "pro"), Row(7, "2026-11", "")]


def test_pointers_and_expressions_name_the_same_parts() -> None:
    document = {"a/b": {"m~n": [{"x": {"y": 1}, "t": "2026-10"}, {"x": {"y": 2}, "t": "2026-11"}]}}
    wanted = [Row(1, "2026-10"), Row(2, "2026-11")]
    assert rows(document, rows="/a~1b/m~0n", fields=Fields(at="/t", value="/x/y")) == wanted
    assert rows(document, rows='"a/b"."m~n"', fields=Fields(at="t", value="x.y")) == wanted
    assert rows(document, rows="/a~1b/m~0n/1", fields=Fields(at="t", value="x.y")) == wanted[1:]


def test_a_list_of_pairs_is_read_by_place() -> None:
    assert rows([[1793491200, "1.5"]], fields=Fields(at="/0", value="/1")) == [Row(1.5, "2026-11-01T00:00:00+00:00")]


def test_columns_named_as_ours_need_no_fields() -> None:
    assert rows([{"at": "2026-11", "value": 1, "segment": "region:eu"}]) == [Row(1, "2026-11", "region:eu")]


def test_only_chooses_among_the_rows() -> None:
    document = [{"kpi": "churn", "value": 1, "n": 2}, {"kpi": "mrr", "value": 2, "n": 2}]
    assert rows(document, only={"kpi": "mrr", "n": "2"}) == [Row(2)]


def test_names_with_spaces_and_dashes_are_names() -> None:
    assert rows({"Net revenue (EUR)": 9, "as-of": "2026-11"}, fields=Fields(at="as-of", value="Net revenue (EUR)")) == [
        Row(9, "2026-11")
    ]


def test_nulls_in_a_list_are_left_out_and_a_lone_null_is_told() -> None:
    assert rows([{"at": "2026-10", "value": None}, {"at": "2026-11", "value": 4}]) == [Row(4, "2026-11")]
    assert failure(answer('{"value": null}')).code == "no_value"


@pytest.mark.parametrize(
    ("given", "text"),
    [(2026, "2026"), (1793491200, "2026-11-01T00:00:00+00:00"), (1793491200000, "2026-11-01T00:00:00+00:00")],
)
def test_a_number_can_be_a_time(given: int, text: str) -> None:
    assert rows([{"at": given, "value": 1}]) == [Row(1, text)]


@pytest.mark.parametrize("at", [True, 12.5, 12345, [1], {"year": 2026}, -1, 10**15])
def test_what_is_no_time_is_told(at: object) -> None:
    assert failure(answer(json.dumps([{"at": at, "value": 1}]))).code == "no_time"


@pytest.mark.parametrize("value", ["3,2", "n/a", "", True, [1], {"x": 1}, "1e5", "NaN", "٣", "1_000"])
def test_what_is_no_number_is_told_without_being_quoted(value: object) -> None:
    failed = failure(answer(json.dumps([{"at": "2026-11", "value": value}])))
    assert failed.code == "no_number"
    assert repr(value) not in failed.problem.removeprefix("the value of row 1")


def test_a_row_that_cannot_be_taken_is_left_to_be_refused_alone() -> None:
    given = [{"at": "2026-10", "value": 1}, {"at": "2026-11", "value": "n/a"}, {"at": [1], "value": 2}]
    assert rows(given) == [Row(1, "2026-10"), Row("n/a", "2026-11"), Row(2, "")]


def test_several_rows_without_a_time_are_refused_unless_they_are_segments() -> None:
    assert failure(answer('[{"value": 1}, {"value": 2}]')).code == "no_time"
    assert rows([{"value": 1, "at": "2026-11"}, {"value": 2}]) == [Row(1, "2026-11"), Row(2, "")]
    assert rows([{"value": 1, "segment": "plan:a"}, {"value": 2, "segment": "plan:b"}]) == [
        Row(1, None, "plan:a"),
        Row(2, None, "plan:b"),
    ]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"rows": "/nothing/here"}, "no_rows"),
        ({"rows": "data[9]"}, "no_rows"),
        ({"rows": "data["}, "expression"),
        ({"rows": "sum(data)"}, "expression"),
        ({"rows": "nonsense(@)"}, "expression"),
        ({"rows": "data", "fields": Fields(value="amount")}, "no_value"),
    ],
)
def test_a_source_that_points_nowhere_is_told(asked: dict[str, Any], code: str) -> None:
    assert failure(answer('{"data": [{"value": "1"}]}'), **asked).code == code


def test_more_rows_than_the_cap_are_refused() -> None:
    many = "[" + ",".join(["1"] * (MOST_ROWS + 1)) + "]"
    assert failure(answer(many)).code == "too_many"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        '{"value": 1',
        "<html>",
        '{"value": NaN}',
        '{"value": Infinity}',
        '{"value": -Infinity}',
        '{"value": 1, "value": 2}',
        '[{"at": "2026-11", "value": 1, "at": "2026-12"}]',
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        "9" * 5000,
        '{"value": 1} {"value": 2}',
        "{'value': 1}",
        '{"value": 01}',
        b'{"value": "\xff\xfe"}',
        '{"value": 1}'.encode("utf-16"),
    ],
    ids=range(18),
)
def test_broken_json_is_refused(body: str | bytes) -> None:
    failed = failure(answer(body))
    assert (failed.code, failed.passing) == ("not_json", False)


def test_json_that_would_swell_in_memory_is_refused() -> None:
    assert failure(answer("[" + "[]," * 1_500_000 + "1]")).code == "too_large"


@pytest.mark.parametrize(
    "kind", ["text/html", "text/plain", "application/xhtml+xml", "", "text/csv", "application/jsonx"]
)
def test_what_does_not_call_itself_json_is_refused(kind: str) -> None:
    assert failure(answer('{"value": 1}', kind)).code == "not_json"


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/vnd.api+json"])
def test_every_kind_of_json_is_taken(kind: str) -> None:
    with serving(answer('{"value": 1}', kind)) as server:
        assert read(server) == [Row(1)]


@pytest.mark.parametrize(
    ("status", "code", "passing"),
    [
        ("204 No Content", "status", False),
        ("301 Moved", "redirected", False),
        ("302 Found", "redirected", False),
        ("307 Temporary Redirect", "redirected", False),
        ("308 Permanent Redirect", "redirected", False),
        ("400 Bad Request", "status", False),
        ("401 Unauthorized", "refused", False),
        ("403 Forbidden", "refused", False),
        ("404 Not Found", "not_found", False),
        ("408 Request Timeout", "status", True),
        ("429 Too Many Requests", "status", True),
        ("500 Internal Server Error", "status", True),
        ("503 Service Unavailable", "status", True),
    ],
)
def test_every_other_status_is_told_with_whether_it_may_pass(status: str, code: str, passing: bool) -> None:
    failed = failure(answer('{"value": 1}', "application/json", status, "Location: http://127.0.0.1/"))
    assert (failed.code, failed.passing) == (code, passing)


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "//127.0.0.1:{port}/", "/v2"]
)
def test_a_redirect_is_never_followed(place: str) -> None:
    with serving(answer("1")) as inside:
        led = "Location: " + place.replace("{port}", str(inside.port))
        with serving(answer("", "text/html", "302 Found", led), answer("1")) as server:
            with pytest.raises(SourceFailed, match="never followed"):
                read(server)
            assert (inside.callers, server.callers) == (0, 1)


def test_the_path_carries_the_days_and_the_base_address_its_own_path() -> None:
    with serving(answer("1")) as server:
        read(server, path="churn?from={since}&to={until}")
        read(server, path="/churn")
        read(server)
    asked = [visit.split(b" ")[1] for visit in server.visits]
    assert asked == [b"/v1/churn?from=2026-09-01&to=2026-11-01", b"/v1/churn", b"/v1"]


def test_a_body_is_posted_as_json() -> None:
    with serving(answer('{"data": {"churn": 2}}')) as server:
        query = {"query": '{ churn(since: "{since}") }', "variables": {"n": 1}}
        assert read(server, path="graphql", post=query, rows="data.churn") == [Row(2)]
    head, _, body = server.visits[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/graphql ")
    assert b"content-type: application/json" in head.lower()
    assert json.loads(body) == {"query": '{ churn(since: "2026-09-01") }', "variables": {"n": 1}}


def test_the_token_is_sent_as_bearer_or_in_its_own_header_and_nothing_else_is_told_of_us() -> None:
    with serving(answer("1")) as server:
        read(server, token=f"{TOKEN}\n")
        read(server, token=TOKEN, header="X-Api-Key")
    first, second = (visit.lower().split(b"\r\n") for visit in server.visits)
    assert f"authorization: bearer {TOKEN}".encode() in first
    assert f"x-api-key: {TOKEN}".encode() in second
    assert not any(line.startswith((b"authorization", b"cookie", b"referer")) for line in second)


@pytest.mark.parametrize("token", ["", " ", "a\r\nX-Evil: 1", "a\x00b", "café"])
def test_a_token_that_no_header_can_carry_is_refused_and_never_quoted(token: str) -> None:
    with serving(answer("1")) as server, pytest.raises(SourceFailed) as failed:
        connection = Connection(key="api", http=f"http://127.0.0.1:{server.port}", loopback=True, token="API_TOKEN")
        http_json.read(Source(connection="api"), connection, token=token, span=SPAN)
    assert failed.value.code == "setting"
    assert "API_TOKEN" in failed.value.problem
    assert not token.strip() or token not in failed.value.problem
    assert server.callers == 0


def test_neither_token_nor_values_nor_the_query_are_logged_or_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    replies = [answer('{"value": 48151623}'), answer('{"value": "48151623x"}'), answer("48151623", "text/html")]
    told = ""
    for reply in replies:
        with serving(reply) as server, suppress(SourceFailed):
            read(server, token=TOKEN, path="churn?key=q-secret")
    for status in ("401 No", "302 Found", "500 No"):
        told += failure(answer("48151623", "text/html", status), token=TOKEN, path="churn?key=q-secret").problem
    for secret in (TOKEN, "48151623", "q-secret"):
        assert secret not in caplog.text + told


# Hostile servers


def drip(pieces: bytes, pause: float = 0.1) -> Callable[[socket.socket], None]:
    def reply(stream: socket.socket) -> None:
        for at in range(len(pieces)):
            stream.sendall(pieces[at : at + 1])
            time.sleep(pause)

    return reply


def endless(head: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    def reply(stream: socket.socket) -> None:
        stream.sendall(head)
        while True:
            stream.sendall(piece)

    return reply


def silent(stream: socket.socket) -> None:
    time.sleep(3)


@pytest.mark.parametrize(
    "reply",
    [
        silent,
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100),
        drip(HEAD + b"Content-Length: 100\r\n\r\n" + b" " * 100, 0.02),
        drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 50, 0.02),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 20, 0.02),
    ],
    ids=["silent", "slow headers", "slow body", "slow chunks", "forever continuing"],
)
def test_a_server_that_buys_time_is_left_when_ours_is_over(reply: Reply) -> None:
    began = time.monotonic()
    failed = failure(reply, seconds=1)
    assert (failed.code, failed.passing) == ("timeout", True)
    assert time.monotonic() - began < 2.5


def test_a_name_that_takes_forever_is_left_when_the_time_is_over() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(3)
        return [PUBLIC_MACHINE]

    connection = Connection(key="api", http="https://api.example.com", seconds=1)
    began = time.monotonic()
    with pytest.raises(SourceFailed) as failed:
        http_json.read(Source(connection="api"), connection, token=None, span=SPAN, wire=Wire(slow))
    assert failed.value.code == "timeout"
    assert time.monotonic() - began < 2


BOMB = gzip.compress(b"[" + b"1," * (MOST_BYTES // 2) + b"1]" + b" " * MOST_BYTES)


@pytest.mark.parametrize(
    "reply",
    [
        endless(HEAD + b"\r\n", b" " * 65536),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n"),
        answer(b" " * (MOST_BYTES + 1)),
        answer(BOMB, "application/json", "200 OK", "Content-Encoding: gzip"),
    ],
    ids=["endless", "endless chunks", "large", "packed"],
)
def test_a_body_beyond_the_cap_is_not_read_to_its_end(reply: Reply) -> None:
    failed = failure(reply, seconds=20)
    assert (failed.code, failed.passing) == ("too_large", False)


@pytest.mark.parametrize("parts", [(b'{"value": 4}',), (b'{"val', b'ue": 4', b"}")], ids=["whole", "in members"])
def test_a_packed_answer_is_unpacked(parts: tuple[bytes, ...]) -> None:
    body = b"".join(gzip.compress(part) for part in parts)
    packed = answer(body, "application/json", "200 OK", "Content-Encoding: gzip")
    with serving(packed) as server:
        assert read(server) == [Row(4)]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(gzip.compress(b"[1]")[:-9], "application/json", "200 OK", "Content-Encoding: gzip"), "broken"),
        (answer(b"no gzip at all", "application/json", "200 OK", "Content-Encoding: gzip"), "broken"),
        (answer("1", "application/json", "200 OK", "Content-Encoding: br"), "encoding"),
        (answer("1", "application/json", "200 OK", "Content-Encoding: gzip, gzip"), "encoding"),
        (HEAD + b"Content-Length: 50\r\n\r\n[1]", "broken"),
        (HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n[1]", "not_json"),
        (HEAD + b"Content-Length: -5\r\n\r\n[1]", "broken"),
        (HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n[1]", "broken"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[1]\r\n0\r\n\r\n", "broken"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n", "broken"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500_000 + b"\r\n\r\n1", "broken"),
        (b"\x16\x03\x01 not http", "broken"),
        (b"", "broken"),
        (b"HTTP/1.1 200 OK\r\n", "broken"),
        (b"HTTP/9.9 200 OK\r\n\r\n", "not_json"),
    ],
    ids=range(15),
)
def test_an_answer_that_breaks_the_rules_is_refused(reply: bytes, code: str) -> None:
    assert failure(reply).code == code


def test_a_closed_door_may_open_later() -> None:
    with serving(answer("1")) as server:
        pass
    with pytest.raises(SourceFailed) as failed:
        read(server)
    assert (failed.value.code, failed.value.passing) == ("unreachable", True)


# Public machines, played by a server here


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def api(certificates: Certificates) -> Iterator[Server]:
    with serving(answer('{"value": 7}'), trust=certificates.server()) as server:
        yield server


API = Connection(key="api", http="https://api.example.com/v1", hosts=("docs.google.com",), seconds=5)


def test_the_machine_spoken_to_is_the_one_that_was_checked(certificates: Certificates, api: Server) -> None:
    answers = iter([[PUBLIC_MACHINE], ["127.0.0.1"], ["10.0.0.1"]])
    network = Rerouted(api.port)
    wire = certificates.wire(network)._replace(resolve=lambda host, port: next(answers))
    assert http_json.read(Source(connection="api"), API, token=TOKEN, span=SPAN, wire=wire) == [Row(7, place="row 1")]
    assert network.meant == [(PUBLIC_MACHINE, 443)]
    assert b"host: api.example.com\r\n" in api.visits[0].lower()


def test_a_machine_that_does_not_answer_is_followed_by_the_next(certificates: Certificates, api: Server) -> None:
    class FirstIsDown(Rerouted):
        def connect_tcp(self, host: str, *others: Any, **more: Any) -> Any:
            port = self._port
            self._port = port if host == PUBLIC_MACHINE else 1
            try:
                return super().connect_tcp(host, *others, **more)
            finally:
                self._port = port

    network = FirstIsDown(api.port)
    wire = certificates.wire(network)._replace(resolve=lambda host, port: ["2606:4700::1111", PUBLIC_MACHINE])
    assert http_json.read(Source(connection="api"), API, token=None, span=SPAN, wire=wire) == [Row(7, place="row 1")]
    assert [host for host, _ in network.meant] == ["2606:4700::1111", PUBLIC_MACHINE]


@pytest.mark.parametrize("known", ["other", "good"])
def test_a_certificate_that_does_not_hold_ends_it_before_the_token_is_sent(
    certificates: Certificates, known: str
) -> None:
    """Either signed by nobody we know, or for another name."""
    with serving(answer("1"), trust=certificates.server("other")) as server:
        wire = certificates.wire(Rerouted(server.port), known)
        with pytest.raises(SourceFailed) as failed:
            http_json.read(Source(connection="api"), API, token=TOKEN, span=SPAN, wire=wire)
    assert (failed.value.code, failed.value.passing) == ("certificate", False)
    assert server.visits == []


@pytest.mark.parametrize(
    "path",
    [
        "https://other.example.com/",
        "https://api.example.com:8443/v1",
        "https://docs.google.com:444/",
        "http://api.example.com/",
    ],
)
def test_a_path_leads_to_listed_hosts_and_ports_alone(certificates: Certificates, api: Server, path: str) -> None:
    wire = certificates.wire(Rerouted(api.port))
    with pytest.raises(SourceFailed) as failed:
        http_json.read(Source(connection="api", path=path), API, token=TOKEN, span=SPAN, wire=wire)
    assert failed.value.code == "address"
    assert api.callers == 0


@pytest.mark.parametrize("path", ["https://docs.google.com/x", "@evil.example.com/", "//evil.example.com/", "../../x"])
def test_a_path_that_looks_like_a_host_stays_a_path(certificates: Certificates, api: Server, path: str) -> None:
    network = Rerouted(api.port)
    read = http_json.read(
        Source(connection="api", path=path), API, token=None, span=SPAN, wire=certificates.wire(network)
    )
    assert read == [Row(7, place="row 1")]
    host = b"docs.google.com" if path.startswith("https") else b"api.example.com"
    assert b"host: " + host + b"\r\n" in api.visits[0].lower()


def test_no_proxy_of_the_environment_is_used(
    certificates: Certificates, api: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(answer("9")) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        wire = certificates.wire(Rerouted(api.port))
        assert http_json.read(Source(connection="api"), API, token=None, span=SPAN, wire=wire) == [
            Row(7, place="row 1")
        ]
        assert proxy.callers == 0


def test_a_token_goes_to_the_connections_own_host_and_port_alone() -> None:
    with serving(answer("7")) as own, serving(answer("8")) as other:
        connection = Connection(
            key="api",
            http=f"http://127.0.0.1:{own.port}",
            loopback=True,
            hosts=(f"127.0.0.1:{other.port}",),
            token="API_TOKEN",
        )
        for path, value in (("/x", 7), (f"http://127.0.0.1:{other.port}/x", 8)):
            source = Source(connection="api", path=path)
            assert http_json.read(source, connection, token=TOKEN, span=SPAN)[0].value == value
    assert TOKEN.encode() in own.visits[0]
    assert TOKEN.encode() not in other.visits[0]
