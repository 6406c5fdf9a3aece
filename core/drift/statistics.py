"""Notices that a column changed its nature although it is still full: statistics of one window against a baseline.

Documents are given as {field: [texts]}; the baseline is what was read while all was well, the window what came
since. Each field is put to several tests (lost values, unseen shapes, numbers, lengths, words, one value everywhere),
and a change must also be large enough to matter, so that long windows do not raise alarms over trifles. What earlier
runs showed too, against what came before them, is the season of a column and no alarm.

In one window of a hundred, at most, chance raises any alarm at all. Most of that level goes to the two changes that a
small window hardly shows: values that are lost now and then (core/drift/presence.py), and numbers in another unit.

Sources: normal scores (van der Waerden, 1952) for numbers, as strong as the t-test of the logarithms of amounts and
blind to outliers; Kolmogorov–Smirnov on numbers, lengths and the share of new words; Fisher's exact test where values
are counted; value masks as in "FAHES" (Qahtan et al., KDD 2018).
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Literal, NamedTuple

from core.drift.presence import FEWEST_DOCUMENTS, LEAST_LOSS, DocumentTexts, losses
from core.values.shapes import mask

DriftKind = Literal["lost", "new", "shape", "number", "length", "words", "constant", "category", "rows", "repeated"]

# the share of windows without a fault in which any alarm is raised: at a run a day, some three in a year
LEVEL = 0.01
# how much of the level goes to lost values and to numbers in another unit, which small windows hardly show, and to all
# other tests together: those find what they look for in all
# windows of the benchmark with so little
SHARES = {"lost": 0.8, "number": 0.15}
REST = 0.05
# the least change that matters, by test: differences of shares, distances of distributions (Kolmogorov–Smirnov, 0..1),
# and of mean normal scores (in standard deviations)
LEAST_EFFECTS = {"presence": LEAST_LOSS, "shape": 0.2, "distance": 0.3, "scores": 0.4, "constant": 0.3, "category": 0.3}
# how many more of the rows than in any run before are copies of others when a page is read twice
BURST = 0.3
# a run is short with fewer than this share of the rows of the shortest one before: holidays and weekends have fewer too
SHORT_RUN = 0.3
# runs that show what is usual for a source
FEWEST_RUNS = 3
# earlier runs that showed a change too, so that it is a season: one may have been a fault that a person released
HABIT = 2
# the share of texts that must hold a number in a column of numbers
NUMERIC_SHARE = 0.8
# digits of a number that are compared: what a float holds exactly
MOST_DIGITS = 15
# a category has at most a different value for every tenth row, and two values always pass
ROWS_A_CATEGORY, FEWEST_CATEGORIES = 10, 2
# letters of an example that a sentence quotes
MOST_QUOTED = 60
ROWS = "*"
WORD = re.compile(r"[^\W\d_]{2,}")
NUMBER = re.compile(r"-?\d[\d.,'\s]*")


class Drift(NamedTuple):
    """One finding: which field, what kind of change, how unlikely by chance, and a sentence for a person."""

    field: str
    kind: DriftKind
    p: float
    sentence: str


@dataclass(frozen=True)
class ColumnStatistics:
    """One field over many documents: in how many it stands, and its values."""

    documents: int
    present: int
    values: tuple[str, ...]


def detect_drift(baseline: Sequence[DocumentTexts], window: Sequence[DocumentTexts]) -> list[Drift]:
    """The changes between baseline and window, the most certain first; none when either is too small to tell."""
    if min(len(baseline), len(window)) < FEWEST_DOCUMENTS:
        return []
    fields = sorted({name for document in (*baseline, *window) for name in document})
    pairs = {name: (statistics_of(baseline, name), statistics_of(window, name)) for name in fields}
    found = (test(name, *pair) for name, pair in pairs.items() for test in TESTS)
    rare = LEVEL * REST / max(1, len(fields) * len(TESTS))
    sure = [finding for finding in found if finding is not None and finding.p < rare]
    return sorted([*_find_losses(baseline, window), *_find_shifts(pairs), *sure], key=lambda finding: finding.p)


ColumnPairs = Mapping[str, tuple["ColumnStatistics", "ColumnStatistics"]]


def _find_losses(baseline: Sequence[DocumentTexts], window: Sequence[DocumentTexts]) -> Iterator[Drift]:
    """Columns that stand on fewer documents, as far as chance hardly does that to any column."""
    found = losses(baseline, window, LEVEL * SHARES["lost"])
    for name, losses_of_one in groupby(found, key=lambda loss: loss.name):
        surest = min(losses_of_one, key=lambda loss: loss.p)
        pages = f"pages {surest.among}".strip()
        sentence = f"“{name}” stands on {surest.now:.0%} of the {pages}, before it was {surest.was:.0%}."
        yield Drift(name, "lost", surest.p, sentence)


def _find_shifts(pairs: ColumnPairs) -> list[Drift]:
    """Columns of numbers that are larger or smaller as a whole."""
    numbers = {name: tuple(_numbers(each.values) for each in pair) for name, pair in pairs.items()}
    numeric = {name for name, both in numbers.items() if all(map(_mostly, both, (c.values for c in pairs[name])))}
    found = (_shift(name, *numbers[name]) for name in sorted(numeric))
    level = LEVEL * SHARES["number"] / max(1, len(numeric))
    return [finding for finding in found if finding is not None and finding.p < level]


def detect_run(history: Sequence[Sequence[DocumentTexts]], window: Sequence[DocumentTexts]) -> list[Drift]:
    """The changes of a run against the runs before it (oldest first): rows, copies of rows, and each field.

    What two of the earlier runs showed too, against those before them, comes and goes with the season.
    """
    found = [*_compare_rows(history, window), *detect_drift([document for run in history for document in run], window)]
    if not found:
        return []
    habits: Counter[tuple[str, DriftKind]] = Counter()
    for number in range(1, len(history)):
        earlier = [document for run in history[:number] for document in run]
        habits.update({(finding.field, finding.kind) for finding in detect_drift(earlier, history[number])})
    return [finding for finding in found if habits[finding.field, finding.kind] < HABIT]


def _compare_rows(history: Sequence[Sequence[DocumentTexts]], window: Sequence[DocumentTexts]) -> list[Drift]:
    """Far fewer rows than any run had, and bursts of rows that are copies of each other."""
    if len(history) < FEWEST_RUNS:
        return []
    found = []
    fewest = min(len(run) for run in history)
    if len(window) < SHORT_RUN * fewest and fewest >= FEWEST_DOCUMENTS:
        sentence = f"The run read {len(window)} rows; no run before read fewer than {fewest}."
        found.append(Drift(ROWS, "rows", 0.0, sentence))
    usual = max(_copies(run) for run in history)
    if len(window) >= FEWEST_DOCUMENTS and _copies(window) - usual >= BURST:
        sentence = f"{_copies(window):.0%} of the rows are copies of others; before it was at most {usual:.0%}."
        found.append(Drift(ROWS, "repeated", 0.0, sentence))
    return found


def _copies(run: Sequence[DocumentTexts]) -> float:
    rows = Counter(tuple(sorted((name, tuple(values)) for name, values in document.items())) for document in run)
    return sum(count - 1 for count in rows.values()) / max(1, len(run))


def statistics_of(documents: Sequence[DocumentTexts], name: str) -> ColumnStatistics:
    """One field of many documents."""
    present = [document[name] for document in documents if document.get(name)]
    return ColumnStatistics(len(documents), len(present), tuple(value for values in present for value in values))


def _quoted(text: str) -> str:
    return f"“{text[:MOST_QUOTED]}”"


def _new(name: str, before: ColumnStatistics, after: ColumnStatistics) -> Drift | None:
    was, now = before.present / before.documents, after.present / after.documents
    if now - was < LEAST_EFFECTS["presence"]:
        return None
    p = fisher(before.present, before.documents, after.present, after.documents, "less")
    return Drift(name, "new", p, f"“{name}” stands on {now:.0%} of the pages, before it was {was:.0%}.")


def _shape(name: str, before: ColumnStatistics, after: ColumnStatistics) -> Drift | None:
    """Values whose shape was never seen; how many of those chance brings is estimated by the shapes seen once."""
    if min(len(before.values), len(after.values)) < FEWEST_DOCUMENTS:
        return None
    known = Counter(map(mask, before.values))
    singles = sum(1 for count in known.values() if count == 1)
    unseen = sum(1 for value in after.values if mask(value) not in known)
    share = unseen / len(after.values)
    if share - singles / len(before.values) < LEAST_EFFECTS["shape"]:
        return None
    p = fisher(len(before.values) - singles, len(before.values), len(after.values) - unseen, len(after.values))
    example = next(value for value in after.values if mask(value) not in known)
    return Drift(name, "shape", p, f"“{name}” has values of a new shape ({share:.0%}), such as {_quoted(example)}.")


def _shift(name: str, was: Sequence[float], now: Sequence[float]) -> Drift | None:
    difference, p = _normal_scores(was, now)
    if abs(difference) < LEAST_EFFECTS["scores"]:
        return None
    old, new = median(was), median(now)
    times = f", {new / old:.3g} times as much" if old > 0 else ""
    return Drift(name, "number", p, f"The numbers of “{name}” moved from about {old:g} to {new:g}{times}.")


def _spread(name: str, before: ColumnStatistics, after: ColumnStatistics) -> Drift | None:
    was, now = _numbers(before.values), _numbers(after.values)
    if not _mostly(was, before.values) or not _mostly(now, after.values):
        return None
    distance, p = _kolmogorov_smirnov(was, now)
    if distance < LEAST_EFFECTS["distance"]:
        return None
    return Drift(name, "number", p, f"The numbers of “{name}” are spread otherwise than before.")


def _length(name: str, before: ColumnStatistics, after: ColumnStatistics) -> Drift | None:
    was, now = [float(len(value)) for value in before.values], [float(len(value)) for value in after.values]
    if min(len(was), len(now)) < FEWEST_DOCUMENTS:
        return None
    distance, p = _kolmogorov_smirnov(was, now)
    if distance < LEAST_EFFECTS["distance"]:
        return None
    return Drift(name, "length", p, f"The texts of “{name}” are of another length than before.")


def _words(name: str, before: ColumnStatistics, after: ColumnStatistics) -> Drift | None:
    """Values of words that were never read there: a full column of something else."""
    half = len(before.values) // 2
    if min(half, len(after.values)) < FEWEST_DOCUMENTS:
        return None
    known = frozenset(word for value in before.values[::2] for word in WORD.findall(value.casefold()))
    was = [_novelty(value, known) for value in before.values[1::2]]
    now = [_novelty(value, known) for value in after.values]
    distance, p = _kolmogorov_smirnov(was, now)
    if distance < LEAST_EFFECTS["distance"] or sum(now) / len(now) <= sum(was) / len(was):
        return None
    example = max(after.values, key=lambda value: _novelty(value, known))
    return Drift(name, "words", p, f"“{name}” says what it never said before, such as {_quoted(example)}.")


def _novelty(value: str, known: frozenset[str]) -> float:
    """The share of words that are not known."""
    words = WORD.findall(value.casefold())
    return sum(word not in known for word in words) / len(words) if words else 0.0


def _constant(name: str, before: ColumnStatistics, after: ColumnStatistics) -> Drift | None:
    """One value that was rare stands almost everywhere: boilerplate in place of content."""
    if min(len(before.values), len(after.values)) < FEWEST_DOCUMENTS:
        return None
    value, count = Counter(after.values).most_common(1)[0]
    was = before.values.count(value)
    if count / len(after.values) - was / len(before.values) < LEAST_EFFECTS["constant"]:
        return None
    p = fisher(was, len(before.values), count, len(after.values))
    return Drift(
        name, "constant", p, f"“{name}” says {_quoted(value)} on {count / len(after.values):.0%} of the pages."
    )


def _category(name: str, before: ColumnStatistics, after: ColumnStatistics) -> Drift | None:
    """A column of few values gets values it never had."""
    known = Counter(before.values)
    most = max(FEWEST_CATEGORIES, len(before.values) // ROWS_A_CATEGORY)
    if min(len(before.values), len(after.values)) < FEWEST_DOCUMENTS or len(known) > most:
        return None
    unseen = sum(1 for value in after.values if value not in known)
    if unseen / len(after.values) < LEAST_EFFECTS["category"]:
        return None
    singles = sum(1 for count in known.values() if count == 1)
    p = fisher(len(before.values) - singles, len(before.values), len(after.values) - unseen, len(after.values))
    return Drift(name, "category", p, f"{unseen / len(after.values):.0%} of the values of “{name}” are new ones.")


TESTS: tuple[Callable[[str, ColumnStatistics, ColumnStatistics], Drift | None], ...] = (
    _new,
    _shape,
    _spread,
    _length,
    _words,
    _constant,
    _category,
)


def _numbers(values: Iterable[str]) -> list[float]:
    found = (NUMBER.search(value) for value in values)
    return [float(digits) for match in found if match and (digits := re.sub(r"[^\d]", "", match[0])[:MOST_DIGITS])]


def _mostly(numbers: Sequence[float], values: Sequence[str]) -> bool:
    return len(numbers) >= max(FEWEST_DOCUMENTS, NUMERIC_SHARE * len(values))


def fisher(hits_before: int, before: int, hits_after: int, after: int, side: str = "two-sided") -> float:
    """How likely two shares are to differ as much by chance, by Fisher's exact test."""
    from scipy.stats import fisher_exact

    table = [[hits_before, before - hits_before], [hits_after, after - hits_after]]
    return float(fisher_exact(table, alternative=side).pvalue)


def _normal_scores(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """By how much the normal scores of a sample lie above those of another on average, and the two-sided p-value."""
    from scipy.special import ndtri
    from scipy.stats import norm, rankdata

    scores = ndtri(rankdata([*before, *after]) / (len(before) + len(after) + 1))
    size, rest = len(after), len(before)
    deviation = float(scores.std(ddof=1)) * math.sqrt(size * rest / (size + rest))
    total = float(scores[rest:].sum())
    if not deviation:
        return 0.0, 1.0
    return total / size - float(scores[:rest].mean()), float(2 * norm.sf(abs(total - size * scores.mean()) / deviation))


def _kolmogorov_smirnov(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    from scipy.stats import ks_2samp

    result = ks_2samp(before, after, method="asymp")
    return float(result.statistic), float(result.pvalue)
