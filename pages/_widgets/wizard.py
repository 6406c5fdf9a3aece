"""Adding a source: what was found, which columns, a dry run, a schedule, go. Every change is in the draft at once.

Every widget's key holds the id of the draft, so that nothing of one draft shows in another.
"""

import streamlit as st

from core.blueprint.drafting import DETAIL, kept, leads_on
from core.blueprint.edit import without_table
from core.errors import PipelineError
from core.model import Draft, Extraction, RawDocument, RecordSet, Schedule
from core.pipeline import Pipeline
from core.text.redaction import redact
from pages._widgets import address
from pages._widgets.badges import counted
from pages._widgets.column_editor import draw_columns, focus_on, take_clicks
from pages._widgets.doubts import draw_doubts
from pages._widgets.layout import controls, panes
from pages._widgets.preview import color_of, draw_document, evidence_marks
from pages._widgets.source_detail import RHYTHMS
from pages._widgets.teaching import draw_teaching, draw_wanted

TEMPLATE_NAMES = {"main": "The page you gave", "detail": "The pages behind the records"}
DAILY = Schedule(every_seconds=86400)
# rows of the dry run that are drawn: enough to judge by, few enough to be drawn at once
MOST_ROWS = 200

Samples = list[tuple[RawDocument, Extraction]]


def draw_wizard(pipeline: Pipeline, draft_id: str) -> None:
    """The draft with this id, at the step it is at."""
    draft = pipeline.sources.draft(draft_id)
    address.back_to(address.sources(), "All sources")
    st.title(f"Add {draft.name}")
    st.caption(redact(draft.location))
    if draft.state == "failed":
        _draw_failed(pipeline, draft)
    elif draft.state == "ready":
        _draw_ready(pipeline, take_clicks(pipeline, draft))
    else:
        _draw_scouting(pipeline, draft_id)


@st.fragment(run_every="0.7s")
def _draw_scouting(pipeline: Pipeline, draft_id: str) -> None:
    draft = pipeline.sources.draft(draft_id)
    st.progress(draft.progress, text=draft.message or "Waiting for the agent loop")
    if draft.state != "scouting":
        st.rerun()


def _draw_failed(pipeline: Pipeline, draft: Draft) -> None:
    """Why nothing could be read, and the address to be corrected."""
    st.error(draft.error)
    with st.form(f"again-{draft.draft_id}", border=False):
        where, go = controls("again", [8, 2])
        location = where.text_input("Address", draft.location, key=f"corrected-{draft.draft_id}")
        pressed = go.form_submit_button("Look again", type="primary", key=f"again-go-{draft.draft_id}", width="stretch")
    if st.button("Drop it", key=f"drop-{draft.draft_id}"):
        pipeline.sources.drop(draft.draft_id)
        address.go(address.sources())
    if pressed:
        try:
            again = pipeline.sources.again(draft.draft_id, location.strip() or draft.location)
        except PipelineError as error:
            st.error(str(error))
            return
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
        words, back, rhythm, follow, go = controls("accept", [4, 2, 2.4, 3.2, 2.6])
        words.write(f"**{_kept_words(draft)}** Change them below, or accept them as they are.")
        with back:
            _draw_undo(pipeline, draft)
        with rhythm:
            schedule = _draw_rhythm(pipeline, draft)
        with follow:
            _draw_follow(pipeline, draft)
        _draw_told(draft)
        with go.container(key="accept"):
            pressed = st.button("Accept and run", type="primary", key=f"accept-{draft.draft_id}", width="stretch")
        if pressed:
            _accept(pipeline, draft, schedule)


def _kept_words(draft: Draft) -> str:
    """How many tables and columns would be accepted, and how many are left out."""
    blueprints = [found for name in draft.blueprints if (found := kept(draft, name)) is not None]
    tables = sum(len(blueprint.tables) for blueprint in blueprints)
    fields = sum(len(table.fields) for blueprint in blueprints for table in blueprint.tables)
    found = sum(len(table.fields) for blueprint in draft.blueprints.values() for table in blueprint.tables)
    out = f", {counted(found - fields, 'column')} left out" if found > fields else ""
    return f"{counted(tables, 'table')} with {counted(fields, 'column')}{out}."


def _draw_undo(pipeline: Pipeline, draft: Draft) -> None:
    said = f"Takes back {draft.steps[-1].words}" if draft.steps else "Nothing was changed yet"
    key = f"undo-{draft.draft_id}"
    if st.button("Undo", icon=":material/undo:", disabled=not draft.steps, help=said, key=key, width="stretch"):
        pipeline.sources.editor(draft.draft_id).undo()
        st.rerun()


def _draw_rhythm(pipeline: Pipeline, draft: Draft) -> Schedule:
    schedule = draft.schedule or DAILY
    present = list(RHYTHMS.values()).index(schedule.every_seconds)
    chosen = st.selectbox("Runs", list(RHYTHMS), index=present, key=f"rhythm-{draft.draft_id}")
    wanted = Schedule(every_seconds=RHYTHMS[chosen])
    if wanted != schedule:
        pipeline.sources.editor(draft.draft_id).plan(schedule=wanted)
    return wanted


def _draw_follow(pipeline: Pipeline, draft: Draft) -> None:
    if DETAIL not in draft.blueprints:
        return
    leads = leads_on(draft)
    said = "Visit the page behind each record, and make a table of what it says"
    key = f"details-{draft.draft_id}-{leads}"
    chosen = st.checkbox("Pages behind records", draft.follow_details and leads, disabled=not leads, help=said, key=key)
    if leads and chosen != draft.follow_details:
        pipeline.sources.editor(draft.draft_id).plan(follow_details=chosen)


def _draw_told(draft: Draft) -> None:
    """What a person should know before accepting."""
    if draft.named_as:
        st.caption(f"Names and taught fields as decided for **{draft.named_as}**, whose pages are built alike.")
    for pagination in filter(None, (blueprint.pagination for blueprint in draft.blueprints.values())):
        st.caption(f"Further pages: {pagination.words}.")
    link = draft.blueprints["main"].details if "main" in draft.blueprints else None
    if link is not None and DETAIL in draft.blueprints and not leads_on(draft):
        st.caption(f"The pages behind the records cannot be visited without the column **{link.field}**.")


def _accept(pipeline: Pipeline, draft: Draft, schedule: Schedule) -> None:
    try:
        with st.spinner("Writing the extractors and checking them on the sample pages"):
            source = pipeline.sources.accept(draft.draft_id, schedule=schedule)
    except PipelineError as error:
        st.error(str(error))
        return
    address.go(address.source(source.source_id))


def _draw_template(pipeline: Pipeline, draft: Draft, template: str) -> None:
    blueprint = draft.blueprints[template]
    samples = _dry_run(pipeline, draft, template)
    table = _draw_choice(draft, template, samples)
    colors = color_of(field.name for field in table.fields)
    fields, page = panes(f"sample-{template}", [6, 6])
    with fields:
        draw_wanted(pipeline, draft, template)
        focus = draw_columns(pipeline, draft, template, table, colors)
        if (accepted := kept(draft, template)) and (left := accepted.table(table.name)):
            draw_doubts(left)
        for said in blueprint.omissions:
            st.caption(said)
        if len(blueprint.tables) > 1:
            _draw_drop(pipeline, draft, template, table)
    with page:
        _draw_sample(pipeline, draft, template, samples, table, colors, focus)
    _draw_rows(samples, table)


def _draw_choice(draft: Draft, template: str, samples: Samples) -> RecordSet:
    """The table to look at, chosen among the blocks that were found."""
    tables = {table.name: table for table in draft.blueprints[template].tables}
    if len(tables) == 1:
        return next(iter(tables.values()))
    counts = {name: sum(len(extraction.of(name)) for _, extraction in samples) for name in tables}
    chosen = address.choose_view(
        f"block-{template}",
        "Blocks found",
        list(tables),
        words=lambda name: f"{name} ({counts[name]})",
        forgets=[focus_on(template)],
    )
    return tables[chosen]


def _dry_run(pipeline: Pipeline, draft: Draft, template: str) -> Samples:
    blueprint = kept(draft, template)
    version = blueprint.model_dump_json() if blueprint is not None else ""
    return _cached_dry_run(pipeline, draft, template, version, draft.documents.get(template, ()))


@st.cache_data(max_entries=20, show_spinner="Reading the sample pages")
def _cached_dry_run(
    _pipeline: Pipeline, _draft: Draft, template: str, blueprint: str, documents: tuple[str, ...]
) -> Samples:
    return _pipeline.sources.preview(_draft, template)


def _draw_drop(pipeline: Pipeline, draft: Draft, template: str, table: RecordSet) -> None:
    if st.button("Drop this block", key=f"drop-{draft.draft_id}-{template}-{table.name}"):
        rest = without_table(draft.blueprints[template], table.name)
        pipeline.sources.editor(draft.draft_id).revise(template, rest, f"dropping {table.name}")
        st.rerun()


def _draw_sample(
    pipeline: Pipeline,
    draft: Draft,
    template: str,
    samples: Samples,
    table: RecordSet,
    colors: dict[str, str],
    focus: str | None,
) -> None:
    if not samples:
        st.info("No column is left here: this kind of page is not read.")
        return
    pages = {sample.document_id: (sample, extraction) for sample, extraction in samples}
    page = next(iter(pages))
    if len(pages) > 1:
        page = address.choose_view(
            f"page-{template}", "Sample page", list(pages), words=lambda i: pages[i][0].url, widget=st.selectbox
        )
    document, extraction = pages[page]
    content = pipeline.documents.content(document.content_hash)
    parsed = pipeline.documents.parsed(document)
    shown = colors if focus is None else {focus: colors[focus]}
    picked = draw_document(content, parsed, evidence_marks(extraction, table.name, shown, focus or ""), height=560)
    if parsed.kind == "html":
        draw_teaching(pipeline, draft, template, document, picked)


def _draw_rows(samples: Samples, table: RecordSet) -> None:
    rows = [
        {name: cell.raw for name, cell in record.fields.items()}
        for _, extraction in samples
        for record in extraction.of(table.name)
    ]
    st.subheader(f"Dry run: {counted(len(rows), 'row')} from {counted(len(samples), 'sample page')}")
    read = {name for row in rows for name in row}
    st.dataframe(
        rows[:MOST_ROWS], hide_index=True, column_order=[field.name for field in table.fields if field.name in read]
    )
    if len(rows) > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS} of them are shown; a run keeps all.")
