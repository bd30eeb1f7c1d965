"""What every source gives: rows of values as they stand there, and the one error that says why there are none."""

from typing import NamedTuple

from bot.core.errors import KpiBotError

MOST_ROWS = 100_000
MOST_BYTES = 32 * 1024 * 1024
SECONDS = 30.0
"""Caps of one reading, whatever the source: rows, bytes over the wire or from a file, and time."""


class Row(NamedTuple):
    """One value as a source gives it, still unchecked.

    at: a period label or an ISO 8601 date or moment, None when the source gives one value only (it stands for the
    newest complete period); segment: as in the push API, empty for the total.
    """

    value: object
    at: str | None = None
    segment: str = ""


class SourceFailed(KpiBotError):
    """A source gave nothing that can be taken.

    code: one word for logs and tests, such as ``timeout``; problem: what went wrong, without values, addresses of
    databases or credentials; passing: whether trying again later can help.
    """

    def __init__(self, code: str, problem: str, *, passing: bool) -> None:
        self.code, self.problem, self.passing = code, problem, passing
        super().__init__(problem)
