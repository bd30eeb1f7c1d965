"""JSON that would poison or topple the sandbox is refused where it comes in, and what was there stays readable."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Message, Sandbox
from bot.sandbox.strict_json import DEEPEST, read_json
from tests.sandbox.asking import asked, error, send
from tests.sandbox.doors import control, texts
from tests.sandbox.fixtures import client, sandbox

__all__ = ["client", "sandbox"]

HALF = '{"channel": "C0REV", "text": "\\ud800"}'


def said(sandbox: Sandbox, path: str, body: str) -> tuple[int, Any]:
    status, answer, _ = send(
        f"{sandbox.address}{path}",
        body.encode(),
        **{"Content-Type": "application/json", "Authorization": "Bearer xoxb-sandbox"},
    )
    try:
        return status, json.loads(answer)
    except ValueError:
        return status, answer.decode()


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '{"a": ["\\uDC00"]}', '{"\\ud83d": 1}', "NaN", "[Infinity]", "{", "[" * 9999]
)
def test_what_cannot_be_kept_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


def test_whole_characters_and_sensible_depths_are_read() -> None:
    assert read_json('"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
    assert read_json(b'["\\\\ud800"]') == ["\\ud800"]
    assert read_json("[" * DEEPEST + "]" * DEEPEST)
    assert len(read_json(json.dumps([{}] * 5000))) == 5000
    with pytest.raises(ValueError, match="too deep"):
        read_json("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2))


def test_half_a_character_poisons_nothing(sandbox: Sandbox, client: WebClient) -> None:
    assert said(sandbox, "/api/chat.postMessage", HALF) == (200, {"ok": False, "error": "invalid_json"})
    blocks = '[{"type": "section", "text": {"type": "mrkdwn", "text": "\\ud800"}}]'
    assert error(client, "chat.postMessage", channel="C0REV", blocks=blocks) == "invalid_blocks_format"
    refusal = control(sandbox, "message", {"user": "ana", "channel": "revenue", "text": "\ud800"})
    assert (refusal["status"], "must be JSON" in refusal["error"]) == (400, True)
    assert asked(client, "conversations.history", channel="C0REV")["messages"] == []
    assert "channels" in control(sandbox, "state")
    assert "calls" in control(sandbox, "calls")


def test_blocks_nested_without_end_are_refused_and_the_call_is_closed(sandbox: Sandbox) -> None:
    deep = '{"channel": "C0REV", "blocks": ' + "[" * 3000 + "]" * 3000 + "}"
    assert said(sandbox, "/api/chat.postMessage", deep)[1]["error"] == "invalid_json"
    assert all(call.status is not None for call in sandbox.calls())


@pytest.mark.parametrize("body", ["[1]", "5", '"x"', "{", "null", '{"text": "\\ud800"}'])
def test_a_response_url_takes_objects_only(sandbox: Sandbox, body: str) -> None:
    hook = sandbox.workspace.new_response_url("U0ANA", "C0REV")
    assert said(sandbox, f"/_response/{hook.id}", body) == (400, {"ok": False, "error": "invalid_payload"})
    assert hook.uses == 0


def test_where_the_sandbox_stumbles_the_app_hears_slacks_word_and_the_journal_is_closed(
    sandbox: Sandbox, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(sandbox.workspace, "add_message", stumble)
    assert error(client, "chat.postMessage", channel="C0REV", text="hello") == "internal_error"
    (call,) = sandbox.calls("chat.postMessage")
    assert (call.status, call.answer["error"]) == (200, "internal_error")


@pytest.mark.parametrize("attachments", [[{"fields": [1]}], [{"fields": 5}], [5], {"text": "one"}])
def test_attachments_that_are_none_change_nothing(sandbox: Sandbox, client: WebClient, attachments: Any) -> None:
    assert error(client, "chat.postMessage", channel="C0REV", text="hello", attachments=attachments) == (
        "invalid_attachments"
    )
    assert texts(sandbox) == []


def test_a_message_whose_words_cannot_be_read_is_not_kept(sandbox: Sandbox) -> None:
    room = sandbox.workspace.room("revenue")
    broken: Any = [{"type": "rich_text_section", "elements": 5}]
    with pytest.raises(TypeError):
        sandbox.workspace.add_message(room, Message("1.000000", room.id, "U0ANA", "hello", broken))
    assert room.messages == {}


def test_an_upload_address_nobody_gave_out_is_unknown_in_any_script(sandbox: Sandbox, client: WebClient) -> None:
    asked(client, "files.getUploadURLExternal", filename="a.txt", length="1")
    assert send(f"{sandbox.address}/upload/v1/%C3%B1", b"x")[0] == 404
