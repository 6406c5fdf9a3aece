"""Learns a second way to each field of a blueprint, which shares nothing with the first one.

A way is independent when nothing that the first selector of the field goes by leads it too: no label, no class, no
attribute, no kind of data for machines. So a redesign, or a repair that takes the neighbour for the value, does not
lead both astray. It is kept where it read what the blueprint reads on all pages at hand.

What tells that a number is wrong: `python -m tests.benchmarks.second` (fields that have a second way, cells in dispute
on calm pages, faults that are caught).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.compare.values import agree, bare
from core.dom.page_index import PageIndex
from core.extract.cells import read_cell
from core.extract.scopes import spans
from core.extract.selectors import Context, Match, matches
from core.induce.html.candidates import SelectorCandidate, page_selectors, read_selector
from core.induce.html.columns import column_selectors
from core.induce.html.details import NAMING_QUALITY
from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.document import ParsedDocument
from core.model.extraction import FieldValue
from core.model.scope import DocumentScope
from core.model.selector import AboveSelector, EmbeddedSelector, LabelSelector, PathSelector, SectionSelector, Selector
from core.values import is_loose

# records of a table that a way is tried on: enough to see it go wrong once in a hundred
MOST_TRIED = 300
# different values that both ways must have read: fewer agree by chance
FEWEST_DIFFERENT = 3
# share of the cells of the first way that the second must read too: one that reads fewer is mostly silent, and where it
# speaks it stands on few proofs
LEAST_SUPPORT = 0.5
# ways of a field that are kept, the best first: where one finds nothing the next is asked
MOST_WAYS = 2
# what a step of a path key is known by: a class, an id, the number or the header of a column, an attribute of its own
ANCHOR = re.compile(r"\.[^.>/\[\]:]+|#[^>/\[]+|:\w+|^\[[^\]]+\]|@data-[\w-]+")
# steps that count elements or texts from the top
COUNTED = re.compile(r"\[\d+\]|/text\d+$")
# ways that say what they mean before those that only say where it stands
ORDER = ("jsonld", "microdata", "label", "inline", "section", "state", "meta", "path", "above")


class _Way(NamedTuple):
    """A selector, and in how many of the cells it was compared."""

    selector: Selector
    compared: int


def learned_apart(blueprint: Blueprint, documents: Sequence[ParsedDocument]) -> Blueprint | None:
    """The blueprint with those fields that have an independent way, and that way alone; None where none has.

    Only pages for people have several ways to a value: data have one.
    """
    pages = [PageIndex(document) for document in documents if document.kind == blueprint.kind == "html"]
    if not pages:
        return None
    tables = [_table(table, pages) for table in blueprint.tables]
    if not any(table.fields for table in tables):
        return None
    return Blueprint(kind=blueprint.kind, tables=tuple(tables))


def _table(table: RecordSet, pages: Sequence[PageIndex]) -> RecordSet:
    """Former layouts have no second way: they are on their way out."""
    contexts = list(_contexts(table, pages))[:MOST_TRIED]
    ways = _ways(table, pages, contexts)
    fields = [
        field.model_copy(update={"selectors": tuple(ways[field.name]), "former": (), "guard": None, "examples": ()})
        for field in table.fields
        if ways[field.name]
    ]
    return table.model_copy(update={"fields": tuple(fields), "former": ()})


def _contexts(table: RecordSet, pages: Sequence[PageIndex]) -> Iterator[Context]:
    for page in pages:
        if isinstance(table.scope, DocumentScope):
            yield Context(page, page.view, 0)
        else:
            yield from (Context(page, span.view, span.start) for span in spans(table.scope, page))


def _ways(table: RecordSet, pages: Sequence[PageIndex], contexts: Sequence[Context]) -> dict[str, list[Selector]]:
    """The independent ways of each field, best first."""
    first = {field.name: [_lead_texts(field, context) for context in contexts] for field in table.fields}
    wanted: dict[tuple[int, tuple[str, ...]], list[Field]] = defaultdict(list)
    for field in table.fields:
        for number, texts in enumerate(first[field.name]):
            if texts:
                wanted[number, _folded(texts)].append(field)
    found: dict[str, list[_Way]] = defaultdict(list)
    for selector in dict.fromkeys(_selectors(table, pages)):
        candidate = read_selector(selector, contexts) if selector.kind in ORDER else None
        if candidate is None or not _says_what_it_is(candidate):
            continue
        for field in _agreeing(candidate, wanted, table):
            way = _proved(field, selector, contexts, len([texts for texts in first[field.name] if texts]))
            if way:
                found[field.name].append(way)
    ranked = {name: sorted(ways, key=_rank) for name, ways in found.items()}
    return defaultdict(list, {name: [way.selector for way in ways[:MOST_WAYS]] for name, ways in ranked.items()})


def _says_what_it_is(candidate: SelectorCandidate) -> bool:
    """Whether it is more than a place that happens to come next: what comes next changes with the page."""
    selector = candidate.selector
    if isinstance(selector, LabelSelector):
        return selector.offset == 1 and candidate.quality >= NAMING_QUALITY
    path = selector.path_text if isinstance(selector, PathSelector | SectionSelector | AboveSelector) else ""
    return not path or bool(ANCHOR.search(path) and not COUNTED.search(path))


def _rank(way: _Way) -> tuple[int, int]:
    return -way.compared, ORDER.index(way.selector.kind)


def _lead_texts(field: Field, context: Context) -> tuple[str, ...]:
    """What the first selector of a field finds, before anything is sliced out of it."""
    whole = field.selectors[0].model_copy(update={"slices": ()})
    return tuple(match.raw for match in matches(whole, context) if match.raw)


def _selectors(table: RecordSet, pages: Sequence[PageIndex]) -> Iterator[Selector]:
    if isinstance(table.scope, DocumentScope):
        yield from page_selectors(pages)
        return
    for page in pages[:1]:
        found = spans(table.scope, page)[:MOST_TRIED]
        if found:
            yield from column_selectors(found, page)


def _agreeing(
    candidate: SelectorCandidate, wanted: dict[tuple[int, tuple[str, ...]], list[Field]], table: RecordSet
) -> list[Field]:
    """The fields that a selector may be another way to: those that it reads like in some record.

    Data for machines write days and numbers in their own way: they may be any typed field.
    """
    readings = enumerate(candidate.readings)
    found = [field for number, texts in readings if texts for field in wanted.get((number, _folded(texts)), ())]
    if isinstance(candidate.selector, EmbeddedSelector):
        found += [field for field in table.fields if not is_loose(field.type)]
    return list({field.name: field for field in found}.values())


def _folded(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(bare(text) for text in texts)


def _proved(field: Field, selector: Selector, contexts: Sequence[Context], known: int) -> _Way | None:
    """The selector as a way to the field, when it is independent and never read anything else."""
    lead = field.selectors[0]
    if selector.reads_many != field.many or goes_by(lead) & goes_by(selector):
        return None
    second = field.model_copy(
        update={"selectors": (selector.model_copy(update={"slices": lead.slices}),), "former": (), "guard": None}
    )
    first = field.model_copy(update={"selectors": field.selectors[:1], "former": (), "guard": None})
    pairs = [(_cell(first, context), _cell(second, context)) for context in contexts]
    both = [(one, other) for one, other in pairs if one is not None and other is not None]
    texts = {str(one.raw) for one, _ in both}
    if len(both) < LEAST_SUPPORT * known or len(texts) < FEWEST_DIFFERENT:
        return None
    return _Way(second.selectors[0], len(both)) if all(agree(one, other) for one, other in both) else None


def _cell(field: Field, context: Context) -> FieldValue | None:
    def find(selector: Selector) -> list[Match]:
        return matches(selector, context)

    return read_cell(field, find, context.page.document.url, located=False)


def goes_by(selector: Selector) -> frozenset[str]:
    """What a selector goes by: while two have nothing of it in common, no single change leads both astray."""
    if isinstance(selector, EmbeddedSelector):
        return frozenset({selector.kind})
    path = selector.path_text if isinstance(selector, PathSelector | SectionSelector) or not selector.label_text else ""
    # where a path has neither class nor column, it is known by all of its steps
    steps = (ANCHOR.findall(path) or [path]) if path else []
    return frozenset([*steps, *([f"label {selector.label_text}"] if selector.label_text else [])])
