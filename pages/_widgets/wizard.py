"""Adding a source: what was found, which fields, a dry run, a schedule, go. Each step keeps its state in the draft."""

from typing import Any

import streamlit as st

from core.edit import with_fields, without_table
from core.errors import PipelineError
from core.model import Blueprint, Draft, Extraction, Field, FieldType, RawDocument, RecordSet, Schedule
from core.pipeline import Pipeline
from pages._widgets import address
from pages._widgets.badges import counted
from pages._widgets.layout import controls, panes
from pages._widgets.preview import color_of, draw_document, marks_of
from pages._widgets.source_detail import RHYTHMS
from pages._widgets.teaching import draw_teaching, draw_wanted

TYPES: tuple[FieldType, ...] = FieldType.__args__  # type: ignore[attr-defined]  # a Literal lists its values
TEMPLATE_NAMES = {"main": "The page you gave", "detail": "The pages behind the records"}


def draw_wizard(pipeline: Pipeline, draft_id: str) -> None:
    """The draft with this id, at the step it is at."""
    draft = pipeline.drafts.get(draft_id)
    address.back_to(address.sources(), "All sources")
    st.title(f"Add {draft.name}")
    st.caption(draft.location)
    if draft.state == "failed":
        _draw_failed(pipeline, draft)
    elif draft.state == "ready":
        _draw_ready(pipeline, draft)
    else:
        _draw_scouting(pipeline, draft_id)


@st.fragment(run_every="0.7s")
def _draw_scouting(pipeline: Pipeline, draft_id: str) -> None:
    draft = pipeline.drafts.get(draft_id)
    st.progress(draft.progress, text=draft.message or "Waiting for the agent loop")
    if draft.state != "scouting":
        st.rerun()


def _draw_failed(pipeline: Pipeline, draft: Draft) -> None:
    st.error(draft.error)
    if st.button("Try again", key="scout-again"):
        pipeline.drafts.remove(draft.draft_id)
        again = pipeline.onboarding.begin(draft.location, draft.name)
        address.go(address.draft(again.draft_id))


def _draw_ready(pipeline: Pipeline, draft: Draft) -> None:
    _draw_go(pipeline, draft)
    # all of them are drawn: what is edited in one is kept while another is looked at
    _, tabs = address.tabs_of("template", {name: TEMPLATE_NAMES.get(name, name) for name in draft.blueprints})
    for template, tab in tabs.items():
        with tab:
            _draw_template(pipeline, draft, template)


def _draw_go(pipeline: Pipeline, draft: Draft) -> None:
    with st.container(border=True):
        found = sum(len(blueprint.tables) for blueprint in draft.blueprints.values())
        fields = sum(len(table.fields) for blueprint in draft.blueprints.values() for table in blueprint.tables)
        words, rhythm, follow, go = controls("accept", [4, 2, 3, 2])
        told = f"{counted(found, 'table')} with {counted(fields, 'field')} found."
        words.write(f"**{told}** Look them over below, or accept them as they are.")
        chosen = rhythm.selectbox("Runs", list(RHYTHMS), index=3, key="rhythm")
        if draft.named_as:
            st.caption(f"Names and taught fields as decided for **{draft.named_as}**, a site of the same software.")
        for pagination in filter(None, (blueprint.pagination for blueprint in draft.blueprints.values())):
            st.caption(f"Further pages: {pagination.words}.")
        details = "detail" in draft.blueprints and follow.checkbox(
            "Visit the pages behind the records", True, key="details"
        )
        if go.button("Accept and run", type="primary", key="accept", width="stretch"):
            templates = [name for name in draft.blueprints if name != "detail" or details]
            _accept(pipeline, draft, Schedule(every_seconds=RHYTHMS[chosen]), templates)


def _accept(pipeline: Pipeline, draft: Draft, schedule: Schedule, templates: list[str]) -> None:
    try:
        with st.spinner("Writing the extractors and checking them on the sample pages"):
            source = pipeline.onboarding.accept(draft.draft_id, schedule=schedule, templates=templates)
    except PipelineError as error:
        st.error(str(error))
        return
    address.go(address.source(source.source_id))


def _draw_template(pipeline: Pipeline, draft: Draft, template: str) -> None:
    blueprint = draft.blueprints[template]
    samples = _dry_run(pipeline, draft, template)
    names = [table.name for table in blueprint.tables]
    table_name = names[0]
    if len(names) > 1:
        counts = {name: _count(samples, name) for name in names}
        table_name = address.pick(
            f"block-{template}",
            "Blocks found",
            names,
            words=lambda n: f"{n} ({counts[n]})",
            forgets=[f"focus-{template}"],
        )
    table = blueprint.table(table_name) or blueprint.tables[0]
    colors = color_of(field.name for field in table.fields)
    fields, page = panes(f"sample-{template}", [5, 6])
    with fields:
        draw_wanted(pipeline, draft, template)
        focus = _draw_fields(pipeline, draft, template, table)
    with page:
        _draw_sample(pipeline, draft, template, samples, table, colors, focus)
    _draw_rows(samples, table)


def _dry_run(pipeline: Pipeline, draft: Draft, template: str) -> list[tuple[RawDocument, Extraction]]:
    return _cached_dry_run(pipeline, draft, template, draft.blueprints[template].model_dump_json())


@st.cache_data(max_entries=20, show_spinner="Reading the sample pages")
def _cached_dry_run(
    _pipeline: Pipeline, _draft: Draft, template: str, blueprint: str
) -> list[tuple[RawDocument, Extraction]]:
    return _pipeline.onboarding.preview(_draft, template)


def _count(samples: list[tuple[RawDocument, Extraction]], table: str) -> int:
    return sum(record.table == table for _, extraction in samples for record in extraction.records)


def _draw_fields(pipeline: Pipeline, draft: Draft, template: str, table: RecordSet) -> str:
    """The editor of the fields; returns the field to frame on the page."""
    rows = [
        {
            "keep": True,
            "name": field.name,
            "type": field.type,
            "examples": " · ".join(field.examples[:3]),
            "filled": field.fill,
            "sure": field.confidence,
        }
        for field in table.fields
    ]
    revision = hash(tuple((field.name, field.type) for field in table.fields))
    edited = st.data_editor(
        rows,
        key=f"fields-{template}-{table.name}-{revision}",
        hide_index=True,
        disabled=["examples", "filled", "sure"],
        column_config={
            "type": st.column_config.SelectboxColumn(options=list(TYPES), required=True),
            "filled": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            "sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
        },
    )
    if _changed(rows, edited):
        _draw_apply(pipeline, draft, template, table, edited)
    fields = ["all fields", *(field.name for field in table.fields)]
    focus = address.pick(f"focus-{template}", "Show on the page", fields, widget=st.selectbox)
    if len(draft.blueprints[template].tables) > 1 and st.button("Drop this block", key=f"drop-{template}-{table.name}"):
        pipeline.onboarding.revise(draft.draft_id, template, without_table(draft.blueprints[template], table.name))
        st.rerun()
    return focus


def _changed(rows: list[dict[str, Any]], edited: list[dict[str, Any]]) -> bool:
    return any(row[key] != new[key] for row, new in zip(rows, edited, strict=True) for key in ("keep", "name", "type"))


def _draw_apply(
    pipeline: Pipeline, draft: Draft, template: str, table: RecordSet, edited: list[dict[str, Any]]
) -> None:
    if not st.button("Apply the changes", type="primary", key=f"apply-{template}-{table.name}"):
        return
    try:
        blueprint = _revised(draft.blueprints[template], table, edited)
    except PipelineError as error:
        st.error(str(error))
        return
    pipeline.onboarding.revise(draft.draft_id, template, blueprint)
    st.rerun()


def _revised(blueprint: Blueprint, table: RecordSet, edited: list[dict[str, Any]]) -> Blueprint:
    fields: list[Field] = []
    for field, row in zip(table.fields, edited, strict=True):
        if row["keep"]:
            changed = (row["name"], row["type"]) != (field.name, field.type)
            update = {"name": row["name"], "type": row["type"], "pinned": field.pinned or changed}
            fields.append(field.model_copy(update=update))
    return with_fields(blueprint, table.name, fields)


def _draw_sample(
    pipeline: Pipeline,
    draft: Draft,
    template: str,
    samples: list[tuple[RawDocument, Extraction]],
    table: RecordSet,
    colors: dict[str, str],
    focus: str,
) -> None:
    if not samples:
        st.info("No sample page is left.")
        return
    document, extraction = samples[0]
    if len(samples) > 1:
        pages = {sample.document_id: (sample, extraction) for sample, extraction in samples}
        page = address.pick(
            f"page-{document.template}",
            "Sample page",
            list(pages),
            words=lambda i: pages[i][0].url,
            widget=st.selectbox,
        )
        document, extraction = pages[page]
    content = pipeline.bronze.content(document.content_hash)
    parsed = pipeline.reader.parsed(document)
    shown = colors if focus == "all fields" else {focus: colors[focus]}
    picked = draw_document(content, parsed, marks_of(extraction, table.name, shown, focus), height=560)
    if parsed.kind == "html":
        draw_teaching(pipeline, draft, template, document, picked)


def _draw_rows(samples: list[tuple[RawDocument, Extraction]], table: RecordSet) -> None:
    rows = [
        {name: cell.raw for name, cell in record.fields.items()}
        for _, extraction in samples
        for record in extraction.records
        if record.table == table.name
    ]
    st.subheader(f"Dry run: {counted(len(rows), 'row')} from {counted(len(samples), 'sample page')}")
    st.dataframe(rows[:200], hide_index=True, column_order=[field.name for field in table.fields])
