"""Which clusters are of one kind of thing on several sites: ranked suggestions; to merge them is a person's act.

The clusters are a graph whose edges are how well their fields match. What tells that a number here is wrong:
tests/unit/cluster/test_families.py, on generated sites of six kinds with and without readable labels.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from math import log
from typing import TYPE_CHECKING, NamedTuple

from core.cluster.linkage import linked
from core.cluster.neighbours import neighbours
from core.match import MatchedPair, match_many
from core.signature import DocumentFields, StructureSignature

if TYPE_CHECKING:
    from core.ports import Embedder

# mean likeness of two groups of clusters from which on they are one family: from .3 to .45 as many families are right,
# of generated and of saved documents; below it kinds that have a price and a date become one
LEAST_LIKENESS = 0.35
# probability of a pair of fields from which on it speaks for a family
LEAST_PROBABLE = 0.35
# fields of a cluster that are matched: the most frequent ones say what it is about
FIELDS_MATCHED = 10
# documents of a cluster, and values of each field, that say what its fields hold when nothing was counted yet: nearly
# all fields and types show in the first ten
DOCUMENTS_READ = 12
VALUES_READ = 3


class FamilySuggestion(NamedTuple):
    """Two clusters that may be of one kind, how much alike they are (0..1), and the fields that they share."""

    left: str
    right: str
    score: float
    pairs: list[MatchedPair]


def suggestions(
    clusters: Mapping[str, StructureSignature],
    sites: Mapping[str, str] | None = None,
    embedder: "Embedder | None" = None,
) -> list[FamilySuggestion]:
    """Pairs of clusters that may be of one kind, the most likely first.

    Two templates of the same known site are of two kinds: they are not suggested.
    """
    homes = sites or {}
    seen = {name: _main_fields(signature) for name, signature in clusters.items()}
    near = [
        (left, right)
        for left, right in neighbours(seen, embedder)
        if not homes.get(left) or homes.get(left) != homes.get(right)
    ]
    found = {pair: same for pair, same in match_many(seen, near, LEAST_PROBABLE).items() if same}
    weights = _weights(found)
    scored = [
        FamilySuggestion(left, right, _likeness(seen[left], seen[right], pairs, (weights[left], weights[right])), pairs)
        for (left, right), pairs in found.items()
    ]
    return sorted(scored, key=lambda each: (-each.score, each.left, each.right))


def same_fields(left: StructureSignature, right: StructureSignature) -> list[MatchedPair]:
    """The fields that are the same in two clusters, if a person says that these are one."""
    return match_many({"left": left, "right": right}, [("left", "right")])["left", "right"]


def confirmed_lines(pairs: Iterable[tuple[str, str]]) -> str:
    """What a person says by merging two clusters: these fields are the same. JSON lines that `match --known` reads.

    That two clusters are of two kinds says nothing of their fields: both may have a price.
    """
    lines = ({"left": left, "right": right, "same": True} for left, right in pairs)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def families_of(clusters: Collection[str], suggested: Iterable[FamilySuggestion]) -> list[list[str]]:
    """The clusters in groups whose mean likeness is high (average linkage); those without a family are left out.

    To look at: whether they are right is a person's to say.
    """
    likeness = {(each.left, each.right): each.score for each in suggested}
    return [group for group in linked(clusters, likeness, LEAST_LIKENESS) if len(group) > 1]


def read_signature(documents: Iterable[DocumentFields]) -> StructureSignature:
    """What the first documents of a cluster say in its main fields: enough to look for its family, and quick."""
    first = list(islice(documents, DOCUMENTS_READ))
    times = Counter(path for fields in first for path in fields)
    main = dict.fromkeys(sorted(times, key=lambda path: (-times[path], path))[:FIELDS_MATCHED])
    made = StructureSignature()
    for fields in first:
        made.add({path: values[:VALUES_READ] for path, values in fields.items() if path in main})
    return made


def _main_fields(signature: StructureSignature) -> StructureSignature:
    order = sorted(signature.fields, key=lambda path: (-signature.fields[path].documents, path))
    main = StructureSignature()
    main.documents = signature.documents
    main.fields = {path: signature.fields[path] for path in order[:FIELDS_MATCHED]}
    return main


Weights = Mapping[str, float]


def _weights(found: Mapping[tuple[str, str], Sequence[MatchedPair]]) -> dict[str, Weights]:
    """How much each field of each cluster says: one that matches something everywhere says little."""
    compared: Counter[str] = Counter()
    matched: dict[str, Counter[str]] = {}
    for (left, right), pairs in found.items():
        compared.update((left, right))
        matched.setdefault(left, Counter()).update(pair.left for pair in pairs)
        matched.setdefault(right, Counter()).update(pair.right for pair in pairs)
    return {
        name: {path: 1 + log((1 + compared[name]) / (1 + times)) for path, times in fields.items()}
        for name, fields in matched.items()
    }


def _likeness(
    left: StructureSignature, right: StructureSignature, pairs: Sequence[MatchedPair], weights: tuple[Weights, Weights]
) -> float:
    """The share of what both say that they say alike, 0..1."""
    shared = sum(
        pair.score
        * (weights[0][pair.left] * left.support(pair.left) + weights[1][pair.right] * right.support(pair.right))
        for pair in pairs
    )
    whole = [
        sum(said.get(path, 1.0) * each.support(path) for path in each.fields)
        for each, said in ((left, weights[0]), (right, weights[1]))
    ]
    return shared / sum(whole)
