"""Whether two cells, or two texts, say the same: numbers as numbers, dates as days, words in any order."""

import re
from collections import Counter
from decimal import Decimal

from core.model import FieldValue

# how alike two texts are that say the same, 0..100 by rapidfuzz's sorted tokens: a typing mistake or another separator
# passes, another word in a short text does not
ALIKE_TEXTS = 90
# the share of numbers that texts must have in common to be alike: all of them in any text of fewer than ten, as a
# single other digit makes another docket number or price
SAME_NUMBERS = 0.9
# digits that a rounded number still has: with fewer, too many numbers are rounded to it
FEWEST_DIGITS = 3
# how far apart numbers of about the same size are, as a share of the larger: figures that were revised, not replaced
NEAR = Decimal("0.02")
PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
DIGITS = re.compile(r"\d+")
NUMBERED = re.compile(r"^\d{1,2}[.)]\s*(?=[^\W\d])")


def cell_text(cell: FieldValue) -> str:
    """A cell as one folded text, so that only what it says is compared."""
    raws = cell.raw if isinstance(cell.raw, list) else [cell.raw]
    return " · ".join(bare(str(raw)) for raw in raws)


def bare(text: str) -> str:
    """A text folded: no case, no runs of blanks, no number of its place in a list, no punctuation at its ends."""
    return NUMBERED.sub("", " ".join(text.split()).casefold()).strip(" :;,.")


def agree(one: FieldValue, other: FieldValue) -> bool:
    """Whether two cells say the same: the same value, however it is written, or texts that are alike."""
    return (one.value is not None and one.value == other.value) or are_alike(cell_text(one), cell_text(other))


def are_alike(left: str, right: str) -> bool:
    """Whether two texts say the same, be it in another order or with another separator; their numbers must agree."""
    from rapidfuzz import fuzz

    if left == right or is_rounded(left, right):
        return True
    return _same_numbers(left, right) and fuzz.token_sort_ratio(left, right) >= ALIKE_TEXTS


def _same_numbers(left: str, right: str) -> bool:
    mine, theirs = Counter(DIGITS.findall(left)), Counter(DIGITS.findall(right))
    return (mine & theirs).total() >= SAME_NUMBERS * max(mine.total(), theirs.total())


def overlap(left: str, right: str) -> float:
    """How much two texts share, 0..1: the Sørensen–Dice coefficient of their words; numbers may be rounded."""
    if left == right or is_rounded(left, right):
        return 1.0
    mine, theirs = set(left.split()), set(right.split())
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine or theirs else 0.0


def is_rounded(left: str, right: str) -> bool:
    """Whether two texts are one number, rounded or cut off to fewer digits in one of them, but at least three."""
    if not (PLAIN.fullmatch(left) and PLAIN.fullmatch(right)):
        return False
    one, other = Decimal(left), Decimal(right)
    if one == other:
        return True
    less = min(left, right, key=_decimal_places)
    told = sum(map(str.isdigit, less.strip("-0.")))
    return told >= FEWEST_DIGITS and abs(one - other) < Decimal(1).scaleb(-_decimal_places(less))


def is_near(left: str, right: str) -> bool:
    """Whether two texts are numbers of about the same size, as figures are that were revised."""
    if not (PLAIN.fullmatch(left) and PLAIN.fullmatch(right)):
        return False
    one, other = Decimal(left), Decimal(right)
    return abs(one - other) <= NEAR * max(abs(one), abs(other))


def _decimal_places(number: str) -> int:
    return len(number.partition(".")[2])
