"""What Slack's reference says of lengths, counts, bounds, forms and choices: facts, apart from the tables.

A key is an example's name and a pointer inside it. Each number has its source in the module of `bot/slack` that
holds the limit; here it stands once more so that a slip of the pen there is noticed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.slack.limit_examples import (
    FULL_ELEMENTS,
    LEAVES,
    NUMBER_CELL,
    cell,
    full_option,
    option,
    picture,
    plain,
    point,
)

Key = tuple[str, str]
Maker = Callable[[int], Any]

_MENUS = [name for name in FULL_ELEMENTS if name.endswith("_select")]

LENGTHS: dict[Key, int] = {
    ("block section", "/block_id"): 255,
    ("block rich_text", "/block_id"): 255,
    ("block section", "/text/text"): 3000,
    ("block section", "/fields/0/text"): 2000,
    ("block header", "/text/text"): 150,
    ("block context", "/elements/0/text"): 3000,
    ("block input", "/label/text"): 2000,
    ("block input", "/hint/text"): 2000,
    ("block image", "/alt_text"): 2000,
    ("block image", "/image_url"): 3000,
    ("block image", "/title/text"): 2000,
    ("block video", "/alt_text"): 2000,
    ("block video", "/title/text"): 199,
    ("block video", "/thumbnail_url"): 3000,
    ("block video", "/video_url"): 3000,
    ("block video", "/title_url"): 2000,
    ("block video", "/author_name"): 49,
    ("block video", "/description/text"): 199,
    ("block video", "/provider_name"): 50,
    ("block video", "/provider_icon_url"): 2000,
    ("block markdown", "/text"): 12_000,
    ("block data_visualization", "/title"): 50,
    ("chart line", "/series/0/name"): 20,
    ("chart line", "/axis_config/x_label"): 50,
    ("chart line", "/axis_config/y_label"): 50,
    ("chart pie", "/segments/0/label"): 20,
    ("block alert", "/text/text"): 200,
    ("block card", "/title/text"): 150,
    ("block card", "/subtitle/text"): 150,
    ("block card", "/body/text"): 200,
    ("block container", "/title/text"): 150,
    ("block container", "/subtitle/text"): 150,
    ("leaf link", "/url"): 3000,
    ("leaf emoji", "/name"): 100,
    ("leaf emoji", "/url"): 3000,
    ("leaf date", "/url"): 3000,
    ("picture by address", "/slack_file/url"): 3000,
    ("element button", "/text/text"): 75,
    ("element button", "/action_id"): 255,
    ("element button", "/url"): 3000,
    ("element button", "/value"): 2000,
    ("element button", "/accessibility_label"): 75,
    ("element workflow_button", "/text/text"): 75,
    ("element icon_button", "/text/text"): 75,
    ("element icon_button", "/value"): 2000,
    ("element feedback_buttons", "/positive_button/text/text"): 75,
    ("element feedback_buttons", "/positive_button/value"): 2000,
    ("element feedback_buttons", "/positive_button/accessibility_label"): 75,
    ("element image", "/alt_text"): 2000,
    ("element image", "/image_url"): 3000,
    ("menu without a choice", "/options/0/text/text"): 75,
    ("menu without a choice", "/options/0/value"): 150,
    ("menu without a choice", "/options/0/description/text"): 75,
    ("element multi_static_select", "/option_groups/0/label/text"): 75,
    ("element overflow", "/options/0/text/text"): 75,
    ("element overflow", "/options/0/value"): 150,
    ("element overflow", "/options/0/description/text"): 75,
    ("element overflow", "/options/0/url"): 3000,
    ("ticks without a choice", "/options/0/text/text"): 75,
    ("ticks without a choice", "/options/0/value"): 150,
    ("ticks without a choice", "/options/0/description/text"): 75,
    ("element plain_text_input", "/initial_value"): 3000,
    ("element static_select", "/placeholder/text"): 150,
    ("element button", "/confirm/title/text"): 100,
    ("element button", "/confirm/text/text"): 300,
    ("element button", "/confirm/confirm/text"): 30,
    ("element button", "/confirm/deny/text"): 30,
}
MAY_BE_EMPTY: set[Key] = {
    ("element button", "/value"),
    ("element plain_text_input", "/initial_value"),
    ("element email_text_input", "/initial_value"),
    ("element url_text_input", "/initial_value"),
    ("element workflow_button", "/workflow/trigger/customizable_input_parameters/0/value"),
    *{("block table", f"/rows/{row}/0/text") for row in (0, 1)},
    *{("container of a table", f"/child_blocks/0/rows/{row}/0/text") for row in (0, 1)},
}
MRKDWN_TOO: set[Key] = {
    ("block section", "/text"),
    ("block section", "/fields/0"),
    ("block context", "/elements/0"),
    ("block alert", "/text"),
    ("block card", "/title"),
    ("block card", "/subtitle"),
    ("block card", "/body"),
    ("block container", "/subtitle"),
    ("block carousel", "/elements/0/title"),
    ("block carousel", "/elements/0/subtitle"),
    ("block carousel", "/elements/0/body"),
    ("section of fields", "/fields/0"),
    ("card of a body", "/body"),
    ("card with an icon", "/title"),
    ("container of a section", "/child_blocks/0/text"),
    ("container of a section", "/child_blocks/0/fields/0"),
    ("container of a context", "/child_blocks/0/elements/0"),
    ("ticks without a choice", "/options/0/text"),
    ("ticks without a choice", "/options/0/description"),
    ("element button", "/confirm/text"),
    *{
        (f"element {name}", f"/{options}/text")
        for name, initial in (("checkboxes", "initial_options/0"), ("radio_buttons", "initial_option"))
        for options in ("options/0", initial)
    },
    *{
        (f"element {name}", f"/{options}/description")
        for name, initial in (("checkboxes", "initial_options/0"), ("radio_buttons", "initial_option"))
        for options in ("options/0", initial)
    },
}

COUNTS: dict[Key, tuple[int, int | None, Maker]] = {
    ("block section", "/fields"): (1, 10, lambda _: plain()),
    ("block context", "/elements"): (1, 10, lambda _: plain()),
    ("block actions", "/elements"): (1, 25, lambda _: {"type": "button", "text": plain()}),
    ("block table", "/rows"): (1, 100, lambda _: [cell()]),
    ("block table", "/column_settings"): (0, 20, lambda _: {}),
    ("block data_table", "/rows"): (2, 101, lambda _: [cell(), cell()]),
    ("chart pie", "/segments"): (1, 6, lambda n: point(f"p{n}")),
    ("chart line", "/series"): (1, 6, lambda n: {"name": f"s{n}", "data": [point()]}),
    ("block card", "/actions"): (1, 2, lambda _: {"type": "button", "text": plain()}),
    ("block carousel", "/elements"): (1, 10, lambda _: {"type": "card", "body": plain()}),
    ("block container", "/child_blocks"): (1, 10, lambda _: {"type": "divider"}),
    ("block context_actions", "/elements"): (
        1,
        5,
        lambda _: {"type": "icon_button", "icon": "trash", "text": plain()},
    ),
    ("block task_card", "/sources"): (0, None, lambda _: {"type": "url", "url": "https://a.example", "text": "a"}),
    ("block plan", "/tasks"): (0, 50, lambda n: {"task_id": str(n), "title": "a", "status": "pending"}),
    ("block rich_text", "/elements"): (0, None, lambda _: {"type": "rich_text_section", "elements": []}),
    ("part rich_text_section", "/elements"): (0, None, lambda _: {"type": "text", "text": "a"}),
    ("part rich_text_preformatted", "/elements"): (0, None, lambda _: {"type": "text", "text": "a"}),
    ("part rich_text_list", "/elements"): (1, None, lambda _: {"type": "rich_text_section", "elements": []}),
    ("element static_select", "/options"): (1, 100, lambda n: full_option() if n == 0 else option(n)),
    ("element multi_static_select", "/option_groups"): (
        1,
        100,
        lambda n: {"label": plain(), "options": [full_option() if n == 0 else option(n)]},
    ),
    ("element overflow", "/options"): (1, 5, option),
    ("element checkboxes", "/options"): (1, 10, lambda n: full_option() if n == 0 else option(n)),
    ("element radio_buttons", "/options"): (1, 10, lambda n: full_option() if n == 0 else option(n)),
    ("element multi_users_select", "/initial_users"): (1, None, lambda _: "U1"),
    ("element multi_channels_select", "/initial_channels"): (1, None, lambda _: "C1"),
    ("element multi_conversations_select", "/initial_conversations"): (1, None, lambda _: "C1"),
    ("element multi_external_select", "/initial_options"): (1, None, option),
    ("element multi_static_select", "/initial_options"): (1, None, lambda _: full_option()),
    ("element checkboxes", "/initial_options"): (1, None, lambda _: full_option()),
    ("element icon_button", "/visible_to_user_ids"): (1, 10, lambda _: "U1"),
    ("element file_input", "/filetypes"): (1, None, lambda _: "csv"),
    ("element conversations_select", "/filter/include"): (
        1,
        None,
        lambda n: ("im", "mpim", "private", "public")[n % 4],
    ),
    ("element plain_text_input", "/dispatch_action_config/trigger_actions_on"): (
        1,
        None,
        lambda n: ("on_enter_pressed", "on_character_entered")[n % 2],
    ),
}

BOUNDS: dict[Key, tuple[int, int | None]] = {
    ("block header", "/level"): (1, 4),
    ("block data_table", "/page_size"): (1, 100),
    ("block data_table", "/row_header_column_index"): (0, 2),
    ("leaf emoji", "/skin_tone"): (1, 6),
    ("leaf date", "/timestamp"): (0, None),
    **{(f"part {name}", "/border"): (0, 1) for name in ("rich_text_quote", "rich_text_preformatted", "rich_text_list")},
    ("part rich_text_list", "/indent"): (0, 8),
    ("part rich_text_list", "/offset"): (0, None),
    ("element external_select", "/min_query_length"): (0, None),
    ("element multi_external_select", "/min_query_length"): (0, None),
    **{(f"element {name}", "/max_selected_items"): (1, None) for name in _MENUS if name.startswith("multi_")},
    ("element datetimepicker", "/initial_date_time"): (1_000_000_000, 9_999_999_999),
    ("text of min_length", "/min_length"): (0, 3000),
    ("text of max_length", "/max_length"): (1, 3000),
    ("text of min_lines", "/min_lines"): (1, 100),
    ("text of max_lines", "/max_lines"): (1, 100),
    ("element file_input", "/max_files"): (1, 10),
}
FRACTIONS: set[Key] = {
    ("chart line", "/series/0/data/0/value"),
    ("chart pie", "/segments/0/value"),
    ("cell of a number", "/rows/0/0/value"),
}

_ADDRESSES = (["http://a.example", "mailto:ana@example.com", "slack://open"], ["javascript:alert(1)", "a b", "/a"])
_SECURE = (["https://a.example"], ["http://a.example", "ftp://a.example"])
_PEOPLE = (["U1", "W0ANA"], ["B1", "ana", "u1", "<@U1>"])
_CHANNELS = (["C1", "G1"], ["D1", "general", "#c"])
_CONVERSATIONS = (["C1", "D1", "G1"], ["U1", "general"])
_NUMBERS = (["0", "-1", "2.5"], ["two", "1,5", "1e3", "+1", ".5", "5."])
FORMS: dict[Key, tuple[list[str], list[str]]] = {
    ("element button", "/url"): _ADDRESSES,
    ("element overflow", "/options/0/url"): _ADDRESSES,
    ("element workflow_button", "/workflow/trigger/url"): _ADDRESSES,
    ("element url", "/url"): _ADDRESSES,
    ("element image", "/image_url"): _ADDRESSES,
    ("block image", "/image_url"): _ADDRESSES,
    ("picture by address", "/slack_file/url"): _ADDRESSES,
    ("picture by id", "/slack_file/id"): (["F0A1"], ["f1", "X1", "1"]),
    ("leaf link", "/url"): _ADDRESSES,
    ("leaf emoji", "/url"): _ADDRESSES,
    ("leaf date", "/url"): _ADDRESSES,
    ("block video", "/thumbnail_url"): _ADDRESSES,
    ("block video", "/provider_icon_url"): _ADDRESSES,
    ("block video", "/video_url"): _SECURE,
    ("block video", "/title_url"): _SECURE,
    ("block call", "/call_id"): (["R0A1"], ["r1", "C1"]),
    ("leaf user", "/user_id"): _PEOPLE,
    ("leaf channel", "/channel_id"): _CHANNELS,
    ("leaf usergroup", "/usergroup_id"): (["S0A1"], ["U1", "s1"]),
    ("leaf team", "/team_id"): (["T0A1"], ["U1", "t1"]),
    ("leaf color", "/value"): (["#f405b3", "F405B3"], ["red", "#f4", "#f405b3ff"]),
    ("element users_select", "/initial_user"): _PEOPLE,
    ("element multi_users_select", "/initial_users/0"): _PEOPLE,
    ("element icon_button", "/visible_to_user_ids/0"): _PEOPLE,
    ("element channels_select", "/initial_channel"): _CHANNELS,
    ("element multi_channels_select", "/initial_channels/0"): _CHANNELS,
    ("element conversations_select", "/initial_conversation"): _CONVERSATIONS,
    ("element multi_conversations_select", "/initial_conversations/0"): _CONVERSATIONS,
    ("element datepicker", "/initial_date"): (
        ["2024-02-29", "1999-12-31"],
        ["24.11.2026", "2026-13-01", "2026-00-10", "2026-01-32", "2026-01-00", "26-01-01", "2026-1-1"],
    ),
    ("element timepicker", "/initial_time"): (["00:00", "23:59"], ["8 am", "24:00", "12:60", "8:00"]),
    **{("element number_input", f"/{name}"): _NUMBERS for name in ("initial_value", "max_value")},
    ("element number_input", "/min_value"): (["0", "-1.5"], _NUMBERS[1]),
}

# fmt: off
ICONS = [
    "archive", "book", "bookmark", "bot", "bug", "calendar", "call", "caret-left", "caret-right", "check",
    "clipboard", "code", "comment", "compass", "copy", "cube", "download", "edit", "email", "eye-closed", "eye-open",
    "file", "flag", "folder", "gear", "globe", "heart", "help", "image", "info", "key", "lightbulb", "link", "map",
    "mobile", "new-window", "pin", "plus", "refine", "refresh", "rocket", "save", "screen", "share", "sparkle",
    "star", "star-filled", "tag", "thumbs-down", "thumbs-up", "trash", "upload", "user", "warning",
]
# fmt: on
_COLOURS = ["primary", "danger"]
CHOICES: dict[Key, list[str]] = {
    ("element button", "/style"): _COLOURS,
    ("element workflow_button", "/style"): _COLOURS,
    ("element button", "/confirm/style"): _COLOURS,
    ("element icon_button", "/icon"): ["trash"],
    ("element conversations_select", "/filter/include/0"): ["im", "mpim", "private", "public"],
    ("element plain_text_input", "/dispatch_action_config/trigger_actions_on/0"): [
        "on_enter_pressed",
        "on_character_entered",
    ],
    ("block table", "/column_settings/0/align"): ["left", "center", "right"],
    ("block alert", "/level"): ["default", "info", "warning", "error", "success"],
    ("block container", "/width"): ["narrow", "standard", "wide", "full"],
    ("block task_card", "/status"): ["in_progress", "complete", "error"],
    ("block plan", "/tasks/0/status"): ["pending", "in_progress", "complete", "error"],
    ("block plan", "/tasks/0/type"): ["task_card"],
    ("part rich_text_list", "/style"): ["bullet", "ordered"],
    ("leaf broadcast", "/range"): ["here", "channel", "everyone"],
    ("card with an icon", "/slack_icon/name"): ICONS,
}

CELLS = {"raw_text": cell(), "raw_number": NUMBER_CELL, "rich_text": {"type": "rich_text", "elements": []}}
KINDS: dict[Key, dict[str, Any]] = {
    ("cell of words", "/rows/0/0"): CELLS,
    ("block data_table", "/rows/1/0"): CELLS,
    ("block context", "/elements/0"): {
        "plain_text": plain(),
        "mrkdwn": plain() | {"type": "mrkdwn"},
        "image": picture(),
    },
    **{
        (f"part {name}", "/elements/0"): {kind: {"type": kind, **fields} for kind, fields in LEAVES.items()}
        for name in ("rich_text_section", "rich_text_quote")
    },
    ("part rich_text_preformatted", "/elements/0"): {kind: {"type": kind, **LEAVES[kind]} for kind in ("text", "link")},
}
"""The kinds of thing that may stand somewhere, with one of each."""
