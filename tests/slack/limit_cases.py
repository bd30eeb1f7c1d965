"""Payloads Slack would take and payloads it would refuse, with the place and code of each fault.

Most are made from the examples and the facts: a value of the wrong type, one character too many, a field too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

from bot.slack.limits import Fault, Surface, check_blocks, check_message, check_view
from tests.slack.limit_examples import (
    FULL,
    FULL_BLOCKS,
    FULL_ELEMENTS,
    LEAST,
    LEAST_BLOCKS,
    LEAST_ELEMENTS,
    MAY_STAND,
    PLACES,
    SURFACES,
    Example,
    Json,
    in_input,
)
from tests.slack.limit_facts import (
    BOUNDS,
    CHOICES,
    COUNTS,
    FORMS,
    FRACTIONS,
    KINDS,
    LENGTHS,
    MAY_BE_EMPTY,
    MRKDWN_TOO,
    Key,
)

What = Literal["message", "modal", "home", "post", "edit", "view"]
_SURFACES: tuple[What, ...] = ("message", "modal", "home")
Place = tuple[str, str]
"""The pointer of a fault and its code."""


@dataclass(frozen=True)
class Case:
    """A payload, and the faults it has: all of them, or (`among`) at least these."""

    name: str
    payload: Any
    faults: tuple[Place, ...] = ()
    what: What = "message"
    among: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the name."""
        return frozenset(re.findall(r"\w+", self.name))

    def judged(self) -> list[Fault]:
        """What the validator says of the payload."""
        if self.what == "view":
            return check_view(self.payload)
        if self.what in ("post", "edit"):
            return check_message(self.payload, editing=self.what == "edit")
        return check_blocks(self.payload, cast(Surface, self.what))

    def holds(self) -> bool:
        """Whether the validator finds the faults named here (and, without `among`, no other)."""
        found = {(fault.pointer, fault.code) for fault in self.judged()}
        return set(self.faults) <= found if self.among else set(self.faults) == found


def refused(name: str, payload: Any, *pointers: str, what: What = "message", code: str = "invalid_blocks") -> Case:
    """A payload with exactly these faults."""
    return Case(name, payload, tuple((pointer, code) for pointer in pointers), what)


def _keys(at: str) -> list[str]:
    return at.split("/")[1:]


def found(blocks: Any, at: str) -> Any:
    """The value at a pointer into `/blocks`."""
    for key in _keys(at)[1:]:
        blocks = blocks[int(key)] if isinstance(blocks, list) else blocks[key]
    return blocks


def changed(blocks: list[Json], at: str, value: Any) -> list[Json]:
    """The blocks with another value at a pointer."""
    copy = deepcopy(blocks)
    holder, key = found(copy, at.rpartition("/")[0]), _keys(at)[-1]
    holder[int(key) if isinstance(holder, list) else key] = value
    return copy


def without(blocks: list[Json], at: str) -> list[Json]:
    """The blocks without the field at a pointer."""
    copy = deepcopy(blocks)
    del found(copy, at.rpartition("/")[0])[_keys(at)[-1]]
    return copy


def values(name: str, example: Example) -> Iterator[tuple[str, Any]]:
    """Every value inside an example with its pointer, the example's own included.

    What many elements share (the question before a click, the placeholder) is gone into once, not in each.
    """

    def inside(value: Any, at: str) -> Iterator[tuple[str, Any]]:
        yield at, value
        if SHARED.get(at.rpartition("/")[2], _own_name(name)) != _own_name(name):
            return
        parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in parts:
            yield from inside(inner, f"{at}/{key}")

    return inside(found(example.blocks, example.at), example.at)


SHARED = {"confirm": "element button", "placeholder": "element static_select"}


def _fine(name: str, example: Example, blocks: list[Json] | None = None) -> Case:
    return Case(name, blocks or example.blocks, (), cast(What, example.surface))


def _faulty(name: str, example: Example, blocks: list[Json], *places: str) -> Case:
    return Case(name, blocks, tuple((at, "invalid_blocks") for at in places), cast(What, example.surface), among=True)


def in_mrkdwn(name: str, example: Example) -> Example:
    """The example with mrkdwn wherever it may stand."""
    blocks = example.blocks
    for owner, at in MRKDWN_TOO:
        if owner == name:
            text = found(blocks, example.at + at)["text"]
            blocks = changed(blocks, example.at + at, {"type": "mrkdwn", "text": text, "verbatim": False})
    return Example(blocks, example.at, example.surface)


EXAMPLES = FULL | {
    f"{name} in mrkdwn": in_mrkdwn(name, example)
    for name, example in FULL.items()
    if any(owner == name for owner, _ in MRKDWN_TOO)
}


def _own_name(name: str) -> str:
    return name.removesuffix(" in mrkdwn")


def _editions(key: Key) -> Iterator[tuple[str, Example, str]]:
    """The example of a fact, with plain text and (where there is one) with mrkdwn, and the pointer meant."""
    name, at = key
    for own in (name, f"{name} in mrkdwn"):
        example = EXAMPLES.get(own) or (LEAST.get(own) if own == name else None)
        if example is not None:
            yield f"{own}{at}", example, example.at + at


def passing() -> Iterator[Case]:
    """Every complete and every least example."""
    for name, example in EXAMPLES.items():
        yield _fine(f"full {name}", example)
    for name, example in LEAST.items():
        yield _fine(f"least {name}", example)


def wrong_types() -> Iterator[Case]:
    """Every value of every example, replaced by one of another type."""
    for name, example in EXAMPLES.items():
        for at, value in values(name, example):
            for other in _other_types(value):
                yield _faulty(f"{name} {at} is {other!r}", example, changed(example.blocks, at, other), at)


def _other_types(value: object) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return ("yes", None, 1)
    if isinstance(value, int | float):
        return ("1", True, float("nan"), float("inf"))
    if isinstance(value, str):
        return (7, ["words"])
    return (7, "words") if isinstance(value, list) else (7, [{}]) if isinstance(value, Mapping) else (7,)


def fields_too_many_and_too_few() -> Iterator[Case]:
    """An unknown field in every object; every field left out of the least examples."""
    for name, example in EXAMPLES.items():
        for at, value in values(name, example):
            if isinstance(value, Mapping):
                blocks = changed(example.blocks, at, {**value, "co/lo~ur": "red"})
                yield _faulty(f"{name} {at} unknown field", example, blocks, f"{at}/co~1lo~0ur")
            if isinstance(value, Mapping) and value.get("type") in ("plain_text", "mrkdwn"):
                yield _faulty(f"{name} {at} without text", example, without(example.blocks, f"{at}/text"), at)
    for name, example in LEAST.items():
        for at, value in values(name, example):
            for field in value if isinstance(value, Mapping) else ():
                if at != "/blocks/0" or field != "type" or not name.startswith("block"):
                    blocks = without(example.blocks, f"{at}/{field}")
                    yield _faulty(f"least {name} {at} without {field}", example, blocks, at)


def lengths() -> Iterator[Case]:
    """Each string empty, as long as it may be, and one longer."""
    for name, example in EXAMPLES.items():
        for at, value in values(name, example):
            key = (_own_name(name), at.removeprefix(example.at))
            if isinstance(value, str) and not at.endswith("/type"):
                blocks = changed(example.blocks, at, "")
                empty = key in MAY_BE_EMPTY
                yield (
                    _fine(f"{name} {at} empty", example, blocks)
                    if empty
                    else _faulty(f"{name} {at} empty", example, blocks, at)
                )
    for key, most in LENGTHS.items():
        for name, example, at in _editions(key):
            text = found(example.blocks, at)
            yield _fine(f"{name} of {most}", example, changed(example.blocks, at, text + text[-1] * (most - len(text))))
            long = changed(example.blocks, at, text + text[-1] * (most + 1 - len(text)))
            yield _faulty(f"{name} of {most + 1}", example, long, at)


def counts() -> Iterator[Case]:
    """Each list with as few and as many items as it may have, one fewer and one more."""
    for key, (least, most, make) in COUNTS.items():
        name, example, at = next(_editions(key))
        for size in filter(lambda size: size is not None and size >= 0, (least, most)):
            items = [make(number) for number in range(cast(int, size))]
            yield _fine(f"{name} has {size}", example, changed(example.blocks, at, items))
        for size in (least - 1, most + 1 if most is not None else -1):
            if size >= 0:
                items = [make(number) for number in range(size)]
                yield _faulty(f"{name} has {size}", example, changed(example.blocks, at, items), at)


def bounds() -> Iterator[Case]:
    """Each number at its bounds, beyond them, and with a fraction."""
    for key, (least, most) in BOUNDS.items():
        name, example, at = next(_editions(key))
        for number in (least, most):
            if number is not None:
                yield _fine(f"{name} is {number}", example, changed(example.blocks, at, number))
        for wrong in (least - 1, least + 0.5, *([most + 1] if most is not None else [])):
            yield _faulty(f"{name} is {wrong}", example, changed(example.blocks, at, wrong), at)
    for key in FRACTIONS:
        name, example, at = next(_editions(key))
        yield _fine(f"{name} is a fraction", example, changed(example.blocks, at, 0.5))


def forms_and_choices() -> Iterator[Case]:
    """Each form and each word that may stand somewhere, and some that may not."""
    for key, (good, bad) in FORMS.items():
        name, example, at = next(_editions(key))
        for text in good:
            yield _fine(f"{name} is {text}", example, changed(example.blocks, at, text))
        for text in bad:
            yield _faulty(f"{name} is {text}", example, changed(example.blocks, at, text), at)
    for key, choices in CHOICES.items():
        name, example, at = next(_editions(key))
        for word in choices:
            yield _fine(f"{name} is {word}", example, changed(example.blocks, at, word))
        yield _faulty(f"{name} is huge", example, changed(example.blocks, at, "huge"), at)


def kinds() -> Iterator[Case]:
    """What may stand where: elements, leaves, cells, texts, the blocks of a container."""
    for name, example in FULL.items():
        for at, value in values(name, example):
            plain = isinstance(value, Mapping) and value.get("type") == "plain_text"
            if plain and (name, at.removeprefix(example.at)) not in MRKDWN_TOO:
                text = {"type": "mrkdwn", "text": "words"}
                yield _faulty(f"{name} {at} in mrkdwn", example, changed(example.blocks, at, text), f"{at}/type")
            if isinstance(value, Mapping) and "type" in value:
                odd = changed(example.blocks, at, {**value, "type": "nonsense"})
                yield _faulty(f"{name} {at} nonsense", example, odd, f"{at}/type")
    for key, allowed in KINDS.items():
        name, example, at = next(_editions(key))
        everything = {kind: one for many in KINDS.values() for kind, one in many.items()}
        for kind, one in everything.items():
            there = Example(changed(example.blocks, at, one), at, example.surface)
            yield from _here_or_not(f"{name} is a {kind}", there, kind in allowed)
    yield from _elements_by_place()
    yield from _blocks_inside_others()


def _elements_by_place() -> Iterator[Case]:
    for place, hold in PLACES.items():
        for kind in FULL_ELEMENTS:
            yield from _here_or_not(
                f"{kind} in {place}", hold({"type": kind, **LEAST_ELEMENTS[kind]}), kind in MAY_STAND[place]
            )


def _blocks_inside_others() -> Iterator[Case]:
    contained = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video"}
    for kind, fields in {**LEAST_BLOCKS, "file": {"external_id": "1", "source": "remote"}}.items():
        child = {"type": kind, **fields}
        for holder, name, fitting in (("container", "child_blocks", contained), ("carousel", "elements", {"card"})):
            blocks = [{"type": holder, **LEAST_BLOCKS[holder], name: [child]}]
            yield from _here_or_not(f"{kind} in a {holder}", Example(blocks, f"/blocks/0/{name}/0"), kind in fitting)
        for owner, at in (("element rich_text_input", "/initial_value"), ("block task_card", "/details")):
            example = FULL[owner]
            example = Example(changed(example.blocks, example.at + at, child), example.at + at, example.surface)
            yield from _here_or_not(f"{kind} as {at} of {owner}", example, kind == "rich_text")


def _here_or_not(name: str, example: Example, fits: bool) -> Iterator[Case]:
    """The example as it is and with an unknown field; or, where its kind may not stand, the refusal of its kind."""
    if fits:
        yield _fine(name, example)
        blocks = changed(example.blocks, f"{example.at}/colour", "red")
        yield _faulty(f"{name} unknown field", example, blocks, f"{example.at}/colour")
    else:
        yield _faulty(name, example, example.blocks, f"{example.at}/type")


def surfaces() -> Iterator[Case]:
    """Every block on every surface."""
    for kind in FULL_BLOCKS:
        for surface in _SURFACES:
            blocks = [{"type": kind, **LEAST_BLOCKS[kind]}]
            inner = ("/blocks/0/elements/0",) if kind == "carousel" else ()
            pointers = () if surface in SURFACES[kind] else ("/blocks/0", *inner)
            yield refused(f"{kind} on {surface}", blocks, *pointers, what=surface)
    for shown in _SURFACES:
        odd = [{"type": "divider", "colour": "red"}]
        yield refused(f"unknown field on {shown}", odd, "/blocks/0/colour", what=shown)
    upload = in_input({"type": "file_input"}).blocks
    yield refused("file_input on message", upload, "/blocks/0/element")
    yield refused("file_input on home", upload, "/blocks/0/element", what="home")
    yield refused("a file cannot be sent", [{"type": "file", "external_id": "1", "source": "remote"}], "/blocks/0/type")


def derived() -> Iterator[Case]:
    """All cases made from the examples and the facts."""
    for family in (
        passing,
        wrong_types,
        fields_too_many_and_too_few,
        lengths,
        counts,
        bounds,
        forms_and_choices,
        kinds,
        surfaces,
    ):
        yield from family()
