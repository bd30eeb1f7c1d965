"""The rules between the blocks of one message or view: surfaces, unique ids, how many tables and charts.

Sources: Slack's block pages (one table, two charts, 12,000 characters of markdown), its list of blocks by surface,
the menus' and the file input's element pages, and the cross rules of slack-block-kit-validator (one plan, one focus).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.slack.limit_rules import Complaint, below, listed

Place = tuple[str, Mapping[str, Any]]
"""A pointer and the object that stands there."""


@dataclass(frozen=True)
class Found:
    """What a message or view holds: where it is shown, its blocks and the elements inside them."""

    surface: str
    at: str
    blocks: Sequence[Place]
    elements: Sequence[Place]
    in_inputs: frozenset[str]
    """The pointers of elements that are the element of an input block."""


class Together(Protocol):
    """A rule between the blocks of one message or view."""

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield one complaint for each fault; nothing when all is fine."""
        ...


def look_through(blocks: Sequence[Any], surface: str, at: str) -> Found:
    """Every block with its pointer, those inside containers, carousels and plans included, and every element."""
    places = tuple(_places(blocks, at))
    inputs = frozenset(f"{where}/element" for where, block in places if block.get("type") == "input")
    return Found(surface, at, places, tuple(_elements(places)), inputs)


def _places(blocks: Sequence[Any], at: str) -> Iterator[Place]:
    for here, block in _objects(blocks, at):
        yield here, block
        for name, holder in (("child_blocks", "container"), ("elements", "carousel"), ("tasks", "plan")):
            if block.get("type") == holder:
                yield from _objects(listed(block, name), f"{here}/{name}")


def _objects(values: Sequence[Any], at: str) -> Iterator[Place]:
    for index, value in enumerate(values):
        if isinstance(value, Mapping):
            yield below(at, index), value


def _elements(places: Sequence[Place]) -> Iterator[Place]:
    for at, block in places:
        for name in ("element", "accessory"):
            if isinstance(block.get(name), Mapping):
                yield f"{at}/{name}", block[name]
        for name in ("elements", "actions"):
            if block.get("type") != "carousel":
                yield from _objects(listed(block, name), f"{at}/{name}")


@dataclass(frozen=True)
class OnlyOn:
    """The blocks (or elements) named here may only stand on their surfaces."""

    surfaces: Mapping[str, frozenset[str]]

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield a fault for each that stands elsewhere."""
        for at, value in (*found.blocks, *found.elements):
            kind = value.get("type")
            allowed = self.surfaces.get(kind) if isinstance(kind, str) else None
            if allowed is not None and found.surface not in allowed:
                yield at, f"{kind} is not allowed in a {found.surface}, only in {' and '.join(sorted(allowed))}"


@dataclass(frozen=True)
class UniqueBlockIds:
    """No `block_id` twice."""

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield a fault for each repetition."""
        yield from _repeated(found.blocks, "block_id")


@dataclass(frozen=True)
class UniqueActionIds:
    """No `action_id` twice."""

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield a fault for each repetition."""
        yield from _repeated(found.elements, "action_id")


def _repeated(places: Sequence[Place], name: str) -> Iterator[Complaint]:
    seen: set[str] = set()
    for at, value in places:
        given = value.get(name)
        if not isinstance(given, str):
            continue
        if given in seen:
            yield f"{at}/{name}", f"`{given}` is used twice: every {name} must be unique"
        seen.add(given)


@dataclass(frozen=True)
class AtMost:
    """At most so many blocks of some kinds."""

    kinds: tuple[str, ...]
    most: float

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield a fault for the whole list."""
        counted = sum(block.get("type") in self.kinds for _, block in found.blocks)
        if counted > self.most:
            yield found.at, f"no more than {self.most} of {' and '.join(self.kinds)} allowed, has {counted}"


@dataclass(frozen=True)
class MarkdownCharacters:
    """All markdown blocks together have at most `most` characters."""

    most: float

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield a fault for the whole list."""
        texts = [block.get("text") for _, block in found.blocks if block.get("type") == "markdown"]
        total = sum(len(text) for text in texts if isinstance(text, str))
        if total > self.most:
            yield found.at, f"markdown blocks together must be no more than {self.most} characters, are {total}"


@dataclass(frozen=True)
class OneFocus:
    """At most one element asks for the focus."""

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield a fault for each after the first."""
        asking = [at for at, element in found.elements if element.get("focus_on_load") is True]
        for at in asking[1:]:
            yield f"{at}/focus_on_load", "only one element can have the focus"


@dataclass(frozen=True)
class ResponseAddressInModalInput:
    """Only a menu in an input block of a modal may ask for a response address."""

    def complaints(self, found: Found) -> Iterator[Complaint]:
        """Yield a fault for each that asks elsewhere."""
        for at, element in found.elements:
            if element.get("response_url_enabled") is True and not (found.surface == "modal" and at in found.in_inputs):
                yield f"{at}/response_url_enabled", "works only in an input block of a modal"
