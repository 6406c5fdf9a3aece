"""How well the labels of several made-up sites become fields: `python -m tests.benchmarks.propose.sites [CASES]`.

Sites tell of one kind of thing in their own words and formats; half of the cases hide the labels, so that only values
speak. The figure is the mean over concepts of how well the best field fits (F1 of its labels by documents); fields
that only repeat a concept count as half a concept missed. It holds `LEAST_EVIDENCE` of core/propose/canonical.py.
"""

import sys
from collections import defaultdict
from hashlib import sha1
from itertools import starmap
from random import Random

from core.propose.canonical import LabelGroup, canonical_fields
from core.propose.documents import SiteDocument, SiteDocuments, SiteLabel
from tests.benchmarks.match.tables import Column, made_sites

Truth = dict[SiteLabel, str]


def made_case(seed: int, hidden: bool) -> tuple[SiteDocuments, Truth]:
    """The documents of some sites, and what each label is about ("" for one that means nothing)."""
    r = Random(f"sites {seed} {hidden}")
    sites = made_sites(seed, r.choice([8, 10]) if hidden else r.choice([4, 5, 6]), 40 if hidden else 60, hidden)
    documents, truth = [], {}
    for number, columns in enumerate(sites):
        site = f"s{number}"
        names = [_opaque(seed, site, column) if hidden else column.name for column in columns]
        truth |= {SiteLabel(site, name): column.about for name, column in zip(names, columns, strict=True)}
        for row in zip(*(column.texts for column in columns), strict=True):
            fields = {name: [text] for name, text in zip(names, row, strict=True) if text}
            documents.append(SiteDocument(fields, site))
    r.shuffle(documents)
    return SiteDocuments(documents), truth


def _opaque(seed: int, site: str, column: Column) -> str:
    return "f" + sha1(f"{seed} {site} {column.name}".encode()).hexdigest()[:6]


def fit(sites: SiteDocuments, truth: Truth, groups: list[LabelGroup]) -> float:
    """How well the groups fit the concepts, 0..1."""
    concepts: dict[str, set[SiteLabel]] = defaultdict(set)
    for label in sites.labels:
        if truth[label]:
            concepts[truth[label]].add(label)
    weigh = lambda labels: sum(map(sites.support, labels))  # noqa: E731
    fits = [
        (2 * weigh(both) / (weigh(labels) + weigh(group)), about, number)
        for about, labels in concepts.items()
        for number, group in enumerate(groups)
        if (both := labels & set(group))
    ]
    best: dict[str, float] = {}
    taken: set[int] = set()
    for share, about, number in sorted(fits, key=lambda found: (-found[0], *found[1:])):
        if about not in best and number not in taken:
            best[about] = share
            taken.add(number)
    surplus = sum(number not in taken and all(truth[label] for label in group) for number, group in enumerate(groups))
    return sum(best.values()) / (len(concepts) + surplus / 2)


def main(cases: int) -> None:
    for hidden in (False, True):
        found = [made_case(seed, hidden) for seed in range(cases)]
        fits = list(starmap(lambda sites, truth: fit(sites, truth, canonical_fields(sites)), found))
        print(f"{'hidden' if hidden else 'printed'} labels: {sum(fits) / len(fits):.3f} over {cases} cases")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
