"""Which tables are proposed, and what is approved?"""

import streamlit as st

from core.errors import PipelineError
from core.model.schema import ReviewState, SchemaReview, SchemaVersion
from core.pipeline import Pipeline
from core.pipeline.shown import current
from pages._widgets import address
from pages._widgets.badges import PERSON, ago, counted
from pages._widgets.schema_history import draw_versions
from pages._widgets.schema_review import draw_review

# pairs that are shown: a longer list is no suggestion
PAIRS_SHOWN = 20


def draw() -> None:
    pipeline = current()
    st.title("Schemas")
    review_id, name = address.asked("proposal"), address.asked("schema")
    try:
        if review_id:
            address.back_to(address.schemas(), "All schemas")
            draw_review(pipeline, pipeline.schemas.review(review_id))
        elif name:
            address.back_to(address.schemas(), "All schemas")
            draw_versions(pipeline, name)
        else:
            _draw_list(pipeline)
    except PipelineError as error:
        address.refuse(error, address.schemas(), "All schemas")


def _draw_list(pipeline: Pipeline) -> None:
    reviews, versions = pipeline.schemas.reviews(), pipeline.schemas.versions()
    if reviews:
        st.subheader("Waiting for you")
        for review in reviews:
            _draw_waiting(pipeline, review)
    if versions:
        st.subheader("Approved tables")
        for name in dict.fromkeys(version.schema_name for version in versions):
            _draw_approved([version for version in versions if version.schema_name == name])
    _draw_proposing(pipeline, begun=bool(reviews or versions))
    if address.switch("alike", "Look for tables that hold the same kind of thing"):
        _draw_alike(pipeline)


def _draw_waiting(pipeline: Pipeline, review: SchemaReview) -> None:
    name, told, when = st.columns([3, 6, 3], vertical_alignment="center")
    with name:
        address.link(address.proposal(review.review_id), f"**{review.schema_name}**")
    paused = "‖ paused · " if review.state is ReviewState.PAUSED else ""
    size = f"{counted(len(review.main.fields), 'column')}, seen in {counted(review.proposal.documents, 'row')}"
    told.write(f"{paused}{size} of {review.proposal.origin}")
    when.caption(f"{review.acts[-1].kind} {ago(review.acts[-1].at, pipeline.now())} by {review.acts[-1].by}")


def _draw_approved(versions: list[SchemaVersion]) -> None:
    newest = versions[0]
    name, told, state = st.columns([3, 6, 3], vertical_alignment="center")
    with name:
        address.link(address.schemas(newest.schema_name), f"**{newest.lake_table}**")
    key = ", ".join(newest.table.key)
    told.write(f"{counted(len(newest.table.fields), 'column')}, {f'told apart by {key}' if key else 'no key'}")
    state.write(f"version {newest.number} · {newest.state}")


def _draw_proposing(pipeline: Pipeline, *, begun: bool) -> None:
    """Choose extracted tables, alone or several that hold the same kind of thing."""
    tables = [table.name for table in pipeline.tables.all() if table.name.startswith("extracted.") and table.rows]
    if not tables:
        st.info("Nothing was extracted yet. A typed table is proposed from the rows of a source: add one first.")
        address.link(address.sources(), "Add a source", icon=":material/add_circle:")
        return
    st.subheader("Propose a table")
    if not begun:
        st.caption(
            "Rows of one source, or of several that hold the same kind of thing, become one typed table. "
            "You look at it before anything is filled."
        )
    with st.form("propose", border=True):
        chosen = st.multiselect("From the rows of", tables, key="of")
        name = st.text_input("Name", key="name", placeholder="tender")
        pressed = st.form_submit_button("Propose", type="primary", key="propose-go")
    if not pressed:
        return
    try:
        review = pipeline.schemas.propose(chosen, name, PERSON)
    except PipelineError as error:
        st.error(str(error))
        return
    address.go(address.proposal(review.review_id))


def _draw_alike(pipeline: Pipeline) -> None:
    """Pairs of tables of different sources; whether they are the same kind is for a person to say."""
    with st.spinner("Comparing the tables …"):
        pairs = pipeline.schemas.alike()
    if not pairs:
        st.info("No two tables of different sources hold the same kind of thing, as it seems.")
    for pair in pairs[:PAIRS_SHOWN]:
        what, told, go = st.columns([5, 5, 2], vertical_alignment="center")
        what.write(f"{pair.left} and {pair.right}, {pair.score:.0%} alike")
        told.caption(", ".join(f"{same.left} = {same.right}" for same in pair.pairs))
        if go.button("Propose", key=f"together-{pair.left}-{pair.right}", width="stretch"):
            name = pair.left.rpartition("__")[2]
            address.go(address.proposal(pipeline.schemas.propose([pair.left, pair.right], name, PERSON).review_id))


draw()
