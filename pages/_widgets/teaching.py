"""Telling the engine what one wants: a field by one of its values, or the columns by their names."""

import streamlit as st

from core.errors import PipelineError
from core.model import Draft, RawDocument
from core.pipeline import Pipeline
from core.schema.wanted import WishAnswer, wanted_columns
from pages._widgets.layout import controls


def draw_teaching(pipeline: Pipeline, draft: Draft, template: str, document: RawDocument, picked: str) -> None:
    """The form that learns a field from a value on this page; a click on the page fills in the value."""
    key = f"{draft.draft_id}-{template}-{document.content_hash[:12]}"
    if picked:
        st.session_state[f"taught-value-{key}"] = picked
    # a form sends what was typed with the click: told apart, a quick click is lost in the run that the text began
    with st.form(f"teaching-{key}", border=False):
        value, name, go = controls(f"teach-{key}", [5, 3, 2])
        shown = value.text_input("A value on this page: click it, or type it", key=f"taught-value-{key}")
        called = name.text_input("is the", placeholder="price", key=f"taught-name-{key}")
        pressed = go.form_submit_button("Learn it", key=f"teach-{key}", width="stretch")
    if pressed:
        try:
            pipeline.sources.editor(draft.draft_id).teach(template, called, document.document_id, [shown])
        except PipelineError as error:
            st.error(str(error))
            return
        st.rerun()


def draw_wanted(pipeline: Pipeline, draft: Draft, template: str) -> None:
    """The form that takes the names of the wanted columns and puts the fields that are likely they first."""
    key = f"{draft.draft_id}-{template}"
    with st.expander("Columns I want"):
        with st.form(f"wanting-{key}", border=False):
            text = st.text_area(
                "One a line, with a type and a description if you like",
                placeholder="deadline (date): when offers are due\nbuyer\nvalue (money)",
                key=f"wanted-{key}",
            )
            pressed = st.form_submit_button("Find them", key=f"want-{key}")
        if pressed:
            try:
                found = pipeline.sources.editor(draft.draft_id).want(template, wanted_columns(text))
            except PipelineError as error:
                st.error(str(error))
                return
            st.session_state[f"answers-{key}"] = found
            st.rerun()
        for number in range(len(st.session_state.get(f"answers-{key}", ()))):
            _draw_answer(pipeline, draft, template, f"answers-{key}", number)


def _draw_answer(pipeline: Pipeline, draft: Draft, template: str, answers: str, number: int) -> None:
    """What was found for a wanted column; what is not sure is taken only when a person says so."""
    answer: WishAnswer = st.session_state[answers][number]
    name, place = answer.wanted.name, f"{answer.table}.{answer.field}"
    if not answer.field:
        st.write(f":material/help: **{name}** was not found. Click its value on the page and learn it.")
    elif answer.sure and _is_there(draft, template, answer.table, name):
        st.write(f":material/check: **{name}** was {place}, {answer.score:.0%} sure")
    elif _is_there(draft, template, answer.table, answer.field):
        words, take = st.columns([7, 3], vertical_alignment="center")
        doubt = "" if answer.sure else ", not sure"
        words.write(f":material/help: **{name}** may be {place}{doubt} ({answer.score:.0%})")
        if take.button("Take it", key=f"take-{answers}-{number}", width="stretch"):
            pipeline.sources.editor(draft.draft_id).take(template, answer)
            st.session_state[answers][number] = answer._replace(score=1.0)
            st.rerun()


def _is_there(draft: Draft, template: str, table_name: str, field_name: str) -> bool:
    """Whether a table of the draft has a field of that name, which may have been changed since."""
    table = draft.blueprints[template].table(table_name)
    return table is not None and any(field.name == field_name for field in table.fields)
