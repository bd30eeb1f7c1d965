"""Payloads written by hand, with every fault they have: the rules between fields and between blocks."""

from __future__ import annotations

import json
from typing import Any

from tests.slack.limit_cases import Case, refused
from tests.slack.limit_examples import (
    TASK,
    Json,
    cell,
    option,
    picture,
    plain,
    point,
    rich,
)


def mrkdwn(text: str = "words") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **fields}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(), **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asked(**element: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element}


def chart(**fields: Any) -> Json:
    return {"type": "data_visualization", "title": "t", "chart": fields or {"type": "pie", "segments": [point()]}}


def bars(points: list[list[str]], categories: list[str], names: str = "abcdefgh") -> Json:
    series = [{"name": names[n], "data": [point(label) for label in labels]} for n, labels in enumerate(points)]
    return chart(type="bar", series=series, axis_config={"categories": categories})


def table(*rows: list[Json], **fields: Any) -> Json:
    return {"type": "table", "rows": list(rows) or [[cell()]], **fields}


def data_table(*rows: list[Json], **fields: Any) -> Json:
    return {"type": "data_table", "caption": "c", "rows": list(rows) or [[cell()], [cell()]], **fields}


def card(**fields: Any) -> Json:
    return {"type": "card", "title": plain(), **fields}


def container(*children: Json, **fields: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(children or [{"type": "divider"}]), **fields}


def markdown(size: int) -> Json:
    return {"type": "markdown", "text": "a" * size}


MENU = {"type": "static_select", "options": [option()]}
GROUP = {"label": plain(), "options": [option()]}

BETWEEN_FIELDS: list[Case] = [
    refused("section without words", [{"type": "section"}], "/blocks/0"),
    refused("menu without options", [actions({"type": "static_select"})], "/blocks/0/elements/0"),
    refused("menu with options and groups", [actions(MENU | {"option_groups": [GROUP]})], "/blocks/0/elements/0"),
    *(
        refused(
            f"options and groups of {kind}",
            [section(accessory=MENU | {"type": kind, "option_groups": [GROUP]})],
            "/blocks/0/accessory",
        )
        for kind in ("static_select", "multi_static_select")
    ),
    refused("foreign initial option", [actions(MENU | {"initial_option": option(1)})], "/blocks/0/elements/0"),
    *(
        refused(
            f"foreign {name} of {kind}",
            [
                section(
                    accessory={"type": kind, "options": [option()], name: [option(1)] if name[-1] == "s" else option(1)}
                )
            ],
            "/blocks/0/accessory",
        )
        for kind, name in (
            ("multi_static_select", "initial_options"),
            ("checkboxes", "initial_options"),
            ("radio_buttons", "initial_option"),
        )
    ),
    Case(
        "initial option of a group",
        [actions({"type": "static_select", "option_groups": [GROUP], "initial_option": option()})],
    ),
    refused(
        "filter of nothing",
        [actions({"type": "conversations_select", "filter": {}})],
        "/blocks/0/elements/0/filter",
    ),
    refused(
        "filter with a kind twice",
        [actions({"type": "conversations_select", "filter": {"include": ["im", "im"]}})],
        "/blocks/0/elements/0/filter/include/1",
    ),
    refused(
        "moment twice",
        [asked(type="plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * 2})],
        "/blocks/0/element/dispatch_action_config/trigger_actions_on/1",
    ),
    *(
        refused(f"{low} above {high}", [asked(**more, **{low: values[1], high: values[0]})], f"/blocks/0/element/{low}")
        for more, low, high, values in (
            ({"type": "plain_text_input"}, "min_length", "max_length", (4, 5)),
            ({"type": "number_input", "is_decimal_allowed": True}, "min_value", "max_value", ("9", "10")),
            ({"type": "rich_text_input", "action_id": "a"}, "min_lines", "max_lines", (4, 5)),
        )
    ),
    Case("equal bounds", [asked(type="plain_text_input", min_length=4, max_length=4)]),
    refused("image without a picture", [{"type": "image", "alt_text": "a"}], "/blocks/0"),
    refused("image with two pictures", [picture() | {"slack_file": {"id": "F1"}}], "/blocks/0"),
    refused(
        "element without a picture", [section(accessory={"type": "image", "alt_text": "a"})], "/blocks/0/accessory"
    ),
    refused(
        "element with two pictures",
        [section(accessory=picture() | {"slack_file": {"id": "F1"}})],
        "/blocks/0/accessory",
    ),
    refused(
        "file by id and address",
        [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1", "url": "https://a.example"}}],
        "/blocks/0/slack_file",
    ),
    refused("ragged table", [table([cell()], [cell(), cell()])], "/blocks/0/rows"),
    refused("ragged data table", [data_table([cell()], [cell(), cell()])], "/blocks/0/rows"),
    refused("table without cells", [table([])], "/blocks/0/rows/0"),
    Case("table of 20 columns", [table([cell()] * 20)]),
    refused("table of 21 columns", [table([cell()] * 21)], "/blocks/0/rows/0"),
    Case("data table of 20 columns", [data_table([cell()] * 20, [cell()] * 20)]),
    refused(
        "data table of 21 columns", [data_table([cell()] * 21, [cell()] * 21)], "/blocks/0/rows/0", "/blocks/0/rows/1"
    ),
    refused("data table without cells", [data_table([], [])], "/blocks/0/rows/0", "/blocks/0/rows/1"),
    refused("rich header cell", [data_table([cell(), rich()], [cell(), rich()])], "/blocks/0/rows/0/1"),
    refused(
        "row header beyond the columns",
        [data_table(row_header_column_index=1)],
        "/blocks/0/row_header_column_index",
    ),
    Case("data table of 10,000 characters", [data_table([cell()], [cell("a" * 9_999)])]),
    refused("data table of 10,001 characters", [data_table([cell()], [cell("a" * 10_000)])], "/blocks/0/rows"),
    refused(
        "formatted cells count too",
        [data_table([cell()], [rich({"type": "text", "text": "a" * 10_000})])],
        "/blocks/0/rows",
    ),
    refused("series named twice", [bars([["c"], ["c"]], ["c"], names="aa")], "/blocks/0/chart/series"),
    refused("category twice", [bars([["c", "c"]], ["c", "c"])], "/blocks/0/chart/axis_config/categories/1"),
    refused("point without category", [bars([["c"], ["c", "d"]], ["c"])], "/blocks/0/chart/series/1/data"),
    refused("category without point", [bars([["c"]], ["c", "d"])], "/blocks/0/chart/series/0/data"),
    refused("points in another order", [bars([["d", "c"]], ["c", "d"])], "/blocks/0/chart/series/0/data"),
    Case("20 points", [bars([[str(n) for n in range(20)]], [str(n) for n in range(20)])]),
    refused(
        "21 points",
        [bars([[str(n) for n in range(21)]], [str(n) for n in range(21)])],
        "/blocks/0/chart/series/0/data",
        "/blocks/0/chart/axis_config/categories",
    ),
    refused("no points", [bars([[]], ["c"])], "/blocks/0/chart/series/0/data"),
    refused("no categories", [bars([["c"]], [])], "/blocks/0/chart/axis_config/categories"),
    Case("category of 20 characters", [bars([["c" * 20]], ["c" * 20])]),
    refused(
        "category of 21 characters",
        [bars([["c" * 21]], ["c" * 21])],
        "/blocks/0/chart/series/0/data/0/label",
        "/blocks/0/chart/axis_config/categories/0",
    ),
    *(
        refused(
            f"slice of {value}", [chart(type="pie", segments=[point("a", value)])], "/blocks/0/chart/segments/0/value"
        )
        for value in (0, -1)
    ),
    Case(
        "bar below zero",
        [chart(type="bar", series=[{"name": "a", "data": [point("c", -1)]}], axis_config={"categories": ["c"]})],
    ),
    refused("empty card", [{"type": "card"}], "/blocks/0"),
    refused("card of a subtitle alone", [{"type": "card", "subtitle": plain()}], "/blocks/0"),
    refused("card with two icons", [card(icon=picture(), slack_icon={"type": "icon", "name": "bot"})], "/blocks/0"),
    refused("container without title", [{"type": "container", "child_blocks": [{"type": "divider"}]}], "/blocks/0"),
    refused("collapsed but not collapsible", [container(default_collapsed=True)], "/blocks/0/default_collapsed"),
    refused(
        "divided and collapsible",
        [container(is_collapsible=True, has_header_divider=True)],
        "/blocks/0/has_header_divider",
    ),
    refused("plan with a task twice", [{"type": "plan", "title": "p", "tasks": [TASK, TASK]}], "/blocks/0/tasks"),
    refused("pending task alone", [{"type": "task_card", **TASK, "status": "pending"}], "/blocks/0/status"),
    refused(
        "file input that dispatches",
        [asked(type="file_input") | {"dispatch_action": True}],
        "/blocks/0/dispatch_action",
        what="modal",
    ),
    refused("null in the place of a field", [section(fields=None)], "/blocks/0/fields"),
]

FOCUSED = {"type": "plain_text_input", "focus_on_load": True}
RESPONDING = {"type": "channels_select", "response_url_enabled": True}
BETWEEN_BLOCKS: list[Case] = [
    refused("block_id twice", [section(block_id="a"), section(block_id="a")], "/blocks/1/block_id"),
    refused(
        "block_id three times",
        [section(block_id="a")] * 3,
        "/blocks/1/block_id",
        "/blocks/2/block_id",
    ),
    refused(
        "block_id twice, once in a container",
        [section(block_id="a"), container(section(block_id="a"))],
        "/blocks/1/child_blocks/0/block_id",
    ),
    refused(
        "block_id twice, once in a carousel",
        [section(block_id="a"), {"type": "carousel", "elements": [card(block_id="a")]}],
        "/blocks/1/elements/0/block_id",
    ),
    refused(
        "block_id twice, once in a plan",
        [section(block_id="a"), {"type": "plan", "title": "p", "tasks": [TASK | {"block_id": "a"}]}],
        "/blocks/1/tasks/0/block_id",
    ),
    refused(
        "action_id twice in a block",
        [actions(button(action_id="a"), button(action_id="a"))],
        "/blocks/0/elements/1/action_id",
    ),
    refused(
        "action_id twice over blocks",
        [section(accessory=button(action_id="a")), actions(button(action_id="a"))],
        "/blocks/1/elements/0/action_id",
    ),
    refused(
        "action_id twice over cards",
        [{"type": "carousel", "elements": [card(actions=[button(action_id="a")])] * 2}],
        "/blocks/0/elements/1/actions/0/action_id",
    ),
    refused(
        "action_id twice over inputs",
        [asked(type="plain_text_input", action_id="a"), asked(type="plain_text_input", action_id="a")],
        "/blocks/1/element/action_id",
    ),
    refused("two tables", [table(), table()], "/blocks"),
    refused("two data tables", [data_table(), data_table()], "/blocks"),
    refused("table and data table", [table(), data_table()], "/blocks"),
    refused("two tables, one in a container", [table(), container(table())], "/blocks"),
    Case("two charts", [chart(), chart()]),
    refused("three charts", [chart(), chart(), chart()], "/blocks"),
    refused("two plans", [{"type": "plan", "title": "p", "tasks": []}] * 2, "/blocks"),
    Case("markdown of 12,000 characters in two blocks", [markdown(6_000), markdown(6_000)]),
    refused("markdown of 12,001 characters in two blocks", [markdown(6_001), markdown(6_000)], "/blocks"),
    refused("markdown of 12,001 characters in one block", [markdown(12_001)], "/blocks/0/text", "/blocks"),
    refused("two with the focus", [asked(**FOCUSED), asked(**FOCUSED)], "/blocks/1/element/focus_on_load"),
    Case("one with the focus", [asked(**FOCUSED), asked(**FOCUSED | {"focus_on_load": False})]),
    Case("response address in an input of a modal", [asked(**RESPONDING)], what="modal"),
    Case("no response address asked for", [actions(RESPONDING | {"response_url_enabled": False})]),
    refused(
        "response address in an input of a message", [asked(**RESPONDING)], "/blocks/0/element/response_url_enabled"
    ),
    refused(
        "response address in actions of a modal",
        [actions(RESPONDING)],
        "/blocks/0/elements/0/response_url_enabled",
        what="modal",
    ),
    *(
        Case(f"{most} blocks on {what}", [{"type": "divider"}] * most, what=what)  # type: ignore[arg-type]
        for what, most in (("message", 50), ("modal", 100), ("home", 100))
    ),
    *(
        refused(f"{most + 1} blocks on {what}", [{"type": "divider"}] * (most + 1), "/blocks", what=what)  # type: ignore[arg-type]
        for what, most in (("message", 50), ("modal", 100), ("home", 100))
    ),
    Case("no blocks", []),
    refused("blocks that are no list", {"type": "divider"}, "/blocks", code="invalid_blocks_format"),
    refused("block that is no object", ["hello"], "/blocks/0"),
    refused("block of no type", [{"text": plain()}], "/blocks/0"),
    refused(
        "several faults",
        [section(text=mrkdwn("")), {"type": "marquee"}, actions(button(style="green"), button(text=mrkdwn()))],
        "/blocks/0/text/text",
        "/blocks/1/type",
        "/blocks/2/elements/0/style",
        "/blocks/2/elements/1/text/type",
    ),
]


def _sized(size: int) -> list[Json]:
    """Blocks of exactly `size` characters of compact JSON."""
    sections = [section(text=mrkdwn("a" * 2990)) for _ in range(4)]
    empty = len(json.dumps([*sections, {"type": "markdown", "text": ""}], separators=(",", ":")))
    return [*sections, markdown(size - empty)]


SIZES: list[Case] = [
    Case("blocks of 13,000 characters", _sized(13_000)),
    refused("blocks of 13,001 characters", _sized(13_001), "/blocks", code="msg_blocks_too_long"),
    Case("letters of two bytes count once", [{"type": "markdown", "text": "ä" * 11_000}]),
]
