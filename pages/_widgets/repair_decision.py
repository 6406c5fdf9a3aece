"""What a person decides about a repair: promote it, roll it back, undo that; a loss is asked about first."""

from collections.abc import Callable

import streamlit as st

from core.errors import PipelineError
from core.model import FixAct, FixAttempt, FixState, RepairVerdict, verdict_of
from core.pipeline import Pipeline
from pages._widgets.badges import PERSON, ago
from pages._widgets.repair_path import in_service

# who acts, as the log of repairs says it: the workbench knows no names
BACK = "Roll this repair back? The versions before it read again from the next page on; it can be promoted again."
AGAIN = "Put this repair into service again, in place of the versions before it?"

Act = Callable[[str, str, str], FixAttempt]


def draw_decision(pipeline: Pipeline, attempt: FixAttempt) -> None:
    """What is proved, the buttons that its state allows, and what was done with it so far."""
    verdict = verdict_of(attempt.templates)
    _draw_verdict(verdict)
    if attempt.state is FixState.STAGED and st.button("Promote", type="primary", key="promote"):
        _promote(pipeline, attempt, verdict)
    if attempt.state is FixState.ROLLED_BACK and st.button("Promote again", key="again"):
        _ask(AGAIN, "Promote again", pipeline.repairs.promote, attempt.attempt_id)
    serving = in_service(pipeline, attempt) if attempt.state is FixState.PROMOTED else []
    if serving and st.button("Roll back", key="back", help="Asks first, and can be undone"):
        _ask(BACK, "Roll back", pipeline.repairs.roll_back, attempt.attempt_id)
    for act in reversed(attempt.acts):
        st.caption(_act_words(act, ago(act.at, pipeline.now())))


def _draw_verdict(verdict: RepairVerdict) -> None:
    if verdict.level == "proved":
        st.success(verdict.sentence)
    elif verdict.level == "doubtful":
        st.warning(verdict.sentence)
        if verdict.lost:
            st.caption(f"Lost: {', '.join(verdict.lost)}")


def _promote(pipeline: Pipeline, attempt: FixAttempt, verdict: RepairVerdict) -> None:
    """At once when it is proved; else the losses are named, and the answer is a second click."""
    if verdict.level != "proved":
        _ask(verdict.question, "Promote all the same", pipeline.repairs.promote, attempt.attempt_id)
        return
    pipeline.repairs.promote(attempt.attempt_id, PERSON, verdict.sentence)
    st.rerun()


@st.dialog("Are you sure?")
def _ask(question: str, answer: str, act: Act, attempt_id: str) -> None:
    st.write(question)
    with st.form(f"asked-{attempt_id}", border=False):
        why = st.text_input("Why? It is kept with the repair.", key=f"why-{attempt_id}")
        pressed = st.form_submit_button(answer, type="primary", key="sure")
    if not pressed:
        return
    try:
        act(attempt_id, PERSON, why.strip())
    except PipelineError as error:
        st.error(str(error))
        return
    st.rerun()


def _act_words(act: FixAct, when: str) -> str:
    """One act in one line."""
    why = f": {act.why}" if act.why else ""
    return f"{act.kind} {when} by {act.by} ({', '.join(act.templates)}){why}"
