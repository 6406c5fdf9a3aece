"""How well learned fields meet what people want of saved cases: by one and three examples, by rank, by name, and by
what a person would ask for.
"""

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from statistics import mean
from typing import Any, NamedTuple

from core.errors import BadInput, NothingExtracted
from core.extract import extract
from core.induce import induce
from core.induce.html.examples import with_example
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument
from core.parse import parse
from core.schema.wanted import answers, wanted_columns
from tests.benchmarks.cases import Case, Page

SAME, HALF = 0.8, 0.5
ADDRESS = re.compile(r"[a-z]+://")
FIRST = 30
TAUGHT = "swde"
WHAT = {"pages": "pages of one thing", "lists": "lists"}
SYNONYMS = {
    "title": "title name headline heading h1",
    "docket_numbers": "docket case number no identifier id reference file appeal",
    "case_names": "case name title caption headline opinion style parties",
    "case_dates": "date published filed issued decided release posted datetime time day",
    "download_urls": "url link href download pdf document file opinion",
    "lower_courts": "court lower origin from county trial tribunal",
    "lower_court_numbers": "lower docket case number trial",
    "judges": "judge justice author panel by",
    "authors": "author judge justice by writer opinion",
    "author": "author by creator writer contributor byline",
    "citations": "citation cite number reporter neutral",
    "summaries": "summary description abstract text headnote note",
    "dispositions": "disposition result outcome ruling action status",
    "image": "image photo thumbnail picture img",
    "cuisine": "cuisine kitchen keyword",
    "category": "category course section genre keyword tag",
    "description": "description summary abstract intro text",
    "ingredients": "ingredient",
    "instructions_list": "instruction step direction method preparation",
    "yields": "yield serving portion servings",
    "engine": "engine motor vehicle_engine",
    "price": "price offer msrp cost amount invoice",
    "model": "model name title vehicle h1",
    "fuel_economy": "fuel economy mpg consumption efficiency mileage",
    "location": "location place address city region area",
    "company": "company organization employer hiring name",
    "date_posted": "date posted published",
    "isbn_13": "isbn isbn13 gtin identifier ean",
    "publisher": "publisher imprint published",
    "publication_date": "date published publication pub",
    "genre": "genre category",
    "mpaa_rating": "rating rated mpaa content",
    "director": "director directed by creator",
}
"""The words of schema.org and of the courts under which an attribute may go."""

ASKED = {
    "docket_numbers": ("docket number", "case number (identifier)"),
    "case_names": ("case name", "parties"),
    "case_dates": ("filed (date)", "date", "decision date (date)"),
    "download_urls": ("pdf (url)", "link (url)", "document"),
    "lower_courts": ("lower court", "court"),
    "author": ("author", "by"),
    "image": ("image", "picture (url)"),
    "description": ("description", "summary"),
    "category": ("category", "course"),
    "instructions_list": ("instructions", "steps"),
    "yields": ("yield", "servings"),
    "price": ("price", "price (money)", "cost"),
    "title": ("title", "name"),
    "location": ("location", "place"),
    "company": ("company", "employer"),
    "date_posted": ("date posted", "posted (date)"),
    "isbn_13": ("isbn",),
    "publication_date": ("publication date", "published (date)"),
}
"""What a person would write who wants an attribute; its own name where nothing else is given."""

Key = tuple[str, str]


class Asked(NamedTuple):
    """A wish that was put to what was learned: whether a field reads it well, whether one was named, whether rightly,
    and whether it was sure.
    """

    suite: str
    there: bool
    named: bool
    right: bool
    sure: bool


class Met(NamedTuple):
    """An attribute of a case: how k examples read it, the rank of the first good field in its table, name and score
    of the best.
    """

    case: str
    attribute: str
    by_examples: dict[int, float]
    rank: int
    name: str
    score: float
    suite: str


def fold(text: object) -> str:
    """A text without the differences that are none: case, white space, entities, edges."""
    plain = unicodedata.normalize("NFKC", html.unescape(str(text)))
    return re.sub(r"\s+", " ", plain).strip().casefold().strip(" :;,.|·•-–—")


def met(cases: Iterable[Case], shots: tuple[int, ...] = (1, 3)) -> list[Met]:
    """All attributes of the cases that have pages to read beside those to learn from."""
    return [found for case in cases if case.truth for found in _met(case, shots)]


def asked(cases: Iterable[Case]) -> list[Asked]:
    """All wishes for the attributes of the cases that the likelihoods of `resemblance` were not fitted to; those
    of a case are put together, in as many rounds as it takes.
    """
    return [found for case in cases if case.truth and not _was_fitted_to(case) for found in _asked(case)]


def _was_fitted_to(case: Case) -> bool:
    """Whether a case is of the half that the weights were fitted to: by its name, so that it stays there."""
    return sha256(case.name.encode()).digest()[-1] % 2 == 0


def _asked(case: Case) -> Iterator[Asked]:
    blueprint = _learned(case)
    if blueprint is None:
        return
    scores = {attribute: score for attribute, _, score in _scored(case, blueprint)}
    wishes = {attribute: ASKED.get(attribute, (attribute.replace("_", " "),)) for attribute in scores}
    for turn in range(max(map(len, wishes.values()), default=0)):
        said = {lines[turn]: attribute for attribute, lines in wishes.items() if turn < len(lines)}
        found = answers(blueprint, wanted_columns("\n".join(said)))
        for attribute, answer in zip(said.values(), found, strict=True):
            score, named = scores[attribute], bool(answer.field)
            right = named and score[answer.table, answer.field] >= HALF
            yield Asked(case.suite, max(score.values()) >= SAME, named, right, answer.sure)


def _learned(case: Case) -> Blueprint | None:
    try:
        return induce([parse(page.content, url=page.url) for page in case.learn])
    except (BadInput, NothingExtracted):
        return None


def _scored(case: Case, blueprint: Blueprint) -> Iterator[tuple[str, list[str], dict[Key, float]]]:
    """Each attribute with the pages that hold it and how well each field reads it there."""
    order = [(table.name, field.name) for table in blueprint.tables for field in table.fields]
    rows = {page.url: _read(blueprint, page) for page in case.pages}
    for attribute in sorted({a for records in case.truth.values() for record in records for a in record}):
        read = [page.url for page in case.read if _truths(case, page.url, attribute)]
        if read:
            yield attribute, read, {key: mean(_f1(case, rows, url, attribute, key) for url in read) for key in order}


def _met(case: Case, shots: tuple[int, ...]) -> Iterator[Met]:
    blueprint = _learned(case)
    if blueprint is None:
        return
    order = [(table.name, field.name) for table in blueprint.tables for field in table.fields]
    ranks = {(table.name, field.name): at for table in blueprint.tables for at, field in enumerate(table.fields, 1)}
    for attribute, read, score in _scored(case, blueprint):
        learn = [page.url for page in case.learn if _truths(case, page.url, attribute)]
        best = max(order, key=lambda key: (round(score[key], 6), -order.index(key)))
        by = {k: _taught(case, blueprint, attribute, learn[:k], read) for k in shots if case.name.startswith(TAUGHT)}
        rank = min((ranks[key] for key in order if score[key] >= SAME), default=ranks[best])
        yield Met(case.name, attribute, by, rank, best[1], score[best], case.suite)


def _read(blueprint: Blueprint, page: Page) -> dict[Key, list[list[str]]]:
    """The values of each field of a page, as shown and as typed."""
    found: dict[Key, list[list[str]]] = defaultdict(list)
    for record in extract(blueprint, parse(page.content, url=page.url)).records:
        for name, cell in record.fields.items():
            pairs = zip(_list(cell.raw), _list(cell.value), strict=True)
            found[record.table, name].extend([fold(raw), fold(value)] for raw, value in pairs)
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _truths(case: Case, url: str, attribute: str) -> list[str]:
    return [fold(text) for record in case.truth.get(url, []) for text in record.get(attribute, []) if fold(text)]


def _f1(case: Case, rows: dict[str, dict[Key, list[list[str]]]], url: str, attribute: str, key: Key) -> float:
    """The harmonic mean of the precision and recall of a field's values on a page."""
    truths, got = _truths(case, url, attribute), list(rows[url].get(key, []))
    size, hits = len(got), 0
    for truth in truths:
        at = next((at for at, texts in enumerate(got) if _says(texts, truth)), None)
        if at is not None:
            hits += 1
            del got[at]
    return 2 * hits / (size + len(truths)) if hits else 0.0


def _says(texts: list[str], truth: str) -> bool:
    """Whether a value is the wanted one; of an address, whose base a saved page may have lost, its end is enough."""
    return truth in texts or any(ADDRESS.match(text) and truth in text for text in texts)


def _taught(case: Case, blueprint: Blueprint, attribute: str, shown: list[str], read: list[str]) -> float:
    """The share of pages where a field taught by its values on the shown pages reads a true value (SWDE's measure)."""
    documents = [parse(page.content, url=page.url) for page in case.learn]
    given = {n: _given(case, page.url, attribute) for n, page in enumerate(case.learn) if page.url in shown}
    taught = _with(blueprint, documents, given) or _with(blueprint, documents, {n: v[:1] for n, v in given.items()})
    if taught is None:
        return 0.0
    pages = [page for page in case.pages if page.url in read]
    first = {page.url: next(iter(_read(taught, page).values()), [[""]])[0] for page in pages}
    return mean(any(truth in first[url] for truth in _truths(case, url, attribute)) for url in read)


def _given(case: Case, url: str, attribute: str) -> list[str]:
    return [text for record in case.truth.get(url, []) for text in record.get(attribute, [])]


def _with(blueprint: Blueprint, documents: Sequence[ParsedDocument], given: dict[int, list[str]]) -> Blueprint | None:
    """The blueprint with nothing but the field that was taught."""
    try:
        taught = with_example(blueprint, documents, "taught", given)
    except BadInput:
        return None
    table = next(table for table in taught.tables if any(field.name == "taught" for field in table.fields))
    fields = tuple(field for field in table.fields if field.name == "taught")
    return taught.model_copy(update={"tables": (table.model_copy(update={"fields": fields, "parent": None}),)})


def is_named(found: Met) -> bool:
    """Whether the name of the best field holds a word for the attribute."""
    words = set(found.name.split("_")) | {word.rstrip("s") for word in found.name.split("_")}
    known = {*SYNONYMS.get(found.attribute, "").split(), *found.attribute.split("_")}
    return bool(words & {*known, *(word.rstrip("s") for word in known)})


def _recall(suite: str, found: list[Met]) -> tuple[str, float, str]:
    first = sum(1 for each in found if each.score >= SAME and each.rank <= FIRST)
    what = f"recall@{FIRST} on {WHAT[suite]}: attributes with a good field among the first {FIRST}"
    return (what, first / max(1, len(found)), "≥ .90" if suite == "pages" else "")


def answered(found: list[Asked]) -> list[tuple[str, float, str]]:
    """The figures of wishes: how many that are there were found, and how many of the answers are right."""
    lines = []
    for suite in sorted({each.suite for each in found}):
        mine = [each for each in found if each.suite == suite]
        there, named = [each for each in mine if each.there], [each for each in mine if each.named]
        sure = [each for each in named if each.sure]
        lines += [
            (f"wishes on {WHAT[suite]} that were answered rightly, of those that are there", _right(there), ""),
            (f"answers on {WHAT[suite]} that are right", _right(named), ""),
            (f"answers on {WHAT[suite]} that are right, of those taken without asking", _right(sure), ""),
        ]
    return lines


def _right(found: list[Asked]) -> float:
    return sum(each.right for each in found) / max(1, len(found))


def summary(found: list[Met]) -> list[tuple[str, float, str]]:
    """The figures with their bars: examples on the SWDE sites, rank and name over all cases."""
    swde = [each for each in found if each.case.startswith(TAUGHT)]
    good = [each for each in found if each.score >= SAME]
    lines = [
        (
            f"{k}-example mode on SWDE sites, share of pages with a true value",
            mean(each.by_examples[k] for each in swde),
            bar,
        )
        for k, bar in ((1, "≥ .95"), (3, "≥ .985"))
        if swde
    ]
    return [
        *lines,
        *(_recall(suite, [each for each in found if each.suite == suite]) for suite in sorted(WHAT)),
        ("acceptable names of good fields", sum(map(is_named, good)) / max(1, len(good)), "≥ .80"),
    ]
