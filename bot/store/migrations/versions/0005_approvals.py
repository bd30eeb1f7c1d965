"""Numbers that wait for somebody's approval, and edits of messages that are about no alert."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and add the column; no edit so far was of anything but an alert's message."""
    waiting = sa.text("state = 'waiting'")
    op.create_table(
        "approval",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kpi", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("ix_approval_kpi_segment_state", "approval", ["kpi", "segment", "state"])
    op.create_index(
        "uq_approval_waiting",
        "approval",
        ["kpi", "segment", "period"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.add_column("outbox", sa.Column("edits", sa.String(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("outbox", "edits")
    op.drop_table("approval")
