"""The first tables: values, alerts, the outbox, schedules, tokens, audit."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _values()
    _alerts()
    _outbox()
    _time_and_access()
    _memory()


def downgrade() -> None:
    """Take every table away again."""
    for table in (
        "note",
        "audit",
        "seen_request",
        "token",
        "occurrence",
        "lane",
        "outbox",
        "alert_moment",
        "alert",
        "value_correction",
        "value",
        "batch",
        "series",
    ):
        op.drop_table(table)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _values() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
        sa.UniqueConstraint("kpi", "segment", name="uq_series_kpi_segment"),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_table(
        "value",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "day", name="pk_value", postgresql_include=["value"]),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "value_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_value_correction"),
    )
    op.create_index("ix_value_correction_series_id_day", "value_correction", ["series_id", "day"])


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kpi", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chain", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("acknowledge_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index("ix_alert_kpi_segment_rule_resolved_at", "alert", ["kpi", "segment", "rule", "resolved_at"])
    op.create_index("ix_alert_next_due", "alert", ["next_due"], **_where("next_due IS NOT NULL"))
    op.create_index("ix_alert_open", "alert", ["opened_at"], **_where("state <> 'resolved'"))
    op.create_index("ix_alert_opened_at", "alert", ["opened_at"])
    op.create_index("ix_alert_resolved_at", "alert", ["resolved_at"])
    op.create_index("uq_alert_open", "alert", ["rule", "kpi", "segment"], unique=True, **_where("state <> 'resolved'"))
    op.create_table(
        "alert_moment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name="fk_alert_moment_alert"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_moment"),
    )
    op.create_index("ix_alert_moment_alert_id", "alert_moment", ["alert", "id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("manner", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kpis", sa.JSON(), nullable=False),
        sa.Column("alert", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("loud", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("attempt", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("suspects", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settle_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_channel", sa.String(), nullable=True),
        sa.Column("sent_ts", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name="fk_outbox_alert"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_alert_id", "outbox", ["alert", "id"])
    op.create_index(
        "ix_outbox_lane", "outbox", ["destination", "rank", "created_at", "id"], **_where("state = 'pending'")
    )
    op.create_index("ix_outbox_next", "outbox", ["destination", "not_before"], **_where("state = 'pending'"))
    op.create_index("ix_outbox_sending", "outbox", ["destination"], **_where("state = 'sending'"))
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_table(
        "lane",
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("destination", name="pk_lane"),
    )


def _time_and_access() -> None:
    op.create_table(
        "occurrence",
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snapshot", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("schedule", "audience", "local_date", name="pk_occurrence"),
    )
    op.create_table(
        "token",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("clearance", sa.String(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
    )
    op.create_table(
        "seen_request",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_seen_request"),
    )
    op.create_index("ix_seen_request_seen_at", "seen_request", ["seen_at"])


def _memory() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "note",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_note"),
    )
