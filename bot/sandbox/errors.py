"""How a Web API method refuses: one of Slack's own error codes, with what comes beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack.limits import Fault


class SlackError(Exception):
    """Answered as `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, *, problems: Sequence[str] = (), **extra: Any) -> None:
        """`extra` stands beside `error` in the answer; `problems` say more to those who look on."""
        super().__init__(code)
        self.code, self.problems = code, tuple(problems)
        self.extra = extra

    @property
    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "error": self.code, **self.extra}

    @property
    def lines(self) -> tuple[str, ...]:
        """What is wrong, and where, in the words of the validator; the code alone when it says no more."""
        return self.problems or (self.code,)


def refuse(faults: Sequence[Fault]) -> None:
    """Raise the first fault's error; nothing without faults.

    What is invalid is told with its places, as `errors` and under `response_metadata.messages`; for what is too long
    or missing altogether the code says it all.
    """
    if not faults:
        return
    code, lines = faults[0].code, [str(fault) for fault in faults]
    if not code.startswith("invalid"):
        raise SlackError(code, problems=lines)
    errors = [line.removeprefix("[ERROR] ") for line in lines]
    raise SlackError(code, problems=lines, errors=errors, response_metadata={"messages": lines})
