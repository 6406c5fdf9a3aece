"""Other tools that match columns, where they are installed (tests/benchmarks/requirements.txt)."""

import importlib.util
from collections.abc import Callable

from tests.benchmarks.match.tables import Table

ScoredPairs = list[tuple[int, int, float]]
Matcher = Callable[[Table, Table], ScoredPairs]


def other_tools() -> dict[str, Matcher]:
    """What valentine offers that needs no download: by names alone, as matching by values asks for word lists."""
    if importlib.util.find_spec("valentine") is None:
        return {}
    from valentine import algorithms

    asked = {"COMA": algorithms.Coma(), "SimilarityFlooding": algorithms.SimilarityFlooding()}
    return {f"valentine {name}": _asking(algorithm) for name, algorithm in asked.items()}


def _asking(algorithm: object) -> Matcher:
    def matcher(left: Table, right: Table) -> ScoredPairs:
        import pandas
        from valentine import valentine_match

        frames = [pandas.DataFrame(table.rows, columns=table.names) for table in (left, right)]
        found = valentine_match(frames, algorithm, df_names=["left", "right"]).one_to_one_hungarian()
        return [
            (left.names.index(pair.source_column), right.names.index(pair.target_column), score)
            for pair, score in found.items()
        ]

    return matcher
