"""Telling the engine what one wants: a field by one of its values, or the columns by their names."""

import streamlit as st

from core.errors import PipelineError
from core.model import Draft, RawDocument
from core.pipeline import Pipeline
from core.wanted import Answer, wanted_columns


def draw_teaching(pipeline: Pipeline, draft: Draft, template: str, document: RawDocument, picked: str) -> None:
    """The form that learns a field from a value on this page; a click on the page fills in the value."""
    key = f"{draft.draft_id}-{template}-{document.content_hash[:12]}"
    if picked:
        st.session_state[f"taught-value-{key}"] = picked
    value, name, go = st.columns([5, 3, 2], vertical_alignment="bottom")
    shown = value.text_input("A value on this page: click it, or type it", key=f"taught-value-{key}")
    called = name.text_input("is the", placeholder="price", key=f"taught-name-{key}")
    if go.button("Learn it", key=f"teach-{key}", width="stretch"):
        try:
            pipeline.onboarding.teach(draft.draft_id, template, called, document.document_id, [shown])
        except PipelineError as error:
            st.error(str(error))
            return
        st.rerun()


def draw_wanted(pipeline: Pipeline, draft: Draft, template: str) -> None:
    """The form that takes the names of the wanted columns and puts the fields that are likely they first."""
    key = f"{draft.draft_id}-{template}"
    with st.expander("Columns I want"):
        text = st.text_area(
            "One a line, with a type and a description if you like",
            placeholder="deadline (date): when offers are due\nbuyer\nvalue (money)",
            key=f"wanted-{key}",
        )
        if st.button("Find them", key=f"want-{key}"):
            try:
                found = pipeline.onboarding.want(draft.draft_id, template, wanted_columns(text))
            except PipelineError as error:
                st.error(str(error))
                return
            st.session_state[f"answers-{key}"] = found
            st.rerun()
        for answer in st.session_state.get(f"answers-{key}", ()):
            _draw_answer(answer)


def _draw_answer(answer: Answer) -> None:
    if answer.field:
        st.write(
            f":material/check: **{answer.wanted.name}** was {answer.table}.{answer.field}, {answer.score:.0%} sure"
        )
    else:
        st.write(f":material/help: **{answer.wanted.name}** was not found. Click its value on the page and learn it.")
