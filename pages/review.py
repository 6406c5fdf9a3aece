"""Which values were refused, and what do I say about them?"""

import streamlit as st

from core.errors import PipelineError
from core.model.review import ItemState, ReviewFilter, ReviewGroup, ReviewItem
from core.pipeline import Pipeline
from core.pipeline.shown import current
from pages._widgets import address
from pages._widgets.badges import ago, at_least, counted
from pages._widgets.layout import controls
from pages._widgets.review_decision import draw_decisions
from pages._widgets.review_item import RULES, draw_item

# items among which one goes on and back, and decisions that are listed
IN_HAND = 200
DECIDED = tuple(state for state in ItemState if state is not ItemState.OPEN)


def draw() -> None:
    pipeline = current()
    st.title("Review")
    wanted = ReviewFilter(*(address.asked(name) for name in address.FILTER))
    try:
        if address.asked("item"):
            address.back_to(address.review(), "All that waits")
            _draw_one(pipeline, pipeline.review.item(address.asked("item")))
        elif any(wanted):
            address.back_to(address.review(), "All that waits")
            _draw_next(pipeline, wanted)
        else:
            _draw_groups(pipeline)
    except PipelineError as error:
        address.refuse(error, address.review(), "All that waits")


def _draw_groups(pipeline: Pipeline) -> None:
    groups = pipeline.review.groups()
    if not groups:
        st.info("Nothing waits: all rows fit their tables, or were decided about.")
    for group in groups:
        _draw_group(group)
    if address.switch("decided", "Show what was decided"):
        _draw_decided(pipeline)


def _draw_group(group: ReviewGroup) -> None:
    like = group.like
    what, rule, source = st.columns([4, 5, 3], vertical_alignment="center")
    with what:
        address.link(address.review(like), f"**{counted(group.items, 'value')}** of {like.schema_name}, {like.column}")
    rule.write(RULES.get(like.rule, like.rule))
    source.caption(f"from {like.source_id}")


def _draw_decided(pipeline: Pipeline) -> None:
    found = pipeline.review.find(states=DECIDED, limit=IN_HAND)
    if not found:
        st.caption("Nothing was decided yet.")
    for item in sorted(found, key=lambda one: one.acts[-1].at, reverse=True):
        what, said, when = st.columns([4, 5, 3], vertical_alignment="center")
        with what:
            address.link(address.review(item_id=item.item_id), f"{item.schema_name}, {item.column}")
        said.text(f"{item.state}: {item.text or 'no value'}")
        when.caption(f"{ago(item.acts[-1].at, pipeline.now())} by {item.acts[-1].by}")


def _draw_next(pipeline: Pipeline, wanted: ReviewFilter) -> None:
    """The first of those that are meant, as it is when the one before was decided about."""
    found = pipeline.review.find(wanted, limit=1)
    if found:
        _draw_one(pipeline, found[0])
    else:
        st.success("All of these are decided about.")


def _draw_one(pipeline: Pipeline, item: ReviewItem) -> None:
    alike = pipeline.review.find(item.like, limit=IN_HAND)
    ids = [one.item_id for one in alike]
    at = ids.index(item.item_id) if item.item_id in ids else -1
    place, back, on = controls("queue", [6, 2, 2], "center")
    if at >= 0:
        place.caption(f"{at + 1} of {at_least(len(ids), len(ids) == IN_HAND)} alike that wait")
    if back.button("Previous", key="previous", shortcut="K", disabled=at < 1, width="stretch"):
        address.go(address.review(item.like, ids[at - 1]))
    if on.button("Next", key="next", shortcut="J", disabled=at < 0 or at + 1 >= len(ids), width="stretch"):
        address.go(address.review(item.like, ids[at + 1]))
    following = ids[at + 1] if 0 <= at < len(ids) - 1 else next((one for one in ids if one != item.item_id), "")
    draw_item(pipeline, item, lambda: draw_decisions(pipeline, item, alike, following))


draw()
