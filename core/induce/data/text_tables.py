"""Learns the records of plain texts that are written in blocks of "Label: value" lines."""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from core.dom.tree import squeeze
from core.errors import NothingExtracted
from core.extract.text_records import TextBlock, blocks
from core.induce.confidence import BEHIND_A_LABEL, OF_LABELS
from core.induce.data.key_names import address_name, key_name
from core.induce.limits import LABEL_SHARE, MAX_FIELDS, short_examples_of
from core.induce.naming import Names
from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.document import ParsedDocument
from core.model.scope import TextBlocksScope
from core.model.selector import InlineSelector
from core.values import column_type

# different labels that make a block of lines a record: one line with a colon is prose
LABELS_OF_A_BLOCK = 2

# mean number of values a block from which a label holds a list: some blocks say a thing twice by mistake
MEAN_OF_A_LIST = 1.3
BlockTexts = list[list[str]]


def induce_text(documents: Sequence[ParsedDocument]) -> Blueprint:
    """The blueprint of texts of one kind.

    Raises:
        NothingExtracted: they are not written in blocks of labels and values.
    """
    found = [(str(document.root), block) for document in documents for block in blocks(str(document.root))]
    labels = _usual_labels([block for _, block in found])
    if len(labels) < LABELS_OF_A_BLOCK:
        raise NothingExtracted("The text holds no regular blocks of “Label: value” lines.", "Give a page or a table.")
    kept = [
        (text, block)
        for text, block in found
        if len({entry.label for entry in block} & set(labels)) >= LABELS_OF_A_BLOCK
    ]
    names = Names()
    fields = tuple(_labelled_field(label, _texts_behind(label, kept), names) for label in labels[:MAX_FIELDS])
    scope = TextBlocksScope(labels=tuple(labels), at_least=LABELS_OF_A_BLOCK)
    name = address_name(documents[0].url) or "records"
    return Blueprint(
        kind="text",
        tables=(
            RecordSet(name=name, scope=scope, fields=fields, confidence=OF_LABELS, left_out=len(labels[MAX_FIELDS:])),
        ),
        learned_from=tuple(document.content_hash for document in documents),
    )


def _usual_labels(found: Sequence[TextBlock]) -> list[str]:
    """The labels of enough of the blocks that hold more than one, in the order of the text."""
    several = [block for block in found if len({entry.label for entry in block}) >= LABELS_OF_A_BLOCK]
    counts = Counter(label for block in several for label in dict.fromkeys(entry.label for entry in block))
    return [label for label, count in counts.items() if count >= max(1, LABEL_SHARE * len(several))]


def _texts_behind(label: str, found: Sequence[tuple[str, TextBlock]]) -> BlockTexts:
    return [
        [value for e in block if e.label == label and (value := squeeze(text[e.start : e.end]))]
        for text, block in found
    ]


def _labelled_field(label: str, texts: BlockTexts, names: Names) -> Field:
    filled = [each for each in texts if each]
    flat = [text for each in filled for text in each]
    kind, locale = column_type(flat)
    many = bool(filled) and fmean(len(each) for each in filled) >= MEAN_OF_A_LIST
    return Field(
        name=names.take(key_name(label)),
        type=kind,
        selectors=(InlineSelector(label=label, nth=0 if many else 1),),
        many=many,
        label=label,
        locale=locale,
        examples=short_examples_of(flat),
        confidence=BEHIND_A_LABEL,
        fill=round(len(filled) / max(1, len(texts)), 4),
    )
