"""Which way up a PDF page is read: tables are often set along the long side of the paper."""

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

# letters of a page that are asked which way they stand: each costs a call into the library
ASKED_LETTERS = 400


class PageTurn(NamedTuple):
    """How to turn boxes of a page so that its text runs from left to right: the quarter turns of its letters."""

    quarters: int
    width: float
    height: float

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A box from the page's lower left corner as x0, top, x1, bottom from the reader's upper left corner."""
        one, other = self.point(left, bottom), self.point(right, top)
        return (min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as the reader sees it."""
        if self.quarters == 3:
            return y, x
        if self.quarters == 2:
            return self.width - x, y
        if self.quarters == 1:
            return self.height - y, self.width - x
        return x, self.height - y


def turn_of(page: "PdfPage") -> PageTurn:
    """The turn that most letters of the page ask for."""
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    count = text_page.count_chars()
    angles = (pdfium.FPDFText_GetCharAngle(text_page, at) for at in range(0, count, max(1, count // ASKED_LETTERS)))
    turns = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    left, bottom, right, top = page.get_mediabox()
    return PageTurn(turns.most_common(1)[0][0] if turns else 0, right - left, top - bottom)
