"""Which column is which: profiles of columns by their values, their likeness, and a joint assignment.

The likeness and its weights follow the measured order of signals: shared values first, then label, shape, tokens,
type, name, length. Assignment: Kuhn–Munkres with one "unmatched" column for each field.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.drift import mask
from core.model import Extraction, Field, FieldValue, RecordSet
from core.values import is_loose, read

LEAST = 0.42
MARGIN = 0.03
PROOF = 0.7
WEIGHTS = {
    "values": 3.0,
    "label": 1.2,
    "shape": 1.2,
    "tokens": 1.0,
    "type": 1.0,
    "name": 0.8,
    "length": 0.8,
    "fill": 0.5,
}
SAMPLE = 400


@dataclass(frozen=True)
class Profile:
    """What the values of one column look like."""

    field: Field
    values: frozenset[str]
    tokens: Mapping[str, float]
    shapes: Mapping[str, float]
    length: float
    fill: float
    distinct: float
    first: tuple[str, ...]
    typed: float

    @property
    def address(self) -> bool:
        """Whether the column holds links: those are never the same as texts."""
        return self.field.type == "url"


class Match(NamedTuple):
    """The column a field was assigned to ("" for none), how alike they are, and whether another fits nearly as well."""

    target: str
    score: float
    torn: bool


def profiles(table: RecordSet, extractions: Sequence[Extraction]) -> tuple[int, dict[str, Profile]]:
    """The number of records, and the profile of each column that has values."""
    records = [record for read in extractions for record in read.records if record.table == table.name]
    found = {}
    for field in table.fields:
        cells = [record.fields[field.name] for record in records if field.name in record.fields]
        texts = [text for cell in cells for text in _texts(cell)][:SAMPLE]
        if texts:
            found[field.name] = _profile(field, texts, len(cells) / len(records))
    return len(records), found


def _texts(cell: FieldValue) -> list[str]:
    raws = cell.raw if isinstance(cell.raw, list) else [cell.raw]
    return [" ".join(str(raw).split()) for raw in raws if str(raw).strip()]


def _profile(field: Field, texts: list[str], fill: float) -> Profile:
    folded = [text.casefold() for text in texts]
    return Profile(
        field,
        frozenset(folded),
        _shares(token for text in folded for token in re.findall(r"\w+", text)[:12]),
        _shares(mask(text) for text in texts),
        sum(math.log1p(len(text)) for text in texts) / len(texts),
        fill,
        len(set(folded)) / len(folded),
        tuple(folded[:50]),
        sum(is_loose(field.type) or read(text, field.type, field.locale) is not None for text in texts[:50])
        / len(texts[:50]),
    )


def _shares(items: Iterable[str]) -> dict[str, float]:
    counts = Counter(items)
    total = sum(counts.values()) or 1
    return {item: count / total for item, count in counts.items()}


def likeness(old: Profile, new: Profile) -> float:
    """How likely two columns are the same one, 0..1."""
    if old.address != new.address:
        return 0.0
    parts = {
        "values": len(old.values & new.values) / max(1, min(len(old.values), len(new.values))),
        "label": _names_alike(old.field.label, new.field.label),
        "shape": _overlap(old.shapes, new.shapes),
        "tokens": _overlap(old.tokens, new.tokens),
        "type": float(old.field.type == new.field.type),
        "name": _names_alike(old.field.name, new.field.name),
        "length": math.exp(-abs(old.length - new.length)),
        "fill": 1 - abs(old.fill - new.fill),
    }
    return _weighted(parts, old, new)


def _weighted(parts: dict[str, float], old: Profile, new: Profile) -> float:
    """Signals that say nothing here do not count: no label on either side, no shared value among unique ones."""
    weights = dict(WEIGHTS)
    if not old.field.label and not new.field.label:
        weights["label"] = 0.0
    if not parts["values"]:
        weights["values"] = 0.5 if old.distinct > 0.5 else 1.5
    return sum(weights[name] * part for name, part in parts.items()) / sum(weights.values())


def _overlap(old: Mapping[str, float], new: Mapping[str, float]) -> float:
    return sum(min(share, new.get(item, 0.0)) for item, share in old.items())


def _names_alike(old: str, new: str) -> float:
    from rapidfuzz import fuzz

    if not old or not new:
        return 0.0
    return float(fuzz.token_sort_ratio(old.replace("_", " ").lower(), new.replace("_", " ").lower())) / 100


def assign(
    old: Mapping[str, Profile], new: Mapping[str, Profile], known: Mapping[tuple[str, str], float] | None = None
) -> dict[str, Match]:
    """Each old column's match among the new ones, no two the same; columns with equal values count as one.

    `known` says how often a pair agrees in rows that stand on both sides: where it does, that outweighs likeness.
    """
    import numpy
    from scipy.optimize import linear_sum_assignment

    names, targets = list(old), list(new)
    if not names or not targets:
        return {}
    proofs = known or {}
    scores = numpy.array(
        [[_score(old[name], new[target], proofs.get((name, target))) for target in targets] for name in names]
    )
    unmatched = numpy.full((len(names), len(names)), LEAST)
    rows, columns = linear_sum_assignment(-numpy.hstack([scores, unmatched]))
    found = {}
    for row, column in zip(rows, columns, strict=True):
        if column >= len(targets):
            found[names[row]] = Match("", 0.0, False)
            continue
        rivals = [
            scores[row, other]
            for other, target in enumerate(targets)
            if other not in columns and new[target].first != new[targets[column]].first
        ]
        score = float(scores[row, column])
        torn = bool(rivals) and max(rivals) > score - MARGIN and not _proved(old[names[row]], new[targets[column]])
        found[names[row]] = Match(targets[column], score, torn)
    return found


def _score(old: Profile, new: Profile, agreement: float | None) -> float:
    alike = likeness(old, new)
    return alike if agreement is None or not alike else (1 - PROOF) * alike + PROOF * max(agreement, alike)


def _proved(old: Profile, new: Profile) -> bool:
    """Whether shared values that are not everywhere prove the match."""
    return len(old.values & new.values) >= max(2, 0.2 * len(new.values))
