"""Which labels of several sites are one field: joined by the best mutual evidence, never by chains.

Two labels that stand in one document are never the same field. Each two sites are matched; groups of labels grow by
the evidence between all their members (`joining.py`), so that one pair that looks alike does not join two groups.
`tests/unit/propose/test_canonical.py` and the suite of proposals of the schema benchmark tell when a number is wrong.
"""

from collections.abc import Iterable, Sequence

from core.match import match
from core.model.schema import SiteLabel
from core.propose.documents import SiteDocuments
from core.propose.joining import EvidenceGroups
from core.propose.words import label_words
from core.signature import FieldSignature

# sites that all others are matched with, those with most documents: the time grows with the sites, not their square
HUB_SITES = 12
# mean evidence between two groups from which on they are one; pairs that were not matched count as nothing. From .15 to
# .3 it hardly matters where labels speak; where they are hidden, less is better (`tests/benchmarks/propose/sites.py`)
LEAST_EVIDENCE = 0.25
# groups of one word that a further spelling is held against: thousands of spellings are no spellings
VARIANTS_TRIED = 8

LabelGroup = tuple[SiteLabel, ...]
_Groups = list[LabelGroup]


def canonical_fields(sites: SiteDocuments, *, paths: bool = False) -> list[LabelGroup]:
    """The labels of all sites as groups, each of which is one field, in the order of their first labels.

    `paths`: the labels are paths of a format, which means what it writes; printed labels vary from page to page.
    """
    groups: _Groups = [(label,) for label in sites.labels] if paths else list(_variants(sites))
    if len(sites.signatures) > 1:
        groups = _over_sites(sites, groups)
    place = {label: number for number, label in enumerate(sites.labels)}
    ordered = [tuple(sorted(group, key=place.__getitem__)) for group in groups]
    return sorted(ordered, key=lambda group: place[group[0]])


def joined_signature(sites: SiteDocuments, group: Iterable[SiteLabel]) -> FieldSignature:
    """What the values of all labels of a group look like together."""
    made = FieldSignature()
    for site, label in group:
        made.merge(sites.signatures[site].fields[label])
    return made


def _variants(sites: SiteDocuments) -> Iterable[LabelGroup]:
    """The labels of each site; those that are spellings of one word and never beside each other are one group."""
    groups: dict[tuple[str, tuple[str, ...]], list[list[SiteLabel]]] = {}
    for label in sites.labels:
        known = groups.setdefault((label.site, _stem(label.label)), [])
        home = next((group for group in known[:VARIANTS_TRIED] if not _beside(sites, group, label)), None)
        if home is None:
            known.append([label])
        else:
            home.append(label)
    return [tuple(group) for known in groups.values() for group in known]


def _stem(label: str) -> tuple[str, ...]:
    """The words of a label without the s of a plural; the label itself where it has none."""
    words = tuple(word.removesuffix("s") for word in label_words(label) if word != "s")
    return words or (label,)


def _beside(sites: SiteDocuments, group: Iterable[SiteLabel], label: SiteLabel) -> bool:
    return any(sites.beside(known, label) for known in group)


def _over_sites(sites: SiteDocuments, groups: _Groups) -> _Groups:
    """Groups of single sites joined over all sites."""
    order = sorted(sites.signatures, key=lambda site: (-sites.signatures[site].documents, site))
    homes = {label: group for group in groups for label in group}
    evidence: dict[tuple[LabelGroup, LabelGroup], float] = {}
    for left, right, score in _matched(sites, order):
        pair = homes[left], homes[right]
        evidence[pair] = max(score, evidence.get(pair, 0.0))
    grown = EvidenceGroups({group: group[0].site for group in groups}, evidence, order[:HUB_SITES])
    return [tuple(label for group in members for label in group) for members in grown.joined(LEAST_EVIDENCE)]


def _matched(sites: SiteDocuments, order: Sequence[str]) -> Iterable[tuple[SiteLabel, SiteLabel, float]]:
    """The pairs that matching finds between each site and the first ones."""
    for number, left in enumerate(order[:HUB_SITES]):
        for right in order[number + 1 :]:
            for pair in match(sites.signatures[left], sites.signatures[right]):
                yield SiteLabel(left, pair.left), SiteLabel(right, pair.right), pair.score
