"""Where a row comes from: the document it was read in, with the places of its values marked."""

import json
from html import escape

import streamlit as st

from core.model import Evidence
from core.pipeline import Pipeline
from pages._widgets import address
from pages._widgets.preview import color_of, draw_document, marks_for
from pages._widgets.readings import view_of
from pages._widgets.row_identity import plain_value

ALL = "all fields"
# enough to know a row again
TOLD_VALUES, TOLD_LETTERS = 6, 80


def draw_evidence(pipeline: Pipeline, row: dict[str, object]) -> None:
    """One row of a query that holds its evidence and its document."""
    st.subheader("Where this row comes from")
    st.container(key="chosen-row").html(_told(row))
    view = view_of(pipeline, str(row["_document_id"]))
    address.link(address.document(view.document.document_id), view.document.url)
    evidence = {name: _places(places) for name, places in json.loads(str(row["_evidence"])).items()}
    colors = color_of(evidence)
    focus = address.choose_view("field", "Field", [ALL, *evidence])
    shown = list(evidence) if focus == ALL else [focus]
    if view.parsed is None:
        st.dataframe(
            [{"field": name, "where": place.locator} for name in shown for place in evidence[name]], hide_index=True
        )
        return
    marks = [mark for name in shown for mark in marks_for(evidence[name], colors[name], name == shown[0])]
    draw_document(view.content, view.parsed, marks, height=560)


def _told(row: dict[str, object]) -> str:
    """The first values of the row, so that a person sees which one it is."""
    told = [(name, str(row[name])) for name in plain_value(list(row)) if row[name] is not None][:TOLD_VALUES]
    return " · ".join(f"{escape(name)} <b>{escape(_cut(text))}</b>" for name, text in told)


def _cut(text: str) -> str:
    return text if len(text) <= TOLD_LETTERS else f"{text[:TOLD_LETTERS]}…"


def _places(places: list[object]) -> list[Evidence]:
    many = places and isinstance(places[0], list)
    return [Evidence(*place) for place in (places if many else [places])]  # type: ignore[misc]  # JSON lists
