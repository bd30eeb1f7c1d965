"""Mishaps by name: what happens in the workspace without anybody asking the bot."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.doors import control
from tests.sandbox.fixtures import client, sandbox

__all__ = ["client", "sandbox"]


def test_every_mishap_can_be_set_off_from_another_process(sandbox: Sandbox) -> None:
    listed = {one["name"]: one["takes"] for one in control(sandbox, "mishap")["mishaps"]}
    assert listed["rename"] == ["channel", "name"]
    message = sandbox.user("bob").say("hello", "#revenue")
    values = {"channel": "#revenue", "person": "bob", "name": "income", "minutes": 5, "ts": message.ts}
    values |= {"real_name": "Dan", "email": "dan@example.com"}
    order = ["archive", "unarchive", "kick", "invite", "delete", "deactivate", "reactivate", "away", "active", "hire"]
    order += [name for name in listed if name not in (*order, "delete_channel", "rename", "create_channel")]
    for name in order:
        value = {field: values[field] for field in listed[name]} or True
        special = {"hire": {"name": "dan"}, "remove_bot": "executives"}
        given = special.get(name, value)
        assert control(sandbox, "mishap", {name: given}) == {}, name
    assert control(sandbox, "mishap", {"create_channel": "news"}) == {}
    assert control(sandbox, "mishap", {"rename": {"channel": "news", "name": "old"}}) == {}
    assert control(sandbox, "mishap", {"delete_channel": "old"}) == {}
    assert sandbox.workspace.token_revoked


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"explode": True}, 404, "no mishap is called 'explode'; there is: archive"),
        ({}, 400, "name a mishap"),
        ({"archive": 7}, 400, "`archive` takes `channel`"),
        ({"archive": "nowhere"}, 404, "no channel is called 'nowhere'"),
        ({"rename": "revenue"}, 400, "`rename` takes `channel`, `name`"),
        ({"revoke_token": "please"}, 400, "`revoke_token` takes nothing but true"),
        ({"do_not_disturb": {"person": "ana", "minutes": "long"}}, 400, "`minutes` must be a number"),
        ({"unarchive": "revenue"}, 409, "not_archived"),
        ({"kick": {"person": "cat", "channel": "revenue"}}, 409, "not_in_channel"),
        ({"rename": {"channel": "revenue", "name": "operations"}}, 409, "name_taken"),
        ({"rename": {"channel": "revenue", "name": "two words"}}, 409, "invalid_name"),
        ({"hire": {"name": "ana"}}, 409, "already_in_team"),
    ],
)
def test_a_mishap_that_cannot_be_is_refused_with_why(
    sandbox: Sandbox, body: dict[str, Any], status: int, words: str
) -> None:
    answer = control(sandbox, "mishap", body)
    assert (answer["status"], words in answer["error"]) == (status, True)
