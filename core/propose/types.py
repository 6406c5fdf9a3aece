"""The type of a field, from the counters of its values and what its name says.

The strictest type that enough of the values have is taken. A name that speaks of a type lowers the share that is
enough; numbers that name something rather than count are told by their names and their widths.
`tests/unit/propose/test_types.py` and the suite of proposals of the schema benchmark tell when a number here is wrong.
"""

import re
from collections.abc import Callable

from core.model.blueprint import FieldType
from core.model.schema import ColumnType
from core.propose.evidence import FieldEvidence
from core.propose.units import is_known_unit, unit_shares
from core.values import DIALLED, MEAN_OF_PROSE, TYPE_SHARE
from core.values.dates import NAMES, YEAR

# share of the values that must be of a type whose name says so too: the others are written in ways nobody reads yet
HINTED_SHARE = 0.5
# share of the values with a sign or a unit, from which on bare numbers beside them are of the same kind
MARKED_SHARE = 0.3
# chance at which the next value may be new in a closed set: at more, a document in thirty would not fit
MOST_UNSEEN = 0.03
# different values of a closed set, what a person can still look through; each stands this often in the mean at least
MOST_CHOICES = 60
LEAST_REPEATS = 3
# characters in the mean of a choice: longer ones are sentences
LONGEST_CHOICE = 40
# twos that counts would show, from which on their absence means flags: e^-3 is a chance of one in twenty
ENOUGH_TWOS = 3.0
# ways in which a column writes yes and no: "Yes", "yes", "Y", "no", and one slip
MOST_TRUTHS = 6
# share of numbers without a fraction that makes them counts: the rest are slips
WHOLE_SHARE = 0.98
# figures, and different values, from which equal width is no accident of amounts
CODE_WIDTH = 5
CODE_VALUES = 15
# share of the figures that have the commonest width
SAME_WIDTH = 0.98
# figures of a number that is called a telephone's: within a town they are few
LEAST_DIALLED = 5
# share of quantities that have a known unit, or one and the same
SAME_UNIT = 0.5
# characters of a reference: longer ones are sentences that hold a number
LONGEST_REFERENCE = 40
CODE = re.compile(r"^(?=\S*\d)[\w./:#+()\\-]{2,64}$")
CAPITALS = re.compile(r"^[A-Z]{1,8}$")
BARE_ADDRESS = re.compile(r"^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/\S*)?$", re.I)
HOLDS_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
PARTIAL_DATE = re.compile(rf"^(?:(?:{NAMES})\b\.?,?\s+|\d\d?[/.-])?{YEAR}(?:[/-]\d\d?)?$", re.I)
LONE_LETTER = re.compile(r"^[\d.,]+\s*[A-Za-z]$")
AREA = re.compile(r"^\(0?\d{2,5}\)\s?\d")
LEADING_ZERO = re.compile(r"^0\d")
SMALL_FRACTION = re.compile(r"^[-+]?0?[.,]\d")


def type_of(evidence: FieldEvidence, *, in_currency: bool = False) -> ColumnType:
    """The type of a field; `in_currency`: another field beside it holds the currency of its amounts."""
    if not evidence.signature.values:
        return "string"
    for kind, holds in _RULES:
        if holds(evidence):
            return kind
    if evidence.share("decimal", "integer") >= TYPE_SHARE:
        return _number(evidence, in_currency)
    return _wording(evidence)


def is_closed(evidence: FieldEvidence) -> bool:
    """Whether the values are a closed set: few that repeat, with little chance of a new one."""
    values, distinct = evidence.signature.values, evidence.distinct
    return (
        1 < distinct <= MOST_CHOICES
        and values >= LEAST_REPEATS * distinct
        and evidence.signature.sketch.whole
        and evidence.unseen <= MOST_UNSEEN
        and evidence.mean_length <= LONGEST_CHOICE
    )


def _email(evidence: FieldEvidence) -> bool:
    if evidence.share("email") >= TYPE_SHARE:
        return True
    return evidence.hinted("email") and evidence.fitting(HOLDS_EMAIL.search) >= HINTED_SHARE


def _url(evidence: FieldEvidence) -> bool:
    if evidence.share("url") >= TYPE_SHARE:
        return True
    return evidence.hinted("url") and evidence.fitting(_is_address) >= HINTED_SHARE


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://", "www.")) or bool(BARE_ADDRESS.match(text.strip()))


def _moment(evidence: FieldEvidence) -> bool:
    return _any_date(evidence) and evidence.plainly("datetime") > evidence.plainly("date")


def _date(evidence: FieldEvidence) -> bool:
    return _any_date(evidence)


def _any_date(evidence: FieldEvidence) -> bool:
    hinted = evidence.hinted("date", "time")
    if evidence.hinted("id", "number", "code") and not hinted:
        return False
    share = evidence.plainly("date", "datetime")
    if hinted:
        return share >= HINTED_SHARE
    # words around, and months and years beside days, are dates only where some stand by themselves
    bare = evidence.share("date", "datetime")
    return bare >= MARKED_SHARE and share + evidence.fitting(PARTIAL_DATE.match) >= TYPE_SHARE


def _percent(evidence: FieldEvidence) -> bool:
    return _measured(evidence, "percent", evidence.hinted("percent"))


def _money(evidence: FieldEvidence) -> bool:
    return _measured(evidence, "money", evidence.hinted("price", "amount"))


def _duration(evidence: FieldEvidence) -> bool:
    if evidence.hinted("duration", "time"):
        return _measured(evidence, "duration", True)
    # "23.5M" may be minutes, metres or millions
    return _measured(evidence, "duration", False) and evidence.fitting(LONE_LETTER.search) < MARKED_SHARE


def _measured(evidence: FieldEvidence, kind: FieldType, hinted: bool) -> bool:
    """Whether values are numbers of one kind; a bare number beside such with a sign or unit is of that kind too."""
    if hinted:
        marked = evidence.plainly(kind)
        return marked >= HINTED_SHARE or (marked > 0 and evidence.plainly(kind, "decimal", "integer") >= TYPE_SHARE)
    return evidence.share(kind) >= MARKED_SHARE and evidence.share(kind, "decimal", "integer") >= TYPE_SHARE


def _boolean(evidence: FieldEvidence) -> bool:
    if evidence.share("boolean") >= TYPE_SHARE and evidence.distinct <= MOST_TRUTHS:
        return True
    flags = set(evidence.texts) == {"0", "1"}
    return flags and (evidence.hinted("boolean") or evidence.expected_twos >= ENOUGH_TWOS)


def _phone(evidence: FieldEvidence) -> bool:
    if evidence.hinted("phone"):
        return evidence.fitting(_holds_phone) >= HINTED_SHARE
    if evidence.hinted("id", "number", "code"):
        return False
    return evidence.share("phone") >= TYPE_SHARE and evidence.fitting(_is_dialled) >= TYPE_SHARE


def _holds_phone(text: str) -> bool:
    """Whether a text has figures enough to be dialled, and next to no words: an extension, or a second number."""
    figures, letters = sum(c.isdigit() for c in text), sum(c.isalpha() for c in text)
    return figures >= LEAST_DIALLED and letters <= figures / 2


def _is_dialled(text: str) -> bool:
    return bool(DIALLED.match(text) or AREA.match(text))


def _quantity(evidence: FieldEvidence) -> bool:
    """Numbers with a unit: a known one, or one word behind numbers that differ; "1Story" and "2Story" are names."""
    if not _measured(evidence, "quantity", evidence.hinted("measure")):
        return False
    shares = unit_shares(evidence.signature)
    if sum(share for unit, share in shares.items() if is_known_unit(unit)) >= SAME_UNIT:
        return True
    return max(shares.values(), default=0.0) >= SAME_UNIT and not is_closed(evidence)


_RULES: tuple[tuple[ColumnType, Callable[[FieldEvidence], bool]], ...] = (
    ("email", _email),
    ("url", _url),
    ("datetime", _moment),
    ("date", _date),
    ("percent", _percent),
    ("money", _money),
    ("duration", _duration),
    ("boolean", _boolean),
    ("phone", _phone),
    ("quantity", _quantity),
)


def _number(evidence: FieldEvidence, in_currency: bool) -> ColumnType:
    """What numbers are: amounts of money, counts, measures, or codes that happen to be written in figures."""
    if in_currency:
        return "money"
    if _is_naming(evidence):
        return "enum" if evidence.hinted("code") and is_closed(evidence) else "identifier"
    if evidence.hinted("price") and not evidence.hinted("count", "period"):
        return "money"
    return "integer" if _is_whole(evidence) else "decimal"


def _is_whole(evidence: FieldEvidence) -> bool:
    """Whether the numbers have no fractions; "0.125" is one, though "125.125" may be thousands."""
    numbers = evidence.share("integer", "decimal")
    return evidence.share("integer") >= WHOLE_SHARE * numbers and not evidence.fitting(SMALL_FRACTION.match)


def _is_naming(evidence: FieldEvidence) -> bool:
    """Whether figures name something: by leading zeros, by their name, or because all are equally wide."""
    figures = evidence.figures
    if not figures or not _is_whole(evidence):
        return False
    zeros = sum(bool(LEADING_ZERO.match(text)) for text in figures)
    if zeros > (1 - SAME_WIDTH) * len(figures):
        return True
    if evidence.hinted("count", "price", "amount", "percent", "duration") or evidence.years:
        return False
    return evidence.hinted("id", "number", "code") or _is_even(figures)


def _is_even(figures: list[str]) -> bool:
    widths = [len(text.strip()) for text in figures]
    common = max(set(widths), key=widths.count)
    return common >= CODE_WIDTH and len(figures) >= CODE_VALUES and widths.count(common) >= SAME_WIDTH * len(widths)


def _wording(evidence: FieldEvidence) -> ColumnType:
    """What texts are: prose, a closed set of words, codes, or words."""
    if evidence.mean_length > MEAN_OF_PROSE:
        return "text"
    if is_closed(evidence) and not evidence.hinted("title"):
        return "enum"
    return "identifier" if _are_codes(evidence) else "string"


def _are_codes(evidence: FieldEvidence) -> bool:
    """Whether texts are codes: single words with figures; a name that says so lets blanks and capitals pass."""
    if evidence.hinted("id", "number", "code", "currency"):
        return evidence.fitting(_is_reference) >= HINTED_SHARE
    return evidence.fitting(CODE.match) >= TYPE_SHARE and not evidence.hinted("title", "text")


def _is_reference(text: str) -> bool:
    """Whether a text that is called a code looks like one: short, with figures, or in capitals."""
    return len(text) <= LONGEST_REFERENCE and (any(c.isdigit() for c in text) or bool(CAPITALS.match(text)))
