"""What the durable flow keeps: hosts of tasks, what has landed in the lake, and dead letters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

INDEXES: dict[str, list[Any]] = {
    "tasks_leased": ["state", "lease_until"],
    "tasks_newest": ["created_at"],
    "tasks_of_run": ["run_id", "created_at"],
    "tasks_of_source": ["source_id", "created_at"],
    "tasks_next": ["state", sa.text("priority DESC"), "not_before", "created_at", "task_id"],
}


def upgrade() -> None:
    """Add the column, then the tables."""
    _host_of_tasks()
    op.create_table(
        "landed",
        sa.Column("table_name", sa.String(255), nullable=False),
        sa.Column("message_id", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "message_id"),
    )
    op.create_table(
        "landed_marks",
        sa.Column("table_name", sa.String(255), nullable=False),
        sa.Column("log", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "log"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("letter_id", sa.String(64), nullable=False),
        sa.Column("stream", sa.String(32), nullable=False),
        sa.Column("group_name", sa.String(128), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("letter_id"),
    )
    op.create_index("dead_letters_newest", "dead_letters", ["at"])


def _host_of_tasks() -> None:
    """SQLite rebuilds the table, and would forget the index over an expression."""
    for name in INDEXES:
        op.drop_index(name, "tasks")
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("tasks", recreate="always" if sqlite else "auto") as tasks:
        tasks.add_column(sa.Column("host", sa.String(255), server_default="", nullable=False))
    for name, columns in INDEXES.items():
        op.create_index(name, "tasks", columns)
