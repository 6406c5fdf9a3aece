"""Rows of a proposal, before and after: what approving it would do to what is there."""

from typing import Any

import streamlit as st

from core.model.schema import SchemaReview
from core.pipeline import Pipeline
from core.validate.samples import SampleRow
from pages._widgets import address
from pages._widgets.badges import counted

# what stands before a cell that is not as it was
CHANGED = "✎ "


def draw_samples(pipeline: Pipeline, review: SchemaReview) -> None:
    """The rows that were read last, under the version that is shown and under the proposed one."""
    st.markdown("**Rows**")
    if not address.switch("rows", "Show the rows that were read last, as they would be"):
        return
    with st.spinner("Reading the rows …"):
        samples = pipeline.schemas.samples(review)
    if not samples:
        st.info("No row is there to be shown.")
        return
    st.caption(_sentence(samples))
    after = [_marked(sample) for sample in samples]
    if all(sample.before is None for sample in samples):
        st.dataframe(after, hide_index=True)
        return
    left, right = st.columns(2)
    left.caption("As the version in force takes them")
    left.dataframe(
        [{name: _said(value) for name, value in (one.before or {}).items()} for one in samples], hide_index=True
    )
    right.caption(f"As the proposed one would, {CHANGED.strip()} where a value is another one")
    right.dataframe(after, hide_index=True)


def _sentence(samples: list[SampleRow]) -> str:
    changed = sum(sample.before is not None and any(_changes(sample)) for sample in samples)
    wrong = sum(bool(sample.misfits) for sample in samples)
    said = f"{counted(len(samples), 'row')} that were read last"
    said += f", {changed} of them with other values" if changed else ""
    first = next((sample.misfits[0] for sample in samples if sample.misfits), None)
    example = f", as “{first.text}” as {first.field}" if first and first.text else ""
    return f"{said}. {counted(wrong, 'row')} would hold something that does not fit{example}." if wrong else f"{said}."


def _marked(sample: SampleRow) -> dict[str, str | None]:
    """The row as it would be; what is not as it was has a mark."""
    changes = dict(zip(sample.after, _changes(sample), strict=True)) if sample.before is not None else {}
    return {
        name: f"{CHANGED}{_said(value) or ''}" if changes.get(name) else _said(value)
        for name, value in sample.after.items()
    }


def _changes(sample: SampleRow) -> list[bool]:
    """Whether each value after is another one than before; a column that was not there before is no other value."""
    before = sample.before or {}
    return [name in before and before[name] != value for name, value in sample.after.items()]


def _said(value: Any) -> str | None:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part is not None)
    if isinstance(value, list):
        return " · ".join(filter(None, map(_said, value)))
    return None if value is None else str(value)
