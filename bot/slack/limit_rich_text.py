"""The tables of `rich_text`: its four kinds of parts and the leaves inside them.

Sources: the rich text block and its element pages of Slack's reference, @slack/types 3.2 (RichText*) and the JSON
schema of slack-block-kit-validator. Where they differ (what stands in a preformatted part) the stricter one counts;
where each lacks a field another names (`offset`, `language`, `skin_tone`, styles) the field is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.limit_rules import FLAG, NO_LIMIT, Chars, Items, Number, OneKind, Rule, Shape, choice, form, some_of

ID = Chars(255)
"""`block_id` and `action_id`: 255 characters (Slack's block reference)."""
USER_ID = form("[UW][A-Z0-9]+")
CHANNEL_ID = form("[CG][A-Z0-9]+")


def address(most: float = 3000) -> Chars:
    """A link or image address; 3,000 characters where Slack names a limit for one (button, option, image)."""
    return form(r"(https?|mailto|slack):\S+", most)


_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLED: Mapping[str, Rule] = {"style": Shape({}, dict.fromkeys(_STYLES, FLAG))}

LEAVES: Mapping[str, Rule] = {
    "text": Shape({"text": Chars()}, _STYLED),
    "link": Shape({"url": address()}, {**_STYLED, "text": Chars(), "unsafe": FLAG}),
    # An emoji's name has at most 100 characters (Slack refuses longer ones when an emoji is added).
    "emoji": Shape({"name": Chars(100)}, {**_STYLED, "unicode": Chars(), "url": address(), "skin_tone": Number(1, 6)}),
    "user": Shape({"user_id": USER_ID}, _STYLED),
    "channel": Shape({"channel_id": CHANNEL_ID}, _STYLED),
    "usergroup": Shape({"usergroup_id": form("S[A-Z0-9]+")}, _STYLED),
    "team": Shape({"team_id": form("T[A-Z0-9]+")}, _STYLED),
    "broadcast": Shape({"range": choice("here", "channel", "everyone")}, _STYLED),
    "date": Shape({"timestamp": Number(0), "format": Chars()}, {**_STYLED, "url": address(), "fallback": Chars()}),
    "color": Shape({"value": form("#?[0-9a-fA-F]{6}")}, _STYLED),
}

_LEAVES = Items(OneKind(LEAVES), NO_LIMIT, least=0)
_BORDER = Number(0, 1)
_SECTION = Shape({"elements": _LEAVES})
PARTS: Mapping[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": Shape({"elements": _LEAVES}, {"border": _BORDER}),
    "rich_text_preformatted": Shape(
        {"elements": Items(some_of(LEAVES, ("text", "link")), NO_LIMIT, least=0)},
        {"border": _BORDER, "language": Chars()},
    ),
    "rich_text_list": Shape(
        {"elements": Items(OneKind({"rich_text_section": _SECTION}), NO_LIMIT), "style": choice("bullet", "ordered")},
        {"indent": Number(0, 8), "offset": Number(0), "border": _BORDER},
    ),
}

RICH_TEXT = Shape({"elements": Items(OneKind(PARTS), NO_LIMIT, least=0)}, {"block_id": ID})
"""The fields of a `rich_text` block."""
RICH_TEXT_OBJECT = OneKind({"rich_text": RICH_TEXT})
"""A `rich_text` block as the value of a field."""
