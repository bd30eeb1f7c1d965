"""What a message says: its text, blocks, attachments and metadata, read from a call and held to Slack's limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.errors import SlackError, refuse
from bot.sandbox.methods.arguments import Arguments
from bot.sandbox.methods.registry import Request
from bot.sandbox.state.files import Files
from bot.slack.limits import POST_TEXT, Fault, check_message

ATTACHMENTS = 100
_OBJECTS = (
    ("blocks", "invalid_blocks_format"),
    ("attachments", "invalid_attachments"),
    ("metadata", "invalid_metadata_format"),
)


def read_content(arguments: Arguments) -> dict[str, Any]:
    """The parts of a message a call gives, objects read from their JSON."""
    content: dict[str, Any] = {name: arguments.raw.get(name) for name in ("text", "markdown_text")}
    for name, code in _OBJECTS:
        content[name] = arguments.structure(name, code)
    return {name: value for name, value in content.items() if value is not None}


def cut_text(request: Request, content: dict[str, Any]) -> None:
    """Cut a text that is too long for a post, as Slack does, with its warning `message_truncated`."""
    text = content.get("text")
    if isinstance(text, str) and len(text) > POST_TEXT:
        content["text"] = text[:POST_TEXT]
        request.warnings.append("message_truncated")


def check_content(files: Files, content: Mapping[str, Any], *, editing: bool = False) -> None:
    """Refuse what Slack would. SlackError with its word and the places of the faults."""
    attachments = content.get("attachments")
    if attachments is not None and not _are_attachments(attachments):
        raise SlackError("invalid_attachments")
    if attachments and len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    refuse(check_message(content, editing=editing))
    check_slack_files(files, content.get("blocks") or [], "/blocks")


def _are_attachments(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) and _are_fields(one) for one in value)


def _are_fields(attachment: Mapping[str, Any]) -> bool:
    fields = attachment.get("fields")
    return fields is None or (isinstance(fields, list) and all(isinstance(one, Mapping) for one in fields))


def check_slack_files(files: Files, blocks: object, at: str) -> None:
    """Refuse images of files that are unknown, no images, or not ready yet: `invalid_blocks`."""
    refuse([Fault(where, "invalid_blocks", "invalid slack file") for where in _bad_files(files, blocks, at)])


def _bad_files(files: Files, node: object, at: str) -> Iterator[str]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _bad_files(files, item, f"{at}/{index}")
    elif isinstance(node, Mapping):
        named = node.get("slack_file")
        if isinstance(named, Mapping) and files.image(named) is None:
            yield f"{at}/slack_file"
        for name, value in node.items():
            yield from _bad_files(files, value, f"{at}/{name}")


def words_and_blocks(content: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The text and the blocks of a message; `markdown_text` is one markdown block."""
    if content.get("markdown_text"):
        return "", [{"type": "markdown", "text": content["markdown_text"]}]
    return str(content.get("text") or ""), list(content.get("blocks") or [])
