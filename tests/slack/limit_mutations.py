"""The validator with exactly one limit missing, for every limit there is.

The tables of the validator are one graph of small frozen objects. This module walks through all of it from its
roots and, for each number, word, field, kind, surface and rule it meets, makes a mutant: a name and the one value
that takes this single limit away (or moves it by one). A mutant is put in place, the cases are judged again, and
whichever case now comes out differently has told the mutant from the original.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from math import isfinite
from types import ModuleType
from typing import Any

from bot.slack import limits
from bot.slack.limit_blocks import BLOCKS
from bot.slack.limit_elements import ELEMENTS
from bot.slack.limit_rich_text import LEAVES
from bot.slack.limit_rules import Shape
from tests.slack.limit_cases import Case

ROOTS = ("BLOCK_LISTS", "TOGETHER", "MESSAGE_LIMITS", "VIEW_LIMITS")
"""The names in `bot.slack.limits` from which every limit can be reached."""
LOWER_BOUNDS = {"least", "above"}
LOOSER_WHEN_TURNED = {("distinct", True), ("fractions", False)}
SIZES = {"Chars", "Items"}
"""Rules whose numbers count things, so that none can be below zero."""
OF_ONE_VALUE = {"Chars", "Choice", "Items", "Number", "OneKind", "Shape"}
SURFACES = frozenset({"message", "modal", "home"})


class Anything:
    """A rule that finds no fault in anything."""

    def complaints(self, value: object, at: str) -> Iterator[tuple[str, str]]:
        """Yield nothing."""
        return iter(())


class EveryName(dict[str, Any]):
    """A table of fields in which every name is known."""

    def get(self, name: str, default: object = None) -> Any:
        return super().get(name, Anything())


class NotNeeded(dict[str, Any]):
    """A table of needed fields, one of which is known but not asked for."""

    def __init__(self, table: Mapping[str, Any], name: str) -> None:
        super().__init__(table)
        self.name = name

    def __iter__(self) -> Iterator[str]:
        return (name for name in super().__iter__() if name != self.name)


@dataclass(frozen=True)
class Mutant:
    """One limit less: where it stood, and the value its holder has without it."""

    name: str
    holder: Any
    attribute: str
    value: Any
    hint: str = ""
    """Words the name of a telling case is likely to hold, beside those of the mutant's own."""

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The validator without the limit, as long as the context lasts."""
        before = getattr(self.holder, self.attribute)
        self._set(self.value)
        try:
            yield
        finally:
            self._set(before)

    def _set(self, value: Any) -> None:
        if isinstance(self.holder, ModuleType):
            setattr(self.holder, self.attribute, value)
        else:
            object.__setattr__(self.holder, self.attribute, value)


@dataclass(frozen=True)
class Limit:
    """A named place in the graph: an object, or the module that holds a root."""

    path: str
    holder: Any
    attribute: str

    @property
    def value(self) -> Any:
        return getattr(self.holder, self.attribute)

    @property
    def name(self) -> str:
        return f"{self.path}.{self.attribute}"

    def mutant(self, change: str, value: Any, hint: str = "") -> Mutant:
        return Mutant(f"{self.name}: {change}", self.holder, self.attribute, value, hint)


def every_limit(roots: Sequence[str] = ROOTS) -> list[Limit]:
    """Each attribute of each object of the tables, once, named by the first way to it."""
    seen: set[int] = set()
    return [found for root in roots for found in _walk(Limit("limits", limits, root), seen)]


def _walk(limit: Limit, seen: set[int]) -> Iterator[Limit]:
    yield limit
    for key, part in _parts(limit.value):
        if is_dataclass(part) and id(part) not in seen:
            seen.add(id(part))
            for each in fields(part):
                yield from _walk(Limit(f"{limit.name}{key}", part, each.name), seen)


def _parts(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(f"[{key}]", part) for key, part in value.items()]
    if isinstance(value, tuple):
        return [(f"[{index}:{type(part).__name__}]", part) for index, part in enumerate(value)]
    return [("", value)]


def mutants_of(limit: Limit) -> Iterator[Mutant]:
    """Every way to have one limit less (or another bound by one) at this place."""
    value = limit.value
    if isinstance(value, bool):
        if (limit.attribute, value) in LOOSER_WHEN_TURNED:
            yield limit.mutant(f"is {not value}", not value)
    elif isinstance(value, int | float):
        yield from _other_numbers(limit, value)
    elif isinstance(value, str):
        if limit.attribute == "pattern" and value:
            yield limit.mutant("no pattern", "")
    elif isinstance(value, Mapping):
        yield from _other_tables(limit, value)
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            name = part if isinstance(part, str) else type(part).__name__
            yield limit.mutant(f"without {name}", value[:index] + value[index + 1 :])
    elif limit.attribute == "rule":
        yield limit.mutant("anything goes", Anything())


def _other_numbers(limit: Limit, value: float) -> Iterator[Mutant]:
    if not isfinite(value):
        return
    looser = value - 1 if limit.attribute in LOWER_BOUNDS else value + 1
    if looser >= 0 or type(limit.holder).__name__ not in SIZES:
        yield limit.mutant(f"{looser} instead of {value}", looser, "empty")
    if limit.attribute not in LOWER_BOUNDS:
        yield limit.mutant(f"{value - 1} instead of {value}", value - 1)


def _other_tables(limit: Limit, table: Mapping[str, Any]) -> Iterator[Mutant]:
    if limit.attribute == "BLOCK_LISTS":
        return
    for name, inner in table.items():
        rest = {key: rule for key, rule in table.items() if key != name}
        yield limit.mutant(f"without {name}", rest)
        if isinstance(inner, frozenset):
            for surface in SURFACES:
                other = inner ^ {surface}
                yield limit.mutant(f"{name} on {sorted(other)}", {**table, name: other})
        else:
            yield limit.mutant(f"anything goes for {name}", {**table, name: Anything()}, "is 7")
    if isinstance(limit.holder, Shape):
        yield from _other_fields(limit, table)
    elif limit.attribute in ("table", "kinds"):
        for foreign in _foreign_kinds(table):
            yield limit.mutant(f"{foreign} too", {**table, foreign: Anything()})


def _other_fields(limit: Limit, table: Mapping[str, Any]) -> Iterator[Mutant]:
    """Unknown fields let through, and needed ones not asked for."""
    if limit.attribute == "optional":
        yield limit.mutant("unknown fields let through", EveryName(table), "unknown field")
        return
    for name in table:
        yield limit.mutant(f"{name} may be missing", NotNeeded(table, name), "without")


def _foreign_kinds(table: Mapping[str, Any]) -> list[str]:
    """Kinds that could wrongly be added: nonsense, mrkdwn beside plain text, the rest where only some may stand."""
    others = {"nonsense"}
    if "plain_text" in table:
        others.add("mrkdwn")
    for known in (ELEMENTS, LEAVES, {**BLOCKS, "file": Anything()}):
        if all(known.get(name) is rule for name, rule in table.items()):
            others |= set(known)
    return sorted(others - set(table))


def every_mutant(roots: Sequence[str] = ROOTS) -> list[Mutant]:
    """One mutant for each limit that can be taken away."""
    return [mutant for limit in every_limit(roots) for mutant in mutants_of(limit)]


class Judges:
    """The cases, knowing which rules each asks, and the names of the limits none of them misses."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._touching = _cases_by_rule(cases)
        counted = Counter(word for case in cases for word in case.words)
        self._rarity = {word: 1 / times for word, times in counted.items()}

    def survivors(self, mutants: Iterable[Mutant], *, leaving_out: str = "") -> list[str]:
        """The names of the limits without a case, when the cases with a word in their names are left out."""
        return [mutant.name for mutant in mutants if not self._tell_apart(mutant, leaving_out)]

    def _tell_apart(self, mutant: Mutant, leaving_out: str) -> bool:
        with mutant.in_place():
            return any(not case.holds() for case in self._likely(mutant) if leaving_out not in case.words)

    def _likely(self, mutant: Mutant) -> list[Case]:
        """The cases in a good order: rules between values by hand-written ones, then by the rarest words in common."""
        cases = self._touching.get(id(mutant.holder), self._cases)
        words = _words(mutant) & self._rarity.keys()
        between = mutant.attribute == "checks" or type(mutant.holder).__name__ not in OF_ONE_VALUE
        return sorted(
            cases, key=lambda case: (between and case.among, -sum(self._rarity[word] for word in words & case.words))
        )


def _words(mutant: Mutant) -> set[str]:
    own = [value for value in vars(mutant.holder).values() if isinstance(value, tuple)]
    return set(re.findall(r"\w+", f"{mutant.name} {mutant.hint} {own if len(own) < 3 else ''}"))


def _cases_by_rule(cases: Sequence[Case]) -> dict[int, list[Case]]:
    """For each rule the cases whose judgement asks it: no other can notice that it has changed."""
    touching: dict[int, list[Case]] = {}
    rules = [limit.holder for limit in every_limit() if hasattr(limit.holder, "complaints")]
    with _noting(rules) as noted:
        for case in cases:
            noted.clear()
            case.holds()
            for rule in noted:
                touching.setdefault(rule, []).append(case)
    return touching


@contextmanager
def _noting(rules: Iterable[Any]) -> Iterator[set[int]]:
    """The identities of the rules asked while the context lasts."""
    noted: set[int] = set()
    originals = {kind: kind.complaints for kind in {type(rule) for rule in rules}}

    def noting(original: Callable[..., Iterator[tuple[str, str]]]) -> Callable[..., Iterator[tuple[str, str]]]:
        def complaints(self: Any, *given: Any) -> Iterator[tuple[str, str]]:
            noted.add(id(self))
            return original(self, *given)

        return complaints

    try:
        for kind, original in originals.items():
            kind.complaints = noting(original)
        yield noted
    finally:
        for kind, original in originals.items():
            kind.complaints = original
