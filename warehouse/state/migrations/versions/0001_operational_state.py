"""Sources, tasks, runs, health, leases, drafts, extractors, extractions and documents."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the first tables."""
    _sources()
    _tasks()
    _runs()
    _health()
    _leases()
    _drafts()
    _extractors()
    _extractions()
    _documents()


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("acquirer", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("auto_promote", sa.Boolean(), nullable=False),
        sa.Column("follow_pages", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("follow_details", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("max_documents", sa.Integer()),
        sa.PrimaryKeyConstraint("source_id"),
    )


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.PrimaryKeyConstraint("task_id"),
    )
    op.create_index("tasks_leased", "tasks", ["state", "lease_until"])
    op.create_index("tasks_newest", "tasks", ["created_at"])
    op.create_index("tasks_of_run", "tasks", ["run_id", "created_at"])
    op.create_index("tasks_of_source", "tasks", ["source_id", "created_at"])
    op.create_index("tasks_next", "tasks", ["state", sa.text("priority DESC"), "not_before", "created_at", "task_id"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_index("runs_of_source", "runs", ["source_id", "started_at"])
    op.create_index("runs_open", "runs", ["finished_at", "started_at"])


def _health() -> None:
    op.create_table(
        "health",
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("last_success_at", MOMENT),
        sa.Column("last_failure_at", MOMENT),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id"),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id"),
    )


def _extractors() -> None:
    op.create_table(
        "extractors",
        sa.Column("extractor_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("template", sa.String(128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("blueprint", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("promoted_at", MOMENT),
        sa.PrimaryKeyConstraint("extractor_id"),
    )
    op.create_index(
        "extractors_one_active",
        "extractors",
        ["source_id", "template"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index("extractors_versions", "extractors", ["source_id", "template", "version"], unique=True)


def _extractions() -> None:
    op.create_table(
        "extractions",
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("extractor_id", sa.String(64), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("next_url", sa.Text()),
        sa.Column("detail_urls", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("document_id", "extractor_id"),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("template", sa.String(128), nullable=False),
        sa.Column("parent_id", sa.String(64)),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("acquirer", sa.String(64), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("charset", sa.Text()),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("returned_at", MOMENT),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_index("documents_at_address", "documents", ["source_id", "url"])
    op.create_index("documents_newest", "documents", ["fetched_at"])
    op.create_index("documents_of_source", "documents", ["source_id", "fetched_at"])
    op.create_index("documents_returned", "documents", ["returned_at"])
