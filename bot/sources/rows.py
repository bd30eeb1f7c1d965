"""What every source gives: rows of values as they stand there, and the one error that says why there are none."""

from typing import NamedTuple

from bot.core.errors import KpiBotError
from bot.core.source_notices import Failure

MOST_ROWS = 100_000
MOST_BYTES = 32 * 1024 * 1024
SECONDS = 30.0
"""Caps of one reading, whatever the source: rows, bytes over the wire or from a file, and time."""


class Row(NamedTuple):
    """One value as a source gives it, still unchecked: it may be no number, and its time none, which refuses it alone.

    at: a period label or an ISO 8601 date or moment, None when the source gives one value only (it stands for the
    newest complete period), empty when there is none that can be read; segment: as in the push API, empty for the
    total; place: where it stands, such as ``line 4``, empty for the row of that number.
    """

    value: object
    at: str | None = None
    segment: str = ""
    place: str = ""


NO_TIME = ""
"""In a row: it has no time that can be read."""


class SourceFailed(KpiBotError):
    """A source gave nothing that can be taken.

    code: one word for logs and notices, such as ``timeout``; problem: what went wrong, without values, addresses of
    databases or credentials; passing: whether trying again later can help.
    """

    def __init__(self, code: Failure, problem: str, *, passing: bool) -> None:
        self.code, self.problem, self.passing = code, problem, passing
        super().__init__(problem)
