"""Fresh pages as a repair sees them: what was learned from them anew, and which of them show a thing that is known."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from core.compare.columns import Columns
from core.compare.values import are_alike, bare
from core.dom.page_index import PageIndex
from core.errors import BadInput, NothingExtracted
from core.extract import extract
from core.induce import induce
from core.induce.html.candidates import Candidate, candidates
from core.induce.html.lists import list_tables
from core.induce.html.ranking import is_navigation
from core.induce.naming import Names
from core.model import Blueprint, Lesson, ParsedDocument, Record, RecordSet
from core.model.blueprint import DocumentKind
from core.model.scope import DocumentScope

# records of a place that may be a part of a list: learning alone asks for more, known rows can vouch for two
FEWEST_IN_PART = 2
HEADING_KEYS = ("h1/text", "h1/all")


class FreshTable:
    """One table that was learned on the fresh pages, and what it reads there.

    `taught` is the form the table had before the redesign that a lesson tells of; one that `repeats` says again what
    better tables say, often in pieces.
    """

    def __init__(
        self,
        table: RecordSet,
        pages: Sequence[Sequence[Record]],
        taught: RecordSet | None = None,
        *,
        repeats: bool = False,
    ) -> None:
        self.table = table
        self.pages = pages
        self.taught = taught
        self.repeats = repeats

    @cached_property
    def columns(self) -> Columns:
        """Its columns."""
        return Columns(self.table, [record for page in self.pages for record in page])


class FreshPages:
    """The fresh pages, learned anew once and for all tables."""

    def __init__(
        self,
        kind: DocumentKind,
        before: Sequence[ParsedDocument],
        after: Sequence[ParsedDocument],
        same: Sequence[tuple[int, int]],
        lessons: Sequence[Lesson] = (),
    ) -> None:
        self.before = before
        self.after = after
        self.lessons = lessons
        self.same = same
        self.shows_the_known = False
        self._kind = kind

    @cached_property
    def learned(self) -> Blueprint | None:
        """What the pages have in common, by itself; None when they hold nothing that could be learned."""
        try:
            return induce([document for document in self.after if document.kind == self._kind])
        except (NothingExtracted, BadInput):
            return None

    @cached_property
    def places(self) -> list[FreshTable]:
        """All tables of the fresh pages, also those that repeat the values of a better one."""
        if self.learned is None:
            return []
        more = self._more_lists()
        pairs = [*((table, None) for table in (*self.learned.tables, *more)), *self._lesson_tables()]
        both = self.learned.model_copy(update={"tables": tuple(table for table, _ in pairs)})
        read = [extract(both, document) for document in self.after]
        return [
            FreshTable(table, [one.of(table.name) for one in read], taught, repeats=table in more)
            for table, taught in pairs
        ]

    def _lesson_tables(self) -> Iterator[tuple[RecordSet, RecordSet | None]]:
        """Where the tables of like pages went, beside the form they had before."""
        for number, lesson in enumerate(self.lessons):
            for before in lesson.before.tables:
                after = lesson.after.table(before.name) if lesson.held else None
                if after is not None:
                    yield after.model_copy(update={"name": f"{after.name}@{number}", "former": ()}), before

    @cached_property
    def lists(self) -> list[FreshTable]:
        """The tables of many records, without those that only help to find one's way."""
        lists = [place for place in self.places if not isinstance(place.table.scope, DocumentScope)]
        return [place for place in lists if not any(is_navigation(place.table, page) for page in self.indexes[:1])]

    def _more_lists(self) -> list[RecordSet]:
        if self._kind != "html" or self.learned is None:
            return []
        scopes = {table.scope for table in self.learned.tables}
        found = list_tables(self.indexes[0], Names())
        named = [table.model_copy(update={"name": f"{table.name}:{number}"}) for number, table in enumerate(found)]
        return [table for table in named if table.scope not in scopes]

    @cached_property
    def short_lists(self) -> list[FreshTable]:
        """Places of as few as two records, too few to be learned as lists where nothing is known of them."""
        if self._kind != "html" or self.learned is None:
            return []
        known = {place.table.scope for place in self.places}
        found = list_tables(self.indexes[0], Names(), FEWEST_IN_PART)
        tables = tuple(table for table in found if table.scope not in known)
        read = [extract(self.learned.model_copy(update={"tables": tables}), document) for document in self.after]
        return [FreshTable(table, [one.of(table.name) for one in read], repeats=True) for table in tables]

    @cached_property
    def indexes(self) -> list[PageIndex]:
        """The fresh pages that are HTML, indexed."""
        return [PageIndex(document) for document in self.after if document.kind == "html"]

    def is_new(self, table: RecordSet) -> bool:
        """Whether no archived page holds a record of a table that was learned on the fresh ones."""
        alone = Blueprint(kind=self._kind, tables=(table.model_copy(update={"parent": None}),))
        return not any(extract(alone, document, located=False).records for document in self.before)

    def says(self, text: str) -> bool:
        """Whether a folded text stands on a fresh page."""
        return any(text in page for page in self._texts)

    @cached_property
    def _texts(self) -> list[set[str]]:
        return [{bare(leaf.text) for leaf in index.view.leaves} for index in self.indexes]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Everything on the fresh pages that a selector can read."""
        return candidates(self.indexes) if len(self.indexes) == len(self.after) else []


def same_things(before: Sequence[ParsedDocument], after: Sequence[ParsedDocument]) -> list[tuple[int, int]]:
    """Archived and fresh pages of the same address or under the same heading: they show the same thing."""
    headings = [_heading(document) for document in after]
    pairs: list[tuple[int, int]] = []
    for number, old in enumerate(before):
        heading = _heading(old)
        found = (
            position
            for position, new in enumerate(after)
            if (new.url and new.url == old.url)
            or (heading and headings[position] and are_alike(heading, headings[position]))
        )
        pairs.extend((number, position) for position in islice(found, 1))
    return pairs


def _heading(document: ParsedDocument) -> str:
    if document.kind != "html":
        return ""
    keys = PageIndex(document).view.by_key
    return next((leaf.text.casefold() for key in HEADING_KEYS for leaf in keys.get(key, ())), "")
