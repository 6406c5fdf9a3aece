"""Values that wait for a person's decision, the second readers of extractors, and incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "review_items",
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("schema_name", sa.String(128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("acts_done", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_index("review_items_open", "review_items", ["state", "at"])
    op.create_index("review_items_of_document", "review_items", ["document_id"])
    op.create_table(
        "second_readers",
        sa.Column("extractor_id", sa.String(64), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("extractor_id"),
    )
    op.create_table(
        "watched",
        sa.Column("table_name", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("watched", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "kind"),
    )
    op.create_table(
        "incidents",
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("incident", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id"),
    )
    op.create_index("incidents_newest", "incidents", ["at"])
    op.create_index("incidents_untold", "incidents", ["untold"])
