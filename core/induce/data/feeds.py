"""Learns feeds: RSS of all ages, RDF, Atom and CDF, with the same names for the same things in all of them."""

from collections.abc import Sequence
from typing import Any

from core.dom.tree import Node
from core.extract.xml_records import elements_below, matches_in, steps
from core.induce.confidence import CUT, KEYED
from core.induce.data.candidate_tables import CandidateField, candidates_of
from core.induce.data.feed_names import (
    CUT_PARTS,
    ENTRY_PATHS,
    FEED_PATHS,
    JSON_FEED,
    MANY_NAMES,
    TIME_NAMES,
    URL_NAMES,
    Paths,
)
from core.induce.data.key_names import path_name
from core.induce.data.record_sets import field_of
from core.induce.data.shapes import Shape
from core.induce.html.columns import ListColumn, parts_of_texts
from core.induce.html.selection import sure_pieces
from core.induce.limits import examples_of, short_examples_of
from core.induce.naming import Names
from core.model.blueprint import Field, FieldType, RecordSet
from core.model.scope import ElementsScope
from core.model.selector import PatternSlice, Selector, XmlSelector
from core.values import column_type

LAYOUTS = {
    "rss": ("channel", ("channel/item", "item", "channel/items/item")),
    "RDF": ("channel", ("item", "channel/item", "channel/items/item")),
    "feed": ("", ("entry",)),
    "channel": ("", ("item", "ITEM")),
    "CHANNEL": ("", ("ITEM", "item")),
}

# columns beside the standard ones: a feed with extensions for shops has hundreds; the rest is counted as left out
MOST_EXTRAS = 30
COMPOSITE = ("title", "link", "summary")
# share of the entries that must have a part before it is a column, as `RULE_SHARE` in core/induce/cutting.py
PART_SHARE = 0.6


def feed_tables(roots: Sequence[Node], shape: Shape) -> list[RecordSet]:
    """The entries of feeds, and what the feeds say of themselves; nothing where the documents are no feeds."""
    layout = LAYOUTS.get(roots[0].tag)
    if layout is None:
        return []
    top, places = layout
    place = next((path for path in places if elements_below(list(roots), steps(path))), "")
    entries = _standard_table("entries", place, ENTRY_PATHS, roots) if place else None
    feed = _standard_table("feed", top, FEED_PATHS, roots)
    if entries is not None:
        entries = _with_cut_parts(_with_extras(entries, shape), elements_below(list(roots), steps(place)))
    return [table for table in (entries, feed) if table is not None]


def _standard_table(name: str, path: str, standard: dict[str, Paths], roots: Sequence[Node]) -> RecordSet | None:
    records = elements_below(list(roots), steps(path))
    fields = tuple(field for key, paths in standard.items() if (field := _standard_field(key, paths, records)))
    if not fields:
        return None
    return RecordSet(name=name, scope=ElementsScope(path=path), fields=fields, confidence=KEYED)


def _standard_field(name: str, paths: Paths, records: Sequence[Node]) -> Field | None:
    """A field with those of its selectors that read something; None when none does."""
    read = {
        selector: [matches_in(selector, record) for record in records] for selector in _standard_selectors(name, paths)
    }
    used = [selector for selector, found in read.items() if any(found)]
    if not used:
        return None
    first = [next((read[s][at] for s in used if read[s][at]), []) for at in range(len(records))]
    texts = [match.raw for matches in first for match in matches]
    kind, locale = _standard_type(name, texts)
    return Field(
        name=name,
        type=kind,
        selectors=tuple(used),
        many=name in MANY_NAMES,
        label=used[0].path_text,
        locale=locale,
        examples=short_examples_of(texts),
        confidence=KEYED,
        fill=round(sum(1 for matches in first if matches) / len(records), 4),
    )


def _standard_selectors(name: str, paths: Paths) -> list[XmlSelector]:
    return [
        XmlSelector(
            path=path, nth=0 if name in MANY_NAMES else 1, slices=(PatternSlice(pattern=pattern),) if pattern else ()
        )
        for path in paths
        for pattern in CUT_PARTS.get(name, ("",))
    ]


def _standard_type(name: str, texts: list[str]) -> tuple[FieldType, str]:
    if name in URL_NAMES:
        return "url", ""
    kind, locale = column_type(texts)
    if name in TIME_NAMES:
        return (kind, locale) if kind in ("date", "datetime") else ("string", "")
    return (kind, locale) if kind in ("text", "integer", "url") else ("string", "")


def _with_cut_parts(table: RecordSet, records: Sequence[Node]) -> RecordSet:
    """The entries with what dates, codes and brackets in their titles, links and summaries say."""
    names = Names()
    for field in table.fields:
        names.take(field.name)
    read = {field: _first_texts(field.selectors[0], records) for field in table.fields if not field.many}
    known = {tuple(filter(None, texts)) for texts in read.values()}
    composite = {field: texts for field, texts in read.items() if field.name in COMPOSITE and field.type != "text"}
    parts = [
        _part_field(field, column, len(records), names)
        for field, texts in composite.items()
        for column in sure_pieces(parts_of_texts(field.selectors[0], texts))
        if column.support >= PART_SHARE * len(records) and tuple(column.texts) not in known
    ]
    return table.model_copy(update={"fields": (*table.fields, *parts)})


def _first_texts(selector: Selector, records: Sequence[Node]) -> list[str]:
    """The first text that a selector reads in each record; "" for none."""
    return [next((match.raw for match in matches_in(selector, record)), "") for record in records]


def _part_field(source: Field, column: ListColumn, records: int, names: Names) -> Field:
    kind, locale = column_type(column.texts)
    return Field(
        name=names.take(source.name if kind == "string" else f"{source.name}_{kind}"),
        type=kind,
        selectors=tuple(column.selectors),
        label=source.label,
        locale=locale,
        examples=examples_of(column.texts),
        confidence=CUT,
        fill=round(column.support / records, 4),
    )


def _with_extras(table: RecordSet, shape: Shape) -> RecordSet:
    """The entries with what else stands in them: the plain leaves that no standard name covers."""
    candidates = candidates_of(shape)
    candidate = next((candidate for candidate in candidates if "/".join(candidate.path) == table.scope.path_text), None)
    if candidate is None:
        return table
    known = {
        step.name for field in table.fields for selector in field.selectors for step in steps(selector.path_text)[:1]
    }
    names = Names()
    for field in table.fields:
        names.take(field.name)
    every = [column for column in candidate.columns if _is_extra(column, known)]
    left, left_out = every[:MOST_EXTRAS], len(every[MOST_EXTRAS:])
    extras = tuple(field_of(column, names.take(path_name(column.path)), candidate.shape.seen, "xml") for column in left)
    return table.model_copy(update={"fields": (*table.fields, *extras), "left_out": left_out})


def _is_extra(column: CandidateField, known: set[str]) -> bool:
    return bool(column.path) and column.path[0] not in known and not column.path[0].startswith("@")


def is_json_feed(root: Any) -> bool:
    """Whether a JSON document says that it is a JSON Feed."""
    version = root.get("version") if isinstance(root, dict) else None
    return isinstance(version, str) and "jsonfeed.org/" in version


def with_standard_names(table: RecordSet) -> RecordSet:
    """A table of a JSON Feed with the names that all feeds have; authors and attachments keep their own."""
    path = table.scope.path_text
    if path not in ("", "items"):
        return table.model_copy(update={"parent": "entries" if path.startswith("items/") else None})
    names = Names()
    fields = [
        field.model_copy(update={"name": names.take(JSON_FEED.get(field.name, field.name))}) for field in table.fields
    ]
    name = "entries" if path else "feed"
    return table.model_copy(update={"name": name, "fields": tuple(fields), "parent": None})
