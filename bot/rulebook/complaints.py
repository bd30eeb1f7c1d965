"""What pydantic found wrong with an entry, each thing once, with the path of the key or value it concerns."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.rulebook.nearest import nearest
from bot.rulebook.plain_words import BAND, problem, remedy, shown
from bot.rulebook.tree import Branch, Path

_UNION_MEMBER = re.compile(r"float|Band|dict\[.*\]")


class Complaint(NamedTuple):
    """What is wrong with an entry; the path leads from the entry down."""

    path: Path
    problem: str
    at_key: bool = False


def complaints(model: type[BaseModel], entry: Branch, errors: list[ErrorDetails]) -> Iterator[Complaint]:
    """Say each error about an entry once; of the ways a value may be written, only the one it looks like counts."""
    likely = list(_of_likely_shape(entry, errors))
    misspelt = {
        (*error["loc"][:-1], nearest(str(error["loc"][-1]), fields_at(model, error["loc"][:-1])))
        for error in likely
        if error["type"] == "extra_forbidden"
    }
    for error in likely:
        if error["type"] != "missing" or error["loc"] not in misspelt:
            yield _complaint(model, error)


def fields_at(model: type[BaseModel], loc: Path) -> list[str]:
    """Give the keys that may stand at a place inside an entry, as they are written."""
    here: Any = model
    for step in loc:
        here = _step_into(here, step)
    return [
        field.alias or name for each in _models_in(here) for name, field in each.model_fields.items() if name != "key"
    ]


def _complaint(model: type[BaseModel], error: ErrorDetails) -> Complaint:
    loc: Path = error["loc"]
    if error["type"] == "extra_forbidden":
        return Complaint(loc, _unknown_key(str(loc[-1]), fields_at(model, loc[:-1])), at_key=True)
    if error["type"] == "missing":
        return Complaint(loc, f"'{loc[-1]}' is missing", at_key=True)
    return Complaint(loc, problem(error), at_key=loc[-1:] in (("key",), ("[key]",)))


def _unknown_key(word: str, known: list[str]) -> str:
    if word.isdecimal():
        return f"unknown key '{word}'; if it ends a number, write that with a decimal point, not a comma"
    meant = nearest(word, known)
    return f"unknown key '{word}'; " + (f"did you mean '{meant}'?" if meant else f"known here: {', '.join(known)}")


def _of_likely_shape(entry: Branch, errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Where a value may be a number, a band or a plan, keep the errors about what it looks like."""
    members: dict[Path, set[str]] = {}
    for error in errors:
        place = _union_place(error["loc"])
        if place is not None:
            members.setdefault(error["loc"][:place], set()).add(str(error["loc"][place]))
    for error in errors:
        place = _union_place(error["loc"])
        if place is None:
            yield error
            continue
        where, member = error["loc"][:place], str(error["loc"][place])
        likely = _likely_member(entry.follow(where)[0].data, members[where])
        if likely is None and member == "float":
            yield _no_such_shape(error, where, members[where])
        elif member == likely:
            yield error


def _union_place(loc: Path) -> int | None:
    places = (place for place, step in enumerate(loc) if isinstance(step, str) and _UNION_MEMBER.fullmatch(step))
    return next(places, None)


def _likely_member(given: object, members: set[str]) -> str | None:
    if not isinstance(given, dict):
        return None
    plan = next((member for member in members if member.startswith("dict")), None)
    like_band = not given or any(nearest(str(key), ("low", "high")) for key in given)
    return "Band" if like_band or plan is None else plan


def _no_such_shape(error: ErrorDetails, where: Path, members: set[str]) -> ErrorDetails:
    shapes = ["a number", BAND] + (["a plan by period such as {2026-11: 40}"] if len(members) > 2 else [])
    said = f"expected {', or '.join(shapes)}, got {shown(error['input'])}{remedy('float_type', error['input'])}"
    return ErrorDetails(type="said", loc=where, msg=said, input=error["input"])


def _step_into(annotation: Any, step: str | int) -> Any:
    for model in _models_in(annotation):
        for name, field in model.model_fields.items():
            if step in (name, field.alias):
                return field.annotation
        if step == model.__name__:
            return model
    inner = [each for each in get_args(annotation) if each is not type(None) and each is not Ellipsis]
    return inner[-1] if isinstance(step, int) and inner else annotation


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    among = (annotation, *get_args(annotation))
    return [each for each in among if isinstance(each, type) and issubclass(each, BaseModel)]
