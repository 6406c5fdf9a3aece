"""The rows of a query as a polars frame: columns keep their types and their place, also where there is no row."""

from contextlib import suppress
from typing import Any

import polars as pl
import streamlit as st
from polars.exceptions import PolarsError

from core.model.results import QueryResult


def frame_of(result: QueryResult) -> pl.DataFrame:
    """One column a column of the query; values of several types in one become text."""
    return pl.DataFrame(
        [_column(name, [row[place] for row in result.rows]) for place, name in enumerate(result.columns)]
    )


def shown_as(frame: pl.DataFrame) -> dict[str, Any]:
    """How columns are shown that the table would show otherwise: days without a time, addresses as links."""
    days = {name: st.column_config.DateColumn() for name, kind in frame.schema.items() if kind == pl.Date}
    links = {name: st.column_config.LinkColumn() for name in frame.columns if _are_links(frame[name])}
    return days | links


def _are_links(column: pl.Series) -> bool:
    """Whether a column holds addresses that a browser opens, and nothing else."""
    values = column.drop_nulls()
    return column.dtype == pl.String and len(values) > 0 and bool(values.str.contains(r"^https?://\S+$").all())


def _column(name: str, values: list[object]) -> pl.Series:
    with suppress(TypeError, ValueError, OverflowError, PolarsError):
        column = pl.Series(name, values)
        if column.dtype != pl.Object:
            return column
    return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
