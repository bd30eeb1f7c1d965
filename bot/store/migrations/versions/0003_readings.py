"""Readings of sources: which due moment each is at, who is at it, and how it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "reading",
        sa.Column("kpi", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("failing", sa.String(), nullable=True),
        sa.Column("failing_since", moment, nullable=True),
        sa.PrimaryKeyConstraint("kpi", name="pk_reading"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("reading")
