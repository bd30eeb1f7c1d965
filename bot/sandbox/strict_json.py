"""JSON as Slack reads it: no half characters, no numbers without end, and not nested without end."""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 100
"""Levels of lists and objects. Slack names no number; what a view or a message can hold has not thirty."""

_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")
_OPENING = (list, dict)


def read_json(text: str | bytes) -> Any:
    """What a text says. ValueError when it is no JSON, names half a character, or goes too deep."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deep") from None
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if raw.count(b"[") + raw.count(b"{") > DEEPEST:
        _check_depth(found)
    if _HALVES.search(raw):
        # A lone half of a surrogate pair can be kept, but never again be written as UTF-8.
        json.dumps(found, ensure_ascii=False).encode()
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _check_depth(value: object) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST + 1:
            raise ValueError("nested too deep")
        level = [inner for outer in level if isinstance(outer, _OPENING) for inner in _inside(outer)]


def _inside(outer: list[Any] | dict[str, Any]) -> list[Any]:
    return list(outer.values()) if isinstance(outer, dict) else outer
