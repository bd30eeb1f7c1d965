"""What the bot sent and the sandbox took: read from the journal, one entry for each distinct payload."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.slack.limits import check_blocks, check_message, check_view

if TYPE_CHECKING:
    from bot.sandbox.journal import Call

Json = dict[str, Any]
MESSAGE, MODAL, HOME = "message", "modal", "home"
MESSAGES = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update"})
VIEWS = frozenset({"views.open", "views.push", "views.update", "views.publish"})
CONTENT = ("text", "blocks", "attachments", "markdown_text")


@dataclass(frozen=True)
class Sent:
    """One payload: `surface` is message, modal or home; `origin` the test (or the like) that sent it first."""

    surface: str
    payload: Json
    origin: str

    @property
    def blocks(self) -> list[Json]:
        """Its blocks; none when it is text alone."""
        return list(self.payload.get("blocks") or ())


class Record:
    """Distinct payloads in the order they came."""

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self._kept: dict[str, Sent] = {}

    def add(self, surface: str, payload: Json, origin: str) -> None:
        """Keep a payload unless it is there already."""
        key = hashlib.sha256(json.dumps([surface, payload], sort_keys=True).encode()).hexdigest()
        self._kept.setdefault(key, Sent(surface, payload, origin))

    def note(self, call: Call, origin: str = "") -> None:
        """Keep what one finished call of the journal says to people."""
        for surface, payload in accepted(call):
            self.add(surface, payload, origin or os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0])

    def all(self) -> list[Sent]:
        """Give everything kept."""
        return list(self._kept.values())

    def dumped(self) -> str:
        """Give everything as JSON, for another process."""
        return json.dumps([asdict(sent) for sent in self._kept.values()])

    def take(self, dumped: str) -> None:
        """Add what another process kept."""
        for sent in json.loads(dumped):
            self.add(**sent)


def accepted(call: Call) -> Iterator[tuple[str, Json]]:
    """Yield surface and payload of everything a call showed to people; nothing when the sandbox refused it."""
    if call.direction == "received":
        yield from _of_request(call)
    else:
        yield from _of_answer(call.method, call.answer)


def _of_request(call: Call) -> Iterator[tuple[str, Json]]:
    was_taken = call.answer == "ok" or (isinstance(call.answer, Mapping) and call.answer.get("ok") is True)
    if not was_taken:
        return
    if call.method in VIEWS:
        yield _view(_read(call.arguments["view"]))
    elif call.method in MESSAGES or call.method == "response_url":
        yield from _message(call.arguments)


def _of_answer(method: str, body: Any) -> Iterator[tuple[str, Json]]:
    """Yield what an acknowledgement carries; the sandbox takes exactly what our validator finds no fault with."""
    if not isinstance(body, Mapping):
        return
    if method == "command" and not check_message(body):
        yield from _message(body)
    elif method == "view_submission" and isinstance(body.get("view"), dict) and not check_view(body["view"]):
        yield _view(body["view"])
    elif method == "block_suggestion":
        offered = {name: body[name] for name in ("options", "option_groups") if body.get(name)}
        menu = {"type": "static_select", **offered}
        blocks = [{"type": "actions", "elements": [menu]}]
        if offered and not check_blocks(blocks, "message"):
            yield MESSAGE, {"blocks": blocks}


def _view(view: Json) -> tuple[str, Json]:
    return str(view["type"]), view


def _message(fields: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    content = {name: _read(fields[name]) if name != "text" else fields[name] for name in CONTENT if fields.get(name)}
    if content:
        yield MESSAGE, content


def _read(value: Any) -> Any:
    """Read what a form carried as JSON text."""
    is_json = isinstance(value, str) and value[:1] in ("[", "{")
    return json.loads(value) if is_json else value
