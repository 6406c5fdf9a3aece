"""What a PDF page says in lines that read "Label: value"."""

import re
from collections.abc import Sequence

from core.parse.pdf.words import PdfLine

LABELLED = re.compile(r"([^\W\d_][^:]{0,38}\w\)?)\s*:\s+(\S.*)$")
# words of a label: a longer beginning with a colon is a sentence
MAX_LABEL_WORDS = 5
# lines of labels from which on they are a list and no chance, and the share of a region's lines that makes it one
MIN_LINES = 3
LABEL_LINES = 0.6


def labels_of(lines: Sequence[PdfLine]) -> list[list[str]]:
    """Rows of a label and its value; none where there are too few to be more than prose with a colon."""
    found = [pair for line in lines if (pair := _pair(line))]
    return found if len(found) >= MIN_LINES else []


def is_labelled(region: Sequence[PdfLine]) -> bool:
    """Whether most lines of a region are labels and values, not rows of a table."""
    return sum(_pair(line) is not None for line in region) > LABEL_LINES * len(region)


def _pair(line: PdfLine) -> list[str] | None:
    found = LABELLED.match(" ".join(chunk.text for chunk in line.chunks))
    if not found or len(found[1].split()) > MAX_LABEL_WORDS or len(line.chunks) > 2:
        return None
    return [found[1], found[2]]
