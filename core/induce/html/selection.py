"""Which of the columns that could be read from the records are worth keeping: none says what others say already.

A whole text that falls apart into columns in nearly every record is left out, and so is the list of texts whose places
are columns. Of the parts that could be cut from one text those are kept that do not overlap, the surest first.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeGuard

from core.induce.cutting import BRACKETS, WEAK_SEPARATORS, frame_label, shape
from core.induce.html.columns import ListColumn, TextExtent
from core.model.selector import InlineSelector, PathSelector, PatternSlice, PieceSlice, Slice

# share of the records in which a text must fall apart without rest before it is left out
SPELLED_OUT_SHARE = 0.8
# share of the records in which two parts of a text may cross and still be two columns: slips of a rule
OVERLAP_SHARE = 0.1
# parts kept of one text: unbounded, a table of court decisions had 60 columns (ADR 9)
MOST_PIECES_OF_A_TEXT = 5
# parts that make up a whole: one part without rest is the same text
FEWEST_PARTS = 2
CUT_TYPES = frozenset({"date", "datetime", "money", "email", "percent"})
# share of the texts of one form, with letters and digits, from which they are codes
CODE_SHARE = 0.8
# share of the records with the whole text that must have a part which nothing but its place speaks for, and its mean
# length in characters: shorter ones are initials and marks
FULL_PART = 0.75
SHORTEST_PART = 2.5
# words of a label that a text begins with: longer beginnings are phrases of prose
MOST_LABEL_WORDS = 2
# records within which two parts count as equally full: then the longer text comes first
LIKE_SUPPORT = 5
LINK_ATTRIBUTES = ("@href", "@src", "@onclick")


def told_once(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """The columns without the whole texts that others spell out piece by piece, or give without their label."""
    parts = [column for column in columns if _is_single_text(column)]
    labelled = [column for column in columns if isinstance(column.selectors[0], InlineSelector)]
    return [
        column
        for column in columns
        if not (_is_composite(column) and _is_spelled_out(column, parts))
        and not (_is_single_text(column) and any(_is_labelled(column, value) for value in labelled))
    ]


def _is_labelled(column: ListColumn, value: ListColumn) -> bool:
    """Whether a text is a label and a value wherever it stands, and a column for the value is there."""
    pairs = [(whole[0], part[:1]) for whole, part in zip(column.cells, value.cells, strict=True) if whole]
    label = value.selectors[0].label_text
    return all(part and whole.startswith(label) and whole.endswith(part[0]) for whole, part in pairs)


def _is_single_text(column: ListColumn) -> bool:
    return not column.many and "/text" in _path_key(column)


def _is_composite(column: ListColumn) -> bool:
    return isinstance(column.selectors[0], PathSelector) and (column.many or _path_key(column).endswith("/all"))


def _path_key(column: ListColumn) -> str:
    """The path key that a column is read at; "" for one that is found otherwise."""
    first = column.selectors[0]
    return first.path_key if isinstance(first, PathSelector) else ""


def _is_spelled_out(column: ListColumn, parts: Sequence[ListColumn]) -> bool:
    others = [part for part in parts if part is not column]
    spelled = sum(_falls_apart(" ".join(cell), row, others) for row, cell in enumerate(column.cells) if cell)
    return spelled >= SPELLED_OUT_SHARE * column.support


def _falls_apart(text: str, row: int, parts: Sequence[ListColumn]) -> bool:
    """Whether nothing is left of a text when the columns that stand in it are taken out, two at least."""
    taken = 0
    for piece in sorted({part.cells[row][0] for part in parts if part.cells[row]}, key=len, reverse=True):
        if piece in text:
            text = text.replace(piece, " ", 1)
            taken += 1
    return taken >= FEWEST_PARTS and not any(c.isalnum() for c in text)


def pieces(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    """Of the parts cut from one text those that do not overlap.

    First what has a type, then what delimiters set apart, then codes that look the same in most records, within such a
    part too, then what is left beside them. Prose and addresses give types and codes only.
    """
    kept: list[ListColumn] = []
    for column in [*_sure(cuts, _has_cut_type), *_set_apart(cuts)]:
        _keep(column, kept)
    for column in _sure(cuts, _is_code_like):
        _keep(column, kept, [other for other in kept if not (_is_identifier(column) and _lies_within(column, other))])
    for column in _within_brackets(cuts, kept):
        _keep(column, kept, [other for other in kept if other.selectors[0].slices != column.selectors[0].slices[:-1]])
    for column in _full_parts(cuts) if kept else ():
        _keep(column, kept)
    return [*kept, *_unlabelled(cuts, kept)]


def sure_pieces(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    """Of the parts cut from one text only what has a type, stands in brackets, or is a code; none within another."""
    kept: list[ListColumn] = []
    brackets = [column for column in _set_apart(cuts) if _is_bracket(column.selectors[0].slices[-1])]
    for column in [*_sure(cuts, _has_cut_type), *_sure(cuts, _is_identifier), *brackets]:
        _keep(column, kept)
    return kept


def _keep(column: ListColumn, kept: list[ListColumn], beside: Sequence[ListColumn] | None = None) -> None:
    others = kept if beside is None else beside
    if len(kept) < MOST_PIECES_OF_A_TEXT and column not in kept and not any(_cross(column, other) for other in others):
        kept.append(column)


def _cross(column: ListColumn, other: ListColumn) -> bool:
    pairs = _paired_extents(column, other)
    crossing = sum(a[0] < b[1] and b[0] < a[1] for a, b in pairs)
    return crossing > OVERLAP_SHARE * max(1, len(pairs))


def _lies_within(column: ListColumn, other: ListColumn) -> bool:
    pairs = _paired_extents(column, other)
    inside = sum(b[0] <= a[0] and a[1] <= b[1] for a, b in pairs)
    return inside >= (1 - OVERLAP_SHARE) * len(pairs) > sum(a == b for a, b in pairs)


def _paired_extents(column: ListColumn, other: ListColumn) -> list[tuple[TextExtent, TextExtent]]:
    return [(a, b) for a, b in zip(column.extents, other.extents, strict=True) if a and b]


def _unlabelled(cuts: Sequence[ListColumn], kept: Sequence[ListColumn]) -> list[ListColumn]:
    """What stands behind the label with which a text, or a kept part of it, begins ("No. 12" gives 12)."""
    whole = {column.selectors[0].slices for column in kept if not _has_cut_type(column)} if kept else {()}
    return [
        column
        for column in cuts
        if column not in kept
        and column.origin is not None
        and column.selectors[0].slices[:-1] in whole
        and not column.origin.selectors[0].path_text.endswith(LINK_ATTRIBUTES)
        and (label := frame_label(column.selectors[0].slices[-1]))
        and (column.kind not in ("string", "text") or len(label.split()) <= MOST_LABEL_WORDS)
    ]


def _sure(cuts: Sequence[ListColumn], test: Callable[[ListColumn], bool]) -> list[ListColumn]:
    return sorted((column for column in cuts if test(column)), key=_coverage)


def _has_cut_type(column: ListColumn) -> bool:
    return column.kind in CUT_TYPES


def _is_code_like(column: ListColumn) -> bool:
    return _is_identifier(column) or _is_regular(column.texts)


def _is_identifier(column: ListColumn) -> bool:
    return column.kind == "identifier"


def _is_regular(texts: Sequence[str]) -> bool:
    counts = Counter(shape(text) for text in texts)
    common, count = counts.most_common(1)[0]
    return count >= CODE_SHARE * len(texts) and "\\d" in common and "[" in common


def _set_apart(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    found = [column for column in cuts if _is_full_part(column) and _is_delimited(column.selectors[0].slices)]
    return sorted(found, key=lambda column: (not _is_bracket(column.selectors[0].slices[-1]), _coverage(column)[::-1]))


def _is_delimited(cuts: Sequence[Slice]) -> bool:
    *before, last = cuts
    if not all(isinstance(cut, PieceSlice) or _is_at_brackets(cut) for cut in before):
        return False
    is_piece = isinstance(last, PieceSlice) and (last.piece > 0 or last.delimiter not in WEAK_SEPARATORS)
    return is_piece or _is_bracket(last)


def _within_brackets(cuts: Sequence[ListColumn], kept: Sequence[ListColumn]) -> list[ListColumn]:
    """The parts into which delimiters part what brackets hold, as in "(Turku - M. Ahola)"."""
    brackets = {column.selectors[0].slices for column in kept if _is_bracket(column.selectors[0].slices[-1])}
    return [column for column in _set_apart(cuts) if column.selectors[0].slices[:-1] in brackets]


def _is_bracket(cut: Slice) -> bool:
    return _is_at_brackets(cut) and cut.side == "match"


def _is_at_brackets(cut: Slice) -> TypeGuard[PatternSlice]:
    """Whether it takes what stands in brackets, or beside them."""
    return isinstance(cut, PatternSlice) and cut.pattern in BRACKETS


def _full_parts(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    return sorted((column for column in cuts if _is_full_part(column)), key=_coverage)


def _is_full_part(column: ListColumn) -> bool:
    """Whether a part is there in most records of a source that is neither prose nor an address, and says something."""
    source = column.origin
    if source is None or source.selectors[0].path_text.endswith(LINK_ATTRIBUTES) or source.kind == "text":
        return False
    return column.support >= FULL_PART * source.support and _mean_length(column) >= SHORTEST_PART


def _coverage(column: ListColumn) -> tuple[float, int]:
    return (
        -(column.support // LIKE_SUPPORT * LIKE_SUPPORT + _mean_length(column) / 1000),
        len(column.selectors[0].slices),
    )


def _mean_length(column: ListColumn) -> float:
    return sum(map(len, column.texts)) / max(1, column.support)
