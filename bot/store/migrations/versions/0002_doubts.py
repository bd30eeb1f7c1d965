"""Calculated series whose newest period has no number, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "doubt",
        sa.Column("kpi", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kpi", "segment", name="pk_doubt"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("doubt")
