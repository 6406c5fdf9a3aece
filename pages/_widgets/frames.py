"""The rows of a query as a polars frame: columns keep their types and their place, also where there is no row."""

from contextlib import suppress

import polars as pl
from polars.exceptions import PolarsError

from core.ports import QueryResult


def frame_of(result: QueryResult) -> pl.DataFrame:
    """One column a column of the query; values of several types in one become text."""
    return pl.DataFrame(
        [_column(name, [row[place] for row in result.rows]) for place, name in enumerate(result.columns)]
    )


def _column(name: str, values: list[object]) -> pl.Series:
    with suppress(TypeError, ValueError, OverflowError, PolarsError):
        column = pl.Series(name, values)
        if column.dtype != pl.Object:
            return column
    return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
