"""The tables of the operational state, as SQLAlchemy sees them. A change here needs a file in migrations/versions.

Columns carry the names of the nouns' fields, so that a row becomes a noun without a word of mapping.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
    true,
)

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC; databases without time zones keep them naive and sortable."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Word(TypeDecorator[str]):
    """A value of an enumeration, kept as its text: no driver has to know our enumerations."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)


sources = Table(
    "sources",
    metadata,
    Column("source_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("acquirer", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("schedule", JSON, nullable=False),
    Column("state", Word, nullable=False),
    Column("auto_promote", Boolean, nullable=False),
    Column("follow_pages", Boolean, nullable=False, server_default=true()),
    Column("follow_details", Boolean, nullable=False, server_default=true()),
    Column("max_documents", Integer),
)

tasks = Table(
    "tasks",
    metadata,
    Column("task_id", String(64), primary_key=True),
    Column("kind", Word, nullable=False),
    Column("source_id", String(64), nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", Word, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("progress", Float, nullable=False),
    Column("message", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("host", String(255), nullable=False, server_default=""),
    # one index for each question that is asked all the time: what is next, whose lease ran out, and the three lists
    Index("tasks_next", "state", text("priority DESC"), "not_before", "created_at", "task_id"),
    Index("tasks_leased", "state", "lease_until"),
    Index("tasks_of_source", "source_id", "created_at"),
    Index("tasks_of_run", "run_id", "created_at"),
    Index("tasks_newest", "created_at"),
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("source_id", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("documents", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("records", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Index("runs_of_source", "source_id", "started_at"),
    Index("runs_open", "finished_at", "started_at"),
)

health = Table(
    "health",
    metadata,
    Column("source_id", String(64), primary_key=True),
    Column("strikes", Integer, nullable=False),
    Column("last_success_at", UtcDateTime),
    Column("last_failure_at", UtcDateTime),
    Column("last_error", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("token", Integer, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("draft_id", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("draft", JSON, nullable=False),
)

extractors = Table(
    "extractors",
    metadata,
    Column("extractor_id", String(64), primary_key=True),
    Column("source_id", String(64), nullable=False),
    Column("template", String(128), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Word, nullable=False),
    Column("blueprint", JSON, nullable=False),
    Column("code", Text, nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("promoted_at", UtcDateTime),
    Index("extractors_versions", "source_id", "template", "version", unique=True),
    Index(
        "extractors_one_active",
        "source_id",
        "template",
        unique=True,
        sqlite_where=text("state = 'active'"),
        postgresql_where=text("state = 'active'"),
    ),
)

extractions = Table(
    "extractions",
    metadata,
    Column("document_id", String(64), primary_key=True),
    Column("extractor_id", String(64), primary_key=True),
    Column("records", Integer, nullable=False),
    Column("next_url", Text),
    Column("detail_urls", JSON, nullable=False),
    Column("error", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# what is indexed of an address: PostgreSQL refuses index entries of more than 2,700 bytes
URL_START = text("substr(url, 1, 500)")

documents = Table(
    "documents",
    metadata,
    Column("document_id", String(64), primary_key=True),
    Column("source_id", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("final_url", Text, nullable=False),
    Column("template", String(128), nullable=False),
    Column("parent_id", String(64)),
    Column("run_id", String(64), nullable=False),
    Column("acquirer", String(64), nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("charset", Text),
    Column("content_hash", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    # when an older version came back after a newer one: A, B, A again is a fetch of A, not of B
    Column("returned_at", UtcDateTime),
    Index("documents_at_address", "source_id", URL_START),
    Index("documents_of_source", "source_id", "fetched_at"),
    Index("documents_newest", "fetched_at"),
    Index("documents_returned", "returned_at"),
)

fixes = Table(
    "fixes",
    metadata,
    Column("attempt_id", String(64), primary_key=True),
    Column("source_id", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("attempt", JSON, nullable=False),
    Index("fixes_of_source", "source_id", "number", unique=True),
    Index("fixes_newest", "started_at"),
)

landed = Table(
    "landed",
    metadata,
    Column("table_name", String(255), primary_key=True),
    Column("message_id", String(128), primary_key=True),
)

landed_marks = Table(
    "landed_marks",
    metadata,
    Column("table_name", String(255), primary_key=True),
    Column("log", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("letter_id", String(64), primary_key=True),
    Column("stream", String(32), nullable=False),
    Column("group_name", String(128), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("message", JSON, nullable=False),
    Index("dead_letters_newest", "at"),
)
