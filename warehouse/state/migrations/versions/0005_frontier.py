"""What is known of sources whose runs are bounded, and what a run that stopped at its bound says."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table; add the columns of runs."""
    op.create_table(
        "frontier",
        sa.Column("address_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("template", sa.String(128), nullable=False),
        sa.Column("parent_id", sa.String(64)),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("visited_at", MOMENT),
        sa.Column("rest_seconds", sa.Float(), nullable=False),
        sa.Column("rested_at", MOMENT),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("address_id"),
    )
    op.create_index("frontier_unread", "frontier", ["source_id", "gone", "visited_at", "seen_at", "place"])
    op.create_index("frontier_rested", "frontier", ["source_id", "gone", "rested_at", "address_id"])
    _columns_of_runs()


def _columns_of_runs() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("runs", recreate="always" if sqlite else "auto") as runs:
        runs.add_column(sa.Column("known", sa.Integer(), server_default="0", nullable=False))
        runs.add_column(sa.Column("unread", sa.Integer(), server_default="0", nullable=False))
        runs.add_column(sa.Column("limited_by", sa.Text(), server_default="", nullable=False))
