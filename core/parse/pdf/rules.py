"""The straight lines drawn on a PDF page: strokes, thin boxes, and the edges of boxes."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from core.parse.pdf.turning import PageTurn, turn_of

if TYPE_CHECKING:
    from pypdfium2 import PdfObject, PdfPage

# points: how wide a box may be to be a line, how long a line must be (shorter ones are strokes of signs), and how near
# two must come to touch, as programs leave gaps at corners
THIN = 3.0
SHORT = 6.0
TOUCH = 3.0
# lines of a page and segments of a path that are looked at: above lie maps and drawings
MAX_LINES = 4_000
MAX_PATH = 400
Point = tuple[float, float]


class DrawnRule(NamedTuple):
    """A drawn line: across (`y` is `at`, from x `start` to `end`) or down (`x` is `at`)."""

    across: bool
    at: float
    start: float
    end: float


def rules_of(page: "PdfPage") -> list[DrawnRule]:
    """The lines drawn on a page, in points from its top left corner; pieces of one line are joined."""
    import pypdfium2.raw as pdfium

    turn = turn_of(page)
    found: list[DrawnRule] = []
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        if len(found) > MAX_LINES:
            break
        found.extend(_rules_in(item, turn))
    return _join_pieces(found)


def _rules_in(item: "PdfObject", turn: PageTurn) -> Iterator[DrawnRule]:
    left, bottom, right, top = item.get_bounds()
    if min(right - left, top - bottom) <= THIN:
        yield from _rule(turn.point(left, bottom), turn.point(right, top))
        return
    for start, end in pairwise(_points(item)):
        yield from _rule(turn.point(*start), turn.point(*end))


def _rule(start: Point, end: Point) -> Iterator[DrawnRule]:
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    if bottom - top <= THIN and right - left >= SHORT:
        yield DrawnRule(True, (top + bottom) / 2, left, right)
    elif right - left <= THIN and bottom - top >= SHORT:
        yield DrawnRule(False, (left + right) / 2, top, bottom)


def _points(item: "PdfObject") -> list[Point]:
    """The corners of a path on the page, the first one again at its end."""
    import pypdfium2.raw as pdfium

    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    found: list[Point] = []
    for number in range(min(pdfium.FPDFPath_CountSegments(item), MAX_PATH)):
        segment = pdfium.FPDFPath_GetPathSegment(item, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        found.append(matrix.on_point(x.value, y.value))
    return [*found, found[0]] if found else []


def _join_pieces(rules: list[DrawnRule]) -> list[DrawnRule]:
    found: list[DrawnRule] = []
    for rule in sorted(rules, key=lambda rule: (rule.across, round(rule.at / 2), rule.start)):
        last = found[-1] if found else None
        if last and last.across == rule.across and abs(last.at - rule.at) < TOUCH and rule.start <= last.end + TOUCH:
            found[-1] = last._replace(end=max(last.end, rule.end))
        else:
            found.append(rule)
    return found
