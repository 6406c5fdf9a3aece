"""What do I have, and where did this row come from?"""

import tempfile
from functools import partial
from hashlib import sha256
from pathlib import Path

import streamlit as st

from core.errors import PipelineError
from core.model.results import QueryResult, Question, TableInfo
from core.pipeline import Pipeline
from core.pipeline.shown import current
from pages._widgets import address
from pages._widgets.badges import ago, counted
from pages._widgets.evidence_panel import draw_evidence
from pages._widgets.frames import frame_of, shown_as
from pages._widgets.layout import panes
from pages._widgets.row_identity import TRACED, ids_of, plain_value, rows_sql

# rows of an answer that are shown: an export holds all
ROWS_SHOWN = 500
# of the columns of a table so many are seen at a time, so that the rows are not far below where panes are stacked
COLUMNS_SEEN, COLUMNS_PIXELS = 7, 280
FORMATS = {"CSV": "csv", "Parquet": "parquet", "JSON": "json"}
# the groups of tables that belong to no source; no id of a source begins like this
APPROVED = "_approved"
TECHNICAL = "_technical"
GROUPS = {APPROVED: "approved tables", TECHNICAL: "technical"}
# what the address says of a table that means nothing for another one
OF_A_TABLE = ("question", "joined", "sql", "row", "field")
OF_A_QUERY = ("row", "field")


def draw() -> None:
    pipeline = current()
    st.title("Tables")
    tables = {table.name: table for table in pipeline.tables.all()}
    if not tables:
        st.info("No table yet: tables appear when a source has been read.")
        address.link(address.sources(), "Add a source", icon=":material/add_circle:")
        return
    left, right = panes("tables", [3, 9])
    try:
        with left:
            chosen = _draw_tables(pipeline, tables)
        with right:
            if chosen is not None:
                _draw_query(pipeline, chosen)
    except PipelineError as error:
        address.refuse(error, address.tables(), "All tables")


def _draw_tables(pipeline: Pipeline, tables: dict[str, TableInfo]) -> TableInfo | None:
    """The table that the address names; None of a source that has none yet."""
    address.known("table", tables, "table")
    groups, names = (
        _groups(pipeline, list(tables)),
        {source.source_id: source.name for source in pipeline.sources.all()},
    )
    default = next((group for group, found in groups.items() if address.asked("table") in found), "")
    filled = next(group for group, found in groups.items() if found)
    group = address.choose(
        "source",
        "Source",
        {group: group for group in groups},
        lambda group: names.get(group, GROUPS.get(group, group)),
        what="source",
        default=default or filled,
        forgets=("table", *OF_A_TABLE),
    )
    if not groups[group]:
        st.info("No table of this source yet: tables appear when it has been read.")
        return None
    chosen = address.choose(
        "table",
        "Table",
        {name: tables[name] for name in groups[group]},
        lambda table: f"{table.name.split('__', 1)[-1]} · {table.rows:,}",
        what="table of this source",
        forgets=OF_A_TABLE,
        widget=st.radio,
    )
    st.caption(f"`{chosen.name}` · changed {ago(chosen.changed_at, pipeline.now())}")
    kinds = dict(chosen.columns)
    rows = [{"column": name, "type": kinds[name]} for name in plain_value(list(kinds))]
    st.dataframe(rows, hide_index=True, height=COLUMNS_PIXELS if len(rows) > COLUMNS_SEEN else "auto")
    return chosen


def _groups(pipeline: Pipeline, names: list[str]) -> dict[str, list[str]]:
    """Approved tables, then those of each source in the order of its blueprints; what belongs to none comes last."""
    approved = sorted(name for name in names if name.startswith("silver."))
    groups: dict[str, list[str]] = {APPROVED: approved} if approved else {}
    left = sorted(name for name in names if name not in approved)
    for source in pipeline.sources.all():
        groups[source.source_id] = [name for name in pipeline.tables.names_of(source.source_id) if name in left]
        left = [name for name in left if name not in groups[source.source_id]]
    return groups | ({TECHNICAL: left} if left else {})


def _joined_sql(pipeline: Pipeline, table: TableInfo) -> str:
    """The query that joins a list with the pages behind it; "" for every other table."""
    for source in pipeline.sources.all():
        joined = pipeline.tables.joined_sql(source.source_id)
        if f"FROM {table.name} AS" in joined:
            return joined
    return ""


def _begun(pipeline: Pipeline, table: TableInfo) -> tuple[str, str]:
    """The SQL that a person begins with, and a name for it: a question's, or that of the table."""
    questions: dict[str, Question | None] = {question.name: question for question in pipeline.tables.questions()}
    question = address.choose(
        "question",
        "Show",
        {"": None} | questions,
        lambda question: question.name.replace("_", " ") if question else "the rows of this table",
        what="question",
        forgets=("joined", "sql", *OF_A_QUERY),
    )
    if question is not None:
        st.caption(question.sentence)
        return question.sql, question.name
    joined = _joined_sql(pipeline, table)
    if joined and address.switch("joined", "With what the pages behind the records say", ("sql", *OF_A_QUERY)):
        return joined, f"{table.name}-joined"
    return rows_sql(table), table.name


def _draw_query(pipeline: Pipeline, table: TableInfo) -> None:
    begun, name = _begun(pipeline, table)
    sql = address.enter(st.text_area, "sql", "Query (read-only SQL)", begun, OF_A_QUERY, height=130)
    st.button("Run", shortcut="Ctrl+Enter", type="primary", key="run")
    try:
        result = pipeline.tables.query(sql, limit=ROWS_SHOWN)
    except PipelineError as error:
        st.error(str(error))
        return
    more = ", more exist: narrow the query, or download all" if result.truncated else ""
    st.caption(f"{counted(len(result.rows), 'row')} in {result.seconds:.2f} s{more}")
    row = _draw_rows(result)
    _draw_export(pipeline, sql, name, result)
    if row is not None:
        draw_evidence(pipeline, row)


def _draw_rows(result: QueryResult) -> dict[str, object] | None:
    """The rows; the one that the address names, when it is among them and can be traced."""
    frame = frame_of(result).select(plain_value(result.columns))
    ids = ids_of(result) if set(TRACED) <= set(result.columns) else []
    if not ids:
        st.dataframe(frame, hide_index=True, column_config=shown_as(frame))
        return None
    wanted = address.asked("row")
    at = ids.index(wanted) if wanted in ids else None
    # a grid knows its rows by their numbers: it is another one as soon as other rows stand there
    key = f"rows-{sha256(' '.join(ids).encode()).hexdigest()[:16]}"
    selection = {"rows": [] if at is None else [at], "columns": [], "cells": []}
    st.session_state[key] = {"selection": selection}
    st.dataframe(
        frame,
        hide_index=True,
        column_config=shown_as(frame),
        on_select=partial(_select, key, ids),
        selection_mode="single-row",
        key=key,
    )
    if at is None:
        st.caption(_nothing_selected(wanted))
        return None
    return dict(zip(result.columns, result.rows[at], strict=True))


def _select(key: str, ids: list[str]) -> None:
    """A row was clicked in the grid that showed these ids: the address says which one from now on."""
    rows = st.session_state[key].selection.rows
    address.change(row=ids[rows[0]] if rows else "")


def _nothing_selected(wanted: str) -> str:
    if wanted:
        return "The row of this address is not among these: the query leaves it out, or its page was read anew."
    return "Select a row to see where its values stand on the page."


def _draw_export(pipeline: Pipeline, sql: str, name: str, result: QueryResult) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Export as", list(FORMATS), key="format", width=140)
        data, ending = plain_value(result.columns), FORMATS[chosen]
        lineage = len(data) < len(result.columns) and st.checkbox(
            "With the columns of evidence", key="with-evidence", help="Those that begin with an underscore"
        )
        st.download_button(
            f"Download all rows as {chosen}",
            data=lambda: _exported(pipeline, sql, ending, () if lineage else data),
            file_name=f"{name}.{ending}",
            key="export",
        )
    if ending == "csv":
        st.caption("In CSV, texts that a spreadsheet would run as a formula begin with an apostrophe.")


def _exported(pipeline: Pipeline, sql: str, ending: str, columns: tuple[str, ...] | list[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"rows.{ending}"
        pipeline.tables.export(sql, str(path), columns=columns)
        return path.read_bytes()


draw()
