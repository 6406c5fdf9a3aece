"""What broke, why, and is the repair right?"""

from typing import Literal

import streamlit as st

from core.errors import PipelineError
from core.model import FixAttempt, FixState, Source, SourceState
from core.pipeline import Pipeline, SourceView, current
from pages._widgets.badges import ago, counted, health_words
from pages._widgets.choice import choose
from pages._widgets.health_panel import draw_failed_repair, draw_health, repair_is_open
from pages._widgets.repair_detail import draw_fix
from pages._widgets.repair_path import draw_path, in_service
from pages._widgets.table_diff import draw_table_diffs


def draw() -> None:
    pipeline = current()
    st.title("Doctor")
    views = pipeline.overview()
    if not views:
        st.info("Nothing to look after yet. Add a source first.")
        return
    view = _draw_choice(views)
    try:
        _draw_source(pipeline, view)
    except PipelineError as error:
        st.error(str(error))


def _draw_choice(views: list[SourceView]) -> SourceView:
    by_id = {view.source.source_id: view for view in views}
    asked = st.query_params.get("source", next(iter(by_id)))
    # a select box keeps the words it was made with, so it is made anew when they change
    key = f"source-{asked}-{health_words(by_id[asked])}" if asked in by_id else "source"
    chosen = choose("Source, those in trouble first", by_id, _words, key=key, asked=asked)
    st.query_params["source"] = chosen.source.source_id
    return chosen


def _words(view: SourceView) -> str:
    return f"{view.source.name} · {health_words(view)}"


def _draw_source(pipeline: Pipeline, view: SourceView) -> None:
    source = view.source
    draw_health(pipeline, source.source_id)
    attempts = pipeline.fixes.find(source.source_id, limit=20)
    _draw_buttons(pipeline, view, staged=attempts[:1] != [] and attempts[0].state is FixState.STAGED)
    draw_failed_repair(pipeline, source.source_id)
    if not attempts:
        st.info("No repair was tried yet. When the site changes, the extractor is repaired here.")
    else:
        _draw_attempt(pipeline, _chosen(pipeline, attempts))
    _draw_replay(pipeline, source)


def _draw_buttons(pipeline: Pipeline, view: SourceView, *, staged: bool) -> None:
    """One click for the whole safe path; a second button stops before the last step."""
    source = view.source
    disabled = not pipeline.attempts_left(source.source_id) or repair_is_open(pipeline, source.source_id)
    ails = bool(view.health.strikes) or source.state is SourceState.QUARANTINED
    words = "Repair and promote" if ails else "Check anyway"
    safe = "Fetch fresh pages, repair, stage, prove on known rows; goes into service only if it is proved"
    kind: Literal["primary", "secondary"] = "primary" if ails and not staged else "secondary"
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words, type=kind, disabled=disabled, key="repair", help=safe):
            pipeline.repair(source.source_id)
            st.rerun()
        if ails and st.button("Stage only", disabled=disabled, key="stage", help="The same; promoting is left to you"):
            pipeline.repair(source.source_id, promote=False)
            st.rerun()
        st.page_link("tables.py", label="Its tables", query_params={"source": source.source_id})
        _draw_auto(pipeline, source)


def _draw_auto(pipeline: Pipeline, source: Source) -> None:
    words = "Promote complete repairs without asking"
    chosen = st.checkbox(words, source.auto_promote, key=f"auto-{source.source_id}")
    if chosen != source.auto_promote:
        pipeline.sources.save(source.model_copy(update={"auto_promote": chosen}))


def _chosen(pipeline: Pipeline, attempts: list[FixAttempt]) -> FixAttempt:
    now = pipeline.clock.now()
    return choose(
        "Repair",
        {attempt.attempt_id: attempt for attempt in attempts},
        lambda attempt: f"{attempt.state} · {ago(attempt.started_at, now)}",
        key=f"attempt-{attempts[0].attempt_id}-{attempts[0].state}",
        asked=st.query_params.get("attempt", ""),
    )


def _draw_attempt(pipeline: Pipeline, attempt: FixAttempt) -> None:
    for sentence in (attempt.cause or "Under way").splitlines():
        st.markdown(sentence)
    draw_path(pipeline, attempt)
    if attempt.state is FixState.STAGED and st.button("Promote", type="primary", key="promote"):
        pipeline.promote(attempt.attempt_id)
        st.rerun()
    _draw_roll_back(pipeline, attempt)
    touched = [fix for fix in attempt.templates if fix.verdict != "healthy"]
    if not touched:
        return
    names = [fix.template for fix in touched]
    for tab, fix in zip(st.tabs(names), touched, strict=True):
        with tab:
            draw_fix(pipeline, fix)


def _draw_roll_back(pipeline: Pipeline, attempt: FixAttempt) -> None:
    """One click undoes a promoted repair on all templates that it still reads."""
    serving = in_service(pipeline, attempt) if attempt.state is FixState.PROMOTED else []
    if serving and st.button("Roll back", key="back", help="The versions before read again, from the next page on"):
        for fix in serving:
            pipeline.roll_back(attempt.source_id, fix.template)
        st.rerun()


def _draw_replay(pipeline: Pipeline, source: Source) -> None:
    """Any version, staged and retired ones too, over the archived pages it is for."""
    versions = pipeline.extractors.versions(source.source_id)
    if not versions or not st.toggle("Read archived pages with another version", key=f"replay-{source.source_id}"):
        return
    chosen = choose(
        "Version",
        {version.extractor_id: version for version in versions},
        lambda version: f"{version.template} v{version.version} · {version.state}",
        key=f"version-{source.source_id}",
    )
    replay = pipeline.reread(chosen.extractor_id)
    st.caption(f"{counted(replay.documents, 'archived page')}, against the versions that read them last")
    draw_table_diffs(replay.tables)


draw()
