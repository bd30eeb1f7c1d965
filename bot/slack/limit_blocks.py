"""The table of blocks: each block the bot may send, its fields with their limits, and where it may stand.

Sources: Slack's block reference, @slack/types 3.2 and slack_sdk 3.47. Where they differ (series in a chart, rows
of a data table, buttons of a card) the stricter number stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.limit_elements import ELEMENTS, ID, IMAGE_ELEMENT, IN_ACTIONS, IN_INPUT, IN_SECTION, LABEL
from bot.slack.limit_rich_text import RICH_TEXT
from bot.slack.limit_rules import (
    FLAG,
    Chars,
    Check,
    Complaint,
    Items,
    Nullable,
    Number,
    OneKind,
    Rule,
    Shape,
    Words,
    at_least_one,
    choice,
)

DATA_TABLE_CHARACTERS = 10_000


def _as_many_points_as_categories(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
    """Every series names each category once, and no other."""
    config = value.get("axis_config")
    series = value.get("series")
    if not isinstance(config, Mapping) or not isinstance(series, list):
        return
    categories = config.get("categories")
    for index, one in enumerate(series):
        points = one.get("data") if isinstance(one, Mapping) else None
        if isinstance(points, list) and isinstance(categories, list):
            labels = [point.get("label") if isinstance(point, Mapping) else None for point in points]
            if labels != categories:
                yield f"{at}/series/{index}/data", "needs exactly one point for each category, in their order"


def _unique_series_names(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
    series = value.get("series")
    names = [one.get("name") for one in series if isinstance(one, Mapping)] if isinstance(series, list) else []
    if len(set(map(str, names))) != len(names):
        yield f"{at}/series", "series names must be unique"


def _equal_rows(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
    rows = value.get("rows")
    if isinstance(rows, list) and len({len(row) for row in rows if isinstance(row, list)}) > 1:
        yield f"{at}/rows", "all rows must have the same number of cells"


def _plain_header_cells(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
    rows = value.get("rows")
    header = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    for index, cell in enumerate(header):
        if isinstance(cell, Mapping) and cell.get("type") == "rich_text":
            yield f"{at}/rows/0/{index}", "header cells cannot be rich_text"


def _data_table_characters(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
    rows = value.get("rows")
    cells = [cell for row in rows if isinstance(row, list) for cell in row] if isinstance(rows, list) else []
    total = sum(len(str(cell.get("text", ""))) for cell in cells if isinstance(cell, Mapping))
    if total > DATA_TABLE_CHARACTERS:
        yield f"{at}/rows", f"cells together must be no more than {DATA_TABLE_CHARACTERS} characters, are {total}"


def _collapsed_only_if_collapsible(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        yield f"{at}/default_collapsed", "needs is_collapsible"
    if value.get("has_header_divider") and value.get("is_collapsible"):
        yield f"{at}/has_header_divider", "cannot be set when is_collapsible is true"


class _ContextElement:
    """An image or a text, as a context block takes them."""

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        is_image = isinstance(value, Mapping) and value.get("type") == "image"
        yield from (IMAGE_ELEMENT if is_image else Words(3000)).complaints(value, at)


_CELLS = OneKind(
    {
        "raw_text": Shape({"text": Chars(10_000, 0)}),
        "raw_number": Shape({"value": Number(fractions=True)}, {"text": Chars(3000)}),
        "rich_text": RICH_TEXT,
    }
)
_POINT = Shape({"label": Chars(20), "value": Number(fractions=True)})
_SERIES_CHART = Shape(
    {
        "series": Items(Shape({"name": Chars(20), "data": Items(_POINT, 20)}), 6),
        "axis_config": Shape({"categories": Items(Chars(20), 20)}, {"x_label": Chars(50), "y_label": Chars(50)}),
    },
    checks=(_as_many_points_as_categories, _unique_series_names),
)
_SLICE = Shape({"label": Chars(20), "value": Number(above=0, fractions=True)})
CHARTS: Mapping[str, Rule] = {
    "line": _SERIES_CHART,
    "bar": _SERIES_CHART,
    "area": _SERIES_CHART,
    "pie": Shape({"segments": Items(_SLICE, 6)}),
}
_COLUMN = Shape({}, {"align": choice("left", "center", "right"), "is_wrapped": FLAG})

MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})
BLOCKS: dict[str, Rule] = {}
SURFACES: dict[str, frozenset[str]] = {}
CONTAINED = frozenset({"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table"})


def _block(
    name: str,
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
    *checks: Check,
    on: frozenset[str] = EVERYWHERE,
) -> None:
    BLOCKS[name] = Shape(required, {"block_id": ID, **(optional or {})}, checks)
    SURFACES[name] = on


_block(
    "section",
    {},
    {
        "text": Words(3000),
        "fields": Items(Words(2000), 10),
        "accessory": OneKind(ELEMENTS, IN_SECTION),
        "expand": FLAG,
    },
    at_least_one("text", "fields"),
)
_block("header", {"text": Words(150, plain=True)}, {"level": Number(1, 4)})
_block("divider", {})
_block("context", {"elements": Items(_ContextElement(), 10)})
_block("actions", {"elements": Items(OneKind(ELEMENTS, IN_ACTIONS), 25)})
_block(
    "input",
    {"label": LABEL, "element": OneKind(ELEMENTS, IN_INPUT)},
    {"hint": LABEL, "optional": FLAG, "dispatch_action": FLAG},
)
_block(
    "image",
    {"alt_text": Chars(2000)},
    {**IMAGE_ELEMENT.optional, "title": Words(2000, plain=True)},
    *IMAGE_ELEMENT.checks,
)
BLOCKS["rich_text"], SURFACES["rich_text"] = RICH_TEXT, EVERYWHERE
_block("markdown", {"text": Chars(12_000)}, on=frozenset({MESSAGE}))
_block(
    "table",
    {"rows": Items(Items(_CELLS, 20), 100)},
    {"column_settings": Items(Nullable(_COLUMN), 20)},
    _equal_rows,
    on=frozenset({MESSAGE}),
)
_block(
    "data_table",
    {"rows": Items(Items(_CELLS, 20), 101, least=2), "caption": Chars(3000)},
    {"page_size": Number(1, 100), "row_header_column_index": Number(0, 19)},
    _equal_rows,
    _plain_header_cells,
    _data_table_characters,
    on=frozenset({MESSAGE}),
)
_block("data_visualization", {"title": Chars(50), "chart": OneKind(CHARTS)}, on=frozenset({MESSAGE}))
_block(
    "alert",
    {"text": Words(200)},
    {"level": choice("default", "info", "warning", "error", "success")},
    on=frozenset({MODAL}),
)
_block(
    "card",
    {},
    {
        "title": Words(150),
        "subtitle": Words(150),
        "body": Words(200),
        "icon": OneKind(ELEMENTS, frozenset({"image"})),
        "hero_image": OneKind(ELEMENTS, frozenset({"image"})),
        "actions": Items(OneKind(ELEMENTS, frozenset({"button"})), 2),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    on=frozenset({MESSAGE, HOME}),
)
_block(
    "container",
    {"child_blocks": Items(OneKind(BLOCKS), 10)},
    {
        "title": Words(150, plain=True),
        "rich_text_title": RICH_TEXT,
        "subtitle": Words(150),
        "width": choice("narrow", "standard", "wide", "full"),
        "icon": OneKind(ELEMENTS, frozenset({"image"})),
        "is_collapsible": FLAG,
        "default_collapsed": FLAG,
        "has_header_divider": FLAG,
    },
    at_least_one("title", "rich_text_title"),
    _collapsed_only_if_collapsible,
    on=frozenset({MESSAGE}),
)
