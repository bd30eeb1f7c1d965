"""What people put into inputs: the state of a view, from what is preselected and from what a test types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]

VALUE_FIELD = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""Where the state of each kind of element stands; a button has none."""

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_URL = re.compile(r"https?://\S+")


def initial_field(kind: str) -> str:
    """The element's field with what is preselected, for example `initial_option`."""
    where = VALUE_FIELD[kind]
    return "initial_value" if where in ("value", "rich_text_value") else where.replace("selected_", "initial_")


def walk(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, children of containers included."""
    for block in blocks:
        for name in ("element", "accessory"):
            if isinstance(block.get(name), dict):
                yield block, block[name]
        for element in [*_list(block, "elements"), *_list(block, "actions")]:
            yield block, element
        yield from walk(_list(block, "child_blocks"))


def _list(block: Json, name: str) -> list[Json]:
    value = block.get(name)
    wanted = block.get("type") in ("actions", "card", "container") and isinstance(value, list)
    return list(value) if wanted and value else []


def initial_values(blocks: Sequence[Json]) -> dict[str, Json]:
    """The state a view starts with: block id → action id → element state."""
    values: dict[str, Json] = {}
    for block, element in walk(blocks):
        kind = str(element.get("type"))
        if kind in VALUE_FIELD and "action_id" in element and kind != "overflow":
            empty: object = [] if VALUE_FIELD[kind].endswith("s") else None
            state = {"type": kind, VALUE_FIELD[kind]: element.get(initial_field(kind), empty)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def options_of(element: Mapping[str, Any]) -> list[Json]:
    """All options a menu offers, groups flattened."""
    groups = [option for group in element.get("option_groups", ()) for option in group.get("options", ())]
    return [*element.get("options", ()), *groups]


def chosen_option(element: Mapping[str, Any], wanted: object) -> Json:
    """The option with this label or value (an option itself passes). LookupError with what is offered."""
    if isinstance(wanted, Mapping):
        return dict(wanted)
    for option in options_of(element):
        if wanted in (option.get("value"), option.get("text", {}).get("text")):
            return option
    offered = ", ".join(repr(option.get("text", {}).get("text")) for option in options_of(element))
    raise LookupError(f"no option {wanted!r}; offered: {offered}")


def element_state(element: Mapping[str, Any], wanted: Any) -> Json:
    """The state of an element after a person chose or typed `wanted`."""
    kind = str(element["type"])
    where = VALUE_FIELD[kind]
    if where == "selected_option":
        value: Any = None if wanted is None else chosen_option(element, wanted)
    elif where == "selected_options":
        value = [chosen_option(element, one) for one in wanted or ()]
    elif where == "value":
        value = None if wanted in (None, "") else str(wanted)
    elif where == "rich_text_value" and isinstance(wanted, str):
        value = _rich_text(wanted) if wanted else None
    else:
        value = wanted
    return {"type": kind, where: value}


def _rich_text(words: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    return {"type": "rich_text", "elements": [section]}


def _names(block: Json, element: Json) -> set[str | None]:
    label = block.get("label") or {}
    return {element.get("action_id"), block.get("block_id"), label.get("text")}


def named_inputs(blocks: Sequence[Json], names: Iterable[str]) -> Iterator[tuple[str, Json]]:
    """Each name with the first input it is the visible label, action id or block id of; names of none are left out."""
    for name in names:
        for block, element in walk(blocks):
            if name in _names(block, element) and element["type"] in VALUE_FIELD:
                yield name, element
                break


def fill(blocks: Sequence[Json], values: dict[str, Json], given: Mapping[str, Any]) -> dict[str, Json]:
    """The state with `given` typed in, keyed by visible label, action id or block id. LookupError for no input."""
    filled = {block: dict(actions) for block, actions in values.items()}
    for name, wanted in given.items():
        matches = [(b, e) for b, e in walk(blocks) if name in _names(b, e) and e["type"] in VALUE_FIELD]
        if not matches:
            known = ", ".join(sorted(str(b.get("label", {}).get("text")) for b, _ in walk(blocks) if "label" in b))
            raise LookupError(f"no input called {name!r}; the view has: {known}")
        block, element = matches[0]
        filled.setdefault(block["block_id"], {})[element["action_id"]] = element_state(element, wanted)
    return filled


def local_errors(blocks: Sequence[Json], values: Mapping[str, Json]) -> dict[str, str]:
    """What the client itself refuses before sending: empty required inputs, and values their element does not take."""
    errors: dict[str, str] = {}
    for block, element in walk(blocks):
        if block.get("type") != "input":
            continue
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        value = state.get(VALUE_FIELD[element["type"]])
        words = _refusal(element, value) if value else None
        if not value and not block.get("optional"):
            words = "Please complete this required field."
        if words:
            errors[block["block_id"]] = words
    return errors


def _refusal(element: Mapping[str, Any], value: Any) -> str | None:
    """Why the client does not take this value; None when it does."""
    kind = element["type"]
    if kind == "number_input":
        return _number_refusal(element, value)
    if kind == "email_text_input":
        return None if _EMAIL.fullmatch(value) else "Please enter a valid email address."
    if kind == "url_text_input":
        return None if _URL.fullmatch(value) else "Please enter a valid URL."
    if isinstance(value, str):
        return _length_refusal(element, value)
    most = element.get("max_selected_items")
    return f"Please choose {most} or fewer." if most and len(value) > most else None


def _length_refusal(element: Mapping[str, Any], value: str) -> str | None:
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if len(value) > most:
        return f"Please use {most} characters or fewer."
    return f"Please use at least {least} characters." if len(value) < least else None


def _number_refusal(element: Mapping[str, Any], value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter {least} or more."
    return f"Please enter {most} or less." if most is not None and number > Decimal(most) else None
