"""What a person types, as Slack keeps it: escaped text with links in angle brackets, and a rich_text block."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

_TOKEN = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^<>\n]*)?>"
    r"|<#(?P<channel>[CGD][A-Z0-9]+)(?:\|[^<>\n]*)?>"
    r"|<!subteam\^(?P<group>S[A-Z0-9]+)(?:\|[^<>\n]*)?>"
    r"|<!(?P<range>here|channel|everyone)>"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
)
"""Mentions as the page writes them, bare links, and emoji; everything else is plain words."""


def kept_text(typed: str) -> str:
    """The message's `text`: mentions as they are, links in angle brackets, `&`, `<` and `>` as entities."""
    parts: list[str] = []
    for before, match in _pieces(typed):
        parts.append(_escaped(before))
        if match is not None:
            parts.append(f"<{_escaped(match[0])}>" if match["url"] else match[0])
    return "".join(parts)


def as_rich_text(typed: str) -> list[Json]:
    """The message's `blocks`: one rich_text block that says the same."""
    elements: list[Json] = []
    for before, match in _pieces(typed):
        elements += [{"type": "text", "text": before}] if before else []
        elements += [_leaf(match)] if match is not None else []
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]


def _pieces(typed: str) -> list[tuple[str, re.Match[str] | None]]:
    pieces: list[tuple[str, re.Match[str] | None]] = []
    end = 0
    for match in _TOKEN.finditer(typed):
        pieces.append((typed[end : match.start()], match))
        end = match.end()
    return [*pieces, (typed[end:], None)]


def _leaf(match: re.Match[str]) -> Json:
    kinds = {
        "user": ("user", "user_id"),
        "channel": ("channel", "channel_id"),
        "group": ("usergroup", "usergroup_id"),
        "range": ("broadcast", "range"),
        "url": ("link", "url"),
        "emoji": ("emoji", "name"),
    }
    name = str(match.lastgroup)
    kind, field = kinds[name]
    return {"type": kind, field: match[name]}


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
