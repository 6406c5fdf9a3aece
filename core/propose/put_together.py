"""Labels whose texts are made of the texts of several others on the same records, as "name" of first and last."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.propose.documents import told
from core.signature import DocumentFields

# records that must show a whole and its parts, and the share of those that show both in which the parts must fit
LEAST_RECORDS, FITTING_SHARE = 3, 0.8
# share of the letters and figures of a whole that its parts must make up: the rest is a title, or a word between them
MADE_UP = 0.8
# parts of a whole that are looked for
MOST_PARTS = 4


class PutTogether(NamedTuple):
    """A label whose texts are made of those of others, in the order in which they stand, and on how many records."""

    whole: str
    parts: tuple[str, ...]
    records: int
    seen: int


class RecordPair(NamedTuple):
    """One record twice: where it may have the whole text, and where it may have the parts."""

    whole: DocumentFields
    parts: DocumentFields


def put_together(records: Sequence[RecordPair], wholes: Sequence[str], parts: Sequence[str]) -> Iterator[PutTogether]:
    """The labels among `wholes` whose texts are made of those of some of `parts`; each part is of one whole at most."""
    free = list(parts)
    for whole in wholes:
        shown = [pair for pair in records if _text(pair.whole, whole)]
        within = [part for part in free if _fits(shown, whole, part)]
        order = sorted(within, key=lambda part: _place(shown, whole, part))[:MOST_PARTS]
        made = sum(_is_made_of(pair, whole, order) for pair in shown)
        if len(order) > 1 and made >= max(LEAST_RECORDS, FITTING_SHARE * len(shown)):
            free = [part for part in free if part not in order]
            yield PutTogether(whole, tuple(order), made, len(shown))


def same_records(
    before: Sequence[DocumentFields], now: Sequence[DocumentFields], key: Sequence[str]
) -> list[tuple[DocumentFields, DocumentFields]]:
    """Rows that are of one record by the texts of its key, as they were and as they are now."""
    earlier = {place: row for row in before if (place := _place_of(row, key))}
    return [(earlier[place], row) for row in now if (place := _place_of(row, key)) in earlier]


def _place_of(row: DocumentFields, key: Sequence[str]) -> tuple[str, ...]:
    """The texts of a key; none where one of them is missing."""
    texts = tuple(_text(row, label) for label in key)
    return texts if all(texts) else ()


def _text(row: DocumentFields, label: str) -> str:
    return " ".join(told(row.get(label, ()))).casefold()


def _fits(shown: Sequence[RecordPair], whole: str, part: str) -> bool:
    """Whether the text of a part mostly stands within that of a whole, and is not all of it."""
    both = [(_text(pair.whole, whole), text) for pair in shown if (text := _text(pair.parts, part))]
    fitting = sum(text in long and text != long for long, text in both)
    return fitting >= max(LEAST_RECORDS, FITTING_SHARE * len(both))


def _place(shown: Sequence[RecordPair], whole: str, part: str) -> float:
    """Where the texts of a part stand in those of a whole, in the mean."""
    places = [_text(pair.whole, whole).find(_text(pair.parts, part)) for pair in shown]
    return sum(places) / len(places)


def _is_made_of(pair: RecordPair, whole: str, parts: Sequence[str]) -> bool:
    """Whether the parts stand in the text one behind the other, and little else does."""
    long, begin = _text(pair.whole, whole), 0
    for text in (_text(pair.parts, part) for part in parts):
        found = long.find(text, begin)
        if found < 0:
            return False
        begin = found + len(text)
    said = sum(_letters(_text(pair.parts, part)) for part in parts)
    return said >= MADE_UP * _letters(long)


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
