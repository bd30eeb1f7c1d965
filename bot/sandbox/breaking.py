"""`/_sandbox/faults`, `/_sandbox/mishap` and `/_sandbox/calls`: breaking things, and seeing what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.faults import FIELDS, KINDS, TOWARDS_BOT
from bot.sandbox.fields import LONGEST_WAIT
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.shapes import Json
from bot.sandbox.towards_app import mishaps


class Breaking:
    """The doors through which things are broken. Each takes the fields of one request, and gives its answer's JSON.

    LookupError, ValueError and SlackError say what was wrong.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        """Break this sandbox."""
        self._sandbox = sandbox

    # -- faults ----------------------------------------------------------------------------------------------

    def list_faults(self, _: Json) -> Json:
        """What is planned, and what can be."""
        kinds = [
            {"kind": kind, "towards": "bot" if kind in TOWARDS_BOT else "slack", "does": does}
            for kind, does in KINDS.items()
        ]
        planned = [fault.as_json() for fault in tuple(self._sandbox.faults.planned)]
        return {"faults": planned, "kinds": kinds, "fields": list(FIELDS)}

    def plan_fault(self, body: Json) -> Json:
        """Plan a fault: `kind` and any of its fields; the channel by id or name."""
        details = {name: value for name, value in body.items() if name != "kind"}
        if details.get("channel"):
            details["channel"] = self._sandbox.workspace.room(str(details["channel"])).id
        return self._sandbox.faults.plan(str(body.get("kind", "")), **details).as_json()

    def clear_faults(self, body: Json) -> Json:
        """Clear all faults, or the one of this `number`."""
        number = _typed(body, "number", int)
        self._sandbox.faults.clear(number)
        return self.list_faults({})

    # -- mishaps ---------------------------------------------------------------------------------------------

    def list_mishaps(self, _: Json) -> Json:
        """What can happen, and what each takes."""
        return {"mishaps": [{"name": name, **kind.as_json} for name, kind in mishaps.KINDS.items()]}

    def mishap(self, body: Json) -> Json:
        """Let mishaps happen: name → what it takes, one word or an object; `silent`: the bot is not told."""
        silent = body.get("silent") is True
        happening = {name: value for name, value in body.items() if name != "silent"}
        if not happening:
            raise ValueError(f"name a mishap: one of {', '.join(mishaps.KINDS)}")
        for name, value in happening.items():
            self._sandbox.mishap(name, value, silent=silent)
        return {}

    # -- calls -----------------------------------------------------------------------------------------------

    def calls(self, asked: Json) -> Json:
        """The journal by the fields of `Which`; the `last` so many of it; with `wait` seconds until `count` are
        there (one, if not said)."""
        unknown = [name for name in asked if name not in _ASKED]
        if unknown:
            raise ValueError(f"the journal cannot be asked by `{unknown[0]}`, only by {', '.join(_ASKED)}")
        given = {name: _typed(asked, name, kind) for name, kind in _ASKED.items() if name in asked}
        last, wait, count = given.pop("last", None), given.pop("wait", 0.0), given.pop("count", 1)
        journal = self._sandbox.journal
        calls = journal.wait(count, min(wait, LONGEST_WAIT), **given) if wait else journal.calls(**given)
        return {"calls": [call.as_json() for call in (calls[-last:] if last else calls)]}


def _yes(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError(value)
    return value == "true"


_ASKED: Mapping[str, Callable[[str], Any]] = {
    "method": str,
    "direction": str,
    "channel": str,
    "after": int,
    "status": int,
    "fault": str,
    "ok": _yes,
    "containing": str,
    "answered": _yes,
    "last": int,
    "wait": float,
    "count": int,
}
_EXPECTED = {int: "a whole number", float: "a number of seconds", _yes: "true or false"}


def _typed(asked: Json, name: str, kind: Callable[[str], Any]) -> Any:
    if name not in asked:
        return None
    try:
        return kind(str(asked[name]))
    except ValueError:
        raise ValueError(f"`{name}` must be {_EXPECTED.get(kind, 'words')}, not {asked[name]!r}") from None
