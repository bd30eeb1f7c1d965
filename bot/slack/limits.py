"""Slack's limits on messages and views, as tables: what `chat.postMessage` and `views.open` would refuse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.slack.limit_blocks import BLOCKS, CONTAINED, SURFACES
from bot.slack.limit_rules import FLAG, Chars, Complaint, Items, OneKind, Shape, Words

Surface = Literal["message", "modal", "home"]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BLOCKS_CHARACTERS = 13_000
"""Undocumented: about 13,200 characters of blocks were refused with `msg_blocks_too_long` (bolt-js #2509)."""
MARKDOWN_CHARACTERS = 12_000
POST_TEXT = 40_000
EDIT_TEXT = 4_000
TABLES = 1
CHARTS = 2
VIEW_BYTES = 250_000
METADATA_BYTES = 8_000
"""Slack publishes no number for `metadata_too_large`; this is a cautious one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing Slack would refuse: where (JSON pointer), its error code, and what is wrong."""

    pointer: str
    code: str
    problem: str

    def __str__(self) -> str:
        """The line Slack would put under `response_metadata.messages`."""
        return f"[ERROR] {self.problem} [json-pointer:{self.pointer}]"


def check_message(payload: Mapping[str, Any], *, editing: bool = False) -> list[Fault]:
    """Faults of a message's `text`, `blocks`, `markdown_text` and `metadata`; empty when Slack would take it.

    `editing` applies the stricter text limit of `chat.update`.
    """
    faults = list(_text_faults(payload, EDIT_TEXT if editing else POST_TEXT))
    blocks = payload.get("blocks")
    if blocks is not None:
        faults += check_blocks(blocks, "message")
    if payload.get("metadata"):
        faults += _metadata_faults(payload["metadata"])
    return faults


def check_view(view: Mapping[str, Any]) -> list[Fault]:
    """Faults of a modal or App Home view; empty when Slack would take it."""
    kind = str(view.get("type"))
    if kind not in VIEWS:
        return [Fault("/view/type", "invalid_arguments", "must be modal or home")]
    surface: Surface = "modal" if kind == "modal" else "home"
    faults = [Fault(at, "invalid_arguments", problem) for at, problem in VIEWS[kind].complaints(view, "/view")]
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        faults += check_blocks(blocks, surface, at="/view/blocks")
        if surface == "modal" and _has_input(blocks) and "submit" not in view:
            faults.append(Fault("/view", "invalid_arguments", "a modal with an input needs submit"))
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        faults.append(Fault("/view", "view_too_large", f"must be no more than {VIEW_BYTES} bytes"))
    return faults


def check_blocks(blocks: object, surface: Surface, at: str = "/blocks") -> list[Fault]:
    """Faults of a list of blocks on one surface, the rules over the whole list included."""
    if not isinstance(blocks, list | tuple):
        return [Fault(at, "invalid_blocks_format", "must be an array of blocks")]
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    complaints = list(Items(OneKind(BLOCKS), most, least=0).complaints(blocks, at))
    places = [place for place in _places(blocks, at) if isinstance(place[1], Mapping)]
    complaints += _surface_complaints(places, surface)
    complaints += _repeated(places, "block_id")
    complaints += _repeated(_elements(places), "action_id")
    complaints += _too_many(places, ("table", "data_table"), TABLES, at)
    complaints += _too_many(places, ("data_visualization",), CHARTS, at)
    complaints += _markdown_complaints(places, at)
    faults = [Fault(pointer, "invalid_blocks", problem) for pointer, problem in complaints]
    size = len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
    if surface == "message" and size > BLOCKS_CHARACTERS:
        problem = f"all blocks together must be no more than {BLOCKS_CHARACTERS} characters, are {size}"
        faults.append(Fault(at, "msg_blocks_too_long", problem))
    return faults


_VIEW_TITLE = Words(24, plain=True)
_VIEW_COMMON = {"private_metadata": Chars(3000, 0), "callback_id": Chars(255), "external_id": Chars(255, 0)}


class _Unchecked:
    """The blocks of a view, which `check_blocks` looks at."""

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        if not isinstance(value, list):
            yield at, "must be an array of blocks"


VIEWS: Mapping[str, Shape] = {
    "modal": Shape(
        {"title": _VIEW_TITLE, "blocks": _Unchecked()},
        {
            **_VIEW_COMMON,
            "submit": _VIEW_TITLE,
            "close": _VIEW_TITLE,
            "clear_on_close": FLAG,
            "notify_on_close": FLAG,
            "submit_disabled": FLAG,
        },
    ),
    "home": Shape({"blocks": _Unchecked()}, _VIEW_COMMON),
}


def _text_faults(payload: Mapping[str, Any], most: int) -> Iterator[Fault]:
    text, markdown = payload.get("text"), payload.get("markdown_text")
    if markdown and (text or payload.get("blocks")):
        yield Fault("/markdown_text", "markdown_text_conflict", "cannot stand beside text or blocks")
    if markdown is not None and not isinstance(markdown, str):
        yield Fault("/markdown_text", "invalid_arguments", "must be a string")
    elif markdown and len(markdown) > MARKDOWN_CHARACTERS:
        yield Fault("/markdown_text", "msg_too_long", f"must be no more than {MARKDOWN_CHARACTERS} characters")
    if text is not None and not isinstance(text, str):
        yield Fault("/text", "invalid_arguments", "must be a string")
    elif text and len(text) > most:
        yield Fault("/text", "msg_too_long", f"must be no more than {most} characters, has {len(text)}")
    if not (text or markdown or payload.get("blocks") or payload.get("attachments")):
        yield Fault("/text", "no_text", "a message needs text or blocks")


def _metadata_faults(metadata: object) -> Iterator[Fault]:
    if not isinstance(metadata, Mapping):
        yield Fault("/metadata", "invalid_metadata_format", "must be an object")
        return
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), Mapping):
        yield Fault("/metadata", "invalid_metadata_schema", "needs event_type and event_payload")
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > METADATA_BYTES:
        yield Fault("/metadata", "metadata_too_large", f"must be no more than {METADATA_BYTES} bytes")


Place = tuple[str, Any]


def _places(blocks: Sequence[Any], at: str) -> Iterator[Place]:
    """Every block with its pointer, the children of containers included."""
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        yield here, block
        if isinstance(block, Mapping) and isinstance(block.get("child_blocks"), list):
            yield from _places(block["child_blocks"], f"{here}/child_blocks")


def _elements(places: Iterable[Place]) -> Iterator[Place]:
    """Every interactive element with its pointer."""
    for at, block in places:
        for name in ("element", "accessory"):
            if isinstance(block.get(name), Mapping):
                yield f"{at}/{name}", block[name]
        for name in ("elements", "actions"):
            listed = block.get(name)
            for index, element in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(element, Mapping):
                    yield f"{at}/{name}/{index}", element


def _surface_complaints(places: Iterable[Place], surface: Surface) -> Iterator[Complaint]:
    for at, block in places:
        kind = str(block.get("type"))
        if kind in BLOCKS and surface not in SURFACES[kind]:
            yield at, f"{kind} is not allowed in a {surface}, only in {' and '.join(sorted(SURFACES[kind]))}"
        if "/child_blocks/" in at and kind in BLOCKS and kind not in CONTAINED:
            yield at, f"{kind} is not allowed inside a container"


def _repeated(places: Iterable[Place], name: str) -> Iterator[Complaint]:
    seen: set[object] = set()
    for at, value in places:
        given = value.get(name)
        if isinstance(given, str) and given in seen:
            yield f"{at}/{name}", f"`{given}` is used twice: every {name} must be unique"
        elif isinstance(given, str):
            seen.add(given)


def _too_many(places: Iterable[Place], kinds: tuple[str, ...], most: int, at: str) -> Iterator[Complaint]:
    counted = Counter(block.get("type") in kinds for _, block in places)[True]
    if counted > most:
        yield at, f"no more than {most} of {' and '.join(kinds)} allowed, has {counted}"


def _markdown_complaints(places: Iterable[Place], at: str) -> Iterator[Complaint]:
    total = sum(len(str(block.get("text", ""))) for _, block in places if block.get("type") == "markdown")
    if total > MARKDOWN_CHARACTERS:
        yield at, f"markdown blocks together must be no more than {MARKDOWN_CHARACTERS} characters, are {total}"


def _has_input(blocks: Iterable[Any]) -> bool:
    return any(isinstance(block, Mapping) and block.get("type") == "input" for block in blocks)
