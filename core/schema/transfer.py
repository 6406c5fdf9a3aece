"""Takes over what people decided for another site of the same software: tables, names, types, order, taught fields.

Two blueprints of like pages are laid over each other by what they read on the same pages: where a field of the
approved one reads what a learned field reads, the learned field, whose selectors were made for this site, goes by the
approved name and type; where it reads something plausible that learning passed over, it is taken as it is. What
learning found beyond that stays behind it, for a person to see.

What a page says of itself goes first: a table keeps the name it has here, unless that says nothing, and a name that is
only the label of the other page is not given to what has another label, or other values, here.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.compare.columns import texts_of
from core.extract import extract
from core.induce.naming import snake
from core.model import Blueprint, DetailLink, Field, ParsedDocument, RecordSet
from core.model.scope import ElementScope
from core.schema.resemblance import NUMBERED, FieldPlace
from core.values import is_loose, read

# fields, and share of the fields, of an approved table that must read here for it to be taken over: one alone (a title,
# a link) reads on any site
FEWEST_FIELDS = 2
FIELDS_SHARE = 0.5
# how full a column must be here, of what it is on the other site: its rows may have fewer of what is optional
AS_FULL = 0.5
# the share of texts of a column that must be of its type
TYPED_SHARE = 0.8
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
HEADER = re.compile(r"^\[([^\]]*[^\W\d][^\]]*)\]")

# names that learning gives to tables of which nothing is said
NAMELESS = re.compile(r"(records|page|document)(_\d+)?$")

ColumnTexts = tuple[tuple[str, ...], ...]


class Guided(NamedTuple):
    """A learned blueprint after what was decided elsewhere was taken over, and how many fields that were."""

    blueprint: Blueprint
    taken: int


def signature(blueprint: Blueprint) -> frozenset[str]:
    """The class names (with a dot before them), labels and headers that a blueprint looks for: what its software is
    known by.
    """
    found: set[str] = set()
    for table in blueprint.tables:
        scope = table.scope
        paths = [scope.path_text, *(scope.required_keys if isinstance(scope, ElementScope) else ())]
        for field in table.fields:
            paths += [selector.path_text for selector in field.selectors]
            found |= {selector.label_text for selector in field.selectors if selector.label_text}
        found |= {f".{name}" for path in paths for name in CLASS.findall(path)}
        found |= {name for path in paths for name in HEADER.findall(path)}
    return frozenset(found)


def guided(learned: Blueprint, approved: Blueprint, pages: Sequence[ParsedDocument]) -> Guided | None:
    """The learned blueprint with what the approved one of another site decides; None when that does not read here.

    Args:
        learned: what was learned from the pages.
        approved: the blueprint in service on a site that is probably of the same software.
        pages: sample pages that `learned` was learned from.
    """
    if learned.kind != approved.kind:
        return None
    overlay = _Overlay(learned, approved, pages)
    tables = [overlay.table(table) for table in approved.tables]
    main = approved.tables[0]
    if overlay.taken.get(main.name, 0) < max(FEWEST_FIELDS, FIELDS_SHARE * len(main.fields)):
        return None
    found = [table for table in tables if table is not None]
    rest = [table for table in learned.tables if table.name not in overlay.renamed]
    return Guided(_put_together(learned, found, rest, overlay), sum(overlay.taken.values()))


class _Overlay:
    """Two blueprints on the same pages; `taken` counts the fields taken over, by approved table."""

    def __init__(self, learned: Blueprint, approved: Blueprint, pages: Sequence[ParsedDocument]) -> None:
        self.learned = learned
        self.pages = pages
        self.mine = _columns(learned, pages)
        self.theirs = _columns(approved, pages)
        self.renamed: dict[str, str] = {}
        self.names: dict[FieldPlace, str] = {}
        self.taken: dict[str, int] = {}

    def table(self, approved: RecordSet) -> RecordSet | None:
        """The approved table as it reads here: the learned one that reads the same, or itself where it reads at all."""
        same = {table.name: self._find_same(approved, table) for table in self.learned.tables}
        free = [table for table in self.learned.tables if table.name not in self.renamed]
        best = max(free, key=lambda table: len(same[table.name]), default=None)
        if best is None or not same[best.name]:
            return self._as_approved(approved)
        self.renamed[best.name] = self._name(approved.name, best.name)
        return self._lay_over(approved, best, same[best.name])

    def _name(self, approved: str, own: str) -> str:
        """What a table is called here: by its own name, or by the approved one where that says more."""
        says_more = NAMELESS.match(own) and not NAMELESS.match(approved)
        free = approved not in (*self.renamed.values(), *(table.name for table in self.learned.tables))
        return approved if says_more and free else own

    def _find_same(self, approved: RecordSet, learned: RecordSet) -> dict[str, str]:
        """For each approved field the learned one that reads the same on these pages, each of them once."""
        found: dict[str, str] = {}
        for field in approved.fields:
            column = self.theirs.get((approved.name, field.name))
            alike = (
                other.name
                for other in learned.fields
                if self.mine.get((learned.name, other.name)) == column and not _contradict(field, other)
            )
            name = next((name for name in alike if name not in found.values()), None) if column else None
            if name is not None:
                found[field.name] = name
        return found

    def _lay_over(self, approved: RecordSet, learned: RecordSet, same: Mapping[str, str]) -> RecordSet:
        own = {field.name: field for field in learned.fields}
        missing = [field for field in approved.fields if field.name not in same]
        further = {field.name: field for field in self._plausible(missing, learned)}
        taken = [
            _under_approved_name(own[same[field.name]], field) if field.name in same else further[field.name]
            for field in approved.fields
            if field.name in same or field.name in further
        ]
        self.taken[approved.name] = len(taken)
        self.names |= {(learned.name, mine): theirs for theirs, mine in same.items()}
        rest = [field for field in learned.fields if field.name not in same.values()]
        names = {field.name for field in taken}
        for field in rest:
            self.names[learned.name, field.name] = _free(field.name, names)
            names.add(self.names[learned.name, field.name])
        behind = [field.model_copy(update={"name": self.names[learned.name, field.name]}) for field in rest]
        return learned.model_copy(update={"name": self.renamed[learned.name], "fields": (*taken, *behind)})

    def _plausible(self, fields: Sequence[Field], table: RecordSet) -> list[Field]:
        """Approved fields that read something of their type in the records of a learned table that no field there
        reads.
        """
        if not fields:
            return []
        probe = table.model_copy(update={"fields": tuple(fields), "parent": None})
        columns = _columns(Blueprint(kind=self.learned.kind, tables=(probe,)), self.pages)
        records = sum(len(page) for page in max(self._of(table.name), key=_size, default=()))
        taken = self._of(table.name)
        return [
            field
            for field in fields
            if (column := columns.get((table.name, field.name), ())) not in taken and _fits(field, column, records)
        ]

    def _of(self, table: str) -> list[ColumnTexts]:
        return [column for (name, _), column in self.mine.items() if name == table]

    def _as_approved(self, approved: RecordSet) -> RecordSet | None:
        """The approved table itself, with those of its fields that read something plausible on these pages."""
        read = [self.theirs.get((approved.name, field.name), ()) for field in approved.fields]
        records = max(map(_size, read), default=0)
        fields = [field for field, column in zip(approved.fields, read, strict=True) if _fits(field, column, records)]
        if len(fields) < max(FEWEST_FIELDS, FIELDS_SHARE * len(approved.fields)) or approved.parent is not None:
            return None
        self.taken[approved.name] = len(fields)
        name = _free(approved.name, {table.name for table in self.learned.tables})
        return approved.model_copy(update={"name": name, "fields": tuple(fields)})


def _columns(blueprint: Blueprint, pages: Sequence[ParsedDocument]) -> dict[FieldPlace, ColumnTexts]:
    """What each field reads, page by page, as the pages show it."""
    read = [extract(blueprint, page, located=False) for page in pages]
    places = dict.fromkeys((record.table, name) for one in read for record in one.records for name in record.fields)
    return {
        (table, name): tuple(
            tuple(" · ".join(texts_of(r.fields[name])) for r in one.of(table) if name in r.fields) for one in read
        )
        for table, name in places
    }


def _size(column: ColumnTexts) -> int:
    return sum(map(len, column))


def _fits(field: Field, column: ColumnTexts, records: int) -> bool:
    """Whether a column is about as full as where it comes from, and of its type."""
    texts = [text for page in column for text in page]
    if not texts or len(texts) < AS_FULL * field.fill * records:
        return False
    return is_loose(field.type) or field.many or _is_typed(texts, field)


def _is_typed(texts: Sequence[str], field: Field) -> bool:
    return sum(read(text, field.type, field.locale) is not None for text in texts) >= TYPED_SHARE * len(texts)


def _contradict(approved: Field, learned: Field) -> bool:
    """Whether two fields that read the same place are not about the same: the values are of another type than the
    approved ones, or the page has its own label for them where the approved name is no more than a label.
    """
    typed = is_loose(approved.type) or not learned.examples or _is_typed(learned.examples, approved)
    undecided = not approved.pinned and NUMBERED.sub("", approved.name) == snake(approved.label)
    relabelled = bool(approved.label and learned.label) and snake(approved.label) != snake(learned.label)
    return not typed or (undecided and relabelled)


def _under_approved_name(learned: Field, approved: Field) -> Field:
    """A learned field under its approved name, and of the approved type where its examples are of that too."""
    update = {"name": approved.name, "pinned": approved.pinned}
    typed = learned.many == approved.many and (is_loose(approved.type) or _is_typed(learned.examples, approved))
    return learned.model_copy(update=update | ({"type": approved.type} if typed and learned.examples else {}))


def _free(name: str, taken: set[str]) -> str:
    return next(each for n in range(1, len(taken) + 2) if (each := name if n == 1 else f"{name}_{n}") not in taken)


def _put_together(
    learned: Blueprint, found: Sequence[RecordSet], rest: Sequence[RecordSet], overlay: _Overlay
) -> Blueprint:
    names = {table.name for table in found}
    for table in rest:
        overlay.renamed[table.name] = _free(table.name, names)
        names.add(overlay.renamed[table.name])
    behind = [table.model_copy(update={"name": overlay.renamed[table.name]}) for table in rest]
    tables = tuple(
        table.model_copy(update={"parent": overlay.renamed.get(table.parent or "", table.parent)})
        for table in (*found, *behind)
    )
    return learned.model_copy(update={"tables": tables, "details": _link(learned.details, overlay)})


def _link(link: DetailLink | None, overlay: _Overlay) -> DetailLink | None:
    """The link to the pages of records under the new names of its table and fields."""
    if link is None:
        return None
    field = overlay.names.get((link.table, link.field), link.field)
    key = overlay.names.get((link.table, link.key), link.key)
    table = overlay.renamed.get(link.table, link.table)
    return link.model_copy(update={"table": table, "field": field, "key": key})
