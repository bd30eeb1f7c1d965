"""The rules between the fields of one block, element or other object: one of two, in order, equally long.

Sources: the block and element pages of Slack's reference; @slack/types 3.2 for the fields of containers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.limit_rules import Complaint, below, listed


@dataclass(frozen=True)
class ExactlyOne:
    """Exactly one of the fields must be given."""

    names: tuple[str, ...]

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for none, and for more than one."""
        if sum(name in value for name in self.names) != 1:
            yield at, f"needs exactly one of {', '.join(self.names)}"


@dataclass(frozen=True)
class AtLeastOne:
    """At least one of the fields must be given."""

    names: tuple[str, ...]

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for none."""
        if not any(name in value for name in self.names):
            yield at, f"needs at least one of {', '.join(self.names)}"


@dataclass(frozen=True)
class AtMostOne:
    """Not more than one of the fields may be given."""

    names: tuple[str, ...]

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for two and more."""
        if sum(name in value for name in self.names) > 1:
            yield at, f"can have only one of {', '.join(self.names)}"


@dataclass(frozen=True)
class InOrder:
    """The number in one field must not be greater than that in another; both may be written as strings."""

    low: str
    high: str

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault when both are numbers and in the wrong order."""
        least, most = _number(value.get(self.low)), _number(value.get(self.high))
        if least is not None and most is not None and least > most:
            yield below(at, self.low), f"must not be greater than {self.high}"


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class InitialAmongOptions:
    """A preselected option must be one of those offered."""

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault when one of the preselected is not offered."""
        groups = [group for group in listed(value, "option_groups") if isinstance(group, Mapping)]
        offered = [*listed(value, "options"), *(option for group in groups for option in listed(group, "options"))]
        chosen = [value["initial_option"]] if "initial_option" in value else listed(value, "initial_options")
        if any(option not in offered for option in chosen):
            yield at, "initial option is not among the options"


@dataclass(frozen=True)
class APointForEachCategory:
    """Every series of a chart names each category once, in their order, and no other."""

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for each series that does not."""
        config = value.get("axis_config")
        categories = listed(config, "categories") if isinstance(config, Mapping) else []
        for index, one in enumerate(listed(value, "series")):
            points = listed(one, "data") if isinstance(one, Mapping) else []
            labels = [point.get("label") if isinstance(point, Mapping) else None for point in points]
            if points and categories and labels != categories:
                yield f"{at}/series/{index}/data", "needs exactly one point for each category, in their order"


@dataclass(frozen=True)
class NoneTwice:
    """No two objects of a list have the same value in one field."""

    items: str
    name: str

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for the whole list."""
        named = [one.get(self.name) for one in listed(value, self.items) if isinstance(one, Mapping)]
        if any(times > 1 for times in Counter(name for name in named if isinstance(name, str)).values()):
            yield below(at, self.items), f"every {self.name} must be unique"


@dataclass(frozen=True)
class EqualRows:
    """All rows of a table have the same number of cells."""

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for the rows together."""
        if len({len(row) for row in listed(value, "rows") if isinstance(row, list | tuple)}) > 1:
            yield f"{at}/rows", "all rows must have the same number of cells"


def _first_row(table: Mapping[str, Any]) -> list[Any]:
    rows = listed(table, "rows")
    return list(rows[0]) if rows and isinstance(rows[0], list | tuple) else []


@dataclass(frozen=True)
class PlainHeaderCells:
    """The first row of a data table is its header and has no formatted cells."""

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for each formatted header cell."""
        for index, cell in enumerate(_first_row(value)):
            if isinstance(cell, Mapping) and cell.get("type") == "rich_text":
                yield f"{at}/rows/0/{index}", "header cells cannot be rich_text"


@dataclass(frozen=True)
class HeaderColumnThere:
    """The column that names the rows is one of the table's columns."""

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for a column beyond the last."""
        column, header = value.get("row_header_column_index"), _first_row(value)
        if isinstance(column, int) and header and column >= len(header):
            yield f"{at}/row_header_column_index", f"there are only {len(header)} columns"


@dataclass(frozen=True)
class CellCharacters:
    """The texts of all cells of a table together have at most `most` characters."""

    most: float

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for the rows together."""
        cells = [cell for row in listed(value, "rows") if isinstance(row, list | tuple) for cell in row]
        total = sum(_characters(cell) for cell in cells)
        if total > self.most:
            yield f"{at}/rows", f"cells together must be no more than {self.most} characters, are {total}"


def _characters(value: object) -> int:
    """The characters shown by a cell: its own text, and that of the leaves inside a formatted one."""
    if not isinstance(value, Mapping):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(_characters(inner) for inner in listed(value, "elements"))


@dataclass(frozen=True)
class OnlyWith:
    """A field that is set needs another one set too."""

    name: str
    other: str

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault when the other is not set."""
        if value.get(self.name) and not value.get(self.other):
            yield below(at, self.name), f"needs {self.other}"


@dataclass(frozen=True)
class NotWith:
    """Of two fields only one may be set."""

    name: str
    other: str

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault when both are set."""
        if value.get(self.name) and value.get(self.other):
            yield below(at, self.name), f"cannot be set when {self.other} is true"


@dataclass(frozen=True)
class FilesAreNotDispatched:
    """A file input tells the app nothing before its view is submitted."""

    def complaints(self, value: Mapping[str, Any], at: str) -> Iterator[Complaint]:
        """Yield a fault for `dispatch_action` beside a file input."""
        element = value.get("element")
        if value.get("dispatch_action") and isinstance(element, Mapping) and element.get("type") == "file_input":
            yield f"{at}/dispatch_action", "cannot be set for a file_input"
