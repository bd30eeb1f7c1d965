"""The fields of a request to `/_sandbox/…`: read by kind, refused by name with what may stand there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request

from bot.sandbox.state.shapes import Json
from bot.sandbox.strict_json import read_json

T = TypeVar("T")

LONGEST_WAIT = 60.0
"""Seconds a request may wait for something to happen."""


async def fields_of(request: Request) -> Json:
    """What a request says: its query, its body, its path. ValueError when the body is not a JSON object."""
    body = await request.body()
    try:
        given = read_json(body) if body else {}
    except ValueError as problem:
        raise ValueError(f"the body must be JSON ({problem})") from None
    if isinstance(given, dict):
        return {**request.query_params, **given, **request.path_params}
    raise ValueError("the body must be a JSON object")


def needed(body: Json, name: str) -> str:
    """Words that must be given. ValueError without them."""
    if body.get(name) in (None, ""):
        raise ValueError(f"`{name}` is missing")
    return words(body, name) or ""


def words(body: Json, name: str) -> str | None:
    """Words, or None when there are none. ValueError for anything else."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{name}` must be words, not {_shown(value)}")
    return value or None


def structure(body: Json, name: str) -> dict[str, Any] | None:
    """An object, or None when there is none. ValueError for anything else."""
    value = body.get(name)
    if value is not None and not isinstance(value, Mapping):
        raise ValueError(f"`{name}` must be an object, not {_shown(value)}")
    return None if value is None else dict(value)


def number(body: Json, name: str, expected: str, least: float = -math.inf, most: float = math.inf) -> float:
    """A number between bounds, also as words. ValueError that says what is `expected` otherwise."""
    value = body.get(name)
    try:
        found = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not (math.isfinite(found) and least <= found <= most):
        raise ValueError(f"`{name}` must be {expected}, not {_shown(value)}")
    return found


def moment(body: Json, name: str) -> datetime:
    """A day and time as ISO writes them. ValueError otherwise."""
    return _parsed(datetime.fromisoformat, body, name, "a day and time such as 2026-11-24T09:00")


def time_of_day(body: Json, name: str) -> time:
    """A time of the day. ValueError otherwise."""
    return _parsed(time.fromisoformat, body, name, "a time such as 09:00")


def _parsed(parse: Callable[[str], T], body: Json, name: str, expected: str) -> T:
    try:
        return parse(str(body.get(name)))
    except ValueError:
        raise ValueError(f"`{name}` must be {expected}, not {_shown(body.get(name))}") from None


def timeout(body: Json) -> float:
    """How long an act waits for what it sets off: 2 s unless said, a minute at most."""
    if "timeout" not in body:
        return 2.0
    return min(number(body, "timeout", "a number of seconds, 0 or more", least=0), LONGEST_WAIT)


def request_url(body: Json) -> str | None:
    """Where the app is reached, or None for Socket Mode. ValueError for what HTTP cannot reach."""
    url = words(body, "request_url")
    try:
        place = urlsplit(url or "http://none")
        good = place.scheme in ("http", "https") and bool(place.hostname) and place.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"`request_url` must be an address such as http://127.0.0.1:3000/slack/events, not {url!r}")
    return url


def _shown(value: object) -> str:
    return f"{value!r}"[:60]
