"""Repeated groups of fields as tables of their own: a.items.id and a.items.price, value beside value.

Documents hold the values of a path as one list. Where the lists of several fields below one step are equally long in
all documents that have them, the first values belong together, and so do the second ones: these are the rows of a child
table. Fields that lack a value now and then cannot be put beside the others and stay lists of the document.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from core.propose.documents import SiteDocuments

# fields that a child table has at least, and documents that show several rows of it
LEAST_FIELDS = 2
LEAST_DOCUMENTS = 2
# chance at which lists further below, or in fewer documents, may be as long as those right below a step by accident
MOST_CHANCE = 0.05

Steps = tuple[str, ...]
# how many values of a field each document has, by its number
Counts = Mapping[int, int]


class RepeatedGroup(NamedTuple):
    """The step of the paths that repeats, and the labels below it whose values stand side by side."""

    root: Steps
    labels: tuple[str, ...]


def repeated_groups(sites: SiteDocuments, paths: Mapping[str, Steps]) -> list[RepeatedGroup]:
    """The groups of labels that are rows of their own; `paths` are the steps of the labels that may be of one."""
    counts = {label: found for label, found in _counts(sites, paths).items() if max(found.values(), default=0) > 1}
    below = _below(counts, paths)
    found, taken = [], set[str]()
    for root in sorted(below, key=lambda steps: (len(steps), steps)):
        left = {label: counts[label] for label in below[root] if label not in taken}
        labels = _rows_of(root, left, paths)
        if len(labels) >= LEAST_FIELDS:
            found.append(RepeatedGroup(_shared([paths[label] for label in labels]), tuple(labels)))
            taken.update(labels)
    return found


def _below(labels: Iterable[str], paths: Mapping[str, Steps]) -> dict[Steps, list[str]]:
    """The labels at and below each step, near or far: an element has a text, and attributes below it."""
    found: dict[Steps, list[str]] = {}
    for label in labels:
        for depth in range(1, len(paths[label]) + 1):
            found.setdefault(paths[label][:depth], []).append(label)
    return found


def _counts(sites: SiteDocuments, labels: Iterable[str]) -> dict[str, Counts]:
    found: dict[str, dict[int, int]] = {label: {} for label in labels}
    for number, document in enumerate(sites.documents):
        for label, values in document.fields.items():
            if label in found and values:
                found[label][number] = len(values)
    return dict(found)


def _rows_of(root: Steps, below: Mapping[str, Counts], paths: Mapping[str, Steps]) -> Sequence[str]:
    """The labels whose lists are as long as those of the fullest one right below a step, wherever they are."""
    right_below = [label for label in below if root in (paths[label], paths[label][:-1])]
    fullest = max(right_below, key=lambda label: (len(below[label]), sum(below[label].values())), default="")
    rows = below.get(fullest, {})
    if sum(count > 1 for count in rows.values()) < LEAST_DOCUMENTS:
        return ()
    alike = [label for label in below if all(rows.get(number) == count for number, count in below[label].items())]
    sure = {label for label in right_below if below[label].keys() == rows.keys()}
    return [label for label in alike if label in sure or _by_chance(rows, below[label]) <= MOST_CHANCE]


def _shared(paths: Sequence[Steps]) -> Steps:
    """The steps that all paths begin with."""
    alike = takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))
    return tuple(steps[0] for steps in alike)


def _by_chance(rows: Counts, counts: Counts) -> float:
    """The chance that a list is in so many documents as long as the rows, were it of any of their lengths."""
    lengths = Counter(rows.values())
    meeting = sum(times * times for times in lengths.values()) / len(rows) ** 2
    return float(meeting ** len(counts))
