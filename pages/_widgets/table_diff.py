"""The differences of two readings of a table, as a person reads them: cells changed, rows gone, rows new."""

from collections.abc import Sequence

import streamlit as st

from core.compare.tables import TableDiff


def draw_table_diffs(diffs: Sequence[TableDiff]) -> None:
    """One block a table; those that differ first."""
    for diff in sorted(diffs, key=lambda diff: diff.is_empty):
        _draw(diff)


def _draw(diff: TableDiff) -> None:
    words = f"**{diff.table}** · {diff.rows_before} rows before, {diff.rows_after} now, {diff.same} read the same"
    st.markdown(words)
    if diff.changed:
        st.caption("Cells that read otherwise")
        st.dataframe(
            [{"field": c.field, "before": c.before or None, "now": c.after or None} for c in diff.changed],
            hide_index=True,
        )
    for title, rows in (("Rows that are gone", diff.gone), ("Rows that are new", diff.new)):
        if rows:
            st.caption(title)
            st.dataframe(list(rows), hide_index=True)
