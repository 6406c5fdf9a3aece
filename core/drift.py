"""Notices that a column changed its nature although it is still full: statistics of one window against a baseline.

Documents are given as {field: [texts]}; the baseline is what was read while all was well, the window what came
since. Each field is put to several tests (lost values, unseen shapes, numbers, lengths, one value everywhere);
p-values are corrected for the number of tests (Bonferroni), and a change must also be large enough to matter, so
that long windows do not raise alarms over trifles.

Sources: Fisher's exact test on presence; Kolmogorov–Smirnov on numbers and lengths; value masks as in
"FAHES" (Qahtan et al., KDD 2018).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.values.shapes import mask

Document = Mapping[str, Sequence[str]]
Kind = Literal["lost", "new", "shape", "number", "length", "constant", "category"]

LEVEL = 0.01
FEWEST = 8
LARGE = {"presence": 0.12, "shape": 0.2, "distance": 0.3, "constant": 0.3, "category": 0.3}
NUMBER = re.compile(r"-?\d[\d.,'\s]*")


class Drift(NamedTuple):
    """One finding: which field, what kind of change, how unlikely by chance, and a sentence for a person."""

    field: str
    kind: Kind
    p: float
    sentence: str


@dataclass(frozen=True)
class Column:
    """One field over many documents: in how many it stands, and its values."""

    documents: int
    present: int
    values: tuple[str, ...]


def detect(baseline: Sequence[Document], window: Sequence[Document]) -> list[Drift]:
    """The changes between baseline and window, the most certain first; none when either is too small to tell."""
    if min(len(baseline), len(window)) < FEWEST:
        return []
    fields = sorted({name for document in (*baseline, *window) for name in document})
    findings = [
        finding
        for name in fields
        for test in TESTS
        if (finding := test(name, column(baseline, name), column(window, name))) is not None
    ]
    level = LEVEL / max(1, len(fields) * len(TESTS))
    return sorted((finding for finding in findings if finding.p < level), key=lambda finding: finding.p)


def column(documents: Sequence[Document], name: str) -> Column:
    """One field of many documents."""
    present = [document[name] for document in documents if document.get(name)]
    return Column(len(documents), len(present), tuple(value for values in present for value in values))


def _presence(name: str, before: Column, after: Column) -> Drift | None:
    was, now = before.present / before.documents, after.present / after.documents
    if abs(was - now) < LARGE["presence"]:
        return None
    p = _fisher(before.present, before.documents, after.present, after.documents)
    kind: Kind = "lost" if now < was else "new"
    return Drift(name, kind, p, f"“{name}” stands on {now:.0%} of the pages, before it was {was:.0%}.")


def _shape(name: str, before: Column, after: Column) -> Drift | None:
    """Values whose shape was never seen; how many of those chance brings is estimated by the shapes seen once."""
    if min(len(before.values), len(after.values)) < FEWEST:
        return None
    known = Counter(map(mask, before.values))
    singles = sum(1 for count in known.values() if count == 1)
    unseen = sum(1 for value in after.values if mask(value) not in known)
    share = unseen / len(after.values)
    if share - singles / len(before.values) < LARGE["shape"]:
        return None
    p = _fisher(len(before.values) - singles, len(before.values), len(after.values) - unseen, len(after.values))
    example = next(value for value in after.values if mask(value) not in known)
    return Drift(name, "shape", p, f"“{name}” has values of a new shape ({share:.0%}), such as “{example[:60]}”.")


def _number(name: str, before: Column, after: Column) -> Drift | None:
    was, now = _numbers(before.values), _numbers(after.values)
    if not _mostly(was, before.values) or not _mostly(now, after.values):
        return None
    distance, p = _kolmogorov_smirnov(was, now)
    if distance < LARGE["distance"]:
        return None
    middles = sorted(was)[len(was) // 2], sorted(now)[len(now) // 2]
    return Drift(name, "number", p, f"The numbers of “{name}” moved from about {middles[0]:g} to {middles[1]:g}.")


def _length(name: str, before: Column, after: Column) -> Drift | None:
    was, now = [float(len(value)) for value in before.values], [float(len(value)) for value in after.values]
    if min(len(was), len(now)) < FEWEST:
        return None
    distance, p = _kolmogorov_smirnov(was, now)
    if distance < LARGE["distance"]:
        return None
    return Drift(name, "length", p, f"The texts of “{name}” are of another length than before.")


def _constant(name: str, before: Column, after: Column) -> Drift | None:
    """One value that was rare stands almost everywhere: boilerplate in place of content."""
    if min(len(before.values), len(after.values)) < FEWEST:
        return None
    value, count = Counter(after.values).most_common(1)[0]
    was = before.values.count(value)
    if count / len(after.values) - was / len(before.values) < LARGE["constant"]:
        return None
    p = _fisher(was, len(before.values), count, len(after.values))
    return Drift(name, "constant", p, f"“{name}” says “{value[:60]}” on {count / len(after.values):.0%} of the pages.")


def _category(name: str, before: Column, after: Column) -> Drift | None:
    """A column of few values gets values it never had."""
    known = Counter(before.values)
    if min(len(before.values), len(after.values)) < FEWEST or len(known) > max(2, len(before.values) // 10):
        return None
    unseen = sum(1 for value in after.values if value not in known)
    if unseen / len(after.values) < LARGE["category"]:
        return None
    singles = sum(1 for count in known.values() if count == 1)
    p = _fisher(len(before.values) - singles, len(before.values), len(after.values) - unseen, len(after.values))
    return Drift(name, "category", p, f"{unseen / len(after.values):.0%} of the values of “{name}” are new ones.")


TESTS: tuple[Callable[[str, Column, Column], Drift | None], ...] = (
    _presence,
    _shape,
    _number,
    _length,
    _constant,
    _category,
)


def _numbers(values: Iterable[str]) -> list[float]:
    found = (NUMBER.search(value) for value in values)
    return [float(digits) for match in found if match and (digits := re.sub(r"[^\d]", "", match[0])[:15])]


def _mostly(numbers: Sequence[float], values: Sequence[str]) -> bool:
    return len(numbers) >= max(FEWEST, 0.8 * len(values))


def _fisher(hits_before: int, before: int, hits_after: int, after: int) -> float:
    from scipy.stats import fisher_exact

    table = [[hits_before, before - hits_before], [hits_after, after - hits_after]]
    return float(fisher_exact(table).pvalue)


def _kolmogorov_smirnov(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    from scipy.stats import ks_2samp

    result = ks_2samp(before, after, method="asymp")
    return float(result.statistic), float(result.pvalue)
