"""What a table of an approved schema shows: of all rows that it holds, those of one version, each as it is now."""

from collections.abc import Collection, Iterator

from core.model.schema import SchemaVersion
from core.validate import stored_type
from warehouse.lake.columns import column_parts
from warehouse.names import quoted

# Of all versions of a record, the one that was fetched last; of one page read twice, the one that the newer extractor
# read. A record whose last version says that it is deleted is gone.
_LATEST = """
CREATE OR REPLACE VIEW {view} AS
WITH ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY _key ORDER BY _fetched_at DESC, {version} _extractor_promoted DESC NULLS LAST, _extractor_id
    ) AS _place
    FROM ({held}) LEFT JOIN (
        SELECT extractor_id, promoted_at AS _extractor_promoted FROM internal.promoted
    ) ON extractor_id = _extractor_id
)
SELECT {columns} FROM ranked WHERE _place = 1 {alive}
"""
# Where nothing tells records apart over pages, they are those that each page shows now.
_CURRENT = """
CREATE OR REPLACE VIEW {view} AS
WITH shown AS (
    {held}
), versions AS (
    SELECT _source_table, _url, _document_id, _extractor_id, max(_fetched_at) AS fetched_at FROM shown GROUP BY ALL
), ranked AS (
    SELECT _source_table, _document_id, _extractor_id, row_number() OVER (
        PARTITION BY _source_table, _url
        ORDER BY coalesce(returned_at, fetched_at) DESC, _document_id, promoted_at DESC NULLS LAST, _extractor_id
    ) AS place
    FROM versions
    LEFT JOIN internal.returned ON document_id = _document_id
    LEFT JOIN internal.promoted ON extractor_id = _extractor_id
)
SELECT {columns} FROM shown AS rows SEMI JOIN (FROM ranked WHERE place = 1) AS current
ON rows._document_id = current._document_id AND rows._extractor_id = current._extractor_id
AND rows._source_table = current._source_table
WHERE rows._row_id IS NOT NULL
"""
# A row that a person decided about is told anew with each decision: the last one counts, and what it withholds is as
# if it had never been told. What only says that a page holds nothing is kept, also several times.
_DECIDED = """FROM (
    FROM {rows} {of_version} QUALIFY row_number() OVER (
        PARTITION BY _row_id, _source_table, _extractor_id ORDER BY _decided DESC NULLS LAST
    ) = 1 OR _row_id IS NULL
) WHERE _withheld IS NOT TRUE"""
_KEYED_BY = {"_key", "_fetched_at", "_extractor_id"}
_HELPERS = "_place, _extractor_promoted, extractor_id"


def silver_view(view: str, rows: str, columns: Collection[str], version: SchemaVersion | None) -> str:
    """The statement that makes a view.

    Args:
        view: its name, quoted.
        rows: the name of the table with all rows, quoted.
        columns: those that the table has.
        version: the one that is shown; None for a table that was written before there were versions.
    """
    if version is None:
        return _of_any_version(view, rows, columns)
    of_version = f"WHERE _schema_version = {version.number}"
    shown = ", ".join(_shown(version, columns))
    held = (_DECIDED if "_decided" in columns else "FROM {rows} {of_version}").format(rows=rows, of_version=of_version)
    if version.table.key:
        # a page that holds nothing is no record
        records = f"FROM ({held}) WHERE _row_id IS NOT NULL"
        return _LATEST.format(view=view, held=records, version="", columns=shown, alive="")
    return _CURRENT.format(view=view, held=held, columns=shown)


def nothing_yet(view: str, rows: str) -> str:
    """The view on a table of which no version is whole yet."""
    return f"CREATE OR REPLACE VIEW {view} AS FROM {rows} WHERE false"


def _of_any_version(view: str, rows: str, columns: Collection[str]) -> str:
    if not _KEYED_BY.issubset(columns):
        return f"CREATE OR REPLACE VIEW {view} AS FROM {rows}"
    version = "_schema_version DESC NULLS LAST," if "_schema_version" in columns else ""
    alive = "AND _deleted IS NOT TRUE" if "_deleted" in columns else ""
    shown = f"* EXCLUDE ({_HELPERS})"
    return _LATEST.format(view=view, held=f"FROM {rows}", version=version, columns=shown, alive=alive)


def _shown(version: SchemaVersion, columns: Collection[str]) -> Iterator[str]:
    """The fields of the version under their names, then the lineage."""
    for field in version.table.fields:
        for part in column_parts(stored_type(field.type)):
            stored = quoted(version.columns[field.name] + part.suffix)
            # a column that no row has a value for was never made
            held = version.columns[field.name] + part.suffix in columns
            yield f"{stored if held else 'NULL'} AS {quoted(field.name + part.suffix)}"
    yield from sorted(quoted(name) for name in columns if name.startswith("_"))
