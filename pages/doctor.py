"""What broke, why, and is the repair right?"""

import difflib

import streamlit as st

from core.errors import PipelineError
from core.model import OPEN_TASKS, FixAttempt, FixState, Source, TaskKind, TaskState, TemplateFix
from core.pipeline import Pipeline, SourceView, current
from pages._widgets.badges import ago, health_words
from pages._widgets.preview import color_of, draw_page, marks_of

FATES = {"kept": "● kept", "moved": "→ moved", "removed": "✕ gone", "abstained": "? unclear"}


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
    asked = st.query_params.get("source", "")
    ids = list(by_id)
    chosen = st.selectbox(
        "Source, those in trouble first",
        ids,
        index=ids.index(asked) if asked in by_id else 0,
        format_func=lambda key: f"{by_id[key].source.name} · {health_words(by_id[key])}",
        key="source",
    )
    return by_id[chosen].source


def _draw_source(pipeline: Pipeline, source: Source) -> None:
    health = pipeline.health.get(source.source_id)
    if health.strikes:
        st.error(f"{health.strikes} failed runs in a row. {health.last_error}")
    _draw_repair(pipeline, source)
    _draw_working(pipeline, source.source_id)
    attempts = pipeline.fixes.find(source.source_id, limit=20)
    if not attempts:
        st.info("No repair was tried yet. When the site changes, the extractor is repaired here.")
        return
    _draw_attempt(pipeline, _chosen(pipeline, attempts))


def _draw_repair(pipeline: Pipeline, source: Source) -> None:
    left = pipeline.attempts_left(source.source_id)
    words, repair, auto = st.columns([4, 3, 4], vertical_alignment="center")
    words.write(f"**{left} of {pipeline.settings.fix_attempts}** tries left in these 24 hours")
    if repair.button("Repair", type="primary", disabled=left == 0, key="repair", help="Fetch, heal, prove, promote"):
        pipeline.repair(source.source_id)
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
    by_id = {attempt.attempt_id: attempt for attempt in attempts}
    asked = st.query_params.get("attempt", "")
    ids = list(by_id)
    name = st.selectbox(
        "Repair",
        ids,
        index=ids.index(asked) if asked in by_id else 0,
        format_func=lambda key: f"{by_id[key].state} · {ago(by_id[key].started_at, now)}",
        key=f"attempt-{ids[0]}",
    )
    return by_id[name]


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
            _draw_fix(pipeline, attempt, fix)


def _draw_fix(pipeline: Pipeline, attempt: FixAttempt, fix: TemplateFix) -> None:
    proof = fix.proof
    numbers = (
        ("Known cells reproduced", f"{proof.same} of {proof.known}"),
        ("Rows before", proof.rows_before),
        ("Rows now", proof.rows_after),
        ("Fields found", sum(fate in ("kept", "moved") for fate in fix.fields.values())),
    )
    for column, (label, value) in zip(st.columns(len(numbers)), numbers, strict=True):
        column.metric(label, value, border=True)
    if attempt.state is FixState.PROMOTED and st.button("Roll back", key=f"back-{fix.template}"):
        pipeline.roll_back(attempt.source_id, fix.template)
        st.toast(f"The version before is in service again for {fix.template} pages")
    fields, pages, code = st.tabs(["Fields", "Page then and now", "Code"])
    with fields:
        _draw_fields(fix)
    with pages:
        _draw_pages(pipeline, fix)
    with code:
        _draw_code(pipeline, fix)


def _draw_fields(fix: TemplateFix) -> None:
    order = {"abstained": 0, "removed": 1, "moved": 2, "kept": 3}
    rows = [
        {"field": name.partition(".")[2], "fate": FATES[fate], "why": fix.reasons.get(name, "")}
        for name, fate in sorted(fix.fields.items(), key=lambda item: order[item[1]])
    ]
    st.dataframe(rows, hide_index=True)
    if fix.proof.differing:
        st.caption("Known cells that read otherwise now")
        st.dataframe([{"cell": case} for case in fix.proof.differing], hide_index=True)


def _draw_pages(pipeline: Pipeline, fix: TemplateFix) -> None:
    columns = st.columns(2)
    for column, document_ids, version, title in (
        (columns[0], fix.archived, fix.before_id, "Then, as the old version reads it"),
        (columns[1], fix.fresh, fix.candidate_id or fix.before_id, "Now, as the repaired version reads it"),
    ):
        with column:
            st.caption(title)
            if document_ids:
                _draw_side(pipeline, document_ids[0], version)


def _draw_side(pipeline: Pipeline, document_id: str, extractor_id: str) -> None:
    view = pipeline.document_view(document_id, extractor_id)
    if view.parsed is None or view.extraction is None or view.extractor is None:
        st.error(view.error)
        return
    table = view.extractor.blueprint.tables[0]
    marks = marks_of(view.extraction, table.name, color_of(field.name for field in table.fields))
    draw_page(view.content, view.document.content_hash, view.parsed.encoding, marks, height=560)


def _draw_code(pipeline: Pipeline, fix: TemplateFix) -> None:
    before = pipeline.extractors.get(fix.before_id).code.splitlines()
    after = pipeline.extractors.get(fix.candidate_id).code.splitlines() if fix.candidate_id else before
    lines = list(difflib.unified_diff(before, after, "in service", "repaired", lineterm="", n=2))
    st.code("\n".join(lines) or "No difference.", language="diff", height=520)


draw()
