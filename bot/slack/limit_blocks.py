"""The table of blocks: each block an app may send, its fields with their limits, and where it may stand.

Sources: Slack's block pages and its list of blocks by surface, @slack/types 3.2, slack_sdk 3.47, the limit registry
of slackblocks 3.0 and the JSON schema of slack-block-kit-validator. Where they differ the stricter one counts: six
series and segments (twelve in newer lists), 101 rows and 10,000 characters in a data table (201 and 20,000), two
buttons on a card (three), `title` and `description` of a video below 200, and messages only for what newer lists
also show on App Home (container, table, data_table, data_visualization). `file` cannot be sent at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.limit_elements import (
    A_BUTTON,
    A_SOURCE,
    AN_IMAGE,
    ELEMENTS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    LABEL,
    ONE_PICTURE,
    PICTURE,
)
from bot.slack.limit_rich_text import ID, RICH_TEXT, RICH_TEXT_OBJECT, address
from bot.slack.limit_rules import (
    FLAG,
    NO_LIMIT,
    Chars,
    Items,
    Nullable,
    Number,
    OneKind,
    Rule,
    Shape,
    choice,
    form,
    text_kinds,
    words,
)
from bot.slack.limit_within import (
    APointForEachCategory,
    AtLeastOne,
    AtMostOne,
    CellCharacters,
    EqualRows,
    FilesAreNotDispatched,
    HeaderColumnThere,
    NoneTwice,
    NotWith,
    OnlyWith,
    PlainHeaderCells,
)


def _cells(least: int) -> OneKind:
    """The cells of a table: words of at least `least` characters, numbers, or formatted text."""
    number = Shape({"value": Number(fractions=True)}, {"text": Chars()})
    return OneKind({"raw_text": Shape({"text": Chars(least=least)}), "raw_number": number, "rich_text": RICH_TEXT})


_POINT = Shape({"label": Chars(20), "value": Number(fractions=True)})
_SERIES_CHART = Shape(
    {
        "series": Items(Shape({"name": Chars(20), "data": Items(_POINT, 20)}), 6),
        "axis_config": Shape(
            {"categories": Items(Chars(20), 20, distinct=True)}, {"x_label": Chars(50), "y_label": Chars(50)}
        ),
    },
    checks=(APointForEachCategory(), NoneTwice("series", "name")),
)
_SLICE = Shape({"label": Chars(20), "value": Number(above=0, fractions=True)})
CHARTS: Mapping[str, Rule] = {
    "line": _SERIES_CHART,
    "bar": _SERIES_CHART,
    "area": _SERIES_CHART,
    "pie": Shape({"segments": Items(_SLICE, 6)}),
}
_COLUMN = Shape({}, {"align": choice("left", "center", "right"), "is_wrapped": FLAG})

# fmt: off
_ICONS = choice(
    "archive", "book", "bookmark", "bot", "bug", "calendar", "call", "caret-left", "caret-right", "check", "clipboard",
    "code", "comment", "compass", "copy", "cube", "download", "edit", "email", "eye-closed", "eye-open", "file", "flag",
    "folder", "gear", "globe", "heart", "help", "image", "info", "key", "lightbulb", "link", "map", "mobile",
    "new-window", "pin", "plus", "refine", "refresh", "rocket", "save", "screen", "share", "sparkle", "star",
    "star-filled", "tag", "thumbs-down", "thumbs-up", "trash", "upload", "user", "warning",
)
# fmt: on
"""The names of Slack's icon object, which only a card may hold."""


def _block(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *checks: Rule) -> Shape:
    return Shape(required, {"block_id": ID, **(optional or {})}, checks)


CARD = _block(
    {},
    {
        "title": words(150),
        "subtitle": words(150),
        "body": words(200),
        "icon": AN_IMAGE,
        "slack_icon": OneKind({"icon": Shape({"name": _ICONS})}),
        "hero_image": AN_IMAGE,
        "actions": Items(A_BUTTON, 2),
    },
    AtLeastOne(("hero_image", "title", "actions", "body")),
    AtMostOne(("icon", "slack_icon")),
)
_TASK: Mapping[str, Rule] = {
    "task_id": Chars(),
    "title": Chars(),
    "status": choice("pending", "in_progress", "complete", "error"),
}
_TASK_MORE: Mapping[str, Rule] = {
    "details": RICH_TEXT_OBJECT,
    "output": RICH_TEXT_OBJECT,
    "sources": Items(A_SOURCE, NO_LIMIT, least=0),
}

_EVERYWHERE: dict[str, Rule] = {
    "section": _block(
        {},
        {"text": words(3000), "fields": Items(words(2000), 10), "accessory": IN_SECTION, "expand": FLAG},
        AtLeastOne(("text", "fields")),
    ),
    "header": _block({"text": words(150, plain=True)}, {"level": Number(1, 4)}),
    "divider": _block({}),
    "context": _block({"elements": Items(OneKind({**text_kinds(3000), "image": ELEMENTS["image"]}), 10)}),
    "actions": _block({"elements": Items(IN_ACTIONS, 25)}),
    "input": _block(
        {"label": LABEL, "element": IN_INPUT},
        {"hint": LABEL, "optional": FLAG, "dispatch_action": FLAG},
        FilesAreNotDispatched(),
    ),
    "image": _block({"alt_text": Chars(2000)}, {**PICTURE, "title": words(2000, plain=True)}, ONE_PICTURE),
    "rich_text": RICH_TEXT,
    "video": _block(
        {
            "alt_text": Chars(2000),
            "title": words(199, plain=True),
            "thumbnail_url": address(),
            "video_url": form(r"https://\S+", 3000),
        },
        {
            "title_url": form(r"https://\S+", 2000),
            "author_name": Chars(49),
            "description": words(199, plain=True),
            "provider_name": Chars(50),
            "provider_icon_url": address(2000),
        },
    ),
}
_TABLE = _block(
    {"rows": Items(Items(_cells(0), 20), 100)}, {"column_settings": Items(Nullable(_COLUMN), 20, least=0)}, EqualRows()
)

BLOCKS: Mapping[str, Rule] = {
    **_EVERYWHERE,
    "table": _TABLE,
    "markdown": _block({"text": Chars(12_000)}),
    "data_table": _block(
        {"rows": Items(Items(_cells(1), 20), 101, least=2), "caption": Chars()},
        {"page_size": Number(1, 100), "row_header_column_index": Number(0)},
        EqualRows(),
        PlainHeaderCells(),
        HeaderColumnThere(),
        CellCharacters(10_000),
    ),
    "data_visualization": _block({"title": Chars(50), "chart": OneKind(CHARTS)}),
    "alert": _block({"text": words(200)}, {"level": choice("default", "info", "warning", "error", "success")}),
    "card": CARD,
    "carousel": _block({"elements": Items(OneKind({"card": CARD}), 10)}),
    "container": _block(
        {"child_blocks": Items(OneKind({**_EVERYWHERE, "table": _TABLE}), 10)},
        {
            "title": words(150, plain=True),
            "rich_text_title": RICH_TEXT_OBJECT,
            "subtitle": words(150),
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": AN_IMAGE,
            "is_collapsible": FLAG,
            "default_collapsed": FLAG,
            "has_header_divider": FLAG,
        },
        AtLeastOne(("title", "rich_text_title")),
        OnlyWith("default_collapsed", "is_collapsible"),
        NotWith("has_header_divider", "is_collapsible"),
    ),
    "context_actions": _block({"elements": Items(IN_CONTEXT_ACTIONS, 5)}),
    # Alone a task is under way or done; only inside a plan it may be pending.
    "task_card": _block({**_TASK, "status": choice("in_progress", "complete", "error")}, _TASK_MORE),
    "plan": _block(
        {
            "title": Chars(),
            "tasks": Items(_block(_TASK, {**_TASK_MORE, "type": choice("task_card")}), 50, least=0),
        },
        {},
        NoneTwice("tasks", "task_id"),
    ),
    "call": _block({"call_id": form("R[A-Z0-9]+")}),
}

MESSAGE, MODAL, HOME = "message", "modal", "home"
ONLY_ON: Mapping[str, frozenset[str]] = {
    "alert": frozenset({MODAL}),
    "card": frozenset({MESSAGE, HOME}),
    "carousel": frozenset({MESSAGE, HOME}),
    **dict.fromkeys(("call", "container", "context_actions", "data_table", "data_visualization"), frozenset({MESSAGE})),
    **dict.fromkeys(("markdown", "plan", "table", "task_card"), frozenset({MESSAGE})),
}
"""The surfaces of the blocks that cannot stand everywhere. Cards are listed for modals, but do not show there."""
