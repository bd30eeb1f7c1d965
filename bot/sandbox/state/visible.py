"""The words a reader sees: text, blocks and views reduced to plain lines, for tests and for search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Names = Callable[[str], str | None]
"""The shown name of a person, channel or user group id; None when unknown."""

_TOKEN = re.compile(r"<([^<>\n]+)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def unknown(_: str) -> str | None:
    """A directory that knows nobody."""
    return None


def plain_mrkdwn(text: str, names: Names = unknown) -> str:
    """Text with its link, mention and date tokens replaced by what stands on the screen."""

    def shown(match: re.Match[str]) -> str:
        inner = match[1]
        body, _, label = inner.partition("|")
        if body.startswith("@"):
            return f"@{names(body[1:]) or label or body[1:]}"
        if body.startswith("#"):
            return f"#{names(body[1:]) or label or body[1:]}"
        if body.startswith("!subteam^"):
            return f"@{names(body[9:]) or label or body[9:]}"
        if body.startswith("!date^"):
            return label
        if body.startswith("!"):
            return f"@{body[1:]}"
        return label or body

    plain = _TOKEN.sub(shown, text)
    for entity, sign in _ENTITIES:
        plain = plain.replace(entity, sign)
    return plain


def plain_blocks(blocks: Sequence[Mapping[str, Any]], names: Names = unknown) -> str:
    """All visible words of the blocks, one line for each text on the screen."""
    return "\n".join(line for block in blocks for line in _lines(block, names) if line)


def plain_attachments(attachments: Sequence[Mapping[str, Any]], names: Names = unknown) -> str:
    """All visible words of the attachments, one line for each text on the screen."""
    return "\n".join(line for attachment in attachments for line in _attachment(attachment, names) if line)


def _attachment(attachment: Mapping[str, Any], names: Names) -> Iterator[str]:
    for name in ("pretext", "author_name", "title", "text"):
        yield plain_mrkdwn(str(attachment.get(name) or ""), names)
    fields = attachment.get("fields")
    for field in fields if isinstance(fields, list) else ():
        if not isinstance(field, Mapping):
            continue
        yield str(field.get("title") or "")
        yield plain_mrkdwn(str(field.get("value") or ""), names)
    yield from _lines(attachment.get("blocks"), names)
    yield str(attachment.get("footer") or "")


def _lines(node: object, names: Names) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for item in node:
            yield from _lines(item, names)
    elif isinstance(node, Mapping):
        kind = str(node.get("type"))
        special = _SPECIAL.get(kind)
        if special:
            yield from special(node, names)
        else:
            yield from _all_fields(node, names)


_FIELDS = (
    "title", "rich_text_title", "subtitle", "caption", "label", "text", "body", "fields", "placeholder",
    "elements", "element", "accessory", "actions", "hint", "alt_text", "rows", "child_blocks", "chart",
    "options", "option_groups", "description", "submit", "close", "blocks",
)  # fmt: skip


def _all_fields(node: Mapping[str, Any], names: Names) -> Iterator[str]:
    for name in _FIELDS:
        value = node.get(name)
        if isinstance(value, str):
            yield value
        else:
            yield from _lines(value, names)


def _mrkdwn(node: Mapping[str, Any], names: Names) -> Iterator[str]:
    yield plain_mrkdwn(str(node.get("text", "")), names)


def _plain(node: Mapping[str, Any], _: Names) -> Iterator[str]:
    yield str(node.get("text") or node.get("value") or "")


def _rich_section(node: Mapping[str, Any], names: Names) -> Iterator[str]:
    yield "".join(_leaf(leaf, names) for leaf in node.get("elements", ()))


def _leaf(leaf: Mapping[str, Any], names: Names) -> str:
    kind = leaf.get("type")
    if kind == "user":
        return f"@{names(leaf['user_id']) or leaf['user_id']}"
    if kind == "channel":
        return f"#{names(leaf['channel_id']) or leaf['channel_id']}"
    if kind == "usergroup":
        return f"@{names(leaf['usergroup_id']) or leaf['usergroup_id']}"
    if kind == "broadcast":
        return f"@{leaf.get('range')}"
    if kind == "emoji":
        return f":{leaf.get('name')}:"
    return str(leaf.get("text") or leaf.get("url") or leaf.get("fallback") or leaf.get("value") or "")


def _chart(node: Mapping[str, Any], _: Names) -> Iterator[str]:
    for segment in node.get("segments", ()):
        yield f"{segment.get('label')} {segment.get('value')}"
    for series in node.get("series", ()):
        points = ", ".join(f"{point.get('label')} {point.get('value')}" for point in series.get("data", ()))
        yield f"{series.get('name')}: {points}"


_SPECIAL: Mapping[str, Callable[[Mapping[str, Any], Names], Iterator[str]]] = {
    "mrkdwn": _mrkdwn,
    "plain_text": _plain,
    "raw_text": _plain,
    "raw_number": _plain,
    "rich_text_section": _rich_section,
    "rich_text_quote": _rich_section,
    "rich_text_preformatted": _rich_section,
    "line": _chart,
    "bar": _chart,
    "area": _chart,
    "pie": _chart,
}
