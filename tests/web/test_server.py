"""The server: where it listens, that it says so when it cannot, and that it stops."""

import socket
import threading
import time
from collections.abc import Mapping

import httpx2
import pytest

from bot.core.errors import KpiBotError
from bot.store.database import Database
from bot.web.api import build_web
from bot.web.server import LOOPBACK, serve
from bot.web.slack_events import Answer
from tests.web.stage import Said, Stage, staged


def test_server_answers_within_its_block_and_not_after_it(database: Database) -> None:
    with staged(database) as stage:
        assert httpx2.get(f"{stage.address}/-/healthy").status_code == 200

    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{stage.address}/-/healthy")


def test_port_in_use_is_named_together_with_the_setting(stage: Stage) -> None:
    port = int(stage.address.rpartition(":")[2])
    app = build_web(stage.house, slack_events=None, secret_key="")

    with pytest.raises(KpiBotError, match=rf"port {port} on 127\.0\.0\.1 is in use.*PORT"), serve(app, LOOPBACK, port):
        pass


@pytest.mark.parametrize(("host", "port"), [(LOOPBACK, 70_000), ("192.0.2.1", 0), ("no.such.host.invalid", 0)])
def test_place_nobody_can_listen_at_is_refused_in_words(stage: Stage, host: str, port: int) -> None:
    app = build_web(stage.house, slack_events=None, secret_key="")

    with pytest.raises(KpiBotError, match="PORT"), serve(app, host, port):
        pass


def test_request_under_way_is_answered_before_the_server_stops(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()
    answers: list[int] = []

    def slow(_: Mapping[str, str], __: bytes) -> Answer:
        begun.set()
        go_on.wait(5)
        return Said()

    def call() -> None:
        answers.append(httpx2.post(f"{stage.address}/slack/events", content=b"").status_code)

    with staged(database, slack_events=slow) as stage:
        caller = threading.Thread(target=call)
        caller.start()
        begun.wait(5)
        threading.Timer(0.2, go_on.set).start()
    caller.join(5)

    assert answers == [200]


def test_idle_and_half_open_connections_do_not_keep_the_server(database: Database) -> None:
    with staged(database) as stage:
        host, _, port = stage.address.removeprefix("http://").partition(":")
        idle = socket.create_connection((host, int(port)))
        half = socket.create_connection((host, int(port)))
        half.sendall(b"POST /api/v1/values HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        began = time.perf_counter()
    idle.close()
    half.close()

    assert time.perf_counter() - began < 6


def test_small_answers_are_not_held_back_by_the_network(untouched: Stage) -> None:
    took = []
    for _ in range(40):
        began = time.perf_counter()
        untouched.client.get("/api/v1/kpis/mrr")
        took.append(time.perf_counter() - began)

    # The network's pause is 40 ms, on nearly every answer after the first few; a busy machine is not slow every time.
    assert min(took[20:]) < 0.035


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"\x16\x03\x01",
    ],
)
def test_what_is_no_http_harms_nobody(untouched: Stage, head: bytes) -> None:
    host, _, port = untouched.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head)
        connection.shutdown(socket.SHUT_WR)
        assert b" 500 " not in connection.recv(1000)

    assert untouched.client.get("/-/healthy").status_code == 200
