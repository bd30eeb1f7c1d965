"""A complete example (every field) and a least one (required fields only) of each block and element an app may send."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]
URL = "https://example.com/a"


@dataclass(frozen=True)
class Example:
    """Blocks for one surface, and the pointer of the thing they are an example of."""

    blocks: list[Json]
    at: str = "/blocks/0"
    surface: str = "message"


def plain(text: str = "words", **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def full_plain(text: str = "words") -> Json:
    return plain(text, emoji=True)


def picture() -> Json:
    return {"type": "image", "alt_text": "a picture", "image_url": URL}


def rich(*leaves: Json) -> Json:
    section = {"type": "rich_text_section", "elements": list(leaves or [{"type": "text", "text": "words"}])}
    return {"type": "rich_text", "elements": [section]}


def option(number: int = 0) -> Json:
    return {"text": plain(), "value": f"v{number}"}


def full_option(number: int = 0) -> Json:
    return {**option(number), "text": full_plain(), "description": full_plain()}


CONFIRM = {
    "title": full_plain(),
    "text": full_plain(),
    "confirm": full_plain(),
    "deny": full_plain(),
    "style": "danger",
}
ASKED = {"action_id": "ask", "confirm": CONFIRM, "focus_on_load": True, "placeholder": full_plain()}
TICKED = {"action_id": "ask", "confirm": CONFIRM, "focus_on_load": True}
TYPED = {
    "action_id": "ask",
    "focus_on_load": True,
    "placeholder": full_plain(),
    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
}
LEAST_CONFIRM = {name: plain() for name in ("title", "text", "confirm", "deny")}
FILTER = {"include": ["im"], "exclude_bot_users": True, "exclude_external_shared_channels": True}
FEEDBACK = {"text": full_plain(), "value": "good", "accessibility_label": "more words"}
WORKFLOW = {"trigger": {"url": URL, "customizable_input_parameters": [{"name": "kpi", "value": "churn"}]}}
LEAST_FEEDBACK = {"text": plain(), "value": "good"}

FULL_ELEMENTS: dict[str, Json] = {
    "button": {
        "text": full_plain(),
        "action_id": "go",
        "confirm": CONFIRM,
        "url": URL,
        "value": "1",
        "style": "primary",
        "accessibility_label": "more words",
    },
    "static_select": {**ASKED, "options": [full_option()], "initial_option": full_option()},
    "multi_static_select": {
        **ASKED,
        "option_groups": [{"label": full_plain(), "options": [full_option()]}],
        "initial_options": [full_option()],
        "max_selected_items": 2,
    },
    "external_select": {**ASKED, "min_query_length": 1, "initial_option": full_option()},
    "multi_external_select": {
        **ASKED,
        "min_query_length": 1,
        "initial_options": [full_option()],
        "max_selected_items": 2,
    },
    "users_select": {**ASKED, "initial_user": "U1"},
    "multi_users_select": {**ASKED, "initial_users": ["U1"], "max_selected_items": 2},
    "channels_select": {**ASKED, "initial_channel": "C1", "response_url_enabled": True},
    "multi_channels_select": {**ASKED, "initial_channels": ["C1"], "max_selected_items": 2},
    "conversations_select": {
        **ASKED,
        "filter": FILTER,
        "initial_conversation": "D1",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    },
    "multi_conversations_select": {
        **ASKED,
        "filter": FILTER,
        "initial_conversations": ["D1"],
        "default_to_current_conversation": True,
        "max_selected_items": 2,
    },
    "overflow": {"action_id": "go", "confirm": CONFIRM, "options": [{**full_option(), "url": URL}]},
    "checkboxes": {**TICKED, "options": [full_option()], "initial_options": [full_option()]},
    "radio_buttons": {**TICKED, "options": [full_option()], "initial_option": full_option()},
    "datepicker": {**ASKED, "initial_date": "2026-11-24"},
    "timepicker": {**ASKED, "initial_time": "08:00", "timezone": "Europe/Madrid"},
    "datetimepicker": {**TICKED, "initial_date_time": 1_790_000_000},
    "plain_text_input": {**TYPED, "initial_value": "a", "multiline": True, "min_length": 1, "max_length": 3000},
    "number_input": {
        **TYPED,
        "is_decimal_allowed": True,
        "initial_value": "2.5",
        "min_value": "-1",
        "max_value": "10",
    },
    "email_text_input": {**TYPED, "initial_value": "ana@example.com"},
    "url_text_input": {**TYPED, "initial_value": URL},
    "rich_text_input": {**TYPED, "initial_value": rich(), "min_lines": 1, "max_lines": 100},
    "file_input": {"action_id": "ask", "filetypes": ["csv"], "max_files": 2},
    "workflow_button": {
        "text": full_plain(),
        "action_id": "go",
        "confirm": CONFIRM,
        "workflow": WORKFLOW,
        "style": "primary",
        "accessibility_label": "more words",
    },
    "feedback_buttons": {"action_id": "rate", "positive_button": FEEDBACK, "negative_button": FEEDBACK},
    "icon_button": {
        "icon": "trash",
        "text": full_plain(),
        "action_id": "go",
        "value": "1",
        "confirm": CONFIRM,
        "accessibility_label": "more words",
        "visible_to_user_ids": ["U1"],
    },
    "image": {"alt_text": "a picture", "image_url": URL},
    "url": {"url": URL, "text": "words"},
}
LEAST_ELEMENTS: dict[str, Json] = {
    **{name: {} for name in FULL_ELEMENTS},
    "button": {"text": plain()},
    "static_select": {"options": [option()]},
    "multi_static_select": {"option_groups": [{"label": plain(), "options": [option()]}]},
    "overflow": {"options": [option()]},
    "checkboxes": {"options": [option()]},
    "radio_buttons": {"options": [option()]},
    "number_input": {"is_decimal_allowed": False},
    "rich_text_input": {"action_id": "ask"},
    "workflow_button": {"text": plain(), "action_id": "go", "workflow": {"trigger": {"url": URL}}},
    "feedback_buttons": {"positive_button": LEAST_FEEDBACK, "negative_button": LEAST_FEEDBACK},
    "icon_button": {"icon": "trash", "text": plain()},
    "image": {"alt_text": "a picture", "slack_file": {"id": "F1"}},
    "url": FULL_ELEMENTS["url"],
}


def in_actions(element: Json) -> Example:
    return Example([{"type": "actions", "elements": [element]}], "/blocks/0/elements/0")


def in_section(element: Json) -> Example:
    return Example([{"type": "section", "text": plain(), "accessory": element}], "/blocks/0/accessory")


def in_input(element: Json) -> Example:
    return Example([{"type": "input", "label": plain(), "element": element}], "/blocks/0/element", "modal")


def in_context_actions(element: Json) -> Example:
    return Example([{"type": "context_actions", "elements": [element]}], "/blocks/0/elements/0")


def on_a_card(element: Json) -> Example:
    return Example([{"type": "card", "actions": [element]}], "/blocks/0/actions/0")


def as_an_icon(element: Json) -> Example:
    return Example([{"type": "card", "title": plain(), "icon": element}], "/blocks/0/icon")


TASK = {"task_id": "1", "title": "words", "status": "complete"}


def as_a_source(element: Json) -> Example:
    return Example([{"type": "task_card", **TASK, "sources": [element]}], "/blocks/0/sources/0")


PLACES = {
    "actions": in_actions,
    "section": in_section,
    "input": in_input,
    "context_actions": in_context_actions,
    "card": on_a_card,
    "icon": as_an_icon,
    "source": as_a_source,
}
_SELECTS = [name for name in FULL_ELEMENTS if name.endswith("_select")]
_PICKERS = ["datepicker", "timepicker", "checkboxes", "radio_buttons"]
MAY_STAND: dict[str, set[str]] = {
    "actions": {*_SELECTS, *_PICKERS, "button", "overflow", "datetimepicker", "workflow_button"},
    "section": {*_SELECTS, *_PICKERS, "button", "overflow", "image", "workflow_button"},
    "input": {
        *_SELECTS,
        *_PICKERS,
        "datetimepicker",
        "plain_text_input",
        "number_input",
        "email_text_input",
        "url_text_input",
        "rich_text_input",
        "file_input",
    },
    "context_actions": {"feedback_buttons", "icon_button"},
    "card": {"button"},
    "icon": {"image"},
    "source": {"url"},
}


def element(name: str, fields: Json) -> Example:
    """The element where it may stand; in an input if it may, since there every field works."""
    place = next(place for place in ("input", *PLACES) if name in MAY_STAND[place])
    return PLACES[place]({"type": name, **fields})


STYLE = dict.fromkeys(
    ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), True
)
LEAVES: dict[str, Json] = {
    "text": {"text": "words"},
    "link": {"url": URL},
    "emoji": {"name": "tada"},
    "user": {"user_id": "U1"},
    "channel": {"channel_id": "C1"},
    "usergroup": {"usergroup_id": "S1"},
    "team": {"team_id": "T1"},
    "broadcast": {"range": "here"},
    "date": {"timestamp": 1_790_000_000, "format": "{date}"},
    "color": {"value": "#F405B3"},
}
LEAF_EXTRAS: dict[str, Json] = {
    "link": {"text": "words", "unsafe": True},
    "emoji": {"unicode": "1f389", "url": URL, "skin_tone": 2},
    "date": {"url": URL, "fallback": "words"},
}


def leaf(name: str, **more: Any) -> Example:
    return Example([rich({"type": name, **LEAVES[name], **more})], "/blocks/0/elements/0/elements/0")


SECTION = {"type": "rich_text_section", "elements": [{"type": "text", "text": "words"}]}
FULL_PARTS: dict[str, Json] = {
    "rich_text_section": {"elements": SECTION["elements"]},
    "rich_text_quote": {"elements": SECTION["elements"], "border": 1},
    "rich_text_preformatted": {"elements": SECTION["elements"], "border": 1, "language": "sql"},
    "rich_text_list": {"elements": [SECTION], "style": "bullet", "indent": 1, "offset": 1, "border": 1},
}
LEAST_PARTS: dict[str, Json] = {
    **{name: {"elements": []} for name in FULL_PARTS},
    "rich_text_list": {"elements": [SECTION], "style": "bullet"},
}


def part(name: str, fields: Json) -> Example:
    return Example([{"type": "rich_text", "elements": [{"type": name, **fields}]}], "/blocks/0/elements/0")


def point(label: str = "Q1", value: float = 1) -> Json:
    return {"label": label, "value": value}


SERIES = {"series": [{"name": "churn", "data": [point()]}], "axis_config": {"categories": ["Q1"]}}
FULL_SERIES = {**SERIES, "axis_config": {"categories": ["Q1"], "x_label": "quarter", "y_label": "percent"}}
CHARTS: dict[str, Json] = {
    "line": FULL_SERIES,
    "bar": FULL_SERIES,
    "area": FULL_SERIES,
    "pie": {"segments": [point()]},
}


def cell(text: str = "a") -> Json:
    return {"type": "raw_text", "text": text}


NUMBER_CELL = {"type": "raw_number", "value": 1, "text": "1"}
FULL_ROW = [cell(), NUMBER_CELL, rich()]
FULL_TASK = {**TASK, "details": rich(), "output": rich(), "sources": [{"type": "url", "url": URL, "text": "words"}]}
FULL_CARD = {
    "block_id": "card",
    "title": full_plain(),
    "subtitle": full_plain(),
    "body": full_plain(),
    "icon": picture(),
    "hero_image": picture(),
    "actions": [{"type": "button", "text": plain()}],
}
FULL_BLOCKS: dict[str, Json] = {
    "section": {"text": full_plain(), "fields": [full_plain()], "expand": True, "accessory": picture()},
    "header": {"text": full_plain(), "level": 2},
    "divider": {},
    "context": {"elements": [full_plain(), picture()]},
    "actions": {"elements": [{"type": "button", "text": plain()}]},
    "input": {
        "label": full_plain(),
        "hint": full_plain(),
        "optional": True,
        "dispatch_action": True,
        "element": {"type": "plain_text_input"},
    },
    "image": {"alt_text": "a picture", "image_url": URL, "title": full_plain()},
    "rich_text": {"elements": rich()["elements"]},
    "video": {
        "alt_text": "a film",
        "title": full_plain(),
        "thumbnail_url": URL,
        "video_url": URL,
        "title_url": URL,
        "author_name": "Ana",
        "description": full_plain(),
        "provider_name": "Films",
        "provider_icon_url": URL,
    },
    "markdown": {"text": "words"},
    "table": {"rows": [FULL_ROW, FULL_ROW], "column_settings": [{"align": "left", "is_wrapped": True}, None]},
    "data_table": {
        "rows": [[cell(), cell(), cell()], FULL_ROW],
        "caption": "words",
        "page_size": 5,
        "row_header_column_index": 1,
    },
    "data_visualization": {"title": "words", "chart": {"type": "line", **FULL_SERIES}},
    "alert": {"text": full_plain(), "level": "warning"},
    "card": FULL_CARD,
    "carousel": {"elements": [{"type": "card", **FULL_CARD, "block_id": "first"}]},
    "container": {
        "child_blocks": [{"type": "divider", "block_id": "inner"}],
        "title": full_plain(),
        "rich_text_title": rich(),
        "subtitle": full_plain(),
        "width": "wide",
        "icon": picture(),
        "is_collapsible": True,
        "default_collapsed": True,
        "has_header_divider": False,
    },
    "context_actions": {"elements": [{"type": "icon_button", "icon": "trash", "text": plain()}]},
    "task_card": FULL_TASK,
    "plan": {"title": "words", "tasks": [{"type": "task_card", **FULL_TASK, "block_id": "task"}]},
    "call": {"call_id": "R1"},
}
LEAST_BLOCKS: dict[str, Json] = {
    **FULL_BLOCKS,
    "section": {"text": plain()},
    "header": {"text": plain()},
    "context": {"elements": [plain()]},
    "input": {"label": plain(), "element": {"type": "plain_text_input"}},
    "image": {"alt_text": "a picture", "slack_file": {"url": URL}},
    "rich_text": {"elements": []},
    "video": {"alt_text": "a film", "title": plain(), "thumbnail_url": URL, "video_url": URL},
    "table": {"rows": [[{"type": "raw_number", "value": 1}]]},
    "data_table": {"rows": [[cell()], [cell()]], "caption": "words"},
    "data_visualization": {"title": "words", "chart": {"type": "line", **SERIES}},
    "alert": {"text": plain()},
    "card": {"title": plain()},
    "carousel": {"elements": [{"type": "card", "body": plain()}]},
    "container": {"child_blocks": [{"type": "divider"}], "title": plain()},
    "task_card": TASK,
    "plan": {"title": "words", "tasks": [{**TASK, "status": "pending"}]},
}
SURFACES: dict[str, set[str]] = {
    **{name: {"message", "modal", "home"} for name in FULL_BLOCKS},
    "alert": {"modal"},
    "card": {"message", "home"},
    "carousel": {"message", "home"},
    **{
        name: {"message"}
        for name in ("call", "container", "context_actions", "data_table", "data_visualization", "markdown")
    },
    **{name: {"message"} for name in ("plan", "table", "task_card")},
}


def block(name: str, fields: Json) -> Example:
    return Example([{"type": name, **fields}], surface="message" if "message" in SURFACES[name] else "modal")


def inside(example: Example, at: str) -> Example:
    """The same blocks as an example of something further inside."""
    return replace(example, at=example.at + at)


FULL: dict[str, Example] = {
    **{f"block {name}": block(name, {"block_id": "b", **fields}) for name, fields in FULL_BLOCKS.items()},
    **{f"element {name}": element(name, fields) for name, fields in FULL_ELEMENTS.items()},
    **{f"leaf {name}": leaf(name, **LEAF_EXTRAS.get(name, {}), style=STYLE) for name in LEAVES},
    **{f"part {name}": part(name, fields) for name, fields in FULL_PARTS.items()},
    **{
        f"chart {name}": Example(
            [{"type": "data_visualization", "title": "words", "chart": {"type": name, **fields}}], "/blocks/0/chart"
        )
        for name, fields in CHARTS.items()
    },
    "menu of groups": in_section(
        {
            "type": "static_select",
            "option_groups": [{"label": full_plain(), "options": [full_option()]}],
            "initial_option": full_option(),
        }
    ),
    **{
        f"text of {bound}": in_input({"type": kind, "action_id": "ask", bound: 1})
        for kind, bounds in {
            "plain_text_input": ("min_length", "max_length"),
            "rich_text_input": ("min_lines", "max_lines"),
        }.items()
        for bound in bounds
    },
    "menu without a choice": in_section({"type": "static_select", "options": [full_option()]}),
    "ticks without a choice": in_section({"type": "checkboxes", "options": [full_option()]}),
    "multiple menu of options": in_section(
        {"type": "multi_static_select", "options": [full_option()], "initial_options": [full_option()]}
    ),
    "picture by id": in_section({"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}}),
    "picture by address": in_section({"type": "image", "alt_text": "a", "slack_file": {"url": URL}}),
    "image by id": block("image", {"alt_text": "a", "slack_file": {"id": "F1"}}),
    "section of fields": block("section", {"fields": [full_plain()]}),
    "section with a button": in_section({"type": "button", "text": plain()}),
    "card of a picture": block("card", {"hero_image": picture()}),
    "card of buttons": block("card", {"actions": [{"type": "button", "text": plain()}]}),
    "card of a body": block("card", {"body": plain()}),
    "card with an icon": block("card", {"title": plain(), "slack_icon": {"type": "icon", "name": "bot"}}),
    "container titled richly": block("container", {"child_blocks": [{"type": "divider"}], "rich_text_title": rich()}),
    "container divided": block(
        "container", {"child_blocks": [{"type": "divider"}], "title": plain(), "has_header_divider": True}
    ),
    "filter of kinds": in_input({"type": "conversations_select", "filter": {"include": ["im", "public"]}}),
    "filter of bots": in_input({"type": "conversations_select", "filter": {"exclude_bot_users": True}}),
    "filter of strangers": in_input(
        {"type": "conversations_select", "filter": {"exclude_external_shared_channels": True}}
    ),
    **{
        f"container of a {name}": block("container", {"title": plain(), "child_blocks": [{"type": name, **fields}]})
        for name, fields in FULL_BLOCKS.items()
        if name
        in {"section", "header", "context", "actions", "input", "image", "rich_text", "video", "table", "divider"}
    },
}
LEAST: dict[str, Example] = {
    **{f"block {name}": block(name, fields) for name, fields in LEAST_BLOCKS.items()},
    **{f"element {name}": element(name, fields) for name, fields in LEAST_ELEMENTS.items()},
    **{f"leaf {name}": leaf(name) for name in LEAVES},
    **{f"part {name}": part(name, fields) for name, fields in LEAST_PARTS.items()},
    **{
        f"chart {name}": Example(
            [{"type": "data_visualization", "title": "words", "chart": {"type": name, **fields}}], "/blocks/0/chart"
        )
        for name, fields in {"line": SERIES, "pie": CHARTS["pie"]}.items()
    },
    "option of a menu": in_section({"type": "static_select", "options": [option()]}),
    "parameter of a workflow": inside(
        in_section({"type": "workflow_button", "text": plain(), "action_id": "go", "workflow": WORKFLOW}),
        "/workflow/trigger/customizable_input_parameters/0",
    ),
    "question before a click": inside(
        in_actions({"type": "button", "text": plain(), "confirm": LEAST_CONFIRM}), "/confirm"
    ),
    "moment of a dispatch": inside(
        in_input(
            {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
        ),
        "/dispatch_action_config",
    ),
    "icon of a card": inside(
        block("card", {"title": plain(), "slack_icon": {"type": "icon", "name": "bot"}}), "/slack_icon"
    ),
    "source of a task": as_a_source({"type": "url", "url": URL, "text": "words"}),
    "cell of a number": block("table", {"rows": [[{"type": "raw_number", "value": 1}]]}),
    "number in a data table": inside(
        block("data_table", {"rows": [[cell()], [{"type": "raw_number", "value": 1}]], "caption": "words"}), "/rows/1/0"
    ),
    "cell of words": block("table", {"rows": [[cell()]]}),
}
