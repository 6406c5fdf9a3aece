"""Index the beginning of an address: PostgreSQL refuses index entries of more than 2,700 bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index over whole addresses."""
    op.drop_index("documents_at_address", "documents")
    op.create_index("documents_at_address", "documents", ["source_id", sa.text("substr(url, 1, 500)")])
