"""Where the sandbox listens, who is let in there, and what it says when it cannot."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request

import pytest

from bot.sandbox import CannotServe, Server, serve
from tests.sandbox.doors import control
from tests.sandbox.fixtures import small_sandbox


def test_every_loopback_address_is_guarded_against_foreign_names() -> None:
    sandbox = small_sandbox()
    with serve(sandbox, host="127.0.0.2"):
        assert "now" in control(sandbox, "clock")
        foreign = urllib.request.Request(f"{sandbox.address}/_sandbox/clock", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="421"):
            urllib.request.urlopen(foreign, timeout=5)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine knows no IPv6")
def test_it_listens_on_the_newer_kind_of_address_too() -> None:
    sandbox = small_sandbox()
    try:
        with serve(sandbox, host="::1"):
            assert sandbox.address.startswith("http://[::1]:")
            with urllib.request.urlopen(f"{sandbox.address}/_sandbox/clock", timeout=5) as answer:
                assert "now" in json.load(answer)
    except CannotServe as refused:
        pytest.skip(str(refused))


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid", "2001:db8::7"])
def test_a_host_that_is_not_ours_is_told_as_such(host: str) -> None:
    with pytest.raises(CannotServe, match="with --host") as told, serve(small_sandbox(), host=host):
        pass
    assert host in str(told.value)
    assert "--port" not in str(told.value)


def test_a_sandbox_that_never_started_gives_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "run", lambda _: None)
    with pytest.raises(CannotServe, match="ended before it answered"), serve(small_sandbox()):
        pass
