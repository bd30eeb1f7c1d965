"""The vocabulary of the table: stories of calls, what is expected of each, and how one is told."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import Sandbox, serve
from tests.oracles.probe.clients import Answer, Client, Json
from tests.sandbox.fixtures import small_sandbox

TOKENS = {"bot": "xoxb-sandbox", "app": "xapp-sandbox", "unknown": "xoxb-nobody", "none": None}


@dataclass(frozen=True)
class Like:
    """Any string that fits the pattern."""

    pattern: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.search(self.pattern, other) is not None

    __hash__ = None  # type: ignore[assignment]


ABSENT = object()
"""Expected of a field that must not be in the answer."""


@dataclass(frozen=True)
class Step:
    """One call. `expect` maps paths in the answer (`message.text`, `members.#` for a count) to values.

    A string argument `$name.path` is a value of an earlier answer kept as `name`, or of what `before` gave.
    """

    method: str
    arguments: Mapping[str, Any]
    error: str = ""
    expect: Mapping[str, Any] = field(default_factory=dict)
    keep: str = ""
    token: str = "bot"
    before: Callable[[Sandbox], Json | None] | None = None


@dataclass(frozen=True)
class Story:
    """Calls in the order they are made, in a sandbox of their own."""

    name: str
    steps: tuple[Step, ...]
    sandbox: Mapping[str, Any] = field(default_factory=dict)


def good(method: str, expect: Mapping[str, Any] | None = None, /, *, keep: str = "", **arguments: Any) -> Step:
    """Write a call that succeeds."""
    return Step(method, arguments, expect=expect or {}, keep=keep)


def bad(error: str, method: str, expect: Mapping[str, Any] | None = None, /, **arguments: Any) -> Step:
    """Write a call that is refused."""
    return Step(method, arguments, error, expect or {})


def told(story: Story, client: Client) -> list[str]:
    """Tell a story to a fresh sandbox; gives every answer that is not as expected."""
    sandbox, kept, wrong = small_sandbox(**story.sandbox), dict[str, Any](), list[str]()
    with serve(sandbox):
        for number, step in enumerate(story.steps, start=1):
            kept.update((step.before(sandbox) if step.before else None) or {})
            arguments = {name: _resolved(value, kept) for name, value in step.arguments.items()}
            answer = client.call(sandbox.api_url, TOKENS[step.token], step.method, arguments)
            kept[step.keep] = answer.body
            wrong += [f"{number}. {step.method} {_short(arguments)}: {fault}" for fault in _faults(step, answer)]
    return wrong


def _resolved(value: Any, kept: Json) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(inner, kept) for name, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, kept) for inner in value]
    if not (isinstance(value, str) and value.startswith("$")):
        return value
    found = _at(kept, value[1:])
    return f"nothing at {value}" if found is ABSENT else found


def _at(found: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(found, list):
            found = len(found) if name == "#" else found[int(name)] if int(name) < len(found) else ABSENT
        else:
            found = found.get(name, ABSENT) if isinstance(found, Mapping) else ABSENT
    return found


def _faults(step: Step, answer: Answer) -> Iterable[str]:
    got = answer.body.get("error", "")
    if got != step.error:
        yield f"expected {step.error or 'ok'}, got {got or 'ok'}{_why(answer)}"
        return
    for path, expected in step.expect.items():
        found = _at(answer.body, path)
        if not (found is expected if expected is ABSENT else expected == found):
            wanted = "nothing" if expected is ABSENT else expected
            yield f"expected {path} = {wanted!r}, got {'nothing' if found is ABSENT else repr(found)[:120]}"


def _why(answer: Answer) -> str:
    reasons = _at(answer.body, "response_metadata.messages")
    return "" if reasons is ABSENT else f" {reasons}"


def _short(arguments: Json) -> str:
    written = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"({written[:120]}{'…' if len(written) > 120 else ''})"
