"""Other tools that match columns, where they are installed (tests/benchmarks/requirements.txt)."""

import importlib.util
from collections.abc import Callable

from tests.benchmarks.match.tables import Table

Matcher = Callable[[Table, Table], list[tuple[int, int]]]


def other_tools() -> dict[str, Matcher]:
    """What valentine offers that needs no download: by names alone, as matching by values asks for word lists."""
    if importlib.util.find_spec("valentine") is None:
        return {}
    from valentine import algorithms

    return {
        "valentine COMA": _asking(algorithms.Coma()),
        "valentine SimilarityFlooding": _asking(algorithms.SimilarityFlooding()),
    }


def _asking(algorithm: object) -> Matcher:
    def matcher(left: Table, right: Table) -> list[tuple[int, int]]:
        import pandas
        from valentine import valentine_match

        frames = [pandas.DataFrame(table.rows, columns=table.names) for table in (left, right)]
        found = valentine_match(*frames, algorithm).one_to_one()
        # a match names the table and the column of both sides
        named = [_columns(match) for match in found]
        return [(left.names.index(one), right.names.index(other)) for one, other in named]

    return matcher


def _columns(match: object) -> tuple[str, str]:
    (_, one), (_, other) = match[:2] if isinstance(match, tuple) else (match.source, match.target)
    return one, other
