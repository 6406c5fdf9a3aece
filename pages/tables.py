"""What do I have, and where did this row come from?"""

import json
import tempfile
from pathlib import Path

import streamlit as st

from core.errors import PipelineError
from core.model import Evidence
from core.pipeline import Pipeline, current
from core.ports import QueryResult, TableInfo
from pages._widgets.badges import ago
from pages._widgets.choice import choose
from pages._widgets.frames import frame_of, shown_as
from pages._widgets.preview import color_of, draw_document, marks_for

LINEAGE = "_"
SHOWN = 500
FORMATS = {"CSV": "csv", "Parquet": "parquet", "JSON": "json"}


def draw() -> None:
    pipeline = current()
    st.title("Tables")
    tables = pipeline.tables()
    if not tables:
        st.info("No table yet: tables appear when a source has been read.")
        st.page_link("sources.py", label="Add a source", icon=":material/add_circle:")
        return
    left, right = st.columns([3, 9])
    with left:
        chosen = _draw_tables(pipeline, tables)
    with right:
        _draw_query(pipeline, chosen)


def _draw_tables(pipeline: Pipeline, tables: list[TableInfo]) -> TableInfo:
    by_name = {table.name: table for table in tables}
    asked = st.query_params.get("table", "")
    groups = _groups(pipeline, list(by_name))
    asked_source = _source_name(pipeline, st.query_params.get("source", ""))
    first = next((label for label, names in groups.items() if asked in names), asked_source)
    label = choose("Source", {label: label for label in groups}, str, key="group", asked=first)
    names = groups[label]
    name = st.radio(
        "Table",
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=lambda full: f"{full.split('__', 1)[-1]} · {by_name[full].rows:,}",
        key=f"table-{label}",
    )
    chosen = by_name[name]
    st.caption(f"`{name}` · changed {ago(chosen.changed_at, pipeline.clock.now())}")
    st.dataframe(
        [{"column": column, "type": kind} for column, kind in chosen.columns if not column.startswith(LINEAGE)],
        hide_index=True,
    )
    return chosen


def _source_name(pipeline: Pipeline, source_id: str) -> str:
    return next((source.name for source in pipeline.sources.all() if source.source_id == source_id), "")


def _groups(pipeline: Pipeline, names: list[str]) -> dict[str, list[str]]:
    """The tables by the name of their source, in the order of its blueprints; what belongs to none comes last."""
    groups: dict[str, list[str]] = {}
    left = sorted(names)
    for source in pipeline.sources.all():
        found = [name for name in pipeline.tables_of(source.source_id) if name in left]
        if found:
            groups[source.name] = found
            left = [name for name in left if name not in found]
    return groups | ({"technical": left} if left else {})


def _default_sql(table: TableInfo) -> str:
    plain = [f'"{column}"' for column, _ in table.columns if not column.startswith(LINEAGE)]
    hidden = ["_document_id", "_evidence"] if any(c == "_evidence" for c, _ in table.columns) else []
    return f"SELECT {', '.join(plain + hidden)}\nFROM {table.name}"


def _joined_sql(pipeline: Pipeline, table: TableInfo) -> str:
    """The query that joins a list with the pages behind it; "" for every other table."""
    for source in pipeline.sources.all():
        joined = pipeline.joined_sql(source.source_id)
        if f"FROM {table.name} AS" in joined:
            return joined
    return ""


def _begun(pipeline: Pipeline, table: TableInfo) -> tuple[str, str]:
    """The SQL that a person begins with, and a name for it: a question's, or that of the table."""
    asked = {question.name: question for question in pipeline.query.questions()}
    name = st.selectbox(
        "Show",
        list(asked),
        index=None,
        placeholder="the rows of this table",
        format_func=lambda name: name.replace("_", " "),
        key="question",
        bind="query-params",
    )
    if name:
        st.caption(asked[name].sentence)
        return asked[name].sql, name
    joined = _joined_sql(pipeline, table)
    beside = bool(joined) and st.toggle("With what the pages behind the records say", key=f"joined-{table.name}")
    return (joined, f"{table.name}-joined") if beside else (_default_sql(table), table.name)


def _draw_query(pipeline: Pipeline, table: TableInfo) -> None:
    begun, name = _begun(pipeline, table)
    sql = st.text_area("Query (read-only SQL)", begun, key=f"sql-{name}", height=110)
    st.button("Run", shortcut="Ctrl+Enter", type="primary", key="run")
    try:
        result = pipeline.query.run(sql, limit=SHOWN)
    except PipelineError as error:
        st.error(str(error))
        return
    more = ", more exist: narrow the query, or download all" if result.truncated else ""
    st.caption(f"{len(result.rows):,} rows in {result.seconds:.2f} s{more}")
    row = _draw_rows(result, f"{name}-{table.changed_at}")
    _draw_export(pipeline, sql, name)
    if row is not None:
        _draw_evidence(pipeline, dict(zip(result.columns, result.rows[row], strict=True)))


def _draw_rows(result: QueryResult, key: str) -> int | None:
    shown = [column for column in result.columns if not column.startswith(LINEAGE)] or list(result.columns)
    frame = frame_of(result)
    event = st.dataframe(
        frame,
        hide_index=True,
        column_order=shown,
        column_config=shown_as(frame),
        on_select="rerun",
        selection_mode="single-row",
        key=f"rows-{key}",
    )
    picked = event.selection.rows
    if "_evidence" in result.columns and not picked:
        st.caption("Select a row to see where its values stand on the page.")
    return picked[0] if picked and picked[0] < len(result.rows) else None


def _draw_export(pipeline: Pipeline, sql: str, name: str) -> None:
    kind, make = st.columns([2, 6], vertical_alignment="bottom")
    chosen = kind.selectbox("Export as", list(FORMATS), key="format")
    ending = FORMATS[chosen]
    make.download_button(
        f"Download all rows as {chosen}",
        data=lambda: _exported(pipeline, sql, ending),
        file_name=f"{name}.{ending}",
        key="export",
    )


def _exported(pipeline: Pipeline, sql: str, ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"rows.{ending}"
        pipeline.query.export(sql, str(path))
        return path.read_bytes()


def _draw_evidence(pipeline: Pipeline, row: dict[str, object]) -> None:
    if not row.get("_evidence") or not row.get("_document_id"):
        return
    st.subheader("Where this row comes from")
    view = pipeline.document_view(str(row["_document_id"]))
    st.page_link("documents.py", label=view.document.url, query_params={"document": view.document.document_id})
    evidence = {name: _places(places) for name, places in json.loads(str(row["_evidence"])).items()}
    colors = color_of(evidence)
    focus = st.segmented_control("Field", list(evidence), key=f"field-{view.document.document_id}")
    shown = [focus] if focus else list(evidence)
    if view.parsed is None:
        st.dataframe(
            [{"field": name, "where": place.locator} for name in shown for place in evidence[name]], hide_index=True
        )
        return
    marks = [mark for name in shown for mark in marks_for(evidence[name], colors[name], name == shown[0])]
    draw_document(view.content, view.parsed, marks, height=560)


def _places(places: list[object]) -> list[Evidence]:
    many = places and isinstance(places[0], list)
    return [Evidence(*place) for place in (places if many else [places])]  # type: ignore[misc]  # JSON lists


draw()
