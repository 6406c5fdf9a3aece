"""Is everything flowing, and what got stuck?"""

import time
from datetime import datetime
from typing import Any

import streamlit as st

from core.errors import PipelineError
from core.events import DeadLetter, StreamLevel
from core.pipeline import Pipeline
from core.pipeline.shown import current
from pages._widgets.badges import ago, at_least
from pages._widgets.layout import draw_figures

# dead letters that are listed, and counted, before it says "at least"
LISTED_LETTERS = 50
# seconds over which a pace is measured at least: over less it jumps
SHORTEST_SAMPLE = 0.5


def draw() -> None:
    pipeline = current()
    st.title("Flow")
    _draw_switch(pipeline)
    draw_levels(pipeline)
    _draw_letters(pipeline)


def _draw_switch(pipeline: Pipeline) -> None:
    """Pause or resume all work."""
    paused = pipeline.flow.is_paused()
    if paused:
        st.warning("All work is paused: schedules go on, their tasks wait.", icon=":material/pause_circle:")
    label, icon = ("Resume all work", "play_arrow") if paused else ("Pause all work", "pause")
    if st.button(label, key="pause", icon=f":material/{icon}:"):
        (pipeline.flow.resume if paused else pipeline.flow.pause)()
        st.rerun()


@st.fragment(run_every="2s")
def draw_levels(pipeline: Pipeline) -> None:
    try:
        levels, workers = pipeline.flow.levels(), pipeline.flow.workers()
        letters = len(pipeline.flow.letters(limit=LISTED_LETTERS))
    except PipelineError as error:
        st.error(str(error))
        return
    rates = _rates(levels)
    totals = (
        ("Waiting", at_least(sum(level.waiting for level in levels), any(level.more for level in levels))),
        ("In work", f"{sum(level.in_flight for level in levels):,}"),
        ("Events per second", f"{sum(rates.values()):,.1f}"),
        ("Dead letters", at_least(letters, letters == LISTED_LETTERS)),
        ("Workers", len(workers)),
    )
    draw_figures(totals)
    now = pipeline.now()
    rows = [_row(level, rates.get(level.stream, 0.0), now) for level in levels]
    st.dataframe(rows, hide_index=True, column_config={"published": st.column_config.NumberColumn(format="localized")})
    st.caption(
        "Each stream with the groups that read it: *extract* reads documents, *validate* checks rows, *lake* writes "
        "them to the tables. Oldest is how long the first message that is not done has been waiting. What waits for "
        "the lake is counted up to 1,000 messages a table."
    )


def _row(level: StreamLevel, rate: float, now: datetime) -> dict[str, Any]:
    return {
        "stream": level.stream.replace("_", " ").lower(),
        "read by": level.group or "–",
        "published": level.published,
        "per second": round(rate, 1),
        "waiting": level.waiting,
        "in work": level.in_flight,
        "oldest": ago(level.oldest_at, now) if level.oldest_at else "",
    }


def _rates(levels: list[StreamLevel]) -> dict[str, float]:
    """Messages a second that came in since the last look."""
    published = {level.stream.value: level.published for level in levels}
    then, before, rates = st.session_state.get("flow-sample", (0.0, published, {}))
    now = time.monotonic()
    if now - then < SHORTEST_SAMPLE:
        return dict(rates)
    rates = {stream: max(0, count - before.get(stream, count)) / (now - then) for stream, count in published.items()}
    st.session_state["flow-sample"] = (now, published, rates)
    return rates


def _draw_letters(pipeline: Pipeline) -> None:
    st.subheader("Dead letters")
    letters = pipeline.flow.letters(limit=LISTED_LETTERS)
    if not letters:
        st.success("Nothing was given up on.", icon=":material/check_circle:")
        return
    st.caption("These events failed too often. Replay them when the cause is gone; what they led to is written once.")
    for letter in letters:
        _draw_letter(pipeline, letter)


def _draw_letter(pipeline: Pipeline, letter: DeadLetter) -> None:
    what, why, again, forget = st.columns([3, 5, 2, 2], vertical_alignment="center")
    what.write(f"**{letter.message.kind}** of {letter.message.subject}")
    what.caption(f"{letter.group} · {letter.attempts} tries · {ago(letter.at, pipeline.now())}")
    why.write(letter.error)
    if again.button("Replay", key=f"replay-{letter.letter_id}", icon=":material/replay:"):
        _act(pipeline.flow.redeliver, letter)
    if forget.button("Discard", key=f"discard-{letter.letter_id}", icon=":material/delete:"):
        _act(pipeline.flow.discard, letter)


def _act(action: Any, letter: DeadLetter) -> None:
    try:
        action(letter.letter_id)
    except PipelineError as error:
        st.error(str(error))
    else:
        st.rerun()


draw()
