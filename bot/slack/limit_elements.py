"""The tables of Block Kit elements: buttons, menus, pickers and inputs, with their fields and limits.

Sources: Slack's block reference and method reference, @slack/types 3.2, slack_sdk 3.47 and bolt-js #2509.
Where sources differ the stricter number stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.limit_rules import (
    FLAG,
    Chars,
    Check,
    Complaint,
    Items,
    Number,
    Rule,
    Shape,
    Words,
    address,
    choice,
    exactly_one,
)

ID = Chars(255)
DATE = Chars(10, pattern=r"\d{4}-\d{2}-\d{2}")
TIME = Chars(5, pattern=r"\d{2}:\d{2}")
PLACEHOLDER = Words(150, plain=True)
LABEL = Words(2000, plain=True)


def _listed(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return list(found) if isinstance(found, list) else []


def _initial_among_options(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
    """A preselected option must be one of those offered."""
    groups = [group for group in _listed(value, "option_groups") if isinstance(group, Mapping)]
    offered = [*_listed(value, "options"), *(option for group in groups for option in _listed(group, "options"))]
    chosen = [value["initial_option"]] if "initial_option" in value else _listed(value, "initial_options")
    if any(option not in offered for option in chosen):
        yield at, "initial option is not among the options"


def _bounds(low: str, high: str) -> Check:
    def check(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        least, most = value.get(low), value.get(high)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            yield f"{at}/{low}", f"must not be greater than {high}"

    return check


CONFIRM = Shape(
    {
        "title": Words(100, plain=True),
        "text": Words(300),
        "confirm": Words(30, plain=True),
        "deny": Words(30, plain=True),
    },
    {"style": choice("primary", "danger")},
)


def _option(*, plain: bool, link: bool = False) -> Shape:
    extra: dict[str, Rule] = {"description": Words(75, plain=plain)}
    if link:
        extra["url"] = address()
    return Shape({"text": Words(75, plain=plain), "value": Chars(150)}, extra)


MENU_OPTION = _option(plain=True)
RICH_OPTION = _option(plain=False)
OPTIONS = Items(MENU_OPTION, 100)
GROUPS = Items(Shape({"label": Words(75, plain=True), "options": OPTIONS}), 100)


def _element(fields: Mapping[str, Rule], **more: Any) -> Shape:
    """An interactive element: an action id, a confirmation, focus, and its own fields."""
    optional: dict[str, Rule] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": FLAG, **fields}
    return Shape(more.get("required", {}), optional, more.get("checks", ()))


def _menu(initial: str, many: Rule, one: Rule, **more: Any) -> tuple[Shape, Shape]:
    """The single and the multiple edition of one kind of select menu."""
    fields = {"placeholder": PLACEHOLDER, **more.pop("fields", {})}
    single = _element({**fields, f"initial_{initial}": one}, **more)
    extra = {f"initial_{initial}s": many, "max_selected_items": Number(1)}
    return single, _element({**fields, **extra}, **more)


_STATIC = _menu(
    "option",
    Items(MENU_OPTION, 100),
    MENU_OPTION,
    fields={"options": OPTIONS, "option_groups": GROUPS},
    checks=(exactly_one("options", "option_groups"), _initial_among_options),
)
_EXTERNAL = _menu("option", Items(MENU_OPTION, 100), MENU_OPTION, fields={"min_query_length": Number(0)})
_USERS = _menu("user", Items(ID, 100), ID)
_CHANNELS = _menu("channel", Items(ID, 100), ID, fields={"response_url_enabled": FLAG})
_FILTER = Shape(
    {},
    {
        "include": Items(choice("im", "mpim", "private", "public"), 4),
        "exclude_bot_users": FLAG,
        "exclude_external_shared_channels": FLAG,
    },
)
_CONVERSATIONS = _menu(
    "conversation",
    Items(ID, 100),
    ID,
    fields={"filter": _FILTER, "response_url_enabled": FLAG, "default_to_current_conversation": FLAG},
)
_DISPATCH = Shape({}, {"trigger_actions_on": Items(choice("on_enter_pressed", "on_character_entered"), 2)})
_TYPED: Mapping[str, Rule] = {"placeholder": PLACEHOLDER, "dispatch_action_config": _DISPATCH}

IMAGE_ELEMENT = Shape(
    {"alt_text": Chars(2000)},
    {"image_url": address(), "slack_file": Shape({}, {"id": ID, "url": address()}, (exactly_one("id", "url"),))},
    (exactly_one("image_url", "slack_file"),),
)

ELEMENTS: Mapping[str, Rule] = {
    "button": _element(
        {
            "url": address(),
            "value": Chars(2000, 0),
            "style": choice("primary", "danger"),
            "accessibility_label": Chars(75),
        },
        required={"text": Words(75, plain=True)},
    ),
    "static_select": _STATIC[0],
    "multi_static_select": _STATIC[1],
    "external_select": _EXTERNAL[0],
    "multi_external_select": _EXTERNAL[1],
    "users_select": _USERS[0],
    "multi_users_select": _USERS[1],
    "channels_select": _CHANNELS[0],
    "multi_channels_select": _CHANNELS[1],
    "conversations_select": _CONVERSATIONS[0],
    "multi_conversations_select": _CONVERSATIONS[1],
    "overflow": _element({}, required={"options": Items(_option(plain=True, link=True), 5)}),
    "checkboxes": _element(
        {"initial_options": Items(RICH_OPTION, 10)},
        required={"options": Items(RICH_OPTION, 10)},
        checks=(_initial_among_options,),
    ),
    "radio_buttons": _element(
        {"initial_option": RICH_OPTION},
        required={"options": Items(RICH_OPTION, 10)},
        checks=(_initial_among_options,),
    ),
    "datepicker": _element({"initial_date": DATE, "placeholder": PLACEHOLDER}),
    "timepicker": _element({"initial_time": TIME, "placeholder": PLACEHOLDER, "timezone": Chars(100)}),
    "datetimepicker": _element({"initial_date_time": Number(10**9, 10**10 - 1)}),
    "plain_text_input": _element(
        {
            **_TYPED,
            "initial_value": Chars(3000, 0),
            "multiline": FLAG,
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
        checks=(_bounds("min_length", "max_length"),),
    ),
    "number_input": _element(
        {**_TYPED, "initial_value": Chars(100), "min_value": Chars(100), "max_value": Chars(100)},
        required={"is_decimal_allowed": FLAG},
    ),
    "email_text_input": _element({**_TYPED, "initial_value": Chars(3000)}),
    "url_text_input": _element({**_TYPED, "initial_value": Chars(3000)}),
    "image": IMAGE_ELEMENT,
}

_SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
_MULTI = frozenset(name for name in _SELECTS if name.startswith("multi_"))
_PICKERS = frozenset({"datepicker", "timepicker", "checkboxes", "radio_buttons"})
IN_ACTIONS = (_SELECTS - _MULTI) | _PICKERS | {"button", "overflow", "datetimepicker"}
IN_SECTION = _SELECTS | _PICKERS | {"button", "overflow", "image"}
_INPUTS = frozenset(name for name in ELEMENTS if name.endswith("_input"))
IN_INPUT = _SELECTS | _PICKERS | _INPUTS | {"datetimepicker"}
