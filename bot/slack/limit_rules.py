"""The small vocabulary in which the Block Kit limits are written: each rule looks at one value of a payload."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Complaint = tuple[str, str]
"""Where (a JSON pointer) and what is wrong there."""

Check = Callable[[Mapping[str, Any], str], Iterator[Complaint]]
"""A condition between the fields of one object."""


class Rule(Protocol):
    """Anything that can say what is wrong with a value found at a pointer."""

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield one complaint for each fault; nothing when the value is fine."""
        ...


@dataclass(frozen=True)
class Chars:
    """A string of `least`..`most` characters, and of one form when a pattern is given."""

    most: int
    least: int = 1
    pattern: str = ""

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault for a non-string, a length out of bounds, or a wrong form."""
        if not isinstance(value, str):
            yield at, "must be a string"
        elif len(value) > self.most:
            yield at, f"must be no more than {self.most} characters, has {len(value)}"
        elif len(value) < self.least:
            yield at, f"must be at least {self.least} characters"
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield at, f"does not have the form {self.pattern}"


def address(most: int = 3000) -> Chars:
    """A link or image address of at most `most` characters."""
    return Chars(most, pattern=r"(https?|mailto|slack):\S+")


@dataclass(frozen=True)
class Words:
    """A text object of `least`..`most` characters; `plain` where Slack takes no mrkdwn."""

    most: int
    plain: bool = False
    least: int = 1

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield faults of the object's type, of its length, and of foreign fields."""
        if not isinstance(value, Mapping):
            yield at, "must be a text object"
            return
        kinds = {"plain_text"} if self.plain else {"plain_text", "mrkdwn"}
        if str(value.get("type")) not in kinds:
            yield f"{at}/type", f"must be {' or '.join(sorted(kinds))}"
        own = {"plain_text": "emoji", "mrkdwn": "verbatim"}.get(str(value.get("type")), "emoji")
        yield from Chars(self.most, self.least).complaints(value.get("text"), f"{at}/text")
        for name in value.keys() - {"type", "text", own}:
            yield f"{at}/{name}", "unknown field"
        if own in value:
            yield from FLAG.complaints(value[own], f"{at}/{own}")


@dataclass(frozen=True)
class Choice:
    """One of a few fixed words."""

    words: tuple[str, ...]

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault when the value is none of the words."""
        if value not in self.words:
            yield at, f"must be one of {', '.join(self.words)}"


def choice(*words: str) -> Choice:
    """One of `words`."""
    return Choice(words)


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault for anything else."""
        if not isinstance(value, bool):
            yield at, "must be true or false"


FLAG = Flag()


@dataclass(frozen=True)
class Number:
    """A number within bounds; whole unless `fractions`."""

    least: float | None = None
    most: float | None = None
    fractions: bool = False
    above: float | None = None

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault for a non-number, a fraction where none may be, or a value out of bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield at, "must be a number"
        elif not self.fractions and not isinstance(value, int):
            yield at, "must be a whole number"
        elif value != value or value in (float("inf"), float("-inf")):
            yield at, "must be a finite number"
        elif self.least is not None and value < self.least:
            yield at, f"must be at least {self.least:g}"
        elif self.above is not None and value <= self.above:
            yield at, f"must be greater than {self.above:g}"
        elif self.most is not None and value > self.most:
            yield at, f"must be no more than {self.most:g}"


NO_LIMIT = None
"""The count of things for which Slack names none."""


@dataclass(frozen=True)
class Items:
    """A list of `least`..`most` values that each follow one rule."""

    rule: Rule
    most: int | None
    least: int = 1

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault of the count, then every fault of the items."""
        if not isinstance(value, list | tuple):
            yield at, "must be an array"
            return
        if self.most is not None and len(value) > self.most:
            yield at, f"no more than {self.most} items allowed, has {len(value)}"
        if len(value) < self.least:
            yield at, f"no less than {self.least} items allowed"
        for index, item in enumerate(value):
            yield from self.rule.complaints(item, f"{at}/{index}")


@dataclass(frozen=True)
class Shape:
    """An object with known fields; `checks` hold what must be true between them."""

    required: Mapping[str, Rule]
    optional: Mapping[str, Rule] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield missing, unknown and faulty fields, then the faults between fields."""
        if not isinstance(value, Mapping):
            yield at, "must be an object"
            return
        known = {**self.required, **self.optional}
        for name in self.required.keys() - value.keys():
            yield at, f"missing required field: {name}"
        for name, inner in value.items():
            if name in known:
                yield from known[name].complaints(inner, f"{at}/{name}")
            elif name != "type":
                yield f"{at}/{name}", "unknown field"
        for check in self.checks:
            yield from check(value, at)


@dataclass(frozen=True)
class OneKind:
    """An object whose `type` is one of a table's keys (and, when given, one of `allowed`)."""

    table: Mapping[str, Rule]
    allowed: frozenset[str] | None = None

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault for a type that may not stand here, else the faults of that type's rule."""
        if not isinstance(value, Mapping):
            yield at, "must be an object"
            return
        kind = str(value.get("type"))
        if kind not in self.table:
            yield at, f"unsupported type: {kind}"
        elif self.allowed is not None and kind not in self.allowed:
            yield at, f"unsupported type here: {kind}"
        else:
            yield from self.table[kind].complaints(value, at)


@dataclass(frozen=True)
class Nullable:
    """A value that may be left out of a list's place by null."""

    rule: Rule

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield the rule's faults unless the value is null."""
        if value is not None:
            yield from self.rule.complaints(value, at)


def exactly_one(*names: str) -> Check:
    """Exactly one of the fields must be given."""

    def check(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        if sum(name in value for name in names) != 1:
            yield at, f"needs exactly one of {', '.join(names)}"

    return check


def at_least_one(*names: str) -> Check:
    """At least one of the fields must be given."""

    def check(value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        if not any(name in value for name in names):
            yield at, f"needs at least one of {', '.join(names)}"

    return check
