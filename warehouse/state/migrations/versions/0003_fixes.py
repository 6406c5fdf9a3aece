"""Tries at repairing sources."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a number is taken once for each source."""
    op.create_table(
        "fixes",
        sa.Column("attempt_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id"),
    )
    op.create_index("fixes_of_source", "fixes", ["source_id", "number"], unique=True)
    op.create_index("fixes_newest", "fixes", ["started_at"])
