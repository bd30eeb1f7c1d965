"""Who may knock at a sandbox on loopback: its own page and programs of this machine, and no other site."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from bot.sandbox import Sandbox, serve
from bot.sandbox.doorkeeper import from_here
from tests.sandbox.fixtures import sandbox, small_sandbox

__all__ = ["sandbox"]


def asked(sandbox: Sandbox, method: str, path: str, **headers: str) -> tuple[int, str]:
    place = urlsplit(sandbox.address)
    assert place.hostname
    connection = http.client.HTTPConnection(place.hostname, place.port)
    body = '{"advance": 60}' if method == "POST" else None
    connection.request(method, path, body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize("path", ["/", "/_sandbox/state", "/api/api.test"])
def test_a_foreign_name_that_points_here_gets_nothing(sandbox: Sandbox, path: str) -> None:
    status, words = asked(sandbox, "GET", path, Host="evil.example.com")
    assert status == 421
    assert "localhost" in words


def test_the_machines_own_names_are_known_with_any_port(sandbox: Sandbox) -> None:
    for name in ("localhost", "127.0.0.1:8765", "[::1]:8765"):
        assert asked(sandbox, "GET", "/", Host=name)[0] == 200
    assert asked(sandbox, "GET", "/", Host="[::1")[0] == 421


def test_another_site_cannot_act_and_our_own_page_can(sandbox: Sandbox) -> None:
    before = sandbox.clock.now()
    for method, path in (
        ("POST", "/_sandbox/clock"),
        ("DELETE", "/_sandbox/faults"),
        ("POST", "/api/chat.postMessage"),
    ):
        assert asked(sandbox, method, path, Origin="https://evil.example.com")[0] == 403
        assert asked(sandbox, method, path, Origin="null")[0] == 403
    assert sandbox.clock.now() == before
    assert asked(sandbox, "POST", "/_sandbox/clock", Origin=sandbox.address)[0] == 200
    assert (sandbox.clock.now() - before).total_seconds() == 60


def test_a_page_is_told_by_its_origin_and_a_program_has_none() -> None:
    assert from_here({"host": "localhost:1"})
    assert from_here({"host": "localhost:1", "origin": "http://localhost:1"})
    assert not from_here({"host": "localhost:1", "origin": "http://localhost:2"})


def test_whoever_listens_for_other_machines_is_reached_by_any_name() -> None:
    sandbox = small_sandbox()
    with serve(sandbox, host="0.0.0.0"):
        assert asked(sandbox, "GET", "/", Host="slack.test")[0] == 200
        assert asked(sandbox, "POST", "/_sandbox/clock", Host="slack.test", Origin="http://evil.test")[0] == 403


def test_another_site_cannot_look_through_the_control_doors(sandbox: Sandbox) -> None:
    for site in ("cross-site", "same-site"):
        assert asked(sandbox, "GET", "/_sandbox/calls?wait=60", **{"Sec-Fetch-Site": site})[0] == 403
        assert asked(sandbox, "GET", "/", **{"Sec-Fetch-Site": site})[0] == 200
    for site in ("same-origin", "none"):
        assert asked(sandbox, "GET", "/_sandbox/clock", **{"Sec-Fetch-Site": site})[0] == 200
