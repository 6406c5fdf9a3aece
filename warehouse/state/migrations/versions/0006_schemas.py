"""Proposed and approved schemas."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "schema_reviews",
        sa.Column("review_id", sa.String(64), nullable=False),
        sa.Column("schema_name", sa.String(128), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("review", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("review_id"),
    )
    op.create_index("schema_reviews_newest", "schema_reviews", ["at"])
    op.create_table(
        "schema_versions",
        sa.Column("schema_name", sa.String(128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.Column("version", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("schema_name", "number"),
    )
