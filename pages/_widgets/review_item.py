"""A value that was refused: what stands on the page, what the second reader says, and where each of them stands."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.errors import PipelineError
from core.model import Record, stable_id
from core.model.review import ReviewItem
from core.pipeline import Pipeline
from core.pipeline.documents import DocumentView
from pages._widgets import address
from pages._widgets.badges import ago
from pages._widgets.layout import panes
from pages._widgets.preview import COLORS, draw_document, marks_for
from pages._widgets.readings import view_of

# what is wrong, by the rule that says so
RULES: Mapping[str, str] = {
    "missing": "has no value, and each row must have one",
    "type": "cannot be read as the type of the column",
    "choices": "is none of the known choices",
    "pattern": "is not written as all others are",
    "several": "has several values where one is meant",
    "second reader": "is read differently by the second reader",
}
# letters of a value that are shown of those beside it
BESIDE_LETTERS = 80
FIRST, SECOND = COLORS[0], COLORS[2]


def draw_item(pipeline: Pipeline, item: ReviewItem, decide: Callable[[], None]) -> None:
    """The value and its decision on the left, the page on the right."""
    left, right = panes("review", [5, 7])
    view = _view(pipeline, item)
    with left:
        _draw_values(item)
        decide()
        _draw_row(item, view)
        for act in reversed(item.acts):
            told = f" “{' · '.join(act.values)}”" if act.values else ""
            why = f": {act.why}" if act.why else ""
            st.caption(f"{act.kind}{told} {ago(act.at, pipeline.now())} by {act.by}{why}")
    with right:
        _draw_page(item, view)


def _draw_values(item: ReviewItem) -> None:
    st.subheader(f"{item.column} {RULES.get(item.rule, item.rule)}")
    st.caption(f"{item.schema_name} v{item.version} · from {item.table} · {item.state}")
    cells = [("On the page", item.text, item.places, FIRST)]
    if item.rule == "second reader":
        cells = [("The extractor reads", *cells[0][1:]), ("The second reader", item.second, item.second_places, SECOND)]
    for column, (label, text, places, color) in zip(st.columns(len(cells)), cells, strict=True):
        with column.container(border=True, key=f"value-{label}".replace(" ", "-")):
            st.caption(f"{label} {_square(color)}", unsafe_allow_html=True)
            st.text(text or "nothing")
            for place in places[:1]:
                st.caption(f"`{place.locator}`")


def _square(color: str) -> str:
    return f"<span style='background:{color};padding:0 .6em;border-radius:3px'>&nbsp;</span>"


def _view(pipeline: Pipeline, item: ReviewItem) -> DocumentView | PipelineError:
    try:
        return view_of(pipeline, item.document_id, item.extractor_id)
    except PipelineError as error:
        return error


def _draw_row(item: ReviewItem, view: DocumentView | PipelineError) -> None:
    """The other values of the row, by which a person knows it."""
    record = _record(item, view)
    if record is None:
        return
    rows = [
        {"column": name, "on the page": _text(cell.raw)[:BESIDE_LETTERS]}
        for name, cell in record.fields.items()
        if name != item.label
    ]
    with st.expander("The row", expanded=True):
        st.dataframe(rows, hide_index=True)


def _record(item: ReviewItem, view: DocumentView | PipelineError) -> Record | None:
    if isinstance(view, PipelineError) or view.extraction is None:
        return None
    ids = ((stable_id(item.document_id, one.table, one.index), one) for one in view.extraction.records)
    return next((record for row_id, record in ids if row_id == item.row_id), None)


def _text(raw: Any) -> str:
    return " · ".join(map(str, raw)) if isinstance(raw, list) else str(raw)


def _draw_page(item: ReviewItem, view: DocumentView | PipelineError) -> None:
    if isinstance(view, PipelineError):
        st.error(str(view))
        return
    address.link(address.document(item.document_id), view.document.url)
    if view.parsed is None:
        st.error(view.error)
        return
    marks = [*marks_for(list(item.places), FIRST, focus=True), *marks_for(list(item.second_places), SECOND)]
    draw_document(view.content, view.parsed, marks, height=620)
