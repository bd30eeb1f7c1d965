"""Answers shown in a conversation: the body of an acknowledgement, and what comes to a response_url."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.errors import SlackError, refuse
from bot.sandbox.state.handed_out import RESPONSE_URL_USES
from bot.sandbox.state.records import Message, ResponseUrl
from bot.sandbox.state.workspace import Workspace
from bot.slack.limits import check_message


def show_answer(workspace: Workspace, hook: ResponseUrl, body: Mapping[str, Any]) -> Message | None:
    """Show an answer where its request came from; gives the message it wrote or changed. SlackError when invalid.

    `response_type` is ephemeral unless it says `in_channel`; `replace_original` and `delete_original` act on the
    message the request came from (for a command: on its first answer).
    """
    content = {name: body[name] for name in ("text", "blocks", "attachments") if body.get(name) is not None}
    if not body.get("delete_original"):
        # Validated before the lock is taken: it is the longest part, and others answer meanwhile.
        refuse(check_message(content))
    with workspace.lock:
        return _shown(workspace, hook, content, body)


def _shown(
    workspace: Workspace, hook: ResponseUrl, content: Mapping[str, Any], body: Mapping[str, Any]
) -> Message | None:
    original = hook.message
    if body.get("delete_original"):
        if original is not None:
            workspace.delete_message(original)
        return original
    text, blocks = str(content.get("text") or ""), list(content.get("blocks") or [])
    if body.get("replace_original") and original is not None and not original.deleted:
        original.edited = original.edited or (not blocks and original.ephemeral_for is None)
        workspace.change_message(original, text=text, blocks=blocks)
        return original
    return _write(workspace, hook, text, blocks, body)


def _write(
    workspace: Workspace, hook: ResponseUrl, text: str, blocks: list[dict[str, Any]], body: Mapping[str, Any]
) -> Message:
    public = body.get("response_type") == "in_channel"
    room = workspace.rooms.get(hook.channel)
    if room is None:
        raise SlackError("channel_not_found")
    thread = str(body["thread_ts"]) if body.get("thread_ts") else hook.thread_ts
    message = Message(
        workspace.next_ts(),
        room.id,
        workspace.app.user_id,
        text,
        blocks,
        thread_ts=thread if thread in room.messages else None,
        bot_id=workspace.app.bot_id,
        ephemeral_for=None if public else hook.user,
    )
    hook.message = hook.message or message
    return workspace.add_message(room, message)


def use_response_url(workspace: Workspace, key: str, body: Mapping[str, Any]) -> None:
    """One use of a response_url. SlackError `expired_url` after 30 minutes, `used_url` after five uses."""
    with workspace.lock:
        hook = workspace.response_urls.get(key)
        if hook is None or workspace.response_url_expired(hook):
            raise SlackError("expired_url")
        if hook.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        hook.uses += 1
    show_answer(workspace, hook, body)
