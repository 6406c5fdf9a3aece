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
from tests.benchmarks.match.rivals import Matcher, other_tools
from tests.benchmarks.match.tables import Pair, Table, made_pair

# numbers of pairs from here on were never learned from
UNSEEN = 1_000_000


def ours(left: Table, right: Table) -> list[tuple[int, int]]:
    """This project."""
    found = match(signature(left), signature(right))
    return [(left.names.index(pair.left), right.names.index(pair.right)) for pair in found]


def f1(pair: Pair, found: list[tuple[int, int]]) -> float:
    """How well the pairs that were found agree with the right ones; unclear ones count neither way."""
    told = [place for place in found if place not in pair.unclear]
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


def measured(pairs: list[Pair], tools: dict[str, Matcher]) -> None:
    """Print a line for each sort of pair, and one for the mean and the seconds."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    seconds: dict[str, float] = defaultdict(float)
    for pair in pairs:
        for name, tool in tools.items():
            start = time.process_time()
            scores[pair.sort, name].append(f1(pair, tool(pair.left, pair.right)))
            seconds[name] += time.process_time() - start
    sorts = sorted({sort for sort, _ in scores})
    print("| tables | " + " | ".join(tools) + " |\n|---" * (len(tools) + 1) + "|")
    for sort in sorts:
        print(f"| {sort} | " + " | ".join(f"{mean(scores[sort, name]):.3f}" for name in tools) + " |")
    print("| mean | " + " | ".join(f"{mean(mean(scores[sort, name]) for sort in sorts):.3f}" for name in tools) + " |")
    print("| seconds a pair | " + " | ".join(f"{seconds[name] / len(pairs):.2f}" for name in tools) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.match", description=__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=100)
    parser.add_argument("--cases", type=Path)
    options = parser.parse_args()
    pairs = list(saved_pairs(options.cases)) if options.cases else [made_pair(UNSEEN + k) for k in range(options.pairs)]
    measured(pairs, {"ours": ours, **other_tools()})


if __name__ == "__main__":
    main()
