"""What people put into inputs: the state of a view, from what is preselected and from what a test types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
}
"""Where the state of each kind of element stands; a button has none."""


def initial_field(kind: str) -> str:
    """The element's field with what is preselected, for example `initial_option`."""
    return VALUE_FIELD[kind].replace("selected_", "initial_") if VALUE_FIELD[kind] != "value" else "initial_value"


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
            empty: object = [] if VALUE_FIELD[kind] == "selected_options" else None
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
    else:
        value = wanted
    return {"type": kind, where: value}


def _names(block: Json, element: Json) -> set[str | None]:
    label = block.get("label") or {}
    return {element.get("action_id"), block.get("block_id"), label.get("text")}


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
    """What the client itself refuses before sending: empty required inputs, text too short or too long."""
    errors: dict[str, str] = {}
    for block, element in walk(blocks):
        if block.get("type") != "input":
            continue
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        value = state.get(VALUE_FIELD[element["type"]])
        if not value and not block.get("optional"):
            errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and len(value) > element.get("max_length", 3000):
            errors[block["block_id"]] = f"Please use {element.get('max_length', 3000)} characters or fewer."
        elif isinstance(value, str) and len(value) < element.get("min_length", 0):
            errors[block["block_id"]] = f"Please use at least {element['min_length']} characters."
    return errors
