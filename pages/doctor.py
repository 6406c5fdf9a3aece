"""What broke, why, and is the repair right?"""

from typing import Literal

import streamlit as st

from core.errors import PipelineError
from core.model import FixAttempt, FixState, Source, SourceState
from core.pipeline import Pipeline
from core.pipeline.shown import current
from core.pipeline.sources import SourceView
from pages._widgets import address
from pages._widgets.badges import PERSON, counted, health_words
from pages._widgets.health_panel import draw_failed_repair, draw_health, repair_is_open
from pages._widgets.portal_hint import draw_redesign_hint
from pages._widgets.readings import backtest_of
from pages._widgets.repair_decision import draw_decision
from pages._widgets.repair_detail import draw_fix
from pages._widgets.repair_path import draw_path
from pages._widgets.table_diff import draw_table_diffs


def draw() -> None:
    pipeline = current()
    st.title("Doctor")
    source_id = address.asked("source")
    try:
        if source_id:
            _draw_source(pipeline, source_id)
        else:
            _draw_list(pipeline)
    except PipelineError as error:
        address.refuse(error, address.doctor(), "All sources")


def _draw_list(pipeline: Pipeline) -> None:
    """Who is in trouble: a source is looked at on its own, and stays the same one when it is well again."""
    views = pipeline.sources.overview()
    if not views:
        st.info("Nothing to look after yet. Add a source first.")
        address.link(address.sources(), "Add a source", icon=":material/add_circle:")
        return
    st.subheader("Sources, those in trouble first")
    for view in views:
        name, state, why = st.columns([3, 3, 6], vertical_alignment="center")
        with name:
            address.link(address.doctor(view.source.source_id), f"**{view.source.name}**")
        state.write(health_words(view))
        why.caption(view.health.last_error if view.health.strikes else "")
    draw_redesign_hint(pipeline)


def _draw_source(pipeline: Pipeline, source_id: str) -> None:
    view = pipeline.sources.view(source_id)
    source = view.source
    address.back_to(address.doctor(), "All sources")
    st.subheader(source.name)
    draw_health(pipeline, source.source_id)
    attempts = pipeline.repairs.attempts(source.source_id, limit=20)
    _draw_buttons(pipeline, view, staged=attempts[:1] != [] and attempts[0].state is FixState.STAGED)
    draw_failed_repair(pipeline, source.source_id)
    if not attempts:
        st.info("No repair was tried yet. When the site changes, the extractor is repaired here.")
        draw_redesign_hint(pipeline, source)
    else:
        _draw_attempt(pipeline, _chosen(attempts))
    _draw_backtest(pipeline, source)


def _draw_buttons(pipeline: Pipeline, view: SourceView, *, staged: bool) -> None:
    """One click for the whole safe path; a second button stops before the last step."""
    source = view.source
    disabled = not pipeline.repairs.attempts_left(source.source_id) or repair_is_open(pipeline, source.source_id)
    ails = bool(view.health.strikes) or source.state is SourceState.QUARANTINED
    words = "Repair and promote" if ails else "Check anyway"
    safe = "Fetch fresh pages, repair, stage, prove; goes into service only if known rows prove it and no field is lost"
    kind: Literal["primary", "secondary"] = "primary" if ails and not staged else "secondary"
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words, type=kind, disabled=disabled, key="repair", help=safe):
            pipeline.repairs.start(source.source_id, by=PERSON)
            address.go(address.doctor(source.source_id))
        if ails and st.button("Stage only", disabled=disabled, key="stage", help="The same; promoting is left to you"):
            pipeline.repairs.start(source.source_id)
            address.go(address.doctor(source.source_id))
        address.link(address.source(source.source_id), "Its runs")
        address.link(address.tables(source.source_id), "Its tables")
        _draw_auto(pipeline, source)


def _draw_auto(pipeline: Pipeline, source: Source) -> None:
    words = "Promote proved repairs that lose no field without asking"
    chosen = st.checkbox(words, source.auto_promote, key=f"auto-{source.source_id}")
    if chosen != source.auto_promote:
        pipeline.sources.set_auto_promote(source.source_id, chosen)


def _chosen(attempts: list[FixAttempt]) -> FixAttempt:
    """By the time that each began, which never changes: a box whose words change under it tells its choice anew."""
    return address.choose(
        "attempt",
        "Repair",
        {attempt.attempt_id: attempt for attempt in attempts},
        lambda attempt: f"begun {attempt.started_at:%Y-%m-%d %H:%M:%S} UTC",
        what="repair",
        forgets=["template", "tab", "field"],
    )


def _draw_attempt(pipeline: Pipeline, attempt: FixAttempt) -> None:
    for sentence in (attempt.cause or "Under way").splitlines():
        st.markdown(sentence)
    draw_path(pipeline, attempt)
    draw_decision(pipeline, attempt)
    touched = [fix for fix in attempt.templates if fix.verdict != "healthy"]
    if not touched:
        return
    fixes = {fix.template: fix for fix in touched}
    name, tabs = address.tabs_of("template", {template: template for template in fixes}, forgets=["field"])
    with tabs[name]:
        draw_fix(pipeline, fixes[name])


def _draw_backtest(pipeline: Pipeline, source: Source) -> None:
    """Any version, staged and retired ones too, over the archived pages it is for."""
    versions = pipeline.repairs.versions(source.source_id)
    if not versions or not address.switch("replay", "Read archived pages with another version", ["version"]):
        return
    chosen = address.choose(
        "version",
        "Version",
        {version.extractor_id: version for version in versions},
        lambda version: f"{version.template} v{version.version} · {version.state}",
        what="version",
    )
    backtest = backtest_of(pipeline, chosen.extractor_id)
    st.caption(f"{counted(backtest.documents, 'archived page')}, against the versions that read them last")
    draw_table_diffs(backtest.tables)


draw()
