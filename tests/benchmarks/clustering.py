"""How fast documents get their cluster, whether that stays so at a million, and how well kinds are told apart.

All on documents of our own making (tests/kinds_of_documents.py).
"""

import random
from collections.abc import Iterator
from time import process_time
from typing import NamedTuple

from core.cluster import Clusters, families_of, suggestions
from core.cluster.audit import agreement_of
from core.signature import StructureSignature
from tests.kinds_of_documents import MadeDocument, made_documents, made_sites

# sites of each of the six kinds in the long stream, and different documents of each
SITES, VARIANTS = 150, 40
# one in so many documents of the stream has fields that no other has
LONE = 50
# documents after which a window is timed, and how many are in it
SIZES = (10_000, 100_000, 1_000_000)
WINDOW = 5_000
# the time a document takes at the last size against that at the first
MOST_RATIO = 1.5
LEAST_A_SECOND = 5_000
SEEDS = 5


class Paced(NamedTuple):
    """What assigning costs after so many documents: how many a second, and how many clusters there were."""

    documents: int
    a_second: float
    clusters: int


def stream(seed: int) -> Iterator[tuple[str, dict[str, list[str]], str]]:
    """Documents without end: of many sites, and some that are like no other."""
    chance = random.Random(seed)
    made = [[site.document(n, chance) for n in range(VARIANTS)] for site in made_sites(seed, SITES)]
    number = 0
    while True:
        number += 1
        if number % LONE:
            found = chance.choice(chance.choice(made))
            yield str(number), found.fields, found.site
        else:
            yield str(number), {f"field {number} {n}": ["x"] for n in range(8)}, ""


def paced(sizes: tuple[int, ...] = SIZES) -> list[Paced]:
    """The pace after each number of documents, in the time of this process alone."""
    documents, found, result = stream(1), Clusters(), []
    for size in sizes:
        while found.documents < size:
            found.assign(*next(documents))
        window = [next(documents) for _ in range(WINDOW)]
        start = process_time()
        for each in window:
            found.assign(*each)
        result.append(Paced(size, WINDOW / (process_time() - start), len(found)))
    return result


def told_apart(*, hidden: bool, known_sites: bool) -> tuple[float, float]:
    """The adjusted Rand index of clusters against sites, and of families against kinds; the mean over some seeds."""
    figures = [_told(made_documents(seed, sites=6, each=25, hidden=hidden), known_sites) for seed in range(SEEDS)]
    clusters, families = zip(*figures, strict=True)
    return sum(clusters) / SEEDS, sum(families) / SEEDS


def _told(documents: list[MadeDocument], known_sites: bool) -> tuple[float, float]:
    found = Clusters()
    first = [found.assign(each.document, each.fields, each.site if known_sites else "") for each in documents]
    found.settle()
    ends = [found.settled(cluster, each.fields) for cluster, each in zip(first, documents, strict=True)]
    signatures: dict[str, StructureSignature] = {}
    for end, each in zip(ends, documents, strict=True):
        signatures.setdefault(end, StructureSignature()).add(each.fields)
    groups = families_of(signatures, suggestions(signatures, {name: found[name].site for name in signatures}))
    family = {name: group[0] for group in groups for name in group}
    return (
        agreement_of([(end, each.site) for end, each in zip(ends, documents, strict=True)]),
        agreement_of([(family.get(end, end), each.kind) for end, each in zip(ends, documents, strict=True)]),
    )


def table() -> list[str]:
    """The lines of the benchmark's page."""
    paces = paced()
    ratio = paces[0].a_second / paces[-1].a_second
    told = [
        ("labels as printed, sites known", False, True),
        ("labels as printed, sites not known", False, False),
        ("labels that say nothing, sites not known", True, False),
    ]
    return [
        f"Documents of {6 * SITES} sites, one in {LONE} like no other; the pace of {WINDOW:,} after so many.",
        "",
        "| documents | documents a second | clusters |",
        "|---|---|---|",
        *(f"| {each.documents:,} | {each.a_second:,.0f} | {each.clusters:,} |" for each in paces),
        "",
        f"At {paces[-1].documents:,} a document takes {ratio:.2f} times as long as at {paces[0].documents:,} "
        f"(bar: ≤ {MOST_RATIO}; pace ≥ {LEAST_A_SECOND:,}).",
        "",
        f"Adjusted Rand index, 36 sites of 6 kinds, {SEEDS} seeds: clusters against sites, families against kinds.",
        "",
        "| documents | clusters | families |",
        "|---|---|---|",
        *(
            f"| {what} | {clusters:.3f} | {families:.3f} |"
            for what, hidden, known in told
            for clusters, families in [told_apart(hidden=hidden, known_sites=known)]
        ),
    ]
