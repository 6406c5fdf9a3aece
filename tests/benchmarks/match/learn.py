"""Learn to judge pairs of columns from made-up tables, and write what was learned into the project.

    python -m tests.benchmarks.match.learn [PAIRS OF TABLES] [PROCESSES]

Nothing but tables of our own making (`tables.py`) is learned from.
"""

import sys
from collections.abc import Sequence
from multiprocessing import Pool
from typing import Any, NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from core.match.features import Side
from core.match.forest import LEARNED, Forest
from core.match.judging import seen_of
from core.signature import FieldSignature, StructureSignature
from tests.benchmarks.match.tables import Table, made_pair

# pairs of tables that `learned.npz` was made from
TABLE_PAIRS = 1_446
# pairs of columns that are no match, of one pair of tables: half of them those that look most like one
MOST_WRONG = 80
# trees of the forest, their leaves, what each tree adds, and how deep they are, which bounds the time of an answer;
# set by hand, and of little influence
TREES, LEAVES, STEP, DEPTH = 110, 14, 0.1, 7


class Lesson(NamedTuple):
    """One pair of tables: what is told of its pairs of columns, which are right, and which count."""

    seen: Any
    rows: Any
    columns: Any
    shape: tuple[int, int]
    right: Any
    counts: Any


def signature(table: Table) -> StructureSignature:
    """A table as a signature."""
    made = StructureSignature()
    made.fields.update({name: FieldSignature() for name in table.names})
    for row in table.rows:
        made.add({name: [text] for name, text in zip(table.names, row, strict=True) if text.strip()})
    return made


def lesson(seed: int) -> Lesson:
    """The lesson of a number."""
    pair = made_pair(seed)
    left, right = Side.of(signature(pair.left)), Side.of(signature(pair.right))
    shape = len(left.fields), len(right.fields)
    rows, columns = (places.ravel() for places in np.indices(shape))
    places = list(zip(rows.tolist(), columns.tolist(), strict=True))
    told = [np.array([place in these for place in places]) for these in (pair.same, pair.unclear)]
    return Lesson(seen_of(left, right, rows, columns), rows, columns, shape, told[0], ~told[1])


def thinned(each: Lesson, seed: int) -> tuple[Any, Any]:
    """The places of the pairs that are learned from, and their weights: all right ones, and some of the wrong ones."""
    r = np.random.default_rng(seed)
    wrong = np.flatnonzero(~each.right & each.counts)
    weights = np.full(len(each.right), min(1.0, (sum(each.shape) / len(each.right)) ** 0.7))
    if len(wrong) > MOST_WRONG:
        alike = -each.seen[wrong, :18].sum(axis=1)
        order = wrong[np.argsort(alike, kind="stable")]
        near, far = order[: MOST_WRONG // 2], order[MOST_WRONG // 2 :]
        taken = r.choice(far, MOST_WRONG // 2, replace=False)
        weights[taken] *= len(far) / (MOST_WRONG // 2)
        wrong = np.concatenate([near, taken])
    places = np.concatenate([np.flatnonzero(each.right & each.counts), wrong])
    return places, weights[places]


def fitted(lessons: Sequence[Lesson]) -> HistGradientBoostingClassifier:
    """Trees over what is seen of the pairs of the lessons."""
    kept = [thinned(each, number) for number, each in enumerate(lessons)]
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=STEP,
        max_leaf_nodes=LEAVES,
        max_depth=DEPTH,
        l2_regularization=5.0,
        min_samples_leaf=30,
        early_stopping=False,
        random_state=0,
    )
    rows = np.vstack([each.seen[places] for each, (places, _) in zip(lessons, kept, strict=True)])
    right = np.concatenate([each.right[places] for each, (places, _) in zip(lessons, kept, strict=True)])
    return model.fit(rows, right, np.concatenate([weights for _, weights in kept]))


def exported(model: HistGradientBoostingClassifier) -> Forest:
    """The trees as arrays."""
    trees = [predictors[0].nodes for predictors in model._predictors]
    starts = np.concatenate([[0], np.cumsum([len(nodes) for nodes in trees])[:-1]])
    nodes = np.concatenate(trees)
    offset = np.repeat(starts, [len(tree) for tree in trees])
    own, leaf = np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
    return Forest(
        roots=starts.astype(np.int32),
        signs=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int16),
        limits=nodes["num_threshold"].astype(np.float32),
        lefts=np.where(leaf, own, nodes["left"] + offset).astype(np.int32),
        rights=np.where(leaf, own, nodes["right"] + offset).astype(np.int32),
        values=np.where(leaf, nodes["value"], 0).astype(np.float32),
        base=float(model._baseline_prediction[0, 0]),
        depth=int(nodes["depth"].max()),
    )


def main(count: int, processes: int) -> None:
    with Pool(processes) as pool:
        lessons = pool.map(lesson, range(count), chunksize=20)
    print(f"{count} pairs of tables, {sum(len(each.right) for each in lessons)} pairs of columns")
    np.savez_compressed(LEARNED, **vars(exported(fitted(lessons))))
    print(f"{LEARNED}: {LEARNED.stat().st_size} bytes")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TABLE_PAIRS, int(sys.argv[2]) if len(sys.argv) > 2 else 2)
