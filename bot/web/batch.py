"""A pushed batch: JSON in, checked entries out, or every item that cannot be taken, by its place."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from pydantic import Field

from bot.core.clearance import Reader
from bot.core.errors import BadInput
from bot.core.intake import Entry, known_kpi, take
from bot.core.policy import Policy
from bot.core.words import Frozen
from bot.web.bodies import parse_json
from bot.web.refusals import Problem, Refusal, problem_of, refusal

MOST_VALUES = 10_000
MOST_PROBLEMS = 100
_LONGEST_TEXT = 200


class PushedValue(Frozen):
    """One value of one KPI for one period."""

    kpi: str = Field(max_length=_LONGEST_TEXT, description="The KPI's key, such as `churn_rate`.")
    value: float = Field(description="The number in the KPI's unit, without quotes; finite.")
    at: str = Field(
        max_length=_LONGEST_TEXT,
        description="A period of the KPI's frequency (`2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`) or a "
        "moment in it, in ISO 8601 with its zone (`2026-11-22T08:00:00Z`).",
    )
    segment: str = Field(
        default="", max_length=_LONGEST_TEXT, description="`dimension:member`; leave it out for the total."
    )


class PushedBatch(Frozen):
    """Values that are taken together or not at all."""

    values: list[PushedValue] = Field(max_length=MOST_VALUES)


class BatchRefused(Refusal):
    """A batch in which something is wrong; size: how many values it held."""

    def __init__(self, problems: list[Problem], size: int) -> None:
        self.size = size
        super().__init__(422, problems)


_KNOWN = tuple(PushedValue.model_fields)
_NEEDED = tuple(name for name, field in PushedValue.model_fields.items() if field.is_required())
_TEXTS = ("kpi", "at", "segment")
_SHAPE = 'Send {"values": [{"kpi": "churn_rate", "value": 3.2, "at": "2026-11"}]}'


def read_batch(policy: Policy, reader: Reader, body: bytes, now: datetime) -> list[Entry]:
    """Read and check a whole batch; the KPIs its sender may not see are refused as unknown.

    Raises Refusal (400, 413) for a body that is no batch, BatchRefused with each item that cannot be taken (at most
    MOST_PROBLEMS of them). The order of the entries is the order of the items.
    """
    items = _items(parse_json(body))
    entries: list[Entry] = []
    problems: list[BadInput] = []
    for index, item in enumerate(items):
        place = f"values[{index}]"
        ill_shaped = list(islice(_ill_shaped(item, place), MOST_PROBLEMS))
        try:
            if not ill_shaped:
                kpi = known_kpi(policy, item["kpi"], place, reader)
                segment = item.get("segment", "")
                entries.append(take(policy, kpi, item["value"], item["at"], segment, now=now, place=place))
        except BadInput as error:
            problems.append(error)
        problems += ill_shaped
        if len(problems) > MOST_PROBLEMS:
            break
    if problems:
        raise BatchRefused(_told(problems), len(items))
    return entries


def _items(given: Any) -> list[Any]:
    if not isinstance(given, dict):
        raise refusal(422, "body", "must be a JSON object", _SHAPE)
    unknown = [
        Problem(place=key[:_LONGEST_TEXT], problem="unknown key", remedy=_SHAPE) for key in given if key != "values"
    ]
    if unknown:
        raise Refusal(422, unknown[:MOST_PROBLEMS])
    items = given.get("values")
    if not isinstance(items, list):
        raise refusal(422, "values", "must be a list" if "values" in given else "is missing", _SHAPE)
    if len(items) > MOST_VALUES:
        problem = f"holds {len(items)} values; {MOST_VALUES} are taken at once"
        raise BatchRefused(
            [Problem(place="values", problem=problem, remedy="Send them in several requests")], len(items)
        )
    return items


def _ill_shaped(item: Any, place: str) -> Iterator[BadInput]:
    """What is wrong with an item before anybody looks at what it means."""
    if not isinstance(item, dict):
        yield BadInput(place, "must be an object", _SHAPE)
        return
    for key in item:
        if key not in _KNOWN:
            yield BadInput(f"{place}.{key[:_LONGEST_TEXT]}", "unknown key", f"Known: {', '.join(_KNOWN)}")
    for key in _NEEDED:
        if key not in item:
            yield BadInput(f"{place}.{key}", "is missing", _SHAPE)
    for key in _TEXTS:
        text = item.get(key, "")
        if not isinstance(text, str):
            yield BadInput(f"{place}.{key}", "must be text", _SHAPE)
        elif len(text) > _LONGEST_TEXT:
            yield BadInput(f"{place}.{key}", f"is longer than {_LONGEST_TEXT} characters")


def _told(problems: list[BadInput]) -> list[Problem]:
    told = [problem_of(one) for one in problems[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        more = f"more than {MOST_PROBLEMS} things are wrong; these are the first"
        told.append(Problem(place="values", problem=more, remedy="Mend these and send the batch again"))
    return told
