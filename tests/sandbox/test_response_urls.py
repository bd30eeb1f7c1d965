"""response_urls: how often, how long, and what they replace."""

from __future__ import annotations

import json
from datetime import timedelta

from slack_sdk.webhook import WebhookClient

from bot.sandbox import Sandbox
from tests.sandbox.fixtures import client, sandbox

__all__ = ["client", "sandbox"]


def hook_of(sandbox: Sandbox) -> WebhookClient:
    return WebhookClient(f"{sandbox.address}/_response/{sandbox.workspace.new_response_url('U0ANA', 'C0REV').id}")


def test_a_response_url_is_used_five_times(sandbox: Sandbox) -> None:
    hook = hook_of(sandbox)
    assert [hook.send(text=str(number)).status_code for number in range(6)] == [200] * 5 + [404]
    assert [message.text for message in sandbox.user("ana").ephemeral] == ["0", "1", "2", "3", "4"]


def test_a_response_url_lives_thirty_minutes_of_the_sandboxs_clock(sandbox: Sandbox) -> None:
    hook = hook_of(sandbox)
    sandbox.clock.advance(timedelta(minutes=30))
    assert hook.send(text="just in time").status_code == 200
    sandbox.clock.advance(timedelta(seconds=1))
    late = hook.send(text="late")
    assert (late.status_code, json.loads(late.body)["error"]) == (404, "expired_url")


def test_a_response_url_replaces_and_deletes_what_it_answered(sandbox: Sandbox) -> None:
    hook = hook_of(sandbox)
    hook.send(text="first")
    hook.send(text="better", replace_original=True)
    assert [message.text for message in sandbox.user("ana").ephemeral] == ["better"]
    hook.send(delete_original=True)
    assert sandbox.user("ana").ephemeral == []


def test_a_response_url_refuses_invalid_blocks(sandbox: Sandbox) -> None:
    answer = hook_of(sandbox).send(text="a", blocks=[{"type": "alert", "text": {"type": "plain_text", "text": "a"}}])
    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, "invalid_blocks")


def test_a_response_url_of_a_deleted_channel_says_so(sandbox: Sandbox) -> None:
    hook = hook_of(sandbox)
    sandbox.delete_channel("revenue")
    answer = hook.send(text="anybody there?")
    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, "channel_not_found")
