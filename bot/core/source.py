"""Sources: where a KPI's values are fetched from, through which connection, and when."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue, model_validator

from bot.core.periods import Frequency
from bot.core.words import Frozen, Key

VARIABLE = r"^[A-Z][A-Z0-9_]{0,99}$"
Variable = Annotated[str, Field(pattern=VARIABLE)]
"""The name of an environment variable that holds a secret; no secret stands in the rules."""

Cron = Annotated[str, Field(min_length=9, max_length=100)]


class Reach(StrEnum):
    """What a connection leads to; its word in the rules."""

    SQL = "sql"
    HTTP = "http"
    FOLDER = "folder"
    SHEET = "sheet"


class Connection(Frozen):
    """A way to where values are kept, of exactly one kind; seconds: how long one reading may take.

    sql: the variable that holds an SQLAlchemy address; http: the address a source's path is added to, token: the
    variable that holds its bearer token (header: another header than Authorization to send it in), hosts: further
    hosts its sources may name, which never get the token; folder: where files lie, absolute or inside the rules
    folder; sheet: the address of a sheet published as CSV. at_once: how many of its sources are read side by side.
    loopback: whether an http connection may lead to this very machine, for trying things out; no other private address
    is ever spoken to.
    """

    key: Key
    sql: Variable | None = None
    http: str | None = Field(default=None, pattern=r"^https?://\S+$", max_length=500)
    folder: str | None = Field(default=None, min_length=1, max_length=500)
    sheet: str | None = Field(default=None, pattern=r"^https://\S+$", max_length=500)
    token: Variable | None = None
    header: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    hosts: tuple[str, ...] = ()
    loopback: bool = False
    seconds: int = Field(default=30, ge=1, le=600)
    at_once: int = Field(default=4, ge=1, le=8)

    @model_validator(mode="after")
    def _one_kind(self) -> "Connection":
        given = [word for word in Reach if getattr(self, word) is not None]
        if len(given) != 1:
            raise ValueError(f"a connection has one of {', '.join(Reach)}, not {len(given)} of them")
        if self.http is None and (self.token or self.header or self.hosts or self.loopback):
            raise ValueError("token, header, hosts and loopback belong to a connection with http")
        return self

    @property
    def reach(self) -> Reach:
        """What it leads to."""
        return next(word for word in Reach if getattr(self, word) is not None)

    @property
    def variable(self) -> str | None:
        """The environment variable its secret stands in, if it has one."""
        return self.sql or self.token


class Fields(Frozen):
    """Which column of a file or sheet, or which part of a JSON object, holds what.

    A part of an object is named by a JSON pointer (``/churn/value``) or a JMESPath expression.
    """

    at: str | None = Field(default=None, min_length=1, max_length=200)
    value: str = Field(default="value", min_length=1, max_length=200)
    segment: str | None = Field(default=None, min_length=1, max_length=200)


class Source(Frozen):
    """Where one KPI's values come from: ``{sql: churn.sql, connection: warehouse, at: "0 6 1 * *"}``.

    sql: a file in ``queries/``; path: what is added to an http connection's address, post: a JSON object to send there
    (the answer to it is read, in place of a plain GET); file: its name in the folder, with sql a query over it, in
    which it is the table ``data``; worksheet: of an Excel file. rows: where in a JSON answer or file the list of rows
    stands (all of it when left out); fields: what is where in a row; only: rows that have these texts in these columns,
    no other. at: five-field cron line in company time, in place of the refresh schedule's.
    """

    connection: Key
    at: Cron | None = None
    sql: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,80}\.sql$")
    path: str | None = Field(default=None, min_length=1, max_length=1000)
    post: dict[str, JsonValue] | None = None
    file: str | None = Field(default=None, min_length=1, max_length=200)
    worksheet: str | None = Field(default=None, min_length=1, max_length=100)
    rows: str | None = Field(default=None, min_length=1, max_length=200)
    fields: Fields | None = None
    only: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_kind(self) -> "Source":
        if self.path is not None and (self.sql or self.file):
            raise ValueError("a source has one of sql, path or file, not several")
        if self.sql is not None and (self.rows or self.fields or self.only or self.worksheet):
            raise ValueError("rows, fields, only and worksheet are for files; a query decides itself what it gives")
        return self

    @property
    def reach(self) -> Reach:
        """What kind of connection it needs."""
        ways = {"file": Reach.FOLDER, "path": Reach.HTTP, "sql": Reach.SQL}
        return next((reach for word, reach in ways.items() if getattr(self, word) is not None), Reach.SHEET)


class RefreshSchedule(Frozen):
    """When sources without a time of their own are read, by the KPI's frequency; five-field cron, company time."""

    daily: Cron = "0 0 * * *"
    weekly: Cron = "0 0 * * 1"
    monthly: Cron = "0 0 1 * *"
    quarterly: Cron = "0 0 1 1,4,7,10 *"
    yearly: Cron = "0 0 1 1 *"

    def of(self, frequency: Frequency) -> str:
        """Give the cron line for a frequency."""
        line: str = getattr(self, frequency.value)
        return line


class Sources(Frozen):
    """``rules/sources.yaml`` and the queries beside it; queries: the text of each file in ``queries/``, by name."""

    connections: Mapping[Key, Connection] = Field(default_factory=dict)
    refresh_schedule: RefreshSchedule = RefreshSchedule()
    queries: Mapping[str, str] = Field(default_factory=dict)

    def cron_of(self, source: Source, frequency: Frequency) -> str:
        """Give when a source is read: at its own time, or by the refresh schedule."""
        return source.at or self.refresh_schedule.of(frequency)
