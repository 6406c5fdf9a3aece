"""What a person says about a refused value: by key or by click, about it alone or about all alike."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.errors import PipelineError
from core.model.review import ItemState, ReviewItem
from core.pipeline import Pipeline
from pages._widgets import address
from pages._widgets.badges import PERSON, counted
from pages._widgets.layout import controls

Act = Callable[[Sequence[ReviewItem]], object]


def draw_decisions(pipeline: Pipeline, item: ReviewItem, alike: Sequence[ReviewItem], following: str) -> None:
    """The decisions that its state allows; after one, the item that follows is open."""
    on = partial(_act, item, following)
    if item.state is not ItemState.OPEN:
        if st.button("Take it back", key="undo", shortcut="U"):
            on(lambda items: pipeline.review.undo(items, PERSON), [item])
        if item.state is ItemState.CORRECTED and st.button(
            "Teach the extractor", key="teach", help="Stage a version that reads the column where this value stands"
        ):
            on(lambda items: _teach(pipeline, items), [item])
        return
    with st.form("decision", border=False):
        wanted = st.text_input(
            "What is right, as the page would write it", value=item.second or item.text, key=f"right-{item.item_id}"
        )
        why = st.text_input("Why?", key=f"why-{item.item_id}", placeholder="is kept with the decision")
        with st.container(horizontal=True):
            accept = st.form_submit_button("Accept", key="accept", shortcut="A", help="Let the row in as it is")
            correct = st.form_submit_button("Correct", key="correct", shortcut="E", help="Let this value in instead")
            reject = st.form_submit_button("Reject", key="reject", shortcut="X", help="Keep it out for good")
    if accept:
        on(lambda items: pipeline.review.accept(items, PERSON, why), [item])
    elif correct:
        on(lambda items: pipeline.review.correct(items, [wanted], PERSON, why), [item])
    elif reject:
        on(lambda items: pipeline.review.reject(items, PERSON, why), [item])
    _draw_for_all(pipeline, item, alike, why)


def _draw_for_all(pipeline: Pipeline, item: ReviewItem, alike: Sequence[ReviewItem], why: str) -> None:
    """About all that broke the same rule in the same column of the same source."""
    if len(alike) > 1:
        st.caption(f"All {counted(len(alike), 'value')} alike")
    accept, reject, rule = controls("alike", [2, 2, 3])
    on = partial(_act, item, "")
    if len(alike) > 1 and accept.button("Accept all", key="accept-all", width="stretch"):
        on(lambda items: pipeline.review.accept(items, PERSON, why), alike)
    if len(alike) > 1 and reject.button("Reject all", key="reject-all", width="stretch"):
        on(lambda items: pipeline.review.reject(items, PERSON, why), alike)
    if item.rule != "second reader" and rule.button(
        "Make it a rule", key="rule", width="stretch", help="Propose a version of the table that takes such values"
    ):
        on(lambda items: _propose(pipeline, items, why), alike)


def _teach(pipeline: Pipeline, items: Sequence[ReviewItem]) -> None:
    """What it learned waits under Doctor, which is another page."""
    staged = pipeline.review.teach(items, PERSON)
    st.success("A repair is staged.")
    address.link(address.doctor(staged.source_id), "To the Doctor")
    st.stop()


def _propose(pipeline: Pipeline, items: Sequence[ReviewItem], why: str) -> None:
    proposal = pipeline.review.make_rule(items, PERSON, why)
    address.go(address.proposal(proposal.review_id))


def _act(item: ReviewItem, following: str, act: Act, items: Sequence[ReviewItem]) -> None:
    try:
        act(items)
    except PipelineError as error:
        st.error(str(error))
        return
    address.go(address.review(item.like, following))
