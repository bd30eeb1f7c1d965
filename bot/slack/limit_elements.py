"""The tables of Block Kit elements: buttons, menus, pickers and inputs, with their fields, limits and places.

Sources: Slack's block element pages, @slack/types 3.2, slack_sdk 3.47, the limit registry of slackblocks 3.0 and the
JSON schema of slack-block-kit-validator. Where they differ the stricter one counts. A field only one of the
third-party lists knows (`agent_prompt` of a button) is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.limit_rich_text import CHANNEL_ID, ID, RICH_TEXT_OBJECT, USER_ID, address
from bot.slack.limit_rules import FLAG, NO_LIMIT, Chars, Items, Number, Rule, Shape, choice, form, some_of, words
from bot.slack.limit_within import AtLeastOne, ExactlyOne, InitialAmongOptions, InOrder

DATE = form(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = form(r"([01]\d|2[0-3]):[0-5]\d")
DECIMAL = form(r"-?\d+(\.\d+)?")
CONVERSATION_ID = form("[CDG][A-Z0-9]+")
LABEL = words(2000, plain=True)
COLOURS = choice("primary", "danger")


CONFIRM = Shape(
    {
        "title": words(100, plain=True),
        "text": words(300),
        "confirm": words(30, plain=True),
        "deny": words(30, plain=True),
    },
    {"style": COLOURS},
)
_CONFIRM: Mapping[str, Rule] = {"confirm": CONFIRM}
_FOCUS: Mapping[str, Rule] = {"focus_on_load": FLAG}
_PLACEHOLDER: Mapping[str, Rule] = {"placeholder": words(150, plain=True)}
_ACCESSIBLE: Mapping[str, Rule] = {"accessibility_label": Chars(75)}


def _option(*, plain: bool) -> dict[str, Rule]:
    return {"text": words(75, plain=plain), "value": Chars(150)}


MENU_OPTION = Shape(_option(plain=True), {"description": words(75, plain=True)})
RICH_OPTION = Shape(_option(plain=False), {"description": words(75)})
OVERFLOW_OPTION = Shape(_option(plain=True), {"description": words(75, plain=True), "url": address()})
OPTIONS = Items(MENU_OPTION, 100)
GROUPS = Items(Shape({"label": words(75, plain=True), "options": OPTIONS}), 100)
_TICKS = Items(RICH_OPTION, 10)


def _element(fields: Mapping[str, Rule], *checks: Rule, required: Mapping[str, Rule] | None = None) -> Shape:
    """An element: an action id and its own fields."""
    return Shape(required or {}, {"action_id": ID, **fields}, checks)


def _menus(
    kind: str,
    initial: str,
    one: Rule,
    *checks: Rule,
    fields: Mapping[str, Rule] | None = None,
    alone: Mapping[str, Rule] | None = None,
) -> dict[str, Rule]:
    """The single and the multiple edition of one kind of select menu; `alone` has fields of the single one only."""
    shared: dict[str, Rule] = {**_CONFIRM, **_FOCUS, **_PLACEHOLDER, **(fields or {})}
    several: dict[str, Rule] = {f"initial_{initial}s": Items(one, NO_LIMIT), "max_selected_items": Number(1)}
    return {
        f"{kind}_select": _element({**shared, f"initial_{initial}": one, **(alone or {})}, *checks),
        f"multi_{kind}_select": _element({**shared, **several}, *checks),
    }


_FILTER = Shape(
    {},
    {
        "include": Items(choice("im", "mpim", "private", "public"), NO_LIMIT, distinct=True),
        "exclude_bot_users": FLAG,
        "exclude_external_shared_channels": FLAG,
    },
    (AtLeastOne(("include", "exclude_bot_users", "exclude_external_shared_channels")),),
)
_DISPATCH = Shape(
    {"trigger_actions_on": Items(choice("on_enter_pressed", "on_character_entered"), NO_LIMIT, distinct=True)}
)
_TYPED: Mapping[str, Rule] = {**_FOCUS, **_PLACEHOLDER, "dispatch_action_config": _DISPATCH}

_SLACK_FILE = Shape({}, {"id": form("F[A-Z0-9]+"), "url": address()}, (ExactlyOne(("id", "url")),))
PICTURE: Mapping[str, Rule] = {"image_url": address(), "slack_file": _SLACK_FILE}
ONE_PICTURE = ExactlyOne(("image_url", "slack_file"))

_FEEDBACK = Shape({"text": words(75, plain=True), "value": Chars(2000)}, _ACCESSIBLE)
_INPUT_PARAMETER = Shape({"name": Chars(), "value": Chars(least=0)})
_WORKFLOW = Shape(
    {
        "trigger": Shape(
            {"url": address(NO_LIMIT)},
            {"customizable_input_parameters": Items(_INPUT_PARAMETER, NO_LIMIT, least=0)},
        )
    }
)

ELEMENTS: Mapping[str, Rule] = {
    "button": _element(
        {**_CONFIRM, **_ACCESSIBLE, "url": address(), "value": Chars(2000, 0), "style": COLOURS},
        required={"text": words(75, plain=True)},
    ),
    **_menus(
        "static",
        "option",
        MENU_OPTION,
        ExactlyOne(("options", "option_groups")),
        InitialAmongOptions(),
        fields={"options": OPTIONS, "option_groups": GROUPS},
    ),
    **_menus("external", "option", MENU_OPTION, fields={"min_query_length": Number(0)}),
    **_menus("users", "user", USER_ID),
    **_menus("channels", "channel", CHANNEL_ID, alone={"response_url_enabled": FLAG}),
    **_menus(
        "conversations",
        "conversation",
        CONVERSATION_ID,
        fields={"filter": _FILTER, "default_to_current_conversation": FLAG},
        alone={"response_url_enabled": FLAG},
    ),
    "overflow": _element(_CONFIRM, required={"options": Items(OVERFLOW_OPTION, 5)}),
    "checkboxes": _element(
        {**_CONFIRM, **_FOCUS, "initial_options": Items(RICH_OPTION, NO_LIMIT)},
        InitialAmongOptions(),
        required={"options": _TICKS},
    ),
    "radio_buttons": _element(
        {**_CONFIRM, **_FOCUS, "initial_option": RICH_OPTION},
        InitialAmongOptions(),
        required={"options": _TICKS},
    ),
    "datepicker": _element({**_CONFIRM, **_FOCUS, **_PLACEHOLDER, "initial_date": DATE}),
    "timepicker": _element({**_CONFIRM, **_FOCUS, **_PLACEHOLDER, "initial_time": TIME, "timezone": Chars()}),
    # A Unix time of exactly ten digits (element page of the datetime picker).
    "datetimepicker": _element({**_CONFIRM, **_FOCUS, "initial_date_time": Number(10**9, 10**10 - 1)}),
    # What a person types has 3,000 characters at most; so has what stands there before.
    "plain_text_input": _element(
        {
            **_TYPED,
            "initial_value": Chars(3000, 0),
            "multiline": FLAG,
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
        InOrder("min_length", "max_length"),
    ),
    "number_input": _element(
        {**_TYPED, "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
        InOrder("min_value", "max_value"),
        required={"is_decimal_allowed": FLAG},
    ),
    "email_text_input": _element({**_TYPED, "initial_value": Chars(least=0)}),
    "url_text_input": _element({**_TYPED, "initial_value": Chars(least=0)}),
    "rich_text_input": Shape(
        {"action_id": ID},
        {**_TYPED, "initial_value": RICH_TEXT_OBJECT, "min_lines": Number(1, 100), "max_lines": Number(1, 100)},
        (InOrder("min_lines", "max_lines"),),
    ),
    "file_input": _element({"filetypes": Items(Chars(), NO_LIMIT), "max_files": Number(1, 10)}),
    "workflow_button": Shape(
        {"action_id": ID, "text": words(75, plain=True), "workflow": _WORKFLOW},
        {**_CONFIRM, **_ACCESSIBLE, "style": COLOURS},
    ),
    "feedback_buttons": _element({}, required={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}),
    "icon_button": _element(
        {
            **_CONFIRM,
            **_ACCESSIBLE,
            "value": Chars(2000),
            "visible_to_user_ids": Items(USER_ID, 10),
        },
        required={"icon": choice("trash"), "text": words(75, plain=True)},
    ),
    "image": Shape({"alt_text": Chars(2000)}, PICTURE, (ONE_PICTURE,)),
    "url": Shape({"url": address(NO_LIMIT), "text": Chars()}),
}

_SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
_PICKERS = frozenset({"datepicker", "timepicker", "checkboxes", "radio_buttons"})
_TYPED_INPUTS = frozenset(name for name in ELEMENTS if name.endswith("_input"))

IN_ACTIONS = some_of(ELEMENTS, _SELECTS | _PICKERS | {"button", "overflow", "datetimepicker", "workflow_button"})
"""What may stand in an actions block; `rich_text_input` not: its own page says input blocks only."""
IN_SECTION = some_of(ELEMENTS, _SELECTS | _PICKERS | {"button", "overflow", "image", "workflow_button"})
IN_INPUT = some_of(ELEMENTS, _SELECTS | _PICKERS | _TYPED_INPUTS | {"datetimepicker"})
IN_CONTEXT_ACTIONS = some_of(ELEMENTS, {"feedback_buttons", "icon_button"})
A_BUTTON = some_of(ELEMENTS, {"button"})
AN_IMAGE = some_of(ELEMENTS, {"image"})
A_SOURCE = some_of(ELEMENTS, {"url"})
