"""What broke, why, and is the repair right?"""

import streamlit as st

from core.errors import PipelineError
from core.model import OPEN_TASKS, FixAttempt, FixState, Source, TaskKind, TaskState
from core.pipeline import Pipeline, SourceView, current
from pages._widgets.badges import ago, health_words
from pages._widgets.choice import choose
from pages._widgets.repair_detail import draw_fix
from pages._widgets.table_diff import draw_table_diffs


def draw() -> None:
    pipeline = current()
    st.title("Doctor")
    views = pipeline.overview()
    if not views:
        st.info("Nothing to look after yet. Add a source first.")
        return
    source = _draw_choice(views)
    try:
        _draw_source(pipeline, source)
    except PipelineError as error:
        st.error(str(error))


def _draw_choice(views: list[SourceView]) -> Source:
    by_id = {view.source.source_id: view for view in views}
    chosen = choose(
        "Source, those in trouble first",
        by_id,
        lambda view: f"{view.source.name} · {health_words(view)}",
        key="source",
        asked=st.query_params.get("source", ""),
    )
    return chosen.source


def _draw_source(pipeline: Pipeline, source: Source) -> None:
    health = pipeline.health.get(source.source_id)
    if health.strikes:
        st.error(f"{health.strikes} failed runs in a row. {health.last_error}")
    _draw_repair(pipeline, source)
    _draw_working(pipeline, source.source_id)
    attempts = pipeline.fixes.find(source.source_id, limit=20)
    if not attempts:
        st.info("No repair was tried yet. When the site changes, the extractor is repaired here.")
    else:
        _draw_attempt(pipeline, _chosen(pipeline, attempts))
    _draw_replay(pipeline, source)


def _draw_repair(pipeline: Pipeline, source: Source) -> None:
    left = pipeline.attempts_left(source.source_id)
    words, repair, stage, auto = st.columns([4, 2, 2, 5], vertical_alignment="center")
    words.write(f"**{left} of {pipeline.settings.fix_attempts}** tries left in these 24 hours")
    if repair.button("Repair", type="primary", disabled=left == 0, key="repair", help="Fetch, heal, prove, promote"):
        pipeline.repair(source.source_id)
        st.rerun()
    if stage.button("Stage only", disabled=left == 0, key="stage", help="Fetch, heal, prove; promoting is left to you"):
        pipeline.repair(source.source_id, promote=False)
        st.rerun()
    chosen = auto.checkbox(
        "Promote complete repairs without asking", source.auto_promote, key=f"auto-{source.source_id}"
    )
    if chosen != source.auto_promote:
        pipeline.sources.save(source.model_copy(update={"auto_promote": chosen}))


def _draw_working(pipeline: Pipeline, source_id: str) -> None:
    """A line while a repair is under way, refreshed by itself; a reload when it ends."""
    if _open_repairs(pipeline, source_id):
        _draw_wait(pipeline, source_id)
    failed = [t for t in pipeline.queue.find(source_id=source_id, limit=20) if t.kind is TaskKind.REPAIR][:1]
    if failed and failed[0].state is TaskState.FAILED:
        st.warning(failed[0].error)


@st.fragment(run_every="1s")
def _draw_wait(pipeline: Pipeline, source_id: str) -> None:
    st.progress(0.5, text="Fetching fresh pages, learning them anew, proving the repair")
    if not _open_repairs(pipeline, source_id):
        st.rerun()


def _open_repairs(pipeline: Pipeline, source_id: str) -> bool:
    tasks = pipeline.queue.find(source_id=source_id, states=OPEN_TASKS, limit=100)
    return any(task.kind is TaskKind.REPAIR for task in tasks)


def _chosen(pipeline: Pipeline, attempts: list[FixAttempt]) -> FixAttempt:
    now = pipeline.clock.now()
    return choose(
        "Repair",
        {attempt.attempt_id: attempt for attempt in attempts},
        lambda attempt: f"{attempt.state} · {ago(attempt.started_at, now)}",
        key=f"attempt-{attempts[0].attempt_id}",
        asked=st.query_params.get("attempt", ""),
    )


def _draw_attempt(pipeline: Pipeline, attempt: FixAttempt) -> None:
    st.subheader(attempt.cause or "Under way")
    if attempt.state is FixState.STAGED and st.button("Promote", type="primary", key="promote"):
        pipeline.promote(attempt.attempt_id)
        st.rerun()
    touched = [fix for fix in attempt.templates if fix.verdict != "healthy"]
    if not touched:
        return
    names = [fix.template for fix in touched]
    for tab, fix in zip(st.tabs(names), touched, strict=True):
        with tab:
            draw_fix(pipeline, attempt, fix)


def _draw_replay(pipeline: Pipeline, source: Source) -> None:
    """Any version, staged and retired ones too, over the archived pages it is for."""
    versions = pipeline.extractors.versions(source.source_id)
    if not versions or not st.toggle("Read archived pages with another version", key="replay"):
        return
    chosen = choose(
        "Version",
        {version.extractor_id: version for version in versions},
        lambda version: f"{version.template} v{version.version} · {version.state}",
        key=f"version-{source.source_id}",
    )
    replay = pipeline.reread(chosen.extractor_id)
    st.caption(f"{replay.documents} archived pages, against the versions that read them last")
    draw_table_diffs(replay.tables)


draw()
