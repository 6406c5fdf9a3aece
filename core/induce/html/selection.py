"""Which of the columns that could be read from the records are worth keeping: none says what others say already.

A whole text that falls apart into columns in nearly every record is left out, and so is the list of texts whose places
are columns. Of the parts that could be cut from one text those are kept that do not overlap, the surest first.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeGuard

from core.induce.cutting import BRACKETS, WEAK, frame_label, shape
from core.induce.html.columns import ListColumn, TextExtent
from core.model.selector import InlineSelector, PathSelector, PatternSlice, PieceSlice, Slice

EXPLAINED = 0.8
OVERLAPPING = 0.1
MAX_PIECES = 5
LEAST_PARTS = 2
TYPED = frozenset({"date", "datetime", "money", "email", "percent"})
REGULAR = 0.8
FULL = 0.75
SHORTEST = 2.5
SHORT_LABEL = 2
LINKS = ("@href", "@src", "@onclick")


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
    return spelled >= EXPLAINED * column.support


def _falls_apart(text: str, row: int, parts: Sequence[ListColumn]) -> bool:
    """Whether nothing is left of a text when the columns that stand in it are taken out, two at least."""
    taken = 0
    for piece in sorted({part.cells[row][0] for part in parts if part.cells[row]}, key=len, reverse=True):
        if piece in text:
            text = text.replace(piece, " ", 1)
            taken += 1
    return taken >= LEAST_PARTS and not any(c.isalnum() for c in text)


def pieces(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    """Of the parts cut from one text those that do not overlap.

    First what has a type, then what delimiters set apart, then codes that look the same in most records, within such a
    part too, then what is left beside them. Prose and addresses give types and codes only.
    """
    kept: list[ListColumn] = []
    for column in [*_sure(cuts, _is_typed), *_set_apart(cuts)]:
        _keep(column, kept)
    for column in _sure(cuts, _is_code):
        _keep(column, kept, [other for other in kept if not (_is_identifier(column) and _within(column, other))])
    for column in _within_brackets(cuts, kept):
        _keep(column, kept, [other for other in kept if other.selectors[0].slices != column.selectors[0].slices[:-1]])
    for column in _full(cuts) if kept else ():
        _keep(column, kept)
    return [*kept, *_unlabelled(cuts, kept)]


def sure_pieces(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    """Of the parts cut from one text only what has a type, stands in brackets, or is a code; none within another."""
    kept: list[ListColumn] = []
    brackets = [column for column in _set_apart(cuts) if _is_bracket(column.selectors[0].slices[-1])]
    for column in [*_sure(cuts, _is_typed), *_sure(cuts, _is_identifier), *brackets]:
        _keep(column, kept)
    return kept


def _keep(column: ListColumn, kept: list[ListColumn], beside: Sequence[ListColumn] | None = None) -> None:
    others = kept if beside is None else beside
    if len(kept) < MAX_PIECES and column not in kept and not any(_overlap(column, other) for other in others):
        kept.append(column)


def _overlap(column: ListColumn, other: ListColumn) -> bool:
    pairs = _extents(column, other)
    crossing = sum(a[0] < b[1] and b[0] < a[1] for a, b in pairs)
    return crossing > OVERLAPPING * max(1, len(pairs))


def _within(column: ListColumn, other: ListColumn) -> bool:
    pairs = _extents(column, other)
    inside = sum(b[0] <= a[0] and a[1] <= b[1] for a, b in pairs)
    return inside >= (1 - OVERLAPPING) * len(pairs) > sum(a == b for a, b in pairs)


def _extents(column: ListColumn, other: ListColumn) -> list[tuple[TextExtent, TextExtent]]:
    return [(a, b) for a, b in zip(column.extents, other.extents, strict=True) if a and b]


def _unlabelled(cuts: Sequence[ListColumn], kept: Sequence[ListColumn]) -> list[ListColumn]:
    """What stands behind the label with which a text, or a kept part of it, begins ("No. 12" gives 12)."""
    whole = {column.selectors[0].slices for column in kept if not _is_typed(column)} if kept else {()}
    return [
        column
        for column in cuts
        if column not in kept
        and column.origin is not None
        and column.selectors[0].slices[:-1] in whole
        and not column.origin.selectors[0].path_text.endswith(LINKS)
        and (label := frame_label(column.selectors[0].slices[-1]))
        and (column.kind not in ("string", "text") or len(label.split()) <= SHORT_LABEL)
    ]


def _sure(cuts: Sequence[ListColumn], test: Callable[[ListColumn], bool]) -> list[ListColumn]:
    return sorted((column for column in cuts if test(column)), key=_coverage)


def _is_typed(column: ListColumn) -> bool:
    return column.kind in TYPED


def _is_code(column: ListColumn) -> bool:
    return _is_identifier(column) or _is_regular(column.texts)


def _is_identifier(column: ListColumn) -> bool:
    return column.kind == "identifier"


def _is_regular(texts: Sequence[str]) -> bool:
    counts = Counter(shape(text) for text in texts)
    common, count = counts.most_common(1)[0]
    return count >= REGULAR * len(texts) and "\\d" in common and "[" in common


def _set_apart(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    found = [column for column in cuts if _is_full(column) and _is_delimited(column.selectors[0].slices)]
    return sorted(found, key=lambda column: (not _is_bracket(column.selectors[0].slices[-1]), _coverage(column)[::-1]))


def _is_delimited(cuts: Sequence[Slice]) -> bool:
    *before, last = cuts
    if not all(isinstance(cut, PieceSlice) or _is_at_brackets(cut) for cut in before):
        return False
    is_piece = isinstance(last, PieceSlice) and (last.piece > 0 or last.delimiter not in WEAK)
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


def _full(cuts: Sequence[ListColumn]) -> list[ListColumn]:
    return sorted((column for column in cuts if _is_full(column)), key=_coverage)


def _is_full(column: ListColumn) -> bool:
    """Whether a part is there in most records of a source that is neither prose nor an address, and says something."""
    source = column.origin
    if source is None or source.selectors[0].path_text.endswith(LINKS) or source.kind == "text":
        return False
    return column.support >= FULL * source.support and _length(column) >= SHORTEST


def _coverage(column: ListColumn) -> tuple[float, int]:
    return (-(column.support // 5 * 5 + _length(column) / 1000), len(column.selectors[0].slices))


def _length(column: ListColumn) -> float:
    return sum(map(len, column.texts)) / max(1, column.support)
