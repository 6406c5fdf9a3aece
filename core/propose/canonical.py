"""Which labels of several sites are one field: joined by the best mutual evidence, never by chains.

Two labels that stand in one document are never the same field. Groups of labels grow by the mean of the evidence
between all their members, so that one pair that looks alike does not join two groups; then each site is matched once
more with what all the others have together, which knows more values than any single site.
`tests/unit/propose/test_canonical.py` and the suite of proposals of the schema benchmark tell when a number is wrong.
"""

from collections.abc import Iterable, Sequence

from core.match import match
from core.propose.documents import SiteDocuments, SiteLabel
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


def canonical_fields(sites: SiteDocuments, *, paths: bool = False) -> list[LabelGroup]:
    """The labels of all sites as groups, each of which is one field, in the order of their first labels.

    `paths`: the labels are paths of a format, which means what it writes; printed labels vary from page to page.
    """
    groups = [[label] for label in sites.labels] if paths else list(_variants(sites))
    if len(sites.signatures) > 1:
        groups = _paired(sites, groups)
        for _ in range(ROUNDS):
            for site in sites.signatures:
                groups = _placed_anew(sites, groups, site)
    place = {label: number for number, label in enumerate(sites.labels)}
    ordered = [tuple(sorted(group, key=place.__getitem__)) for group in groups]
    return sorted(ordered, key=lambda group: place[group[0]])


def _variants(sites: SiteDocuments) -> Iterable[list[SiteLabel]]:
    """The labels of each site; those that are spellings of one word and never beside each other are one group."""
    groups: dict[tuple[str, tuple[str, ...]], list[list[SiteLabel]]] = {}
    for label in sites.labels:
        known = groups.setdefault((label.site, _stem(label.label)), [])
        home = next((group for group in known[:VARIANTS_TRIED] if not _apart(sites, group, [label])), None)
        if home is None:
            known.append([label])
        else:
            home.append(label)
    return [group for known in groups.values() for group in known]


def _stem(label: str) -> tuple[str, ...]:
    """The words of a label without the s of a plural; the label itself where it has none."""
    words = tuple(word.removesuffix("s") for word in label_words(label) if word != "s")
    return words or (label,)


def _apart(sites: SiteDocuments, one: Sequence[SiteLabel], other: Sequence[SiteLabel]) -> bool:
    """Whether two groups have labels that stand in one document."""
    return any(a.site == b.site and sites.beside(a, b) for a in one for b in other)


def _paired(sites: SiteDocuments, groups: list[list[SiteLabel]]) -> list[list[SiteLabel]]:
    """Groups of several sites, joined while two have enough evidence in the mean, the best first."""
    evidence = _evidence(sites)
    homes = {label: number for number, group in enumerate(groups) for label in group}
    between: dict[tuple[int, int], float] = {}
    for (left, right), score in evidence.items():
        pair = _ordered(homes[left], homes[right])
        between[pair] = between.get(pair, 0.0) + score
    members = dict(enumerate(groups))
    while best := _best(sites, members, between):
        one, other = best
        members[one] = members[one] + members.pop(other)
        for (a, b), total in list(between.items()):
            if other in (a, b):
                del between[a, b]
                rest = b if a == other else a
                if rest != one:
                    pair = _ordered(one, rest)
                    between[pair] = between.get(pair, 0.0) + total
    return list(members.values())


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _best(
    sites: SiteDocuments, members: dict[int, list[SiteLabel]], between: dict[tuple[int, int], float]
) -> tuple[int, int] | None:
    """The two groups with the most evidence between them that may be joined."""
    order = sorted(between, key=lambda pair: (-_mean(members, between, pair), pair))
    for pair in order:
        if _mean(members, between, pair) < LEAST_EVIDENCE:
            return None
        if not _clash(sites, members[pair[0]], members[pair[1]]):
            return pair
    return None


def _mean(members: dict[int, list[SiteLabel]], between: dict[tuple[int, int], float], pair: tuple[int, int]) -> float:
    one, other = ({label.site for label in members[number]} for number in pair)
    return between[pair] / (len(one) * len(other))


def _clash(sites: SiteDocuments, one: list[SiteLabel], other: list[SiteLabel]) -> bool:
    """Whether two groups cannot be one field: they share a site, whose labels are told apart by the site itself."""
    return not {label.site for label in one}.isdisjoint(label.site for label in other)


def _evidence(sites: SiteDocuments) -> dict[tuple[SiteLabel, SiteLabel], float]:
    """The pairs that matching finds between any two of the larger sites."""
    order = sorted(sites.signatures, key=lambda site: (-sites.signatures[site].documents, site))[:SITES_PAIRED]
    found = {}
    for number, left in enumerate(order):
        for right in order[number + 1 :]:
            for pair in match(sites.signatures[left], sites.signatures[right]):
                found[SiteLabel(left, pair.left), SiteLabel(right, pair.right)] = pair.score
    return found


def _placed_anew(sites: SiteDocuments, groups: list[list[SiteLabel]], site: str) -> list[list[SiteLabel]]:
    """The groups after the labels of one site were taken out and matched with what is left."""
    own = [found for group in groups if (found := [label for label in group if label.site == site])]
    others = [rest for group in groups if (rest := [label for label in group if label.site != site])]
    left = _structure(sites, own)
    right = _structure(sites, others)
    homes = {pair.left: pair.right for pair in match(left, right)}
    mine = dict(zip(left.fields, own, strict=True))
    joined = dict(zip(right.fields, others, strict=True))
    for name, group in mine.items():
        if name in homes:
            joined[homes[name]] = joined[homes[name]] + group
        else:
            joined[f"{site}\0{name}"] = group
    return list(joined.values())


def _structure(sites: SiteDocuments, groups: list[list[SiteLabel]]) -> StructureSignature:
    """The signature of groups as if each were one field of one site, named by its commonest label."""
    made = StructureSignature()
    made.documents = sum(
        sites.signatures[site].documents for site in dict.fromkeys(label.site for group in groups for label in group)
    )
    for group in groups:
        name = max(group, key=sites.support).label
        while name in made.fields:
            name += " "
        made.fields[name] = joined_signature(sites, group)
    return made


def joined_signature(sites: SiteDocuments, group: Iterable[SiteLabel]) -> FieldSignature:
    """What the values of all labels of a group look like together."""
    made = FieldSignature()
    for site, label in group:
        made.merge(sites.signatures[site].fields[label])
    return made
