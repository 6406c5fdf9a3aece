"""Which labels of several sites are one field: joined by the best mutual evidence, never by chains.

Two labels that stand in one document are never the same field. Groups of labels grow by the mean of the evidence
between all their members, so that one pair that looks alike does not join two groups; then each site is matched once
more with what all the others have together, which knows more values than any single site.
`tests/unit/propose/test_canonical.py` and the suite of proposals of the schema benchmark tell when a number is wrong.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.match import match
from core.model.schema import SiteLabel
from core.propose.documents import SiteDocuments
from core.propose.joining import EvidenceGroups
from core.propose.words import label_words
from core.signature import FieldSignature, StructureSignature

# sites whose labels are compared pair by pair, those with most documents; others join what these have made together
SITES_PAIRED = 12
# mean evidence between two groups from which on they are one; pairs that were not matched count as nothing
LEAST_EVIDENCE = 0.3
# how often each site is matched anew with what the others have
ROUNDS = 2
# groups of one word that a further spelling is held against: thousands of spellings are no spellings
VARIANTS_TRIED = 8

LabelGroup = tuple[SiteLabel, ...]
_Groups = list[LabelGroup]
_Evidence = Mapping[tuple[SiteLabel, SiteLabel], float]


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
    paired, later = order[:SITES_PAIRED], order[SITES_PAIRED:]
    evidence = _evidence(sites, paired)
    found = _joined([group for group in groups if group[0].site in paired], evidence)
    for site in later:
        found = _placed(sites, found, [group for group in groups if group[0].site == site])
    for _ in range(ROUNDS):
        for site in order:
            own = [mine for group in found if (mine := tuple(label for label in group if label.site == site))]
            others = [rest for group in found if (rest := tuple(label for label in group if label.site != site))]
            found = _placed(sites, others, own)
    return _joined(found, evidence)


def _evidence(sites: SiteDocuments, names: Sequence[str]) -> _Evidence:
    """What matching finds between any two sites."""
    found = {}
    for number, left in enumerate(names):
        for right in names[number + 1 :]:
            for pair in match(sites.signatures[left], sites.signatures[right]):
                found[SiteLabel(left, pair.left), SiteLabel(right, pair.right)] = pair.score
    return found


def _joined(groups: _Groups, evidence: _Evidence) -> _Groups:
    """Groups of different sites joined while two have enough evidence between them in the mean."""
    grown = EvidenceGroups((group, {label.site for label in group}) for group in groups)
    grown.add(evidence)
    return grown.joined(LEAST_EVIDENCE)


def _placed(sites: SiteDocuments, groups: _Groups, own: _Groups) -> _Groups:
    """The groups after those of one more site were matched with them; what has no match stays by itself."""
    mine, theirs = _structure(sites, own), _structure(sites, groups)
    homes = {pair.left: pair.right for pair in match(mine, theirs)}
    joined = dict(zip(theirs.fields, groups, strict=True))
    alone = []
    for name, group in zip(mine.fields, own, strict=True):
        if name in homes:
            joined[homes[name]] = joined[homes[name]] + group
        else:
            alone.append(group)
    return [*joined.values(), *alone]


def _structure(sites: SiteDocuments, groups: _Groups) -> StructureSignature:
    """The signature of groups as if each were one field of one site, named by its commonest label."""
    made, names = StructureSignature(), Counter[str]()
    known = dict.fromkeys(label.site for group in groups for label in group)
    made.documents = sum(sites.signatures[site].documents for site in known)
    for group in groups:
        name = max(group, key=lambda label: (sites.support(label), label)).label
        # blanks behind a name make it another name for the map, and no other word for who compares names
        made.fields[name.rstrip() + " " * names[name.rstrip()]] = joined_signature(sites, group)
        names[name.rstrip()] += 1
    return made
