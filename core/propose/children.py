"""Repeated groups of fields as tables of their own: a.items.id and a.items.price, value beside value.

Documents hold the values of a path as one list. Where the lists of several fields below one step are equally long in
all documents, the first values belong together, and so do the second ones: these are the rows of a child table. Fields
that lack a value now and then cannot be put beside the others and stay lists of the document.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.propose.documents import SiteDocuments

# fields that a child table has at least, and documents that show several rows of it
LEAST_FIELDS = 2
LEAST_DOCUMENTS = 2

Steps = tuple[str, ...]
# how many values of a field each document has, by its number
Counts = tuple[tuple[int, int], ...]


class RepeatedGroup(NamedTuple):
    """The step of the paths that repeats, and the labels below it whose values stand side by side."""

    root: Steps
    labels: tuple[str, ...]


def repeated_groups(sites: SiteDocuments, paths: Mapping[str, Steps]) -> list[RepeatedGroup]:
    """The groups of labels that are rows of their own; `paths` are the steps of the labels that may be of one."""
    alike: dict[Counts, list[str]] = {}
    for label, counts in _counts(sites, paths).items():
        if sum(times > 1 for _, times in counts) >= LEAST_DOCUMENTS:
            alike.setdefault(counts, []).append(label)
    found = [group for labels in alike.values() for group in _below_one_step(labels, paths)]
    return sorted(found)


def _counts(sites: SiteDocuments, labels: Iterable[str]) -> dict[str, Counts]:
    found: dict[str, list[tuple[int, int]]] = {label: [] for label in labels}
    for number, document in enumerate(sites.documents):
        for label, values in document.fields.items():
            if label in found and values:
                found[label].append((number, len(values)))
    return {label: tuple(counts) for label, counts in found.items()}


def _below_one_step(labels: Sequence[str], paths: Mapping[str, Steps]) -> Iterable[RepeatedGroup]:
    """The labels with equally long lists, by the deepest step that several of them stand below."""
    left = list(labels)
    roots = {paths[label][:-1] for label in labels}
    for root in sorted(roots, key=lambda steps: (-len(steps), steps)):
        below = [label for label in left if root and paths[label][: len(root)] == root]
        if len(below) >= LEAST_FIELDS:
            yield RepeatedGroup(root, tuple(below))
            left = [label for label in left if label not in below]
