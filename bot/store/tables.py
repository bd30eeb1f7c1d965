"""Every table, declared once with SQLModel; queries use the plain ``Table`` objects at the end of the file.

Words are text columns (a new word then needs no migration) and moments are aware datetimes, kept in UTC. Rows never
leave ``store``.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Float, Index, PrimaryKeyConstraint, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _where(condition: str) -> dict[str, Any]:
    """A partial index, in the words of both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class SeriesRow(SQLModel, table=True):
    """A KPI and segment that has ever had a value; the short id keeps the rows of values small."""

    __tablename__: ClassVar[str] = "series"
    __table_args__ = (UniqueConstraint("kpi", "segment"),)
    id: int | None = Field(default=None, primary_key=True)
    kpi: str
    segment: str


class BatchRow(SQLModel, table=True):
    """Values that came together: from where, by whom, when."""

    __tablename__: ClassVar[str] = "batch"
    id: int | None = Field(default=None, primary_key=True)
    origin: str
    author: str
    received_at: datetime


class ValueRow(SQLModel, table=True):
    """One value; ``day`` counts days from 1970-01-01 to the first day of its period.

    There are millions of these, so they lie in the order of their key and carry no foreign keys: series and batches
    are never deleted, and PostgreSQL would look both up for every row written.
    """

    __tablename__: ClassVar[str] = "value"
    __table_args__ = (
        PrimaryKeyConstraint("series_id", "day", postgresql_include=["value"]),
        {"sqlite_with_rowid": False},
    )
    series_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    value: float = Field(sa_column=Column(Float(53), nullable=False))
    batch_id: int


class CorrectionRow(SQLModel, table=True):
    """What a value was before it was corrected: ``batch_id`` brought it, ``replaced_by`` brought the next one."""

    __tablename__: ClassVar[str] = "value_correction"
    __table_args__ = (Index(None, "series_id", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    series_id: int
    day: int
    value: float = Field(sa_column=Column(Float(53), nullable=False))
    batch_id: int
    replaced_by: int


class DoubtRow(SQLModel, table=True):
    """A calculated series whose newest period (``day`` as in ValueRow) has no number, and the reason."""

    __tablename__: ClassVar[str] = "doubt"
    kpi: str = Field(primary_key=True)
    segment: str = Field(primary_key=True)
    day: int
    reason: str


class AlertRow(SQLModel, table=True):
    """An alert, field by field as in ``bot.core.alert.Alert``; ``next_due`` is kept so that it can be searched."""

    __tablename__: ClassVar[str] = "alert"
    __table_args__ = (
        Index("uq_alert_open", "rule", "kpi", "segment", unique=True, **_where("state <> 'resolved'")),
        Index(None, "kpi", "segment", "rule", "resolved_at"),
        Index(None, "next_due", **_where("next_due IS NOT NULL")),
        Index("ix_alert_open", "opened_at", **_where("state <> 'resolved'")),
        Index(None, "opened_at"),
        Index(None, "resolved_at"),
    )
    id: str = Field(primary_key=True)
    kpi: str
    segment: str
    rule: str
    priority: str
    state: str
    finding: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    period: str
    opened_at: datetime
    chain: list[str] = Field(sa_column=Column(JSON, nullable=False))
    channel: str
    policy_version: str
    step: int
    acknowledge_by: datetime | None
    remind_at: datetime | None
    respond_by: datetime | None
    missed: int
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    action: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
    reopened: int
    ts: str | None
    dry_run: bool = Field(sa_column_kwargs={"server_default": false()})
    version: int
    next_due: datetime | None


class MomentRow(SQLModel, table=True):
    """One line of an alert's timeline."""

    __tablename__: ClassVar[str] = "alert_moment"
    __table_args__ = (Index(None, "alert", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    alert: str = Field(foreign_key="alert.id")
    at: datetime
    notice: str
    by: str | None
    text: str | None
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class OutboxRow(SQLModel, table=True):
    """A message decided, and how far its delivery has come.

    wanted_at: when it was first to be sent; not_before: when it may be tried (again); token: names the message in
    Slack, for good; attempt: names the claim that holds it, None when nobody does.
    """

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (
        Index("ix_outbox_lane", "destination", "rank", "created_at", "id", **_where("state = 'pending'")),
        Index("ix_outbox_next", "destination", "not_before", **_where("state = 'pending'")),
        Index("ix_outbox_sending", "destination", **_where("state = 'sending'")),
        Index(None, "alert", "id"),
        Index(None, "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    notice: str
    manner: str
    destination: str
    language: str
    rank: int
    created_at: datetime
    kpis: list[str] = Field(sa_column=Column(JSON, nullable=False))
    alert: str | None = Field(default=None, foreign_key="alert.id")
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    loud: bool
    state: str
    wanted_at: datetime
    not_before: datetime
    token: str
    attempt: str | None
    tries: int
    suspects: int
    first_attempt_at: datetime | None
    settle_until: datetime | None
    settled_at: datetime | None
    sent_channel: str | None
    sent_ts: str | None
    error: str | None
    edits: str | None = None


class LaneRow(SQLModel, table=True):
    """A destination and the moment from which it takes its next message."""

    __tablename__: ClassVar[str] = "lane"
    destination: str = Field(primary_key=True)
    next_at: datetime


class OccurrenceRow(SQLModel, table=True):
    """One due moment of a schedule: what, for whom, local date; with the lease of whoever is at it."""

    __tablename__: ClassVar[str] = "occurrence"
    schedule: str = Field(primary_key=True)
    audience: str = Field(primary_key=True)
    local_date: date = Field(primary_key=True)
    owner: str
    lease_until: datetime
    finished_at: datetime | None
    snapshot: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class ReadingRow(SQLModel, table=True):
    """A KPI's source: the due moment its reading is at, who is at it until when, and how it stands.

    read_at: the newest reading that gave what could be taken; failing: one word for why the last ones did not.
    """

    __tablename__: ClassVar[str] = "reading"
    kpi: str = Field(primary_key=True)
    connection: str
    due_at: datetime
    owner: str
    lease_until: datetime
    finished_at: datetime | None
    tries: int
    read_at: datetime | None
    failing: str | None
    failing_since: datetime | None


class ApprovalRow(SQLModel, table=True):
    """A number entered in chat that needs somebody's approval, field by field as in ``bot.core.approval.Approval``."""

    __tablename__: ClassVar[str] = "approval"
    __table_args__ = (
        Index("uq_approval_waiting", "kpi", "segment", "period", unique=True, **_where("state = 'waiting'")),
        Index(None, "kpi", "segment", "state"),
    )
    id: str = Field(primary_key=True)
    kpi: str
    segment: str
    period: str
    value: float = Field(sa_column=Column(Float(53), nullable=False))
    by: str
    way: str
    note: str | None
    approver: str
    asked_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


class TokenRow(SQLModel, table=True):
    """A token of the push API, by its digest; the token itself is never kept."""

    __tablename__: ClassVar[str] = "token"
    name: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    scopes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    clearance: str
    departments: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class SeenRequestRow(SQLModel, table=True):
    """A signed request that has been taken, so that a replay of it is not."""

    __tablename__: ClassVar[str] = "seen_request"
    digest: str = Field(primary_key=True)
    seen_at: datetime = Field(index=True)


class AuditRow(SQLModel, table=True):
    """Who did what; ``hash`` covers the row and the hash before it. ``detail`` is canonical JSON, as it was hashed."""

    __tablename__: ClassVar[str] = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    who: str
    what: str
    subject: str
    detail: str
    hash: str


class NoteRow(SQLModel, table=True):
    """A small fact the bot keeps about itself."""

    __tablename__: ClassVar[str] = "note"
    key: str = Field(primary_key=True)
    value: str


_tables = SQLModel.metadata.tables
series = _tables["series"]
batches = _tables["batch"]
values = _tables["value"]
corrections = _tables["value_correction"]
doubts = _tables["doubt"]
alerts = _tables["alert"]
moments = _tables["alert_moment"]
outbox = _tables["outbox"]
lanes = _tables["lane"]
occurrences = _tables["occurrence"]
readings = _tables["reading"]
approvals = _tables["approval"]
tokens = _tables["token"]
seen_requests = _tables["seen_request"]
audit = _tables["audit"]
notes = _tables["note"]
metadata = SQLModel.metadata
