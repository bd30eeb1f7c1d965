"""The tables of `rich_text`: its four kinds of parts and the leaves inside them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.limit_rules import FLAG, NO_LIMIT, Chars, Items, Number, OneKind, Rule, Shape, address, choice

_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), FLAG))
_STYLED: Mapping[str, Rule] = {"style": _STYLE}

LEAVES: Mapping[str, Rule] = {
    "text": Shape({"text": Chars(3000)}, _STYLED),
    "link": Shape({"url": address()}, {**_STYLED, "text": Chars(3000), "unsafe": FLAG}),
    "emoji": Shape({"name": Chars(100)}, {**_STYLED, "unicode": Chars(100)}),
    "user": Shape({"user_id": Chars(255)}, _STYLED),
    "channel": Shape({"channel_id": Chars(255)}, _STYLED),
    "usergroup": Shape({"usergroup_id": Chars(255)}, _STYLED),
    "broadcast": Shape({"range": choice("here", "channel", "everyone")}, _STYLED),
    "date": Shape(
        {"timestamp": Number(0), "format": Chars(255)}, {**_STYLED, "url": address(), "fallback": Chars(255)}
    ),
    "color": Shape({"value": Chars(50)}, _STYLED),
}

_LEAVES = Items(OneKind(LEAVES), NO_LIMIT, least=0)
_SECTION = Shape({"elements": _LEAVES})
_QUOTED = Shape({"elements": _LEAVES}, {"border": Number(0, 1)})
PARTS: Mapping[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": _QUOTED,
    "rich_text_preformatted": Shape({"elements": _LEAVES}, {"border": Number(0, 1), "language": Chars(50)}),
    "rich_text_list": Shape(
        {
            "elements": Items(OneKind({"rich_text_section": _SECTION}), NO_LIMIT),
            "style": choice("bullet", "ordered"),
        },
        {"indent": Number(0, 8), "offset": Number(0), "border": Number(0, 1)},
    ),
}

RICH_TEXT = Shape({"elements": Items(OneKind(PARTS), NO_LIMIT, least=0)}, {"block_id": Chars(255)})
