"""A field as a path: the groups that it stands in, so that documents are alike where their groups are."""

import re
from collections.abc import Iterable
from functools import lru_cache

# what parts the steps of a path: JSON and XML paths, and headings over printed labels
STEP = re.compile(r"(?<=[^\s./])(?:[./]|\s\|\s)(?=.)")
# steps of a path that are told apart: deeper ones say no more of the kind of a document, and names made of dots only
# must not make a thousand nodes
MOST_STEPS = 8
# letters of a name that count: what differs later is not a name
NAME_LETTERS = 200
# paths remembered with their groups: sources repeat their fields
PATHS_CACHED = 100_000
# the group that every field without a path stands in
ROOT = ""


@lru_cache(maxsize=PATHS_CACHED)
def lineage(field: str) -> tuple[str, ...]:
    """The groups of a field from the outermost on, and the field itself: "a.b.c" is in "a" and "a.b"."""
    name = field[:NAME_LETTERS]
    ends = [found.start() for found, _ in zip(STEP.finditer(name), range(MOST_STEPS - 1), strict=False)]
    return (*(name[:end] for end in ends), name)


@lru_cache(maxsize=PATHS_CACHED)
def group_of(node: str) -> str:
    """The group that a group or field stands in."""
    found = lineage(node)
    return found[-2] if len(found) > 1 else ROOT


def nodes_of(fields: Iterable[str]) -> dict[str, None]:
    """All fields and the groups that they stand in, once each, in their order."""
    return {node: None for field in fields for node in lineage(field)}
