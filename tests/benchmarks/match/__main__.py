"""How well columns are matched, beside other tools in the same run.

    python -m tests.benchmarks.match [PAIRS OF TABLES] [--cases FOLDER]

Tables are made up of numbers that were never learned from; `--cases` names a folder with case.json files that hold
{"group", "left": [names, rows], "right": [names, rows], "gold": [[left, right], ...]}. The figure is the mean F1.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

from core.match import match
from tests.benchmarks.match.learn import signature
from tests.benchmarks.match.rivals import Matcher, ScoredPairs, other_tools
from tests.benchmarks.match.tables import Pair, Table, made_pair

# numbers of pairs from here on were never learned from
UNSEEN = 1_000_000
# of other tools, which have no threshold of their own, the one that is best for these very tables; ours keeps its own
THRESHOLDS = ((0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), (0.0,))


def ours(left: Table, right: Table) -> ScoredPairs:
    """This project."""
    found = match(signature(left), signature(right))
    return [(left.names.index(pair.left), right.names.index(pair.right), pair.score) for pair in found]


def f1(pair: Pair, found: ScoredPairs, least: float) -> float:
    """How well the pairs of at least that score agree with the right ones; unclear ones count neither way."""
    told = [(i, j) for i, j, score in found if score >= least and (i, j) not in pair.unclear]
    right = sum(place in pair.same for place in told)
    return 2 * right / (len(told) + len(pair.same)) if told or pair.same else 1.0


def saved_pairs(folder: Path) -> Iterator[Pair]:
    """The cases of a folder."""
    for path in sorted(folder.rglob("case.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        left, right = Table(*case["left"]), Table(*case["right"])
        same, unclear = (
            frozenset((left.names.index(a), right.names.index(b)) for a, b in case.get(kind, ()))
            for kind in ("gold", "free")
        )
        yield Pair(case["group"], "", left, right, same, unclear)


def by_sort(pairs: list[Pair], found: list[ScoredPairs], least: float) -> dict[str, float]:
    """The mean of each sort of pair, and over all sorts."""
    scores: dict[str, list[float]] = defaultdict(list)
    for pair, answer in zip(pairs, found, strict=True):
        scores[pair.sort].append(f1(pair, answer, least))
    means = {sort: mean(scores[sort]) for sort in sorted(scores)}
    return means | {"mean": mean(means.values())}


def measured(pairs: list[Pair], tools: dict[str, Matcher]) -> None:
    """Print a line for each tool: its figures by sort of pair, and seconds of the processor a pair."""
    lines = []
    for name, tool in tools.items():
        start = time.process_time()
        found = [tool(pair.left, pair.right) for pair in pairs]
        seconds = (time.process_time() - start) / len(pairs)
        figures = max((by_sort(pairs, found, least) for least in THRESHOLDS[name == "ours"]), key=lambda by: by["mean"])
        lines.append([name, *(f"{figure:.3f}" for figure in figures.values()), f"{seconds:.2f}"])
    header = ["tool", *figures, "seconds"]
    for line in (header, ["---"] * len(header), *lines):
        print("| " + " | ".join(line) + " |")


def unseen_pairs(number: int) -> list[Pair]:
    """Made-up pairs of tables that were never learned from."""
    return [made_pair(UNSEEN + k) for k in range(number)]


def tools() -> dict[str, Matcher]:
    """This project, and those others that are installed."""
    return {"ours": ours, **other_tools()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.match", description=__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=100)
    parser.add_argument("--cases", type=Path)
    options = parser.parse_args()
    measured(list(saved_pairs(options.cases)) if options.cases else unseen_pairs(options.pairs), tools())


if __name__ == "__main__":
    main()
