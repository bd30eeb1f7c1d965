"""What keeps one kind of database from being written to, and how its errors are put in words."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.core.source_notices import Failure
from bot.sources.rows import SourceFailed


class Asked(NamedTuple):
    """A query that is to be asked: its text, how many seconds it may take, and the zone in which days begin."""

    query: str
    seconds: float
    zone: str


class Guard(NamedTuple):
    """open: make an engine that connects for reading only, in so many seconds; prepare: before the query, make sure
    that nothing can be written, and set the server's own time limits and zone (raises SourceFailed); cut: end
    whatever the driver's connection is doing, from another thread; explain: an error in words without data or
    credentials.
    """

    open: Callable[[URL, float], Engine]
    prepare: Callable[[Connection, Asked], None]
    cut: Callable[[Any], None]
    explain: Callable[[DBAPIError], SourceFailed]


UNREACHABLE: Final = "unreachable"
REFUSED: Final = "credentials"
TIMEOUT: Final = "timeout"
WRITES: Final = "writes"
DATA: Final = "data"
_WORDS: dict[Failure, str] = {
    UNREACHABLE: "the database cannot be reached; does it run, and is its address right?",
    REFUSED: "the database does not let us in; look at the user, its password and the name of the database",
    TIMEOUT: "the database gave up: the query took too long, or waited for a lock",
    WRITES: "the query tries to write, and was refused; a query only asks",
    DATA: "the query came upon data it cannot calculate with",
}


def failure(code: Failure) -> SourceFailed:
    """Give what all databases fail with, in words, by its code."""
    return SourceFailed(code, _WORDS[code], passing=code in (UNREACHABLE, TIMEOUT))


def wrong_query(said: str) -> SourceFailed:
    """Give what a query is refused for; said: about names and grammar alone, which stand in the query, never data."""
    return SourceFailed("query", f"the query is wrong: {said[:200]}", passing=False)
