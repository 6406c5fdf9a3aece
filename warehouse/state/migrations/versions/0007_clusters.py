"""Clusters, what was taken into them, and what happened to them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "clusters",
        sa.Column("cluster_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("founded", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.Column("sample", sa.JSON(), nullable=True),
        sa.Column("signature", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("cluster_id"),
    )
    op.create_index("clusters_changed", "clusters", ["revision"])
    op.create_index("clusters_largest", "clusters", ["state", "records"])
    op.create_table(
        "cluster_parts",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "cluster_readings",
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("cluster_id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("table_name", sa.String(255), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "cluster_id"),
    )
    op.create_index("cluster_readings_of_document", "cluster_readings", ["document_id"])
    op.create_table(
        "cluster_acts",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("cluster_id", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", "cluster_id"),
    )
    op.create_index("cluster_acts_of_cluster", "cluster_acts", ["cluster_id", "number"])
