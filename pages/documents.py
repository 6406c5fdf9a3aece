"""What exactly came in, and where on the page does each value stand?"""

import streamlit as st

from core.errors import PipelineError
from core.model import Evidence, FieldValue
from core.pipeline import Pipeline
from core.pipeline.documents import DocumentView
from core.pipeline.shown import current
from pages._widgets import address
from pages._widgets.badges import ago, counted, value_words, weight
from pages._widgets.layout import panes
from pages._widgets.preview import color_of, draw_document, evidence_marks
from pages._widgets.readings import view_of

# documents on a page of the list
DOCUMENTS_A_PAGE = 50
# bytes of a document that no reader understood, as text
BYTES_SHOWN = 50_000
ALL = "all fields"


def draw() -> None:
    pipeline = current()
    document_id = address.asked("document")
    try:
        if document_id:
            _draw_document(pipeline, document_id)
        else:
            _draw_list(pipeline)
    except PipelineError as error:
        address.refuse(error, address.documents(), "All documents")


def _draw_list(pipeline: Pipeline) -> None:
    st.title("Documents")
    names = {source.source_id: source.name for source in pipeline.sources.all()}
    which, text, page = st.columns([3, 5, 2], vertical_alignment="bottom")
    with which:
        choices = {"": ""} | {source_id: source_id for source_id in names}
        source_id = address.choose(
            "source",
            "Source",
            choices,
            lambda source_id: names.get(source_id, "all sources"),
            what="source",
            forgets=["page"],
        )
    words = address.enter(text.text_input, "words", "Address contains", forgets=["page"])
    number = address.enter(page.number_input, "page", "Page", 1, min_value=1)
    found = pipeline.documents.find(
        source_id, text=words, limit=DOCUMENTS_A_PAGE, offset=(number - 1) * DOCUMENTS_A_PAGE
    )
    if not found:
        st.info("No document here. Run a source, or look for another address." if names else "Add a source first.")
        return
    entries = pipeline.documents.readings([document.document_id for document in found])
    now = pipeline.now()
    for document in found:
        entry = entries.get(document.document_id)
        url, kind, when, result = st.columns([7, 2, 2, 3], vertical_alignment="center")
        with url:
            address.link(address.document(document.document_id), document.url)
        kind.caption(f"{document.media_type} · {weight(document.size)}")
        when.caption(ago(document.fetched_at, now))
        result.caption((entry.error or counted(entry.records, "record")) if entry else "not read")


def _draw_document(pipeline: Pipeline, document_id: str) -> None:
    view = view_of(pipeline, document_id)
    document = view.document
    address.back_to(address.documents(), "All documents")
    st.title("Document")
    st.caption(
        f"{document.url} · {document.status} · {document.media_type} · {weight(document.size)} · "
        f"fetched {document.fetched_at:%Y-%m-%d %H:%M:%S} UTC · sha256 {document.content_hash[:16]}"
    )
    st.download_button("Download the raw bytes", view.content, file_name=document.content_hash[:16], key="raw")
    for cluster_id in sorted({reading.cluster_id for reading in pipeline.clusters.of_document(document_id)}):
        address.link(address.clusters(cluster_id), "Records like these", icon=":material/bubble_chart:")
    if view.error:
        st.error(view.error)
    for said in view.extraction.warnings if view.extraction else ():
        st.warning(said)
    if view.extraction is None or view.extractor is None:
        _draw_raw(view, "", "")
        return
    names = [table.name for table in view.extractor.blueprint.tables]
    values, page = panes("document", [5, 7])
    with values:
        table, focus = _draw_values(view, names)
    with page:
        _draw_raw(view, table, focus)


def _draw_values(view: DocumentView, names: list[str]) -> tuple[str, str]:
    assert view.extraction is not None
    table = address.choose_view("table", "Table", names, forgets=["field"])
    records = view.extraction.of(table)
    if not records:
        st.info("No record of this table on this page.")
        return table, ""
    fields = list(dict.fromkeys(name for record in records for name in record.fields))
    focus = address.choose(
        "field", "Show on the page", {name: name for name in ("", *fields)}, lambda name: name or ALL, what="field"
    )
    if len(records) == 1:
        _draw_record(records[0].fields)
    else:
        st.dataframe([{name: cell.raw for name, cell in record.fields.items()} for record in records], hide_index=True)
    return table, focus


def _draw_record(fields: dict[str, FieldValue]) -> None:
    rows = []
    for name, cell in fields.items():
        place = cell.evidence if isinstance(cell.evidence, Evidence) else next(iter(cell.evidence or ()), None)
        rows.append(
            {
                "field": name,
                "value": value_words(cell.value),
                "as shown": value_words(cell.raw),
                "sure": cell.confidence,
                "where": place.locator if place else "",
            }
        )
    config = {"sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)}
    st.dataframe(rows, hide_index=True, column_config=config, height=600)


def _draw_raw(view: DocumentView, table: str, focus: str) -> None:
    if view.parsed is None:
        st.code(view.content[:BYTES_SHOWN].decode("utf-8", "replace"), height=640)
        return
    marks = []
    if view.extraction is not None and view.extractor is not None and table:
        found = view.extractor.blueprint.table(table)
        colors = color_of(field.name for field in found.fields) if found else {}
        shown = {focus: colors[focus]} if focus in colors else colors
        marks = evidence_marks(view.extraction, table, shown, focus)
    draw_document(view.content, view.parsed, marks, height=680)


draw()
