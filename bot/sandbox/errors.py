"""How a Web API method refuses: one of Slack's own error codes, with what comes beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack.limits import Fault


class SlackError(Exception):
    """Answered as `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, **extra: Any) -> None:
        """`extra` stands beside `error` in the answer."""
        super().__init__(code)
        self.code = code
        self.extra = extra

    @property
    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "error": self.code, **self.extra}


def refuse(faults: Sequence[Fault]) -> None:
    """Raise the first fault's error with all faults under `response_metadata.messages`; nothing without faults."""
    if faults:
        lines = [str(fault) for fault in faults]
        raise SlackError(faults[0].code, errors=lines, response_metadata={"messages": lines})
