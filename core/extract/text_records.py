"""Records and values in plain text: blocks of lines that read "Label: value"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.dom.tree import squeeze
from core.extract.cells import Finder
from core.extract.data_records import Finds, FoundRecord
from core.extract.selectors import Match, nth_of, sliced
from core.model.blueprint import RecordSet
from core.model.document import ParsedDocument
from core.model.scope import TextBlocksScope
from core.model.selector import InlineSelector, Selector

LABELLED_LINE = re.compile(r"[ \t>*•-]*([^\W\d_][\w /().&'-]{0,38}[\w)])[ \t]*:(?!//)[ \t]*(\S.*)?$")
# words of a label, characters of a line: longer ones are prose, and a search in them takes time
MOST_LABEL_WORDS_IN_TEXT = 5
LONGEST_LINE = 2_000


class LabelledLine(NamedTuple):
    """A label, and where in the text its value begins and ends."""

    label: str
    start: int
    end: int


TextBlock = list[LabelledLine]


def text_finds(document: ParsedDocument) -> Finds:
    """How the records of a table are found in a text: blocks that hold enough of its labels."""
    text = str(document.root)

    def finds(table: RecordSet) -> list[FoundRecord]:
        scope = table.scope
        if not isinstance(scope, TextBlocksScope):
            return []
        wanted = frozenset(scope.labels)
        fitting = [block for block in blocks(text) if len({entry.label for entry in block} & wanted) >= scope.at_least]
        return [FoundRecord((block[0].start,), _block_finder(text, block)) for block in fitting]

    return finds


def blocks(text: str) -> list[TextBlock]:
    """All blocks of a text; a new one begins where the first label of the last one comes again."""
    found: list[TextBlock] = []
    for entry in _entries(text):
        if found and entry.label != found[-1][0].label:
            found[-1].append(entry)
        else:
            found.append([entry])
    return found


def _entries(text: str) -> Iterator[LabelledLine]:
    """Lines with a label; indented lines below one without a label go on with its value."""
    position, last = 0, None
    for line in text.splitlines(keepends=True):
        match = LABELLED_LINE.match(line.rstrip()) if len(line) <= LONGEST_LINE else None
        if match and len(match[1].split()) <= MOST_LABEL_WORDS_IN_TEXT:
            if last:
                yield last
            start = match.start(2) if match[2] else len(line.rstrip())
            last = LabelledLine(squeeze(match[1]), position + start, position + len(line.rstrip()))
        elif last and line[:1].isspace() and line.strip():
            last = last._replace(end=position + len(line.rstrip()))
        elif last:
            yield last
            last = None
        position += len(line)
    if last:
        yield last


def _block_finder(text: str, block: TextBlock) -> Finder:
    return lambda selector: _entry_matches(selector, text, block)


def _entry_matches(selector: Selector, text: str, block: TextBlock) -> list[Match]:
    if not isinstance(selector, InlineSelector):
        return []
    entries = nth_of([entry for entry in block if entry.label == selector.label], selector.nth)
    return sliced([match for entry in entries if (match := _entry_match(entry, text)).raw], selector.slices)


def _entry_match(entry: LabelledLine, text: str) -> Match:
    value = squeeze(text[entry.start : entry.end])
    return Match(value, 0, len(value), lambda: f"text:{entry.start}-{entry.end}", entry.start)
