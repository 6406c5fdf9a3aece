"""What exactly came in, and where on the page does each value stand?"""

import streamlit as st

from core.errors import PipelineError
from core.model import Evidence, FieldValue
from core.pipeline import DocumentView, Pipeline, current
from pages._widgets.badges import ago, counted, weight
from pages._widgets.preview import color_of, draw_document, marks_of

PAGE_SIZE = 50


def draw() -> None:
    pipeline = current()
    document_id = st.query_params.get("document")
    try:
        if document_id:
            _draw_document(pipeline, document_id)
        else:
            _draw_list(pipeline)
    except PipelineError as error:
        st.error(str(error))
        st.page_link("documents.py", label="All documents")


def _draw_list(pipeline: Pipeline) -> None:
    st.title("Documents")
    sources = pipeline.sources.all()
    names = {source.source_id: source.name for source in sources}
    which, text, page = st.columns([3, 5, 2], vertical_alignment="bottom")
    given = st.query_params.get("source", "")
    options = ["", *names]
    source_id = which.selectbox(
        "Source",
        options,
        index=options.index(given) if given in options else 0,
        format_func=lambda key: names.get(key, "all sources"),
        key="source",
    )
    words = text.text_input("Address contains", key="words")
    number = page.number_input("Page", min_value=1, key="number")
    found = pipeline.bronze.find(source_id, text=words, limit=PAGE_SIZE, offset=(int(number) - 1) * PAGE_SIZE)
    if not found:
        st.info("No document here. Run a source, or look for another address." if sources else "Add a source first.")
        return
    entries = pipeline.ledger.of_documents([document.document_id for document in found])
    now = pipeline.clock.now()
    for document in found:
        entry = entries.get(document.document_id)
        url, kind, when, result = st.columns([7, 2, 2, 3], vertical_alignment="center")
        with url:
            st.page_link("documents.py", label=document.url, query_params={"document": document.document_id})
        kind.caption(f"{document.media_type} · {weight(document.size)}")
        when.caption(ago(document.fetched_at, now))
        result.caption((entry.error or counted(entry.records, "record")) if entry else "not read")


def _draw_document(pipeline: Pipeline, document_id: str) -> None:
    view = pipeline.document_view(document_id)
    document = view.document
    st.page_link("documents.py", label="All documents", icon=":material/arrow_back:")
    st.title("Document")
    st.caption(
        f"{document.url} · {document.status} · {document.media_type} · {weight(document.size)} · "
        f"fetched {document.fetched_at:%Y-%m-%d %H:%M:%S} UTC · sha256 {document.content_hash[:16]}"
    )
    st.download_button("Download the raw bytes", view.content, file_name=document.content_hash[:16], key="raw")
    if view.error:
        st.error(view.error)
    if view.extraction is None or view.extractor is None:
        _draw_raw(view, "", "")
        return
    names = [table.name for table in view.extractor.blueprint.tables]
    values, page = st.columns([5, 7])
    with values:
        table, focus = _draw_values(view, names)
    with page:
        _draw_raw(view, table, focus)


def _draw_values(view: DocumentView, names: list[str]) -> tuple[str, str]:
    assert view.extraction is not None
    table = st.segmented_control("Table", names, default=names[0], key=f"table-{view.document.document_id}") or names[0]
    records = [record for record in view.extraction.records if record.table == table]
    if not records:
        st.info("No record of this table on this page.")
        return table, ""
    fields = list(dict.fromkeys(name for record in records for name in record.fields))
    asked = st.query_params.get("field", "")
    options = ["all fields", *fields]
    focus = st.selectbox(
        "Show on the page",
        options,
        index=options.index(asked) if asked in options else 0,
        key=f"focus-{view.document.document_id}-{table}",
    )
    if len(records) == 1:
        _draw_record(records[0].fields)
    else:
        st.dataframe([{name: cell.raw for name, cell in record.fields.items()} for record in records], hide_index=True)
    return table, "" if focus == "all fields" else focus


def _draw_record(fields: dict[str, FieldValue]) -> None:
    rows = []
    for name, cell in fields.items():
        place = cell.evidence if isinstance(cell.evidence, Evidence) else next(iter(cell.evidence or ()), None)
        rows.append(
            {
                "field": name,
                "value": str(cell.value),
                "as shown": str(cell.raw),
                "sure": cell.confidence,
                "where": place.locator if place else "",
            }
        )
    config = {"sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)}
    st.dataframe(rows, hide_index=True, column_config=config, height=600)


def _draw_raw(view: DocumentView, table: str, focus: str) -> None:
    if view.parsed is None:
        st.code(view.content[:50_000].decode("utf-8", "replace"), height=640)
        return
    marks = []
    if view.extraction is not None and view.extractor is not None and table:
        found = view.extractor.blueprint.table(table)
        colors = color_of(field.name for field in found.fields) if found else {}
        shown = {focus: colors[focus]} if focus in colors else colors
        marks = marks_of(view.extraction, table, shown, focus)
    draw_document(view.content, view.parsed, marks, height=680)


draw()
