"""Web API: `conversations.history` and `conversations.replies` – what was said in a room."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.arguments import invalid
from bot.sandbox.methods.paging import MOST, make_cursor, read_cursor
from bot.sandbox.methods.registry import Answer, Request, method
from bot.sandbox.methods.rooms import SCOPE_OF_KIND, joined_room
from bot.sandbox.state.message_shapes import message_json
from bot.sandbox.state.records import Message, Room

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
HISTORY_PAGE = 999


def _micros(ts: str) -> int:
    """A message's time in whole microseconds, exact where a float is not. ValueError when it is none."""
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int(rest[:6].ljust(6, "0") or 0)


class _Span:
    """The time a call asks for: between `oldest` and `latest`, the bounds themselves only when `inclusive`."""

    def __init__(self, request: Request) -> None:
        arguments = request.arguments
        self._inclusive = arguments.flag("inclusive")
        self._oldest = _bound(arguments.text("oldest"), "invalid_ts_oldest", 0)
        self._latest = _bound(arguments.text("latest"), "invalid_ts_latest", 10**18)

    def has(self, message: Message) -> bool:
        at = _micros(message.ts)
        return self._oldest < at < self._latest or (self._inclusive and at in (self._oldest, self._latest))

    def is_before(self, message: Message) -> bool:
        return _micros(message.ts) < self._oldest


def _bound(given: str, code: str, default: int) -> int:
    if given in ("", "now"):
        return default
    try:
        return _micros(given)
    except ValueError:
        raise SlackError(code) from None


def _readable(request: Request) -> Room:
    room = joined_room(request)
    request.need_any(f"{SCOPE_OF_KIND[room.kind]}:history")
    return room


def _newest_first(room: Room, span: _Span, before: int | None) -> Iterable[Message]:
    """The top-level messages everybody sees, and the places of those that left a thread behind."""
    for message in reversed(tuple(room.messages.values())):
        if span.is_before(message):
            return
        is_there = message.ephemeral_for is None and (not message.deleted or message.thread)
        is_on_top = not message.is_reply or message.broadcast
        if is_there and is_on_top and span.has(message) and (before is None or _micros(message.ts) <= before):
            yield message


@method("conversations.history", *HISTORY, tier=3, required=("channel",))
def history(request: Request) -> Answer:
    """What was said in a room, newest first; at most 999 at a time. Metadata only when asked for."""
    room, listing = _readable(request), "next_ts"
    limit = request.arguments.number("limit", 100) or 100
    place = read_cursor(request.arguments, f"{listing} {request.arguments.text('channel')}")
    try:
        before = int(place) if place else None
    except ValueError:
        raise SlackError("invalid_cursor") from None
    limit = max(1, min(limit, HISTORY_PAGE))
    found = list(islice(_newest_first(room, _Span(request), before), limit + 1))
    echo = {name: request.arguments.text(name) for name in ("latest", "oldest") if request.arguments.text(name)}
    more = make_cursor(f"{listing} {room.id}", str(_micros(found[limit].ts))) if len(found) > limit else ""
    extra = {"pin_count": len(room.pins), "channel_actions_ts": None, "channel_actions_count": 0}
    return {**_messages(request, found[:limit], more), **extra, **echo}


@method("conversations.replies", *HISTORY, tier=3, required=("channel", "ts"), takes_json=False)
def replies(request: Request) -> Answer:
    """A message and its thread, oldest first. The time of a reply gives that reply alone."""
    room, arguments = _readable(request), request.arguments
    asked = room.messages.get(arguments.text("ts"))
    if asked is None or asked.ephemeral_for or (asked.deleted and not asked.thread):
        raise SlackError("thread_not_found")
    limit = arguments.number("limit", MOST) or MOST
    if not 1 <= limit <= MOST:
        raise invalid(f"must be between 1 and {MOST} [json-pointer:/limit]")
    span = _Span(request)
    thread = [message for message in asked.thread if span.has(message) and message.ephemeral_for is None]
    listing, place, start = f"thread {asked.ts}", read_cursor(arguments, f"thread {asked.ts}"), 0
    if place is not None:
        times = [message.ts for message in thread]
        if place not in times:
            raise SlackError("invalid_cursor")
        start = times.index(place) + 1
    whole = [asked, *thread]
    end = start + limit
    more = make_cursor(listing, whole[end].ts) if end < len(whole) else ""
    return _messages(request, whole[start:end], more)


def _messages(request: Request, messages: list[Message], more: str) -> Answer:
    with_metadata = request.arguments.flag("include_all_metadata")
    shown = [message_json(request.workspace, message, metadata=with_metadata) for message in messages]
    metadata = {"response_metadata": {"next_cursor": more}} if more else {}
    return {"messages": shown, "has_more": bool(more), **metadata}
