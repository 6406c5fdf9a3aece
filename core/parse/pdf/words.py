"""The words of a PDF page where they stand, in lines."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from core.parse.pdf.turning import turn_of

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

# gaps in heights of a line: narrower ones are within a word, wider ones between the cells of a row; between two numbers
# a narrower gap parts cells, as nobody sets spaces within numbers
WORD_GAP = 0.2
CHUNK_GAP = 0.75
VALUE_GAP = 0.45
# points of the largest line that gaps grow with: in headlines spaces are as wide, columns are not
TALLEST = 14
# how far the middles of signs of one line are apart, in heights of the line, how much taller than a small raised sign
# its line may be, and how far back, in heights, a letter may begin before the last one ends (kerning)
SAME_LINE = 0.4
RAISED = 1.5
KERNED = 0.5
# the texts of the cells of one row
RowTexts = list[str]
LEADER = re.compile(r"[._…·-]{4,}$")
LEADERS = re.compile(r"(\s*[.…·]){3,}$")
# characters of a page that are read: more have only pages that are whole books, or drawn of letters
MAX_CHARACTERS = 60_000


class PdfWord(NamedTuple):
    """A piece of text and its box, in points from the top left corner of the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        """How tall its line is."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height of its centre on the page."""
        return (self.top + self.bottom) / 2


class PdfLine(NamedTuple):
    """Words on one height, from left to right, and joined to chunks that stand apart."""

    chunks: tuple[PdfWord, ...]
    top: float
    bottom: float
    words: tuple[PdfWord, ...] = ()

    @property
    def height(self) -> float:
        """How tall it is."""
        return self.bottom - self.top


def words_of(page: "PdfPage") -> list[PdfWord]:
    """The words of a page as they come in the file."""
    return _words(_characters(page))


def lines_of(words: Iterable[PdfWord]) -> list[PdfLine]:
    """Words as lines of text from top to bottom."""
    return [line for row in _rows(words) if (line := _line(row)).chunks]


def _characters(page: "PdfPage") -> list[PdfWord]:
    import pypdfium2.raw as pdfium

    turn = turn_of(page)
    text_page = page.get_textpage()
    found = []
    for index in range(min(text_page.count_chars(), MAX_CHARACTERS)):
        letter = chr(pdfium.FPDFText_GetUnicode(text_page, index))
        left, bottom, right, top = text_page.get_charbox(index, loose=True)
        if right > left and top > bottom:
            found.append(PdfWord(letter, *turn.box(left, bottom, right, top)))
    return found


def _words(characters: Sequence[PdfWord]) -> list[PdfWord]:
    """Characters joined while they go on to the right on the same height."""
    found: list[PdfWord] = []
    broken = True
    for letter in characters:
        if letter.text.isspace() or not letter.text.isprintable():
            broken = True
            continue
        if found and not broken and _goes_on(found[-1], letter):
            last = found[-1]
            top, bottom = min(last.top, letter.top), max(last.bottom, letter.bottom)
            found[-1] = PdfWord(last.text + letter.text, last.x0, top, letter.x1, bottom)
        else:
            found.append(letter)
        broken = False
    return found


def _goes_on(word: PdfWord, letter: PdfWord) -> bool:
    size = max(word.height, letter.height)
    gap = letter.x0 - word.x1
    return abs(word.middle - letter.middle) < SAME_LINE * size and -KERNED * size < gap < WORD_GAP * size


def _rows(words: Iterable[PdfWord]) -> list[list[PdfWord]]:
    """Words of one height together; small raised ones go with the line they hang on."""
    rows: list[list[PdfWord]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.x0)):
        near = next((row for row in rows[-3:] if _same_height(row, word)), None)
        if near is None:
            rows.append([word])
        else:
            near.append(word)
    return sorted(rows, key=lambda row: min(word.top for word in row))


def _same_height(row: list[PdfWord], word: PdfWord) -> bool:
    tallest = max(row, key=lambda each: each.height)
    return abs(tallest.middle - word.middle) < SAME_LINE * min(tallest.height, RAISED * word.height)


def _line(row: list[PdfWord]) -> PdfLine:
    chunks: list[PdfWord] = []
    words = tuple(word for word in sorted(row, key=lambda word: word.x0) if not LEADER.match(word.text))
    for word in words:
        if chunks and word.x0 - chunks[-1].x1 < _chunk_gap(chunks[-1], word):
            last = chunks[-1]
            text = f"{last.text} {word.text}"
            chunks[-1] = PdfWord(
                text, last.x0, min(last.top, word.top), max(last.x1, word.x1), max(last.bottom, word.bottom)
            )
        else:
            chunks.append(word)
    return PdfLine(
        tuple(_without_leaders(chunk) for chunk in chunks),
        min(word.top for word in row),
        max(word.bottom for word in row),
    )


def _without_leaders(chunk: PdfWord) -> PdfWord:
    """A chunk without the dots that lead the eye to the next column."""
    return chunk._replace(text=LEADERS.sub("", chunk.text) or chunk.text)


def _chunk_gap(before: PdfWord, word: PdfWord) -> float:
    """How far apart two words are in different cells; two numbers need less."""
    values = not any(c.isalpha() for c in before.text.rpartition(" ")[2] + word.text)
    return (VALUE_GAP if values else CHUNK_GAP) * min(max(word.height, before.height), TALLEST)
