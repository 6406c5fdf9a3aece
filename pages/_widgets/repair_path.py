"""The safe path of a repair, step by step: which steps are done, and where it stopped."""

import streamlit as st

from core.model import FixAttempt, FixState, TemplateFix, verdict_of
from core.pipeline import Pipeline
from pages._widgets.badges import counted

DONE, WAITS, STOPPED = ":green-badge[✓ {}]", ":orange-badge[… {}]", ":red-badge[✕ {}]"


def draw_path(pipeline: Pipeline, attempt: FixAttempt) -> None:
    """One line of steps."""
    if attempt.templates:
        st.markdown(" ".join(_steps(pipeline, attempt)))


def _steps(pipeline: Pipeline, attempt: FixAttempt) -> list[str]:
    fetched = sum(len(fix.fresh) for fix in attempt.templates)
    steps = [DONE.format(f"{counted(fetched, 'fresh page')} fetched")]
    staged = [fix for fix in attempt.templates if fix.candidate_id]
    if not staged:
        healthy = attempt.state is FixState.HEALTHY
        return [*steps, DONE.format("nothing to repair") if healthy else STOPPED.format("nothing could be staged")]
    versions = ", ".join(f"{fix.template} v{pipeline.repairs.extractor(fix.candidate_id).version}" for fix in staged)
    return [*steps, DONE.format(f"staged {versions}"), _proof(attempt), _outcome(pipeline, attempt, staged)]


def _proof(attempt: FixAttempt) -> str:
    """Green only for what is proved; a loss or a row that could not be compared is amber."""
    verdict = verdict_of(attempt.templates)
    if verdict.level == "proved":
        return DONE.format("proved on known rows")
    lost = [counted(len(verdict.lost), "field") + " lost"] if verdict.lost else []
    return WAITS.format("not proved: " + "; ".join([*lost, *verdict.doubts]))


def _outcome(pipeline: Pipeline, attempt: FixAttempt, staged: list[TemplateFix]) -> str:
    if attempt.state is FixState.ROLLED_BACK:
        return STOPPED.format("rolled back: the versions before read again")
    if attempt.state is not FixState.PROMOTED:
        return WAITS.format("waits to be promoted")
    if len(in_service(pipeline, attempt)) == len(staged):
        return DONE.format("promoted: in service")
    return STOPPED.format("promoted, out of service by now")


def in_service(pipeline: Pipeline, attempt: FixAttempt) -> list[TemplateFix]:
    """The templates of a repair whose staged version is the one that reads now."""
    actives = {fix.template: pipeline.repairs.in_service(attempt.source_id, fix.template) for fix in attempt.templates}
    return [
        fix
        for fix in attempt.templates
        if (active := actives[fix.template]) is not None and active.extractor_id == fix.candidate_id
    ]
