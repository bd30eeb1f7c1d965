"""The small vocabulary in which the Block Kit limits are written: each rule looks at one value of a payload.

A length counts Unicode characters (code points), as JSON Schema does and as `len` gives them; Slack does not say
whether it counts in another unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Protocol

Complaint = tuple[str, str]
"""Where (a JSON pointer) and what is wrong there."""


class Rule(Protocol):
    """Anything that can say what is wrong with a value found at a pointer."""

    def complaints(self, value: Any, at: str) -> Iterator[Complaint]:
        """Yield one complaint for each fault; nothing when the value is fine."""
        ...


NO_LIMIT = inf
"""The bound of things for which no source names one."""


def below(at: str, name: object) -> str:
    """The JSON pointer of a field or item inside the value at `at` (RFC 6901: `~` is `~0`, `/` is `~1`)."""
    return f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}"


@dataclass(frozen=True)
class Chars:
    """A string of `least`..`most` characters, and of one form when a pattern is given."""

    most: float = NO_LIMIT
    least: float = 1
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
    """A finite number within bounds; whole unless `fractions`."""

    least: float = -inf
    most: float = inf
    fractions: bool = False
    above: float = -inf

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault for a non-number, a fraction where none may be, or a value out of bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield at, "must be a number"
        elif not self.fractions and not isinstance(value, int):
            yield at, "must be a whole number"
        elif value != value or value in (inf, -inf):
            yield at, "must be a finite number"
        elif value < self.least:
            yield at, f"must be at least {self.least:g}"
        elif value <= self.above:
            yield at, f"must be greater than {self.above:g}"
        elif value > self.most:
            yield at, f"must be no more than {self.most:g}"


@dataclass(frozen=True)
class Items:
    """A list of `least`..`most` values that each follow one rule; no value twice when `distinct`."""

    rule: Rule
    most: float
    least: float = 1
    distinct: bool = False

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault of the count, then every fault of the items."""
        if not isinstance(value, list | tuple):
            yield at, "must be an array"
            return
        if len(value) > self.most:
            yield at, f"no more than {self.most} items allowed, has {len(value)}"
        if len(value) < self.least:
            yield at, f"no less than {self.least} items allowed"
        for index, item in enumerate(value):
            if self.distinct and item in value[:index]:
                yield below(at, index), "is there already: every item must be unique"
            yield from self.rule.complaints(item, below(at, index))


@dataclass(frozen=True)
class Shape:
    """An object with known fields; `checks` hold what must be true between them."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    checks: tuple[Rule, ...] = ()

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield missing, unknown and faulty fields, then the faults between fields."""
        if not isinstance(value, Mapping):
            yield at, "must be an object"
            return
        for name in self.required:
            if name not in value:
                yield at, f"missing required field: {name}"
        for name, inner in value.items():
            rule = self.required.get(name) or self.optional.get(name)
            if rule is None:
                yield below(at, name), "unknown field"
            else:
                yield from rule.complaints(inner, below(at, name))
        for check in self.checks:
            yield from check.complaints(value, at)


@dataclass(frozen=True)
class OneKind:
    """An object whose `type` is one of a table's keys."""

    table: Mapping[str, Rule]

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield a fault for a type that may not stand here, else the faults of the fields beside the type."""
        if not isinstance(value, Mapping):
            yield at, "must be an object"
            return
        if "type" not in value:
            yield at, "missing required field: type"
            return
        kind = value["type"]
        if not isinstance(kind, str) or kind not in self.table:
            named = kind if isinstance(kind, str) else type(kind).__name__
            yield below(at, "type"), f"unsupported type: {named}, may be {', '.join(self.table)}"
        else:
            fields = {name: inner for name, inner in value.items() if name != "type"}
            yield from self.table[kind].complaints(fields, at)


def form(pattern: str, most: float = NO_LIMIT) -> Chars:
    """A string of one form, with at most `most` characters; whether it may be empty is up to the form."""
    return Chars(most, 0, pattern)


def some_of(table: Mapping[str, Rule], names: Iterable[str]) -> OneKind:
    """One of some of the kinds of a table."""
    return OneKind({name: table[name] for name in table if name in set(names)})


def text_kinds(most: float) -> dict[str, Rule]:
    """The two kinds of text object, each with 1..`most` characters."""
    return {"plain_text": plain_text(most), "mrkdwn": Shape({"text": Chars(most)}, {"verbatim": FLAG})}


def plain_text(most: float) -> Shape:
    """The fields of a `plain_text` object."""
    return Shape({"text": Chars(most)}, {"emoji": FLAG})


def words(most: float, *, plain: bool = False) -> OneKind:
    """A text object of 1..`most` characters; `plain` where Slack takes no mrkdwn."""
    return OneKind({"plain_text": plain_text(most)} if plain else text_kinds(most))


@dataclass(frozen=True)
class Nullable:
    """A value that may be left out of a list's place by null."""

    rule: Rule

    def complaints(self, value: object, at: str) -> Iterator[Complaint]:
        """Yield the rule's faults unless the value is null."""
        if value is not None:
            yield from self.rule.complaints(value, at)


def listed(value: Mapping[str, Any], name: str) -> list[Any]:
    """The items of a field, or none when it is missing or no list."""
    found = value.get(name)
    return list(found) if isinstance(found, list | tuple) else []
