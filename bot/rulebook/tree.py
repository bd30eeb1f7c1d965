"""A YAML file as a tree of plain data in which every key and value knows its line and column.

Only the plain part of YAML is taken: no anchors, aliases, merge keys or tags, one document a file. The tree is built
from the parser's events, because composed nodes no longer tell an alias from a copy.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from yaml.reader import Reader

from bot.core.errors import Fault
from bot.rulebook.scalars import NotPlain, plain_key, plain_value

MAX_DEPTH = 20
MAX_MISTAKES = 1000  # of one file; nobody reads more, and a hostile file has a million
Path = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Branch:
    """One value: where it stands, its plain data, and for mappings and lists the branches below (with key spots)."""

    spot: Spot
    data: object
    keys: dict[str | int, Spot] = field(default_factory=dict)
    below: dict[str | int, "Branch"] = field(default_factory=dict)

    def follow(self, path: Path) -> tuple["Branch", Path]:
        """Walk down as far as the path matches; words that are not in the file (types, defaults) are stepped over.

        Returns the branch reached and the part of the path that led there.
        """
        branch, walked = self, Path()
        for step in path:
            if isinstance(step, int) and isinstance(branch.data, dict) and step < len(branch.below):
                step = list(branch.below)[step]  # noqa: PLW2901 - a list made of a mapping keeps its order
            if step in branch.below:
                branch, walked = branch.below[step], (*walked, step)
        return branch, walked

    def key_spot(self, path: Path) -> Spot:
        """Give the place of the last key on the path that is in the file."""
        _, walked = self.follow(path)
        return self.follow(walked[:-1])[0].keys[walked[-1]] if walked else self.spot

    def spot_of(self, path: Path) -> Spot:
        """Give the place to point at: of a value, where it is written; of a mapping or list, its key."""
        branch, walked = self.follow(path)
        return self.key_spot(walked) if isinstance(branch.data, dict | list) else branch.spot


class _Refused(Exception):
    """Carries the mistake that ends the reading of a file out of the walk."""

    def __init__(self, spot: Spot, problem: str) -> None:
        self.spot, self.problem = spot, problem
        super().__init__(problem)


def read_tree(file: str, content: bytes) -> tuple[Branch | None, list[Fault]]:
    """Read one file; gives its tree (None when it cannot be read to the end) and the mistakes found."""
    growth = _Growth()
    tree = None
    try:
        text = content.decode("utf-8-sig")
        _refuse_unprintable(text)
        tree = growth.document(text)
    except UnicodeDecodeError as error:
        growth.mistakes.append((_spot_of_byte(content, error.start), "is not UTF-8 text; save it as UTF-8"))
    except _Refused as refused:
        growth.mistakes.append((refused.spot, refused.problem))
    except yaml.MarkedYAMLError as error:
        spot = _spot_at(error.problem_mark or error.context_mark)
        growth.mistakes.append(_tab_in(text, spot.line) or (spot, _parser_words(error)))
    return tree, [_fault(file, spot, problem) for spot, problem in growth.mistakes]


def _tab_in(text: str, line: int) -> tuple[Spot, str] | None:
    """A tab in the indentation is what the parser stumbles over, whatever it says about it."""
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    indentation = written[: len(written) - len(written.lstrip())]
    return (Spot(line, indentation.index("\t") + 1), "a tab; indent with spaces") if "\t" in indentation else None


def _parser_words(error: yaml.MarkedYAMLError) -> str:
    return "is not valid YAML here: " + ", ".join(part for part in (error.context, error.problem) if part)


def _fault(file: str, spot: Spot, problem: str) -> Fault:
    return Fault(file=file, line=spot.line, column=spot.column, problem=problem)


def _spot_of_byte(content: bytes, position: int) -> Spot:
    before = content[:position]
    return Spot(before.count(b"\n") + 1, position - (before.rfind(b"\n") + 1) + 1)


def _refuse_unprintable(text: str) -> None:
    match = Reader.NON_PRINTABLE.search(text)
    if match:
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        raise _Refused(Spot(line, column), f"has a character that is not text (U+{ord(match[0]):04X}); remove it")


class _Growth:
    """The walk over the parser's events; mistakes that do not stop it are collected."""

    def __init__(self) -> None:
        self.events: Iterator[yaml.Event] = iter(())
        self.mistakes: list[tuple[Spot, str]] = []

    def document(self, text: str) -> Branch:
        self.events = yaml.parse(text, Loader=_LOADER)
        next(self.events)
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            raise _Refused(Spot(1, 1), "is empty; write its entries, or remove the file if it is optional")
        tree = self._branch(next(self.events), depth=1)
        next(self.events)
        more = next(self.events)
        if not isinstance(more, yaml.StreamEndEvent):
            raise _Refused(_spot(more), "begins a second document; one file holds one, so remove the '---'")
        return tree

    def _branch(self, event: yaml.Event, depth: int) -> Branch:
        _refuse_decoration(event)
        if depth > MAX_DEPTH:
            raise _Refused(_spot(event), f"is nested more than {MAX_DEPTH} levels deep")
        if len(self.mistakes) >= MAX_MISTAKES:
            raise _Refused(_spot(event), f"is not read further after {MAX_MISTAKES} mistakes; mend those first")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth)
        return self._scalar(cast(yaml.ScalarEvent, event))

    def _scalar(self, event: yaml.ScalarEvent) -> Branch:
        try:
            data = plain_value(event.value, quoted=not event.implicit[0])
        except NotPlain as error:
            self.mistakes.append((_spot(event), str(error)))
            data = event.value
        if data is None:
            self.mistakes.append((_spot(event), "nothing is written here; write a value, or remove the line"))
        return Branch(_spot(event), data)

    def _list(self, start: yaml.Event, depth: int) -> Branch:
        items: list[object] = []
        branch = Branch(_spot(start), items)
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item = self._branch(event, depth + 1)
            branch.below[len(items)], branch.keys[len(items)] = item, item.spot
            items.append(item.data)
        return branch

    def _mapping(self, start: yaml.Event, depth: int) -> Branch:
        entries: dict[str, object] = {}
        branch = Branch(_spot(start), entries)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event)
            value = self._branch(next(self.events), depth + 1)
            if key in entries:
                first = branch.keys[key].line
                self.mistakes.append((_spot(event), f"key '{key}' is already given in line {first}; keep one"))
                continue
            entries[key], branch.below[key], branch.keys[key] = value.data, value, _spot(event)
        return branch

    def _key(self, event: yaml.Event) -> str:
        _refuse_decoration(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(_spot(event), "a key is a plain name; a list or mapping cannot be one")
        quoted = not event.implicit[0]
        if event.value == "<<" and not quoted:
            raise _Refused(_spot(event), "merge keys ('<<') are not taken; write the entries out")
        try:
            return plain_key(event.value, quoted=quoted)
        except NotPlain as error:
            self.mistakes.append((_spot(event), str(error)))
            return event.value


def _spot(event: yaml.Event) -> Spot:
    return _spot_at(event.start_mark)


def _spot_at(mark: Any) -> Spot:
    return Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)


def _refuse_decoration(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise _Refused(_spot(event), f"aliases ('*{event.anchor}') are not taken; write the value out")
    anchor = getattr(event, "anchor", None)
    if anchor:
        raise _Refused(_spot(event), f"anchors ('&{anchor}') are not taken; write the value out")
    if getattr(event, "tag", None):
        raise _Refused(_spot(event), "tags ('!…') are not taken; write plain names and numbers")
