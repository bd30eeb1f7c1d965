"""A sandbox that runs for long keeps what can still be asked for, and forgets the rest."""

from __future__ import annotations

import time
import urllib.parse
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, journal, serve, server
from bot.sandbox.methods import rates
from bot.sandbox.state import handed_out, workspace
from bot.sandbox.state.records import View
from bot.sandbox.towards_app import sockets
from tests.sandbox.asking import error
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox
from tests.sandbox.test_socket_mode import dialled, heard

__all__ = ["client", "sandbox"]


def test_used_and_old_triggers_are_forgotten_and_good_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed_out, "KEPT_TRIGGERS", 3)
    kept = small_sandbox().workspace
    for _ in range(10):
        kept.new_trigger("U0ANA").used = True
    assert len(kept.triggers) <= 4
    good = [kept.new_trigger("U0ANA") for _ in range(10)]
    assert all(one.id in kept.triggers for one in good)
    kept.clock.advance(timedelta(seconds=4))
    kept.new_trigger("U0ANA")
    assert len(kept.triggers) == 3


def test_old_response_urls_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed_out, "KEPT_RESPONSE_URLS", 5)
    kept = small_sandbox().workspace
    for _ in range(10):
        newest = kept.new_response_url("U0ANA", "C0REV")
    assert (len(kept.response_urls), newest.id in kept.response_urls) == (5, True)
    kept.clock.advance(timedelta(minutes=31))
    kept.new_response_url("U0ANA", "C0REV")
    assert len(kept.response_urls) == 1


def test_views_nobody_has_open_are_forgotten_and_open_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "KEPT_VIEWS", 5)
    kept = small_sandbox().workspace
    for number in range(20):
        view = View(f"V{number}", "U0ANA", {"type": "modal"}, "", f"V{number}")
        if number in (0, 1):
            kept.modals.setdefault("U0ANA", []).append(view.id)
        kept.keep_view(view)
    assert list(kept.views) == ["V0", "V1", "V17", "V18", "V19"]


def test_warnings_are_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "KEPT_WARNINGS", 3)
    kept = small_sandbox()
    for number in range(10):
        kept.workspace.warn("U0ANA", str(number))
    assert kept.user("ana").warnings == ["7", "8", "9"]


def test_tickets_nobody_used_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "KEPT_TICKETS", 3)
    sandbox = small_sandbox()
    with serve(sandbox):
        caller = client_of(sandbox, "xapp-sandbox")
        urls = [caller.apps_connections_open(app_token="xapp-sandbox")["url"] for _ in range(5)]
        assert len({urllib.parse.urlsplit(url).query for url in urls}) == 5
        assert len(sandbox.sockets._tickets) == 3


def test_names_of_no_channel_leave_no_buckets_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "KEPT_BUCKETS", 10)
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    limits = rates.RateLimits(on=True)
    for number in range(100):
        limits.count("chat.postMessage", None, f"C{number}")
        clock[0] += 1
    assert len(limits._buckets) <= 10
    for _ in range(rates.POST_BURST):
        limits.count("chat.postMessage", None, "C0REV")
    with pytest.raises(rates.RateLimited):
        limits.count("chat.postMessage", None, "C0REV")


def test_the_journal_forgets_a_method_with_its_last_call(
    sandbox: Sandbox, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "KEPT", 3)
    for number in range(10):
        assert error(client, f"made.up{number}") == "unknown_method"
    assert [call.method for call in sandbox.calls()] == ["made.up7", "made.up8", "made.up9"]
    assert len(sandbox.journal._by_method) == 3


def test_a_websocket_is_no_connection_that_could_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:

    made: list[server.OpenConnections] = []

    class Watched(server.OpenConnections):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(server, "OpenConnections", Watched)
    sandbox = small_sandbox()
    with serve(sandbox):
        for _ in range(3):
            with dialled(sandbox) as one:
                assert heard(one)["type"] == "hello"
        sandbox.wait_for(lambda: not made[0]._transports)
