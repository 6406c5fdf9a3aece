"""PDF documents to sheets: the tables of each page.

Distances are in points (1/72 inch) or in heights of a line, as letters of a page may be of any size; shares are 0..1.
They were set by hand on printed tables and are held by `tests/unit/extract/test_pdf_documents.py`.
"""

import time
from contextlib import closing
from typing import TYPE_CHECKING

from core.errors import TooLarge, UnreadableDocument
from core.model.document import LABELS, Sheet
from core.parse.limits import DEFAULTS, Limits
from core.parse.pdf.bomb import refuse_pdf_bomb
from core.parse.pdf.boxes import boxes_of
from core.parse.pdf.labels import labels_of
from core.parse.pdf.rules import DrawnRule, rules_of
from core.parse.pdf.tables import pdf_tables
from core.parse.pdf.words import PdfWord, lines_of, words_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument


def read_pdf(content: bytes, limits: Limits = DEFAULTS) -> list[Sheet]:
    """One sheet a table, named by its page and its place on it: "3.1" is the first table of the third page.

    What a page says in lines of labels and values is a sheet of two columns: "3.labels".

    Raises:
        UnreadableDocument: the document is broken or needs a password.
        TooLarge: it has more pages, or reading it takes longer, than the limits allow.
    """
    refuse_pdf_bomb(content, limits)
    with closing(_opened(content)) as document:
        limits.check("pages", "The PDF", len(document))
        end = time.monotonic() + limits.seconds
        sheets: list[Sheet] = []
        for number in range(len(document)):
            if time.monotonic() > end:
                raise TooLarge(
                    f"Reading the PDF takes longer than {limits.seconds:g} seconds.",
                    "Split it, or raise SDP_READ_SECONDS.",
                )
            sheets.extend(_sheets(document, number))
        return sheets


def _opened(content: bytes) -> "PdfDocument":
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(f"The PDF cannot be read: {error}.", "Save it anew without a password.") from None


def _sheets(document: "PdfDocument", number: int) -> list[Sheet]:
    import pypdfium2

    try:
        page = document[number]
        words, rules = words_of(page), rules_of(page)
    except pypdfium2.PdfiumError:
        return []  # one broken page does not spoil the others
    tables = [Sheet(f"{number + 1}.{place}", rows) for place, rows in enumerate(_tables(words, rules), 1)]
    labels = labels_of(lines_of(words))
    return [*tables, Sheet(f"{number + 1}.{LABELS}", labels)] if labels else tables


def _tables(words: list[PdfWord], rules: list[DrawnRule]) -> list[list[list[str]]]:
    """The drawn tables of a page, then those that only alignment shows."""
    boxes = boxes_of(words, rules)
    rest = [word for word in words if not any(word in box.words for box in boxes)]
    return [box.rows for box in boxes] + pdf_tables(lines_of(rest), rules)
