"""Pagination: the part of a list a call asks for by `cursor` and `limit`; a cursor is good for its own list only."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.arguments import Arguments

Item = TypeVar("Item")
MOST = 1000
"""The largest `limit` Slack understands."""


def make_cursor(listing: str, place: str) -> str:
    """A cursor that says where the next page of this list begins."""
    return base64.b64encode(f"{listing}:{place}".encode()).decode()


def read_cursor(arguments: Arguments, listing: str) -> str | None:
    """The place a call's cursor names; None without one. `invalid_cursor` when it is not one of this list."""
    given = arguments.text("cursor")
    if not given:
        return None
    try:
        word, _, place = base64.b64decode(given, validate=True).decode().rpartition(":")
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
    if word != listing or not place:
        raise SlackError("invalid_cursor")
    return place


def read_limit(arguments: Arguments, default: int) -> int:
    """How many items a call wants: 1 to 1000. `invalid_limit` otherwise."""
    limit = arguments.number("limit", default, "invalid_limit") or default
    if not 1 <= limit <= MOST:
        raise SlackError("invalid_limit")
    return limit


def page(
    items: Sequence[Item], arguments: Arguments, listing: str, key: Callable[[Item], str], *, limit: int
) -> tuple[list[Item], dict[str, Any]]:
    """A page of a list, and the answer's `response_metadata`. `key` names an item in the list called `listing`."""
    place, start = read_cursor(arguments, listing), 0
    if place is not None:
        start = next((number for number, item in enumerate(items) if key(item) == place), -1)
        if start < 0:
            raise SlackError("invalid_cursor")
    end = start + limit
    more = make_cursor(listing, key(items[end])) if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": more}}
