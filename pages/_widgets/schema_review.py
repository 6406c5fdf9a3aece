"""A proposed table in front of a person: its columns to be changed, what it changes, and the decision."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, get_args

import streamlit as st

from core.errors import PipelineError
from core.model.schema import ColumnType, ContractMode, DriftKind, ReviewState, SchemaField, SchemaReview, SchemaTable
from core.pipeline import Pipeline
from core.propose.difference import SchemaChange
from core.propose.editing import (
    bring_back,
    drop_field,
    merge_fields,
    rename_field,
    require_field,
    retype_field,
    set_key,
    split_field,
)
from pages._widgets import address
from pages._widgets.badges import PERSON, ago, counted
from pages._widgets.schema_code import draw_code
from pages._widgets.schema_samples import draw_samples

Change = Callable[[SchemaTable], SchemaTable]
MODES: dict[ContractMode, str] = {
    "evolve": "keep the row, without the value",
    "discard_value": "keep the row, without the value; new choices and shapes count too",
    "discard_row": "leave the row out",
    "freeze": "leave the row out, whatever it is: nothing about the table changes by itself",
}
CHANGES = {
    "table_added": "a new table",
    "table_dropped": "the table goes",
    "added": "new",
    "dropped": "goes",
    "renamed": "renamed",
    "retyped": "another type",
    "required": "must be there from now on",
    "optional": "need not be there any more",
    "many": "may have several values",
    "single": "has one value from now on",
    "unit": "another unit",
    "choices": "other choices",
    "labels": "filled from other labels",
    "key": "another key",
}
DRIFTS: dict[DriftKind, str] = {
    "new": "+ is new",
    "lost": "− is gone",
    "renamed": "→ has another name",
    "retyped": "≠ is of another type",
    "reunited": "≠ is in another unit",
    "split": "→ was split",
    "merged": "→ was merged",
}
# parts that the form for splitting a column offers
PARTS = (2, 3, 4)


def draw_review(pipeline: Pipeline, review: SchemaReview) -> None:
    """Everything about one proposal."""
    st.subheader(review.schema_name)
    origin = f"from {counted(review.proposal.documents, 'row')} of {review.proposal.origin}"
    against = f"against version {review.base}" if review.base else "the first version"
    st.caption(f"{review.state} · {origin} · {against}")
    is_open = review.state in (ReviewState.WAITING, ReviewState.PAUSED)
    if unseen := review.proposal.unseen:
        st.warning(f"The rows have too many columns: {counted(unseen, 'more column')} were not looked at.")
    _draw_drifts(review)
    _draw_changes(pipeline.schemas.changes(review))
    _draw_columns(pipeline, review, editable=is_open)
    if is_open:
        _draw_left_out(pipeline, review)
        _draw_parting(pipeline, review)
    draw_samples(pipeline, review)
    if is_open:
        _draw_decision(pipeline, review)
    elif review.state is ReviewState.APPROVED:
        address.link(address.schemas(review.schema_name), f"See {review.schema_name}", icon=":material/arrow_forward:")
    draw_code(review.main)
    st.markdown("**History**")
    for act in reversed(review.acts):
        st.caption(f"{act.kind} {ago(act.at, pipeline.now())} by {act.by}{f': {act.why}' if act.why else ''}")


def _draw_drifts(review: SchemaReview) -> None:
    """What became of the sources since the version that is shown was approved."""
    if review.drifts:
        st.markdown("**What changed in the sources**")
        rows = [
            {
                "source": drift.site,
                "what": ", ".join(drift.before or drift.now),
                "became": DRIFTS[drift.kind],
                "now": ", ".join(drift.now) if drift.before else None,
                "column": drift.field or None,
                "because": drift.reason or None,
            }
            for drift in review.drifts
        ]
        st.dataframe(rows, hide_index=True)


def _draw_changes(changes: list[SchemaChange]) -> None:
    """What changes against the version that is shown; what breaks readers first."""
    if not changes:
        st.info("Nothing changes against the version that is shown.")
        return
    breaking = sum(change.breaking for change in changes)
    if [change.kind for change in changes] == ["table_added"]:
        return
    words = f"{counted(breaking, 'change')} may break what reads the table" if breaking else "Nothing breaks"
    (st.warning if breaking else st.success)(f"{words}: {counted(len(changes), 'change')} in all.")
    rows = [
        {
            "column": change.field or change.table,
            "change": CHANGES[change.kind],
            "before": change.before or None,
            "after": change.after or None,
            "readers": "▲ may break" if change.breaking else "● go on",
            "because": change.reason or None,
        }
        for change in sorted(changes, key=lambda change: not change.breaking)
    ]
    st.dataframe(rows, hide_index=True)


def _draw_columns(pipeline: Pipeline, review: SchemaReview, *, editable: bool) -> None:
    """The columns; each edit is written into the proposal as it is made."""
    st.markdown(f"**{counted(len(review.main.fields), 'column')}**")
    # another grid after each act and each refusal: a grid knows its rows by their numbers, and keeps what was typed
    refused = st.session_state.get(f"refused-{review.review_id}", 0)
    key = f"columns-{review.review_id}-{len(review.acts)}-{refused}"
    st.data_editor(
        [_row(review.main, field) for field in review.main.fields],
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=["filled", "from", "examples"] if editable else True,
        column_config={
            "type": st.column_config.SelectboxColumn(options=list(get_args(ColumnType)), required=True),
            "filled": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            "keep": st.column_config.CheckboxColumn(help="Untick to leave the column out"),
            "key": st.column_config.CheckboxColumn(help="What tells rows apart: what comes again is the same row"),
        },
        on_change=partial(_edit, pipeline, review, key),
    )
    if failed := st.session_state.pop(f"failed-{review.review_id}", ""):
        st.error(failed)


def _row(table: SchemaTable, field: SchemaField) -> dict[str, Any]:
    return {
        "keep": True,
        "name": field.name,
        "type": field.type,
        "required": field.required,
        "key": field.name in table.key,
        "filled": field.filled,
        "from": ", ".join(dict.fromkeys(source.label for source in field.sources)),
        "examples": " · ".join(field.examples),
    }


def _edit(pipeline: Pipeline, review: SchemaReview, key: str) -> None:
    """The grid was changed: change the proposal, or say why not."""
    try:
        for number, cells in st.session_state[key]["edited_rows"].items():
            for change in _changes(review.main, review.main.fields[int(number)].name, cells):
                pipeline.schemas.edit(review.review_id, change, PERSON)
    except PipelineError as error:
        _refuse(review, error)


def _refuse(review: SchemaReview, error: PipelineError) -> None:
    """Say why an edit was not made; the grid shows what is there."""
    st.session_state[f"failed-{review.review_id}"] = str(error)
    st.session_state[f"refused-{review.review_id}"] = st.session_state.get(f"refused-{review.review_id}", 0) + 1


def _changes(table: SchemaTable, name: str, cells: dict[str, Any]) -> Iterator[Change]:
    """What an edit of a row means; the name last, since the others go by the one it had."""
    if "type" in cells:
        yield partial(retype_field, name=name, kind=cells["type"])
    if "required" in cells:
        yield partial(require_field, name=name, must=bool(cells["required"]))
    if "key" in cells:
        yield partial(set_key, names=[*(part for part in table.key if part != name), *([name] if cells["key"] else [])])
    if cells.get("keep") is False:
        yield partial(drop_field, name=name)
    elif cells.get("name"):
        yield partial(rename_field, name=name, new=str(cells["name"]).strip())


def _draw_left_out(pipeline: Pipeline, review: SchemaReview) -> None:
    """Columns that were found and are not taken: each comes back with a click."""
    fields = pipeline.schemas.left_out(review)
    if not fields:
        return
    with st.expander(f"{counted(len(fields), 'column')} left out"):
        for field in fields:
            told, back = st.columns([9, 3], vertical_alignment="center")
            told.write(f"**{field.name}** · {field.type} · {field.filled:.0%} filled · {' · '.join(field.examples)}")
            if back.button("Bring back", key=f"back-{field.name}", width="stretch"):
                _change(pipeline, review, partial(bring_back, field=field))


def _draw_parting(pipeline: Pipeline, review: SchemaReview) -> None:
    """Split a column into parts of its texts, or put several together."""
    names = [field.name for field in review.main.fields]
    with st.expander("Split or merge columns"):
        split, merge = st.columns(2)
        with split.form(f"split-{review.review_id}", border=False):
            whole = st.selectbox("Split", names, key="split-column")
            mark = st.text_input(
                "What stands between the parts", key="split-mark", placeholder="a comma, a slash, a word"
            )
            parts = st.selectbox("Parts", PARTS, key="split-parts")
            pressed = st.form_submit_button("Split", key="split-go")
        if pressed:
            _change(pipeline, review, partial(split_field, name=whole, separator=mark, parts=parts))
        with merge.form(f"merge-{review.review_id}", border=False):
            chosen = st.multiselect("Merge", names, key="merge-columns")
            name = st.text_input("Into a column called", key="merge-name")
            pressed = st.form_submit_button("Merge", key="merge-go")
        if pressed:
            _change(pipeline, review, partial(merge_fields, names=chosen, new=name.strip()))


def _change(pipeline: Pipeline, review: SchemaReview, change: Change) -> None:
    """Make a change and draw the page anew, or say why it cannot be made."""
    try:
        pipeline.schemas.edit(review.review_id, change, PERSON)
    except PipelineError as error:
        _refuse(review, error)
    st.rerun()


def _draw_decision(pipeline: Pipeline, review: SchemaReview) -> None:
    with st.form("decide", border=True):
        known = next(iter(pipeline.schemas.versions(review.schema_name)), None)
        modes = list(MODES)
        at = modes.index(known.mode) if known else 0
        mode = st.selectbox("What does not fit", modes, index=at, format_func=MODES.__getitem__, key="mode")
        why = st.text_input("Why? It is kept with the decision.", key="why")
        with st.container(horizontal=True):
            approve = st.form_submit_button("Approve", type="primary", key="approve")
            reject = st.form_submit_button("Reject", key="reject")
            paused = review.state is ReviewState.PAUSED
            pause = st.form_submit_button("Take up again" if paused else "Put aside", key="pause-proposal")
    try:
        if approve:
            if paused:
                pipeline.schemas.resume(review.review_id, PERSON)
            pipeline.schemas.approve(review.review_id, PERSON, why.strip(), mode)
            address.go(address.schemas(review.schema_name))
        elif reject:
            pipeline.schemas.reject(review.review_id, PERSON, why.strip())
            address.go(address.schemas())
        elif pause:
            decide = pipeline.schemas.resume if paused else pipeline.schemas.pause
            decide(review.review_id, PERSON, why.strip())
            address.go(address.proposal(review.review_id))
    except PipelineError as error:
        st.error(str(error))
