"""Modals and Home tabs: triggers, stacks, hashes, external ids."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from bot.sandbox import BotApp, Sandbox, serve
from tests.sandbox.asking import asked, error, refused
from tests.sandbox.fixtures import client, client_of, sandbox, small_sandbox

__all__ = ["client", "sandbox"]

MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
HOME = {"type": "home", "blocks": []}


def trigger(sandbox: Sandbox, view: str | None = None) -> str:
    return sandbox.workspace.new_trigger("U0ANA", view).id


def opened(sandbox: Sandbox, client: WebClient, **fields: Any) -> dict[str, Any]:
    view: dict[str, Any] = asked(client, "views.open", trigger_id=trigger(sandbox), view={**MODAL, **fields})["view"]
    return view


def test_a_home_view_is_published_and_a_stale_hash_is_refused(client: WebClient) -> None:
    first = asked(client, "views.publish", user_id="U0ANA", view=HOME)["view"]
    asked(client, "views.publish", user_id="U0ANA", view=HOME, hash=first["hash"])
    assert error(client, "views.publish", user_id="U0ANA", view=HOME, hash=first["hash"]) == "hash_conflict"
    answer = refused(client, "views.publish", user_id="U0NONE", view=HOME)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] invalid `user_id`"]


def test_a_home_view_can_be_updated_by_its_id(sandbox: Sandbox, client: WebClient) -> None:
    first = asked(client, "views.publish", user_id="U0ANA", view=HOME)["view"]
    new = {**HOME, "callback_id": "newer"}
    assert asked(client, "views.update", view_id=first["id"], view=new)["view"]["callback_id"] == "newer"
    assert error(client, "views.update", view_id=first["id"], view=MODAL) == "invalid_arguments"


def test_a_home_tab_that_is_switched_off_is_not_published() -> None:
    sandbox = small_sandbox(app=BotApp(home_tab=False))
    with serve(sandbox):
        assert error(client_of(sandbox), "views.publish", user_id="U0ANA", view=HOME) == "not_enabled"


def test_a_trigger_is_good_once_and_for_three_seconds(sandbox: Sandbox, client: WebClient) -> None:
    fresh = trigger(sandbox)
    asked(client, "views.open", trigger_id=fresh, view=MODAL)
    assert error(client, "views.open", trigger_id=fresh, view=MODAL) == "exchanged_trigger_id"
    late = trigger(sandbox)
    sandbox.clock.advance(timedelta(seconds=3.1))
    assert error(client, "views.open", trigger_id=late, view=MODAL) == "expired_trigger_id"
    assert error(client, "views.open", trigger_id="1.2.x", view=MODAL) == "invalid_trigger_id"
    answer = refused(client, "views.open", view=MODAL)
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: trigger_id"]


def test_a_view_that_is_none_is_refused_before_its_trigger_is_used(sandbox: Sandbox, client: WebClient) -> None:
    fresh = trigger(sandbox)
    bad: object
    for bad in ({**MODAL, "blocks": 1}, HOME, {**MODAL, "title": None}, "[", []):
        assert error(client, "views.open", trigger_id=fresh, view=bad) == "invalid_arguments"
    words = {"type": "section", "text": {"type": "plain_text", "text": "a" * 2900}}
    assert error(client, "views.open", trigger_id=fresh, view={**MODAL, "blocks": [words] * 100}) == "view_too_large"
    asked(client, "views.open", trigger_id=fresh, view=MODAL)


def test_modals_stack_to_three(sandbox: Sandbox, client: WebClient) -> None:
    assert error(client, "views.push", trigger_id=trigger(sandbox), view=MODAL) == "not_found"
    root = view = opened(sandbox, client)
    for _ in range(2):
        view = asked(client, "views.push", trigger_id=trigger(sandbox, view["id"]), view=MODAL)["view"]
    assert view["root_view_id"] == root["id"]
    assert error(client, "views.push", trigger_id=trigger(sandbox, view["id"]), view=MODAL) == "push_limit_reached"


def test_a_modal_is_updated_while_it_is_open(sandbox: Sandbox, client: WebClient) -> None:
    view = opened(sandbox, client, external_id="mine")
    changed = asked(client, "views.update", external_id="mine", hash=view["hash"], view=MODAL)["view"]
    assert changed["hash"] != view["hash"]
    assert error(client, "views.update", view_id=view["id"], hash=view["hash"], view=MODAL) == "hash_conflict"
    assert error(client, "views.update", view_id="V0NONE", view=MODAL) == "not_found"
    answer = refused(client, "views.update", view=MODAL)
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: view_id"]
    sandbox.user("ana").close(everything=True)
    assert error(client, "views.update", view_id=view["id"], view=MODAL) == "not_found"


def test_an_external_id_is_had_by_one_open_view(sandbox: Sandbox, client: WebClient) -> None:
    view = opened(sandbox, client, external_id="mine")
    second = {"trigger_id": trigger(sandbox, view["id"]), "view": {**MODAL, "external_id": "mine"}}
    assert error(client, "views.push", **second) == "duplicate_external_id"
    asked(client, "views.update", view_id=view["id"], view={**MODAL, "external_id": "mine"})
