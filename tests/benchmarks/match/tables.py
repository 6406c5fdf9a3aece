"""Pairs of made-up tables, with the columns that are the same: two sites on one thing, or a table before and after.

Sites differ in what they tell, in names, formats, order, and in how many things both know; headers may be hidden.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

from tests.benchmarks.match.domains import DOMAINS, Concept
from tests.benchmarks.match.labels import hidden, labels_of, renamed, unique
from tests.benchmarks.match.values import Kind, count, date, own_pattern, percent, plain, prose
from tests.benchmarks.match.words import ADJECTIVES, CITIES, NOUNS

GAPS = ["", "", "", "", "-", "N/A", "n/a", "unknown", "--", "None"]


# share of the concepts of a kind of thing that a site tells of
SHARE_TOLD = 0.7


class Table(NamedTuple):
    """Its names, and its rows of texts."""

    names: list[str]
    rows: list[list[str]]


class Pair(NamedTuple):
    """Two tables, which columns are the same (by place), and which may be called so; sort and domain of the pair."""

    sort: str
    domain: str
    left: Table
    right: Table
    same: frozenset[tuple[int, int]]
    unclear: frozenset[tuple[int, int]]


class Column(NamedTuple):
    """A column of a site: what it is about, its name and its texts."""

    about: str
    name: str
    texts: list[str]


def made_pair(seed: int, domains: Sequence[str] = tuple(DOMAINS)) -> Pair:
    """The pair of a number; always the same for the same number."""
    r = Random(f"pair {seed}")
    sort = r.choices(["hidden", "printed", "half", "versions", "vocabulary"], [38, 30, 5, 15, 12])[0]
    domain = r.choice(domains)
    sides = {"versions": _versions, "vocabulary": _vocabulary}.get(sort, _sites)(r, domain, domains)
    columns = [_shuffled(r, side, sort == "versions") for side in sides]
    names = [[column.name for column in side] for side in columns]
    if sort in ("hidden", "half"):
        names[0] = hidden(r, len(names[0]))
    if sort == "hidden":
        names[1] = hidden(r, len(names[1]))
    tables = [
        Table(unique(n), [list(row) for row in zip(*(c.texts for c in side), strict=True)])
        for n, side in zip(names, columns, strict=True)
    ]
    cells = [
        (i, j, a.about, b.about)
        for i, a in enumerate(columns[0])
        for j, b in enumerate(columns[1])
        if a.about and b.about
    ]
    same = frozenset((i, j) for i, j, a, b in cells if a == b)
    unclear = frozenset((i, j) for i, j, a, b in cells if a != b and a.split("|")[0] == b.split("|")[0])
    return Pair(sort, domain, tables[0], tables[1], same, unclear)


def _shuffled(r: Random, columns: list[Column], kept: bool) -> list[Column]:
    if kept and r.random() < 0.7:
        return columns
    return r.sample(columns, len(columns)) if r.random() < 0.7 else columns


# ---- two sites ------------------------------------------------------------------------------------------------------
def _sites(r: Random, domain: str, domains: Sequence[str]) -> tuple[list[Column], list[Column]]:
    concepts = _some(r, DOMAINS[domain], r.choice([2, 3, 4, 4, 5, 5, 6, 8, 10, 12, 16]))
    taken = _taken(r, concepts)
    for side in taken if len(concepts) > 5 and r.random() < 0.3 else ():
        side.extend(_some(r, DOMAINS[r.choice(domains)], r.randint(1, 6)))
    both = r.choice([0.0, 0.0, 0.02, 0.05, 0.1, 0.3, 0.6, 1.0])
    rows = _row_counts(r)
    entities = _Entities(r, both)
    return _site(r, taken[0], rows[0], entities, 0), _site(r, taken[1], rows[1], entities, 1)


def _taken(r: Random, concepts: list[Concept]) -> tuple[list[Concept], list[Concept]]:
    """What each site tells: all the same, or each lacks some, now and then most."""
    lack = r.choice([0, 0, 1, 1, 1, 2, 3])
    if r.random() < 0.15:
        share = r.uniform(0.15, 0.8)
        sides = [[c for c in concepts if r.random() < share] for _ in range(2)]
    else:
        gone = r.sample(range(len(concepts)), min(2 * lack, max(0, len(concepts) - 1)))
        sides = [
            [c for i, c in enumerate(concepts) if i not in part]
            for part in (gone[: len(gone) // 2], gone[len(gone) // 2 :])
        ]
    return sides[0] or concepts[:1], sides[1] or concepts[:1]


def _some(r: Random, concepts: list[Concept], n: int) -> list[Concept]:
    """Some of the concepts, the first ones, which most sites tell, more often."""
    order = sorted(range(len(concepts)), key=lambda i: r.random() ** (1 / (1 + 6 / (i + 1))), reverse=True)
    return [concepts[i] for i in sorted(order[:n])]


def _row_counts(r: Random) -> tuple[int, int]:
    first = r.choice([5, 6, 10, 20, 40, 60, 100, 120, 150, 150])
    return first, first if r.random() < 0.75 else r.choice([5, 20, 120, 150])


class _Entities:
    """The things that sites tell of: some are known to both."""

    def __init__(self, r: Random, both: float) -> None:
        self.both, self.seed = both, r.random()

    def number(self, r: Random, side: int) -> int:
        return r.randint(0, 199) if r.random() < self.both else r.randint(1_000, 9_999) * 2 + side

    def value(self, entity: int, about: str, kind: Kind) -> Any:
        return kind.draw(Random(f"{self.seed} {entity} {about}"))


def _site(r: Random, concepts: list[Concept], rows: int, entities: _Entities, side: int) -> list[Column]:
    label, own = labels_of(r), r.choice([0.0, 0.1, 0.5])
    things = [entities.number(r, side) for _ in range(rows)]
    bare = r.choice([0.0, 0.0, 0.1, 0.3])
    made = [_column(r, concept, label, entities, things, own, bare, side) for concept in concepts]
    if r.random() < 0.12:
        made.append(_junk(r, rows))
    return made


def _column(
    r: Random,
    concept: Concept,
    label: Callable[[str], str],
    entities: _Entities,
    things: list[int],
    own: float,
    bare: float,
    side: int,
) -> Column:
    names, kind = concept
    write, other = kind.style(r), kind.style(r)
    size = r.lognormvariate(0, 0.4) if kind.sized and r.random() < 0.4 else 1.0
    differs = not kind.told_alike or (kind.sized and r.random() < 0.5) or r.random() < own / 3
    gaps, gap = (r.uniform(0, 0.6) if r.random() < bare else 0.0), r.choice(GAPS)
    mixed = r.uniform(0.03, 0.4) if r.random() < 0.3 else 0.0
    odd, oddly = _oddity(r), r.choice([0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 0.2, 0.5, 1.0])
    texts = []
    for thing in things:
        value = entities.value(thing, f"{names} {side}" if differs else names, kind)
        if size != 1.0:
            value = type(value)(value * size)
        text = other(value) if r.random() < mixed else write(value)
        texts.append(gap if r.random() < gaps else odd(text) if r.random() < oddly else text)
    return Column(names, label(names), texts)


def _oddity(r: Random) -> Callable[[str], str]:
    """What a site adds to some of its values, or a careless extractor leaves around them."""
    word, words = r.choice(["Details", "Info", "NEW", "more", "Edit", "see all"]), [*NOUNS, *ADJECTIVES, *CITIES]
    tail = r.choice([" - {}", " ({})", ", {}", " {}", ": {}", " / {}", " [{}]"])
    changes: list[Callable[[str], str]] = [
        lambda x: f"{word}: {x}",
        lambda x: f"{x} ({word})",
        str.upper,
        lambda x: f"“{x}”",
        lambda x: x.replace(" ", "\u00a0"),
        lambda x: f"{x} »",
        lambda x: x + tail.format(" ".join(r.choice(words) for _ in range(r.randint(1, 4)))),
        lambda x: x + tail.format(" ".join(r.choice(words) for _ in range(r.randint(1, 4))).title()),
        lambda x: x + tail.format(r.randint(1, 2020)),
        lambda x: f"{r.choice(words)} {x}",
        lambda x: x[: max(3, len(x) // 2)],
    ]
    return r.choice(changes)


def _junk(r: Random, rows: int) -> Column:
    """A column that means nothing: one text, a running number, nothing at all, or prose."""
    words = r.choice(["more", "Share", "n/a", "details", "0", "-", "Add to list"])
    texts = r.choice(
        [[words] * rows, [str(i + 1) for i in range(rows)], [""] * rows, [prose(3, 12).draw(r) for _ in range(rows)]]
    )
    return Column("", r.choice(["options", "more", "rank", "notes", "links", "extra", "info", "tools"]), texts)


# ---- a short table against a long vocabulary -------------------------------------------------------------------------
def _vocabulary(r: Random, main: str, domains: Sequence[str]) -> tuple[list[Column], list[Column]]:
    others = r.sample(domains, min(len(domains), r.randint(1, 8)))
    wide = [c for d in dict.fromkeys([main, *others]) for c in DOMAINS[d]]
    wide = wide[: r.choice([20, 40, 80])]
    few = _some(r, DOMAINS[main], r.randint(4, 16)) + (
        [(f"own thing {k}", _numbers(r)) for k in range(r.choice([0, 0, 3, 6]))]
    )
    rows, entities = _row_counts(r), _Entities(r, r.choice([0.0, 0.0, 0.05, 0.3]))
    return _site(r, few, rows[0], entities, 0), _site(r, wide, rows[1], entities, 1)


# ---- one table before and after -------------------------------------------------------------------------------------
SUBJECTS = """
case death test visit admission order sale user claim permit trip call ticket unit loan item member project hour score
""".split()
GROUPS = [
    ["0_4", "5_17", "18_44", "45_64", "65_up"],
    ["male", "female"],
    ["north", "south", "east", "west", "central"],
    ["white", "black", "asian", "hispanic", "other"],
    ["q1", "q2", "q3", "q4"],
    ["low", "medium", "high", "very_high"],
    ["online", "store", "phone"],
    ["adult", "child"],
    ["mon", "tue", "wed", "thu", "fri"],
    ["a", "b", "c", "d", "e", "f"],
    ["full", "partial", "none"],
    ["public", "private"],
]
SERIES = [
    "{s}_count",
    "{s}s",
    "{s}_rate",
    "{s}_count_7day_avg",
    "pct_{s}",
    "total_{s}s",
    "{s}_count_{g}",
    "{s}_rate_{g}",
    "{g}_{s}s",
    "pct_{s}_{g}",
    "all_{s}_count_7day_avg",
    "{s}s_new",
    "{s}s_cumulative",
    "avg_{s}_{g}",
    "{S}_COUNT_{G}",
    "{S}_{G}",
]


def _numbers(r: Random) -> Kind:
    top = int(10 ** r.uniform(0.7, 5))
    return r.choice([count(0, top), count(0, top), plain(0.5, top, r.choice([1, 2])), percent(0, 100), own_pattern(r)])


def _versions(r: Random, domain: str, domains: Sequence[str]) -> tuple[list[Column], list[Column]]:
    """A table that was published again: rows added at the end, some names changed, columns lost and new."""
    rows, later = r.choice([12, 30, 60, 150, 150, 300]), r.choice([0, 0, 1, 1, 7, 30])
    columns = _series(r, rows + later) if r.random() < 0.7 else _domain_table(r, domain, rows + later)
    changed, lost, new = r.choice([0.0, 0.05, 0.2, 0.5, 1.0]), r.choice([0.0, 0.05, 0.2]), r.choice([0.0, 0.05, 0.3])
    one, revised = renamed(r), r.choice([0.0, 0.0, 0.02, 0.1])
    rename = (lambda x: renamed(r)(x)) if r.random() < 0.5 else one
    left, right = [], []
    for column in columns:
        if r.random() >= new:
            left.append(column._replace(texts=column.texts[:rows]))
        if r.random() >= lost:
            name = rename(column.name) if r.random() < changed else column.name
            texts = [t if r.random() >= revised else r.choice(column.texts) for t in column.texts[later:]]
            right.append(column._replace(name=name, texts=texts))
    return left or [columns[0]._replace(texts=columns[0].texts[:rows])], right or [
        columns[0]._replace(texts=columns[0].texts[later:])
    ]


def _domain_table(r: Random, domain: str, rows: int) -> list[Column]:
    concepts = _some(r, DOMAINS[domain], r.randint(3, 16))
    return [c._replace(name=c.name.replace(" ", "_")) for c in _site(r, concepts, rows, _Entities(r, 0.0), 0)]


def _series(r: Random, rows: int) -> list[Column]:
    """A date, and numbers of several groups over time."""
    first, write = 730_000 + r.randint(0, 9_000), date(2000, 2020, 0).style(r)
    step = r.choice([1, 1, 7])
    made = [
        Column(
            "date",
            r.choice(["date", "DATE_OF_INTEREST", "day", "week_ending", "period"]),
            [write(first + step * k) for k in range(rows)],
        )
    ]
    names: dict[str, None] = {}
    for subject in r.sample(SUBJECTS, r.randint(1, 4)):
        for form in r.sample(SERIES, r.randint(1, 6)):
            for group in r.choice(GROUPS) if "g}" in form.lower() else [""]:
                names[form.format(s=subject, g=group, S=subject.upper(), G=group.upper())] = None
    upper = r.random() < 0.3
    for name in list(names)[: r.choice([4, 10, 30, 60])]:
        made.append(
            Column(
                name,
                name.upper() if upper else name,
                _walk(r, rows, "rate" in name or "pct" in name or "avg" in name.lower()),
            )
        )
    return made


def _walk(r: Random, rows: int, broken: bool) -> list[str]:
    """Numbers that go up and down over time, whole or with a fraction; now and then zeros, or only growing ones."""
    level, swing, flat = 10 ** r.uniform(-0.3, 4.5), r.uniform(0.02, 0.5), r.random() < 0.1
    grown, texts = r.random() < 0.12, []
    digits = r.choice([1, 2, 2]) if broken else 0
    total = 0.0
    for _ in range(rows):
        level *= r.lognormvariate(0, swing / 3)
        x = max(0.0, r.gauss(level, level * swing))
        total += x
        x = 0.0 if flat else total if grown else x
        texts.append(f"{x:.{digits}f}")
    return texts


# ---- several sites --------------------------------------------------------------------------------------------------
def made_sites(seed: int, sites: int, rows: int, alike: bool) -> list[list[Column]]:
    """The columns of several sites on one kind of thing; where they are not `alike`, each tells only some of it."""
    r = Random(f"sites {seed}")
    domain = r.choice(sorted(DOMAINS))
    concepts = _some(r, DOMAINS[domain], r.choice([4, 4, 5, 5] if alike else [10, 14, 18]))
    entities = _Entities(r, r.choice([0.0, 0.02, 0.05, 0.1]))
    made = []
    for side in range(sites):
        own = Random(f"sites {seed} {side}")
        told = concepts if alike else [concept for concept in concepts if own.random() < SHARE_TOLD] or concepts[:2]
        columns = _site(own, told, rows, entities, side)
        names = unique([column.name for column in columns])
        made.append([column._replace(name=name) for column, name in zip(columns, names, strict=True)])
    return made
