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
from sqlalchemy.types import TypeEngine

metadata = MetaData()
_Kind = TypeEngine[Any] | type[TypeEngine[Any]]


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


class WordType(TypeDecorator[str]):
    """A value of an enumeration, kept as its text: no driver has to know our enumerations."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)


def _key(name: str) -> Column[str]:
    """The short name or id that is the key of its table."""
    return Column(name, String(64), primary_key=True)


def _id(name: str) -> Column[str]:
    """A short name, an id or a hash that every row has."""
    return _required(name, String(64))


def _required(name: str, kind: _Kind) -> Column[Any]:
    return Column(name, kind, nullable=False)


sources = Table(
    "sources",
    metadata,
    _key("source_id"),
    _required("name", Text),
    _required("location", Text),
    _id("acquirer"),
    _required("created_at", UtcDateTime),
    _required("schedule", JSON),
    _required("state", WordType),
    _required("auto_promote", Boolean),
    Column("follow_pages", Boolean, nullable=False, server_default=true()),
    Column("follow_details", Boolean, nullable=False, server_default=true()),
    Column("max_documents", Integer),
)

tasks = Table(
    "tasks",
    metadata,
    _key("task_id"),
    _required("kind", WordType),
    _id("source_id"),
    _id("run_id"),
    _required("payload", JSON),
    _required("state", WordType),
    _required("created_at", UtcDateTime),
    _required("not_before", UtcDateTime),
    _required("priority", Integer),
    _required("attempts", Integer),
    _required("token", Integer),
    _required("worker", Text),
    Column("lease_until", UtcDateTime),
    _required("progress", Float),
    _required("message", Text),
    _required("error", Text),
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
    _key("run_id"),
    _id("source_id"),
    _required("reason", Text),
    _required("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    _required("documents", Integer),
    _required("unchanged", Integer),
    _required("failed", Integer),
    _required("records", Integer),
    _required("error", Text),
    Column("known", Integer, nullable=False, server_default="0"),
    Column("unread", Integer, nullable=False, server_default="0"),
    Column("limited_by", Text, nullable=False, server_default=""),
    Index("runs_of_source", "source_id", "started_at"),
    Index("runs_open", "finished_at", "started_at"),
)

frontier = Table(
    "frontier",
    metadata,
    _key("address_id"),
    _id("source_id"),
    _required("url", Text),
    _required("template", String(128)),
    Column("parent_id", String(64)),
    _required("page", Integer),
    _required("earlier", JSON),
    _required("seen_at", UtcDateTime),
    # in what was seen together
    _required("place", Integer),
    Column("visited_at", UtcDateTime),
    _required("rest_seconds", Float),
    Column("rested_at", UtcDateTime),
    _required("gone", Boolean),
    Index("frontier_unread", "source_id", "gone", "visited_at", "seen_at", "place"),
    Index("frontier_rested", "source_id", "gone", "rested_at", "address_id"),
)

health = Table(
    "health",
    metadata,
    _key("source_id"),
    _required("strikes", Integer),
    Column("last_success_at", UtcDateTime),
    Column("last_failure_at", UtcDateTime),
    _required("last_error", Text),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(128), primary_key=True),
    _required("owner", Text),
    _required("token", Integer),
    _required("until", UtcDateTime),
)

drafts = Table(
    "drafts",
    metadata,
    _key("draft_id"),
    _required("created_at", UtcDateTime),
    _required("draft", JSON),
)

extractors = Table(
    "extractors",
    metadata,
    _key("extractor_id"),
    _id("source_id"),
    _required("template", String(128)),
    _required("version", Integer),
    _required("state", WordType),
    _required("blueprint", JSON),
    _required("code", Text),
    _id("code_hash"),
    _required("created_at", UtcDateTime),
    _required("note", Text),
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
    _key("document_id"),
    _key("extractor_id"),
    _required("records", Integer),
    Column("next_url", Text),
    _required("detail_urls", JSON),
    _required("error", Text),
    _required("at", UtcDateTime),
)

# what is indexed of an address: PostgreSQL refuses index entries of more than 2,700 bytes
URL_START = text("substr(url, 1, 500)")

documents = Table(
    "documents",
    metadata,
    _key("document_id"),
    _id("source_id"),
    _required("url", Text),
    _required("final_url", Text),
    _required("template", String(128)),
    Column("parent_id", String(64)),
    _id("run_id"),
    _id("acquirer"),
    _required("fetched_at", UtcDateTime),
    _required("status", Integer),
    _required("media_type", Text),
    Column("charset", Text),
    _id("content_hash"),
    _required("size", Integer),
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
    _key("attempt_id"),
    _id("source_id"),
    _required("number", Integer),
    _required("started_at", UtcDateTime),
    _required("attempt", JSON),
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
    _key("log"),
    _required("number", BigInteger),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    _key("letter_id"),
    _required("stream", String(32)),
    _required("group_name", String(128)),
    _required("attempts", Integer),
    _required("error", Text),
    _required("at", UtcDateTime),
    _required("message", JSON),
    Index("dead_letters_newest", "at"),
)

schema_reviews = Table(
    "schema_reviews",
    metadata,
    _key("review_id"),
    _required("schema_name", String(128)),
    _required("state", String(32)),
    _required("at", UtcDateTime),
    _required("review", JSON),
    Index("schema_reviews_newest", "at"),
)

schema_versions = Table(
    "schema_versions",
    metadata,
    Column("schema_name", String(128), primary_key=True),
    Column("number", Integer, primary_key=True),
    _required("state", String(32)),
    _required("approved_at", UtcDateTime),
    _required("version", JSON),
)

clusters = Table(
    "clusters",
    metadata,
    _key("cluster_id"),
    _required("revision", BigInteger),
    _required("state", String(16)),
    _required("records", Integer),
    # the number of the document that founded it: the order in which they are read
    _required("founded", BigInteger),
    _required("facts", JSON),
    Column("data", JSON(none_as_null=True)),
    Column("sample", JSON(none_as_null=True)),
    Column("signature", JSON(none_as_null=True)),
    Index("clusters_changed", "revision"),
    Index("clusters_largest", "state", "records"),
)

cluster_parts = Table(
    "cluster_parts",
    metadata,
    _key("name"),
    _required("revision", BigInteger),
    _required("shown", Boolean),
    _required("data", JSON),
)

cluster_readings = Table(
    "cluster_readings",
    metadata,
    _key("event_id"),
    _key("cluster_id"),
    _id("document_id"),
    _required("table_name", String(255)),
    _required("records", Integer),
    _required("at", UtcDateTime),
    Index("cluster_readings_of_document", "document_id"),
)

cluster_acts = Table(
    "cluster_acts",
    metadata,
    Column("number", BigInteger, primary_key=True),
    _key("cluster_id"),
    _required("at", UtcDateTime),
    _required("act", JSON),
    Index("cluster_acts_of_cluster", "cluster_id", "number"),
)

review_items = Table(
    "review_items",
    metadata,
    _key("item_id"),
    _required("schema_name", String(128)),
    _required("version", Integer),
    _required("column_name", Text),
    _required("rule", String(32)),
    _id("source_id"),
    _id("document_id"),
    _required("state", String(32)),
    _required("acts", Integer),
    # of how many of them the lake was told
    _required("acts_done", Integer),
    _required("at", UtcDateTime),
    _required("item", JSON),
    Index("review_items_open", "state", "at"),
    Index("review_items_of_document", "document_id"),
)

second_readers = Table(
    "second_readers",
    metadata,
    _key("extractor_id"),
    _required("learned_at", UtcDateTime),
    _required("reader", JSON),
)

watched = Table(
    "watched",
    metadata,
    Column("table_name", String(255), primary_key=True),
    Column("kind", String(32), primary_key=True),
    _required("watched", JSON),
)

incidents = Table(
    "incidents",
    metadata,
    _key("incident_id"),
    _required("state", String(32)),
    _required("at", UtcDateTime),
    _required("untold", Integer),
    _required("incident", JSON),
    Index("incidents_newest", "at"),
    Index("incidents_untold", "untold"),
)
