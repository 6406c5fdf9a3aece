"""Where does the data come from, and how do I add more?"""

import streamlit as st

from core.errors import PipelineError
from core.model import Draft, Source
from core.pipeline import Pipeline
from core.pipeline.shown import current
from core.text.redaction import redact
from pages._widgets import address
from pages._widgets.badges import ago, counted, health_words, schedule_words
from pages._widgets.portal_hint import draw_portal_address
from pages._widgets.source_detail import draw_source
from pages._widgets.wizard import draw_wizard


def draw() -> None:
    pipeline = current()
    draft_id, source_id = address.asked("draft"), address.asked("source")
    try:
        if draft_id:
            draw_wizard(pipeline, draft_id)
        elif source_id:
            draw_source(pipeline, source_id)
        else:
            _draw_list(pipeline)
    except PipelineError as error:
        address.refuse(error, address.sources(), "All sources")


def _draw_list(pipeline: Pipeline) -> None:
    st.title("Sources")
    _draw_form(pipeline)
    _draw_drafts(pipeline)
    views = pipeline.sources.overview()
    if not views:
        st.info("No source yet. Paste the address of a page with the data you need, or the path of a folder.")
        return
    now = pipeline.now()
    for view in views:
        name, state, when, rhythm = st.columns([5, 3, 3, 2], vertical_alignment="center")
        with name:
            address.link(address.source(view.source.source_id), f"**{view.source.name}**")
            st.caption(redact(view.source.location))
        state.write(health_words(view))
        when.write("last run " + ago(view.last_run.started_at if view.last_run else None, now))
        rhythm.write(schedule_words(view.source.schedule.every_seconds, view.source.schedule.cron))


def _draw_form(pipeline: Pipeline) -> None:
    with st.form("add", border=True):
        location = st.text_input(
            "Address of a page, an API or a feed, or the path of a folder of saved files", key="location"
        )
        name = st.text_input("Name", placeholder="made from the address when empty", key="name")
        pressed = st.form_submit_button("Analyse", type="primary", key="analyse")
    draw_portal_address(pipeline)
    if pressed:
        st.session_state["analysed"] = location
    try:
        if known := _known(pipeline, location):
            _draw_known(pipeline, known, location, name)
        elif pressed:
            _begin(pipeline, location, name)
    except PipelineError as error:
        st.error(str(error))


def _known(pipeline: Pipeline, location: str) -> Source | None:
    """The source that reads the location already which was to be analysed."""
    asked = location.strip() and st.session_state.get("analysed") == location
    return pipeline.sources.known(location) if asked else None


def _draw_known(pipeline: Pipeline, known: Source, location: str, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(f"**{known.name}** reads this address already.")
        if st.button("Open it", type="primary", key=f"open-known-{known.source_id}"):
            address.go(address.source(known.source_id))
        if st.button("Add it once more", key=f"add-known-{known.source_id}"):
            _begin(pipeline, location, name)


def _begin(pipeline: Pipeline, location: str, name: str) -> None:
    if not location.strip():
        st.error("Paste an address or a path first.")
        return
    draft = pipeline.sources.begin(location.strip(), name)
    address.go(address.draft(draft.draft_id))


def _draw_drafts(pipeline: Pipeline) -> None:
    drafts = pipeline.sources.drafts()
    for draft in drafts:
        if draft.state != "failed":
            _draw_draft(pipeline, draft, "Go on", "Drop", draft.message or "queued")
    if failed := [draft for draft in drafts if draft.state == "failed"]:
        with st.expander(f"Not read: {counted(len(failed), 'address', 'addresses')}"):
            for draft in failed:
                _draw_draft(pipeline, draft, "Correct it", "Dismiss", draft.error)


def _draw_draft(pipeline: Pipeline, draft: Draft, further: str, away: str, said: str) -> None:
    words, go, drop = st.columns([8, 2, 2], vertical_alignment="center")
    words.write(f"**{draft.name}** · {said}")
    if go.button(further, key=f"go-{draft.draft_id}"):
        address.go(address.draft(draft.draft_id))
    if drop.button(away, key=f"drop-{draft.draft_id}"):
        pipeline.sources.drop(draft.draft_id)
        st.rerun()


draw()
