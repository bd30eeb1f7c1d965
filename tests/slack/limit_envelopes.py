"""Posts and views written by hand, with every fault they have: what stands around the blocks."""

from __future__ import annotations

import json
from typing import Any

from tests.slack.limit_cases import Case, Place, refused
from tests.slack.limit_examples import Json, plain
from tests.slack.limit_refusals import BETWEEN_BLOCKS, BETWEEN_FIELDS, SIZES, asked, mrkdwn, section


def post(name: str, payload: Any, *faults: Place, edit: bool = False) -> Case:
    return Case(name, payload, faults, "edit" if edit else "post")


def _metadata(size: int) -> Json:
    empty = len(json.dumps({"event_type": "alert", "event_payload": {"id": ""}}))
    return {"event_type": "alert", "event_payload": {"id": "a" * (size - empty)}}


EMPTY: tuple[Json, ...] = ({}, {"text": ""}, {"blocks": []})
POSTS: list[Case] = [
    *(post(f"no words: {empty}", empty, ("/text", "no_text")) for empty in EMPTY),
    post("text of 40,000", {"text": "a" * 40_000}),
    post("text of 40,001", {"text": "a" * 40_001}, ("/text", "msg_too_long")),
    post("edit of 4,000", {"text": "a" * 4_000}, edit=True),
    post("edit of 4,001", {"text": "a" * 4_001}, ("/text", "msg_too_long"), edit=True),
    post("text that is no text", {"text": 7}, ("/text", "invalid_arguments")),
    post("markdown that is no text", {"markdown_text": 7}, ("/markdown_text", "invalid_arguments")),
    post("markdown of 12,000", {"markdown_text": "a" * 12_000}),
    post("markdown of 12,001", {"markdown_text": "a" * 12_001}, ("/markdown_text", "msg_too_long")),
    post("markdown beside text", {"markdown_text": "a", "text": "b"}, ("/markdown_text", "markdown_text_conflict")),
    post(
        "markdown beside blocks",
        {"markdown_text": "a", "blocks": [section()]},
        ("/markdown_text", "markdown_text_conflict"),
    ),
    post("attachments without text", {"attachments": [{"text": "a"}]}),
    post("100 attachments", {"attachments": [{}] * 100}),
    post("101 attachments", {"attachments": [{}] * 101}, ("/attachments", "too_many_attachments")),
    post("attachments that are no list", {"text": "a", "attachments": {}}, ("/attachments", "invalid_attachments")),
    post("attachment that is no object", {"attachments": ["a"]}, ("/attachments/0", "invalid_attachments")),
    post(
        "blocks of an attachment",
        {"attachments": [{}, {"blocks": [{"type": "section"}]}]},
        ("/attachments/1/blocks/0", "invalid_blocks"),
    ),
    post("blocks of a post", {"text": "a", "blocks": [{"type": "section"}]}, ("/blocks/0", "invalid_blocks")),
    post("metadata of 8,000 bytes", {"text": "a", "metadata": _metadata(8_000)}),
    post("metadata of 8,001 bytes", {"text": "a", "metadata": _metadata(8_001)}, ("/metadata", "metadata_too_large")),
    post("metadata taken away", {"text": "a", "metadata": {}}),
    post("metadata that is no object", {"text": "a", "metadata": "b"}, ("/metadata", "invalid_metadata_format")),
    post(
        "metadata without payload",
        {"text": "a", "metadata": {"event_type": "b"}},
        ("/metadata", "invalid_metadata_schema"),
    ),
    post(
        "metadata without type",
        {"text": "a", "metadata": {"event_payload": {}}},
        ("/metadata", "invalid_metadata_schema"),
    ),
    post("post that is no object", ["a"], ("", "invalid_arguments")),
]


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [section()], **fields}


def home(**fields: Any) -> Json:
    return {"type": "home", "blocks": [section()], **fields}


def view(name: str, payload: Any, *pointers: str, code: str = "invalid_arguments") -> Case:
    return refused(name, payload, *pointers, what="view", code=code)


def _view_of(size: int) -> Json:
    """A view of exactly `size` bytes, most of them letters of two bytes."""

    def filled(sections: int, rest: int) -> Json:
        return modal(blocks=[section(text=mrkdwn("ä" * 1400))] * sections, private_metadata="a" * rest)

    def measured(view: Json) -> int:
        return len(json.dumps(view, ensure_ascii=False).encode())

    sections = (size - measured(filled(0, 0))) // (measured(filled(2, 0)) - measured(filled(1, 0)))
    return filled(sections, size - measured(filled(sections, 0)))


FLAGS = ("clear_on_close", "notify_on_close", "submit_disabled")
SHARED = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}
VIEWS: list[Case] = [
    Case("complete modal", modal(submit=plain(), close=plain(), **dict.fromkeys(FLAGS, True)), what="view"),
    Case("least home", {"type": "home", "blocks": []}, what="view"),
    *(
        view(f"modal without {name}", {k: v for k, v in modal().items() if k != name}, "/view")
        for name in ("title", "blocks", "type")
    ),
    view("home without blocks", {"type": "home"}, "/view"),
    view("view of another type", modal(type="nonsense"), "/view/type"),
    view("view that is no object", "modal", "/view"),
    view("title of a home", home(title=plain()), "/view/title"),
    view("unknown field", modal(colour="red"), "/view/colour"),
    view("unknown field of a home", home(colour="red"), "/view/colour"),
    *(
        view(f"blocks of a {make()['type']} that are no list", make(blocks="none"), "/view/blocks")
        for make in (modal, home)
    ),
    *(view(f"{flag} that is no flag", modal(**{flag: "yes"}), f"/view/{flag}") for flag in FLAGS),
    *(
        case
        for name in ("title", "submit", "close")
        for case in (
            Case(f"{name} of 24", modal(**{name: plain("a" * 24, emoji=True)}), what="view"),
            view(f"{name} of 25", modal(**{name: plain("a" * 25)}), f"/view/{name}/text"),
            view(f"{name} of nothing", modal(**{name: plain("")}), f"/view/{name}/text"),
            view(f"{name} in mrkdwn", modal(**{name: mrkdwn()}), f"/view/{name}/type"),
            view(f"{name} without text", modal(**{name: {"type": "plain_text"}}), f"/view/{name}"),
            view(f"{name} with a colour", modal(**{name: plain(colour="red")}), f"/view/{name}/colour"),
            view(f"{name} with no flag", modal(**{name: plain(emoji=1)}), f"/view/{name}/emoji"),
            view(f"{name} that is a string", modal(**{name: "words"}), f"/view/{name}"),
            view(f"{name} of a number", modal(**{name: plain() | {"text": 7}}), f"/view/{name}/text"),
            view(f"{name} of nonsense", modal(**{name: plain() | {"type": "nonsense"}}), f"/view/{name}/type"),
        )
    ),
    *(
        case
        for make in (modal, home)
        for name, most in SHARED.items()
        for case in (
            Case(f"{make()['type']} with {name} of {most}", make(**{name: "a" * most}), what="view"),
            Case(f"{make()['type']} with empty {name}", make(**{name: ""}), what="view"),
            view(f"{make()['type']} with {name} of {most + 1}", make(**{name: "a" * (most + 1)}), f"/view/{name}"),
            view(f"{make()['type']} with odd {name}", make(**{name: 7}), f"/view/{name}"),
        )
    ),
    Case("modal with an input and submit", modal(blocks=[asked(type="plain_text_input")], submit=plain()), what="view"),
    Case("home with an input", home(blocks=[asked(type="plain_text_input")]), what="view"),
    view("modal with an input", modal(blocks=[asked(type="plain_text_input")]), "/view"),
    view("fault of a block", modal(blocks=[{"type": "section"}]), "/view/blocks/0"),
    view("block of another surface", home(blocks=[{"type": "alert", "text": plain()}]), "/view/blocks/0"),
    view("101 blocks", modal(blocks=[{"type": "divider"}] * 101), "/view/blocks"),
    Case("view of 250,000 bytes", _view_of(250_000), what="view"),
    view("view of 250,001 bytes", _view_of(250_001), "/view", code="view_too_large"),
]

BY_HAND = [*BETWEEN_FIELDS, *BETWEEN_BLOCKS, *SIZES, *POSTS, *VIEWS]
"""Every case written by hand."""
