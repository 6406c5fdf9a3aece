"""The tables of a PDF page, from how its lines of text are aligned where no lines are drawn around their cells."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from core.parse.pdf.labels import is_labelled
from core.parse.pdf.rules import DrawnRule
from core.parse.pdf.words import PdfLine, PdfWord, RowTexts

# rows of several cells that make a table
MIN_ROWS = 2
# the gap between two lines, in heights of a line, that parts two tables, and lines of a single chunk (headings, wrapped
# cells) that may stand between rows of one
TABLE_GAP = 3.2
MAX_BETWEEN = 2
# points of the white river between two columns
RIVER = 2.0
# the share of rows that may run across a river, and the number of rows from which on one always may: titles do
CROSSING = 0.1
ONE_CROSSING_ROWS = 6
# words of a chunk from which on it is prose; the share of lines with prose, and the share of chunks with digits, that
# tell a text set in columns from a table
PROSE = 6
WORDY = 0.5
OF_NUMBERS = 0.5
# points that letters reach over the edges of their column, and by which chunks must overlap to stand above each other
EDGE = 2.0
OVERLAP_POINTS = 1.0
# the share of rows of which a chunk may stand over several chunks: titles do, and are left out of the columns; and the
# share of a chunk that must stand in a column to be its text
RUNS_OVER = 0.3
HALF_INSIDE = 0.5
# A line goes on with the row above it when it begins before that one ends, by this share of its height, or when it
# follows as closely as lines of one text do: by fewer heights than this.
RAISED_BY = 0.3
LINE_PITCH = 1.35


def pdf_tables(lines: Sequence[PdfLine], rules: Sequence[DrawnRule]) -> list[list[RowTexts]]:
    """The tables of a page from top to bottom, as rows of texts."""
    found = []
    for region in _regions(lines):
        columns = _columns(region)
        if len(columns) > 1 and _is_table(region, columns):
            found.append(_rows(region, columns, rules))
    return [rows for rows in found if len(rows) >= MIN_ROWS]


def _regions(lines: Sequence[PdfLine]) -> list[list[PdfLine]]:
    """Runs of lines with several chunks; lone chunks between them belong to them."""
    regions: list[list[PdfLine]] = []
    run: list[PdfLine] = []
    between: list[PdfLine] = []
    for line in lines:
        last = (between or run or [line])[-1]
        if run and (line.top - last.bottom > TABLE_GAP * last.height or len(between) > MAX_BETWEEN):
            regions.append(run)
            run, between = [], []
        if len(line.chunks) > 1:
            run += [*between, line]
            between = []
        elif run:
            between.append(line)
    return [region for region in [*regions, run] if sum(len(line.chunks) > 1 for line in region) >= MIN_ROWS]


def _columns(region: Sequence[PdfLine]) -> list[tuple[float, float]]:
    """The extents of the columns: where chunks stand, apart by rivers that no line crosses, but for a few wide ones."""
    chunks = sorted((chunk for line in region if len(line.chunks) > 1 for chunk in line.chunks), key=lambda c: c.x0)
    narrow = _without_spanning(chunks, region)
    rows = sum(len(line.chunks) > 1 for line in region)
    few = max(int(CROSSING * rows), int(rows > ONE_CROSSING_ROWS))
    return _extents(narrow, few)


def _extents(chunks: Sequence[PdfWord], few: int) -> list[tuple[float, float]]:
    """The stretches of the page's width that more than a `few` chunks lie over."""
    events = sorted([(chunk.x0, 1) for chunk in chunks] + [(chunk.x1, -1) for chunk in chunks])
    found: list[tuple[float, float]] = []
    depth = 0
    for x, step in events:
        if step > 0 and depth == few and (not found or x > found[-1][1] + RIVER):
            found.append((x, x))
        depth += step
        if step < 0 and depth == few and found:
            found[-1] = (found[-1][0], x)
    return found


def _without_spanning(chunks: list[PdfWord], region: Sequence[PdfLine]) -> list[PdfWord]:
    """The chunks without those that lie over two or more chunks of most other lines."""
    kept = []
    rows = [line for line in region if len(line.chunks) > 1]
    for chunk in chunks:
        over = sum(1 for line in rows if sum(1 for c in line.chunks if _overlaps(c, chunk.x0, chunk.x1)) > 1)
        if over <= RUNS_OVER * len(rows):
            kept.append(chunk)
    return kept


def _overlaps(chunk: PdfWord, start: float, end: float) -> bool:
    return min(chunk.x1, end) - max(chunk.x0, start) > OVERLAP_POINTS


def _is_table(region: Sequence[PdfLine], columns: list[tuple[float, float]]) -> bool:
    """Whether the region is no prose set in columns: cells of few words."""
    if is_labelled(region):
        return False
    cells = [chunk.text for line in region for chunk in line.chunks]
    words = [len(text.split()) for text in cells]
    digits = sum(any(c.isdigit() for c in text) for text in cells) / len(cells)
    wordy = sum(1 for line in region if max(len(chunk.text.split()) for chunk in line.chunks) >= PROSE)
    if digits < OF_NUMBERS and wordy > WORDY * len(region):
        return False
    return median(words) < PROSE or (digits > OF_NUMBERS and len(columns) > 2)


def _rows(region: Sequence[PdfLine], columns: list[tuple[float, float]], rules: Sequence[DrawnRule]) -> list[RowTexts]:
    rows: list[RowTexts] = []
    above: PdfLine | None = None
    pitch = _pitch(region)
    for line in region:
        cells = _cells(line, columns)
        if above is not None and _continues(rows[-1], cells, above, line, pitch, rules):
            rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
        above = line
    return rows


def _cells(line: PdfLine, columns: list[tuple[float, float]]) -> RowTexts:
    cells = [""] * len(columns)
    for chunk in line.chunks:
        for part in _parts(chunk, line, columns):
            at = _column_of(part, columns)
            cells[at] = f"{cells[at]} {part.text}".strip()
    return cells


def _parts(chunk: PdfWord, line: PdfLine, columns: list[tuple[float, float]]) -> Sequence[PdfWord]:
    """The words of a chunk where each stands within its own column, else the chunk as it is."""
    words = [word for word in line.words if chunk.x0 <= word.x0 and word.x1 <= chunk.x1]
    at = [
        next((n for n, (start, end) in enumerate(columns) if start - EDGE < w.x0 and w.x1 < end + EDGE), -1)
        for w in words
    ]
    return words if len(set(at)) > 1 and -1 not in at else [chunk]


def _column_of(part: PdfWord, columns: list[tuple[float, float]]) -> int:
    """The first column that holds half of a chunk, or that a chunk holds half of."""
    shares = [min(part.x1, end) - max(part.x0, start) for start, end in columns]
    wide = [min(part.x1 - part.x0, end - start) for start, end in columns]
    half = (n for n, share in enumerate(shares) if share > HALF_INSIDE * wide[n])
    return next(half, shares.index(max(shares)))


def _pitch(region: Sequence[PdfLine]) -> float:
    tops = [line.top for line in region if len(line.chunks) > 1]
    return median(b - a for a, b in pairwise(tops)) if len(tops) > 1 else 0.0


def _continues(
    above: RowTexts, cells: RowTexts, last: PdfLine, line: PdfLine, pitch: float, rules: Sequence[DrawnRule]
) -> bool:
    """Whether a line only goes on with the cells of the row above it."""
    if any(rule.across and last.bottom - EDGE <= rule.at <= line.top + EDGE and _under(rule, line) for rule in rules):
        return False
    filled = [n for n, text in enumerate(cells) if text]
    if any(above[n] and _is_number(above[n]) and _is_number(cells[n]) for n in filled):
        return False
    if line.top < last.bottom - RAISED_BY * line.height and not any(above[n] for n in filled if n):
        return True
    close = line.top - last.top < LINE_PITCH * line.height
    if close and cells[0][:1].islower() and above[0] and (len(filled) == 1 or not any(above[1:])):
        return True
    return close and not cells[0] and all(above[n] for n in filled) and len(filled) < len(cells)


def _is_number(text: str) -> bool:
    return text[-1:].isdigit() or text[:1].isdigit()


def _under(rule: DrawnRule, line: PdfLine) -> bool:
    return rule.start < line.chunks[-1].x1 and rule.end > line.chunks[0].x0
