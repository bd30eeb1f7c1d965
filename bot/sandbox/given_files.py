"""Files a person hands to the sandbox: JSON read into a checked shape, every mistake named by its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.core.errors import KpiBotError

Shape = TypeVar("Shape", bound=BaseModel)


class CannotTake(KpiBotError):
    """A file cannot be taken as it stands; `faults` are its mistakes, one line each, with their places."""

    def __init__(self, name: str, faults: Iterable[str]) -> None:
        """`name` is what stands before each line: the file's own name."""
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{name}: {fault}" for fault in self.faults))


def take(given: Path | Mapping[str, Any], shape: type[Shape], *, name: str, as_yaml: str) -> tuple[Shape, str]:
    """Give the shape, and what to call the file in further complaints. CannotTake when it does not fit.

    `name` stands for a mapping's name; `as_yaml` is said to somebody who brings YAML.
    """
    if isinstance(given, Path):
        name = given.name
        given = _json_of(given, as_yaml)
    if (
        isinstance(given, Mapping)
        and "display_information" in given
        and "display_information" not in shape.model_fields
    ):
        raise CannotTake(name, ["this is an app's manifest; it goes with --manifest"])
    try:
        return shape.model_validate(given), name
    except ValidationError as wrong:
        raise CannotTake(name, (_line(dict(error)) for error in wrong.errors())) from None


def place(parts: Iterable[str | int]) -> str:
    """A place in a JSON document as people write it: `features.slash_commands[0].command`."""
    steps = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts]
    return "".join(steps).removeprefix(".") or "the whole document"


def _line(error: Mapping[str, Any]) -> str:
    return f"{place(error['loc'])}: {error['msg'].removeprefix('Value error, ')}"


def _json_of(path: Path, as_yaml: str) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise CannotTake(str(path), [f"it cannot be read: {reason}"]) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if path.suffix in (".yaml", ".yml") or not text.lstrip().startswith(("{", "[")):
            raise CannotTake(path.name, [f"this is not JSON. {as_yaml}"]) from None
        raise CannotTake(f"{path.name}:{error.lineno}:{error.colno}", [f"no JSON from here on: {error.msg}"]) from None
