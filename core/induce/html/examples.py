"""Learns a field from values that a person points at: "this is the price", on one page or on a few.

Of all selectors that read exactly what was given, the one that is trusted most leads, and those that agree with it on
the other pages follow as fallbacks. Where no place holds the value alone, a rule is learned that cuts it out.
"""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.dom.page_index import PageIndex
from core.errors import BadInput
from core.extract.scopes import Span, spans
from core.extract.selectors import Context, matches
from core.induce.confidence import POINTED_AT
from core.induce.cutting import cuts_for, surroundings
from core.induce.html.candidates import ReadTexts, SelectorCandidate, page_selectors, read_selector
from core.induce.html.columns import ListColumn, cut_columns, list_columns
from core.induce.html.trust import main_type, priority
from core.induce.limits import MAX_SELECTORS, examples_of
from core.induce.naming import snake
from core.induce.types import placed_type
from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.document import ParsedDocument
from core.model.scope import DocumentScope, ElementScope
from core.model.selector import SectionSelector, Selector, Slice

# share of the pages on which a fallback must read what the lead reads, as `SAME_FIELD_SHARE` in
# core/induce/html/details.py, also between pages nobody gave a value for
AGREES_WITH_LEAD = 0.7
# records of a long list that a click is compared with: enough to tell columns apart while a person waits
SAMPLED_RECORDS = 300

LABEL_MARKS = " :;,.|·•"

Given = Mapping[int, Sequence[str]]


def with_example(blueprint: Blueprint, documents: Sequence[ParsedDocument], name: str, given: Given) -> Blueprint:
    """The blueprint with a pinned field that reads the values given for some of the documents, by their position.

    The tables are looked through in their order, so a value of a list page becomes a column of its list, and one of a
    page about one thing a field of that. A field of that name is replaced.

    Raises:
        BadInput: no value is given, the documents are no web pages, or a value does not stand on its page.
    """
    name = snake(name)
    if not name or not any(given.values()):
        raise BadInput("A field needs a name and a value.", "Give both, as in “price=12.50”.")
    if blueprint.kind != "html":
        raise BadInput("Only fields of web pages can be taught.", "Rename or drop the columns of other documents.")
    pages = [PageIndex(document) for document in documents]
    for table in _places_to_look(blueprint):
        listed = not isinstance(table.scope, DocumentScope)
        field = _column_field(table, pages, name, given) if listed else _page_field(pages, name, given)
        if field is not None:
            return _put(blueprint, table, field)
    shown = next(value for values in given.values() for value in values)
    raise BadInput(f"“{shown}” does not stand on the page.", "Copy the value as the page shows it.")


def _places_to_look(blueprint: Blueprint) -> list[RecordSet]:
    """The tables in the order of the blueprint, the one of the page itself among them in any case."""
    if any(isinstance(table.scope, DocumentScope) for table in blueprint.tables):
        return [*blueprint.tables]
    return [*blueprint.tables, RecordSet(name="page", fields=(), scope=DocumentScope())]


def _put(blueprint: Blueprint, table: RecordSet, field: Field) -> Blueprint:
    """The field at the place of the one it replaces, by name or because both read the same place; else first."""
    replaced = [known.name == field.name or known.selectors[0] == field.selectors[0] for known in table.fields]
    at = replaced.index(True) if True in replaced else 0
    rest = [known for known, gone in zip(table.fields, replaced, strict=True) if not gone]
    changed = table.model_copy(update={"fields": (*rest[:at], field, *rest[at:])})
    tables = tuple(changed if known.name == table.name else known for known in blueprint.tables)
    known = any(known.name == table.name for known in blueprint.tables)
    return blueprint.model_copy(update={"tables": tables if known else (*tables, changed)})


def _page_field(pages: Sequence[PageIndex], name: str, given: Given) -> Field | None:
    contexts = [Context(page, page.view, 0) for page in pages]
    found = _matching(pages, contexts, given) or _cut_out(pages, contexts, given)
    if not found:
        return None
    main = main_type(found)
    found.sort(key=lambda candidate: priority(candidate, main))
    lead = found[0]
    members = [lead, *(other for other in found[1:] if _agrees_with(other, lead))][:MAX_SELECTORS]
    return _pinned_field(name, [member.selector for member in members], lead.texts, lead.support, _first(given), lead)


def _matching(pages: Sequence[PageIndex], contexts: Sequence[Context], given: Given) -> list[SelectorCandidate]:
    """Every selector that reads what was given, and nothing else, on the pages it was given for."""
    shown = [contexts[number] for number in given]
    wanted = [_fold_values(values) for values in given.values()]
    found = []
    for selector in dict.fromkeys(page_selectors(pages)):
        if [_fold_values(reading) for reading in read_selector(selector, shown).readings] == wanted:
            found.append(read_selector(selector, contexts))
    return found


def _cut_out(pages: Sequence[PageIndex], contexts: Sequence[Context], given: Given) -> list[SelectorCandidate]:
    """The selectors of longer texts that hold the value, with the rule that takes it out of them."""
    if any(len(values) != 1 for values in given.values()):
        return []
    wanted = {number: _fold_values(values)[0] for number, values in given.items()}
    found: list[SelectorCandidate] = []
    for selector in dict.fromkeys(page_selectors(pages)):
        if isinstance(selector, SectionSelector) or not selector.reads_many:
            whole = read_selector(selector, contexts)
            if all(_holds_value(whole.readings[number], value) for number, value in wanted.items()):
                found.extend(_cut_candidates(whole, wanted, contexts))
    return found


def _holds_value(reading: ReadTexts, value: str) -> bool:
    return len(reading) == 1 and value in reading[0].casefold()


def _cut_candidates(
    whole: SelectorCandidate, wanted: Mapping[int, str], contexts: Sequence[Context]
) -> Iterator[SelectorCandidate]:
    for rules in _rules_for_value(whole, wanted):
        selector = whole.selector.model_copy(update={"slices": rules})
        candidate = read_selector(selector, contexts)
        if all(_fold_values(candidate.readings[number]) == (value,) for number, value in wanted.items()):
            candidate.quality = whole.quality
            yield candidate
            return


def _rules_for_value(whole: SelectorCandidate, wanted: Mapping[int, str]) -> Iterator[tuple[Slice, ...]]:
    """Rules that fit what all pages say, then the plain surroundings of the value on its page."""
    yield from sorted(cuts_for(whole.texts), key=len)
    number, value = next(iter(wanted.items()))
    yield from ((rule,) for rule in surroundings(whole.readings[number][0], value))


def _agrees_with(other: SelectorCandidate, lead: SelectorCandidate) -> bool:
    pairs = [(a, b) for a, b in zip(other.readings, lead.readings, strict=True) if a and b]
    same = sum(_fold_values(a) == _fold_values(b) for a, b in pairs)
    return same >= AGREES_WITH_LEAD * len(pairs)


def _column_field(table: RecordSet, pages: Sequence[PageIndex], name: str, given: Given) -> Field | None:
    """The value as a column of a list: the fullest of those that hold each given value in a record of its page."""
    if not isinstance(table.scope, ElementScope):
        return None
    shown = {number: spans(table.scope, pages[number]) for number in given}
    first = next((number for number, found in shown.items() if found), None)
    if first is None:
        return None
    looked_at = _sampled(shown[first], given[first])
    fitting = [
        column for column in _possible_columns(looked_at, pages[first]) if _has(column.cells, column.many, given[first])
    ]
    rest = [(pages[number], shown[number], given[number]) for number in given if number != first]
    fitting = [column for column in fitting if all(_reads(column, *other) for other in rest)]
    if not fitting:
        return None
    best = max(
        fitting,
        key=lambda column: (column.support, -len(column.selectors[0].slices), -len(column.selectors[0].path_text)),
    )
    return _pinned_field(name, best.selectors, best.texts, best.support / len(looked_at), _first(given), None)


def _sampled(found: list[Span], values: Sequence[str]) -> list[Span]:
    """Of a long list the records that hold a value, and of the others enough to tell one column from another."""
    if len(found) <= SAMPLED_RECORDS:
        return found
    wanted = [text for text in _fold_values(values) if text]
    every = len(found) // SAMPLED_RECORDS
    return [span for n, span in enumerate(found) if n % every == 0 or _says(span, wanted)]


def _says(span: Span, wanted: Sequence[str]) -> bool:
    leaves = [leaf.text for leaf in span.view.leaves]
    said = _fold_values([" ".join(leaf.text for leaf in span.view.texts), *leaves])
    return any(text in each for each in said for text in wanted)


def _reads(column: ListColumn, page: PageIndex, found: Sequence[Span], values: Sequence[str]) -> bool:
    """Whether a column holds the values given for a further page in records of that page."""
    contexts = (Context(page, span.view, span.start) for span in found)
    cells = [tuple(match.raw for match in matches(column.selectors[0], context)) for context in contexts]
    return _has(cells, column.many, values)


def _possible_columns(found: Sequence[Span], page: PageIndex) -> list[ListColumn]:
    if not found:
        return []
    whole = list_columns(found, page)
    return [*whole, *(column for cuts in cut_columns(whole, found, page) for column in cuts)]


def _has(cells: Iterable[Sequence[str]], many: bool, values: Sequence[str]) -> bool:
    folded = {_fold_values(cell) for cell in cells}
    return _fold_values(values) in folded or (not many and all(_fold_values([value]) in folded for value in values))


def _pinned_field(
    name: str,
    selectors: Sequence[Selector],
    texts: Sequence[str],
    fill: float,
    shown: str,
    lead: SelectorCandidate | None,
) -> Field:
    kind, locale = placed_type(selectors[0], texts)
    return Field(
        name=name,
        type=kind,
        selectors=tuple(selectors),
        many=selectors[0].reads_many,
        label=lead.selector.label_text if lead else "",
        locale=locale,
        examples=examples_of([shown, *texts]),
        confidence=POINTED_AT,
        fill=round(fill, 4),
        pinned=True,
    )


def _first(given: Given) -> str:
    return next(value for values in given.values() for value in values)


def _fold_values(texts: Sequence[str]) -> ReadTexts:
    return tuple(" ".join(html.unescape(text).split()).casefold().strip(LABEL_MARKS) for text in texts)
