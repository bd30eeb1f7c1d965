"""Slack's limits on messages and views, as tables: what `chat.postMessage` and `views.open` would refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.slack.limit_blocks import BLOCKS, MODAL, ONLY_ON
from bot.slack.limit_rules import FLAG, NO_LIMIT, Chars, Complaint, Items, OneKind, Rule, Shape, below, listed, words
from bot.slack.limit_together import (
    AtMost,
    MarkdownCharacters,
    OneFocus,
    OnlyOn,
    ResponseAddressInModalInput,
    Together,
    UniqueActionIds,
    UniqueBlockIds,
    look_through,
)

Surface = Literal["message", "modal", "home"]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
"""Slack's block reference."""
BLOCKS_CHARACTERS = 13_000
"""Undocumented: about 13,200 characters of blocks were refused with `msg_blocks_too_long` (bolt-js issue 2509)."""
MARKDOWN_CHARACTERS = 12_000
"""The markdown block's page, and the method reference of chat.postMessage for `markdown_text`."""
POST_TEXT = 40_000
EDIT_TEXT = 4_000
"""Method reference of chat.postMessage and chat.update."""
ATTACHMENTS = 100
"""slack_sdk 3.47 and the method reference."""
TABLES = 1
CHARTS = 2
PLANS = 1
"""A message's tables and charts: their block pages. Plans: Slack's own refusal of a second one."""
VIEW_BYTES = 250_000
"""Method reference of views.open (250 kB)."""
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


@dataclass(frozen=True)
class BlockList:
    """What a list of blocks on one surface must keep to."""

    blocks: Items
    most_characters: float = NO_LIMIT
    """Of the compact JSON of all blocks."""


@dataclass(frozen=True)
class MessageLimits:
    """The lengths of a message outside its blocks."""

    text: float
    edited_text: float
    markdown_text: float
    attachments: float
    metadata_bytes: float


@dataclass(frozen=True)
class ViewLimits:
    """The fields of a view by its type, and its size."""

    kinds: Mapping[str, Rule]
    most_bytes: float


@dataclass(frozen=True)
class SubmitBesideInput:
    """A modal with an input needs a submit button."""

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for the view."""
        blocks = listed(value, "blocks")
        if "submit" not in value and any(isinstance(one, Mapping) and one.get("type") == "input" for one in blocks):
            yield at, "a modal with an input needs submit"


@dataclass(frozen=True)
class BlocksOfAView:
    """The blocks of a view, which `check_blocks` looks at."""

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault for what is no list."""
        if not isinstance(value, list | tuple):
            yield at, "must be an array of blocks"


_A_BLOCK = OneKind(BLOCKS)
BLOCK_LISTS: Mapping[str, BlockList] = {
    "message": BlockList(Items(_A_BLOCK, MESSAGE_BLOCKS, least=0), BLOCKS_CHARACTERS),
    "modal": BlockList(Items(_A_BLOCK, VIEW_BLOCKS, least=0)),
    "home": BlockList(Items(_A_BLOCK, VIEW_BLOCKS, least=0)),
}
TOGETHER: tuple[Together, ...] = (
    OnlyOn({**ONLY_ON, "file_input": frozenset({MODAL})}),
    UniqueBlockIds(),
    UniqueActionIds(),
    AtMost(("table", "data_table"), TABLES),
    AtMost(("data_visualization",), CHARTS),
    AtMost(("plan",), PLANS),
    MarkdownCharacters(MARKDOWN_CHARACTERS),
    OneFocus(),
    ResponseAddressInModalInput(),
)
MESSAGE_LIMITS = MessageLimits(
    text=POST_TEXT,
    edited_text=EDIT_TEXT,
    markdown_text=MARKDOWN_CHARACTERS,
    attachments=ATTACHMENTS,
    metadata_bytes=METADATA_BYTES,
)

_SHORT = words(24, plain=True)
_VIEW: Mapping[str, Rule] = {
    "private_metadata": Chars(3000, 0),
    "callback_id": Chars(255, 0),
    "external_id": Chars(255, 0),
}
# Lengths: the view reference and slack_sdk 3.47.
VIEW_LIMITS = ViewLimits(
    {
        "modal": Shape(
            {"title": _SHORT, "blocks": BlocksOfAView()},
            {
                **_VIEW,
                **dict.fromkeys(("submit", "close"), _SHORT),
                **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), FLAG),
            },
            (SubmitBesideInput(),),
        ),
        "home": Shape({"blocks": BlocksOfAView()}, _VIEW),
    },
    VIEW_BYTES,
)


def check_message(payload: Mapping[str, Any], *, editing: bool = False) -> list[Fault]:
    """Faults of a message's `text`, `blocks`, `markdown_text`, `attachments` and `metadata`; empty when Slack takes it.

    `editing` applies the stricter text limit of `chat.update`. Other fields are the business of the method.
    """
    if not isinstance(payload, Mapping):
        return [Fault("", "invalid_arguments", "must be an object")]
    faults = list(_text_faults(payload, MESSAGE_LIMITS.edited_text if editing else MESSAGE_LIMITS.text))
    if payload.get("blocks") is not None:
        faults += check_blocks(payload["blocks"], "message")
    if payload.get("attachments") is not None:
        faults += _attachment_faults(payload["attachments"])
    if payload.get("metadata"):
        faults += _metadata_faults(payload["metadata"])
    return faults


def check_view(view: Mapping[str, Any]) -> list[Fault]:
    """Faults of a modal or App Home view; empty when Slack would take it."""
    if not isinstance(view, Mapping):
        return [Fault("/view", "invalid_arguments", "must be an object")]
    complaints = OneKind(VIEW_LIMITS.kinds).complaints(view, "/view")
    faults = [Fault(at, "invalid_arguments", problem) for at, problem in complaints]
    if isinstance(view.get("blocks"), list | tuple):
        surface: Surface = "home" if view.get("type") == "home" else "modal"
        # A view is refused as an argument, whatever in it is wrong; `invalid_blocks` is for messages.
        inside = check_blocks(view["blocks"], surface, at="/view/blocks")
        faults += [replace(fault, code="invalid_arguments") for fault in inside]
    if _bytes(view) > VIEW_LIMITS.most_bytes:
        faults.append(Fault("/view", "view_too_large", f"must be no more than {VIEW_LIMITS.most_bytes} bytes"))
    return faults


def check_blocks(blocks: object, surface: Surface, at: str = "/blocks") -> list[Fault]:
    """Faults of a list of blocks on one surface, the rules over the whole list included."""
    if not isinstance(blocks, list | tuple):
        return [Fault(at, "invalid_blocks_format", "must be an array of blocks")]
    limits = BLOCK_LISTS[surface]
    complaints = list(limits.blocks.complaints(blocks, at))
    found = look_through(blocks, surface, at)
    for rule in TOGETHER:
        complaints += rule.complaints(found)
    faults = [Fault(pointer, "invalid_blocks", problem) for pointer, problem in complaints]
    size = _compact_characters(blocks)
    if size > limits.most_characters:
        problem = f"all blocks together must be no more than {limits.most_characters} characters, are {size}"
        faults.append(Fault(at, "msg_blocks_too_long", problem))
    return faults


def _compact_characters(value: object) -> float:
    """The length of a value's JSON; endless when it is nested too deeply to be written."""
    try:
        return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    except RecursionError:
        return NO_LIMIT


def _bytes(value: object) -> float:
    """The size of a value's JSON as UTF-8; endless when it is nested too deeply to be written."""
    try:
        return len(json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass"))
    except RecursionError:
        return NO_LIMIT


def _text_faults(payload: Mapping[str, Any], most: float) -> Iterator[Fault]:
    text, markdown = payload.get("text"), payload.get("markdown_text")
    if markdown and (text or payload.get("blocks")):
        yield Fault("/markdown_text", "markdown_text_conflict", "cannot stand beside text or blocks")
    yield from _length_faults("/markdown_text", markdown, MESSAGE_LIMITS.markdown_text)
    yield from _length_faults("/text", text, most)
    if not (text or markdown or payload.get("blocks") or payload.get("attachments")):
        yield Fault("/text", "no_text", "a message needs text or blocks")


def _length_faults(at: str, words: object, most: float) -> Iterator[Fault]:
    if words is not None and not isinstance(words, str):
        yield Fault(at, "invalid_arguments", "must be a string")
    elif words and len(words) > most:
        yield Fault(at, "msg_too_long", f"must be no more than {most} characters, has {len(words)}")


def _attachment_faults(attachments: object) -> Iterator[Fault]:
    if not isinstance(attachments, list | tuple):
        yield Fault("/attachments", "invalid_attachments", "must be an array")
        return
    if len(attachments) > MESSAGE_LIMITS.attachments:
        problem = f"no more than {MESSAGE_LIMITS.attachments} attachments allowed, has {len(attachments)}"
        yield Fault("/attachments", "too_many_attachments", problem)
    for index, attachment in enumerate(attachments):
        at = below("/attachments", index)
        if not isinstance(attachment, Mapping):
            yield Fault(at, "invalid_attachments", "must be an object")
        elif attachment.get("blocks") is not None:
            yield from check_blocks(attachment["blocks"], "message", f"{at}/blocks")


def _metadata_faults(metadata: object) -> Iterator[Fault]:
    if not isinstance(metadata, Mapping):
        yield Fault("/metadata", "invalid_metadata_format", "must be an object")
        return
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), Mapping):
        yield Fault("/metadata", "invalid_metadata_schema", "needs event_type and event_payload")
    if _bytes(metadata) > MESSAGE_LIMITS.metadata_bytes:
        problem = f"must be no more than {MESSAGE_LIMITS.metadata_bytes} bytes"
        yield Fault("/metadata", "metadata_too_large", problem)
