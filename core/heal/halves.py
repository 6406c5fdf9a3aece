"""Lists of which a part stands in another layout already, or that stand in two layouts now."""

from collections.abc import Sequence

from core.compare.rows import agreements
from core.compare.values import cell_text
from core.heal.options import FEWEST_SURE_ROWS, GOOD, Option
from core.heal.pages import FreshPages
from core.heal.tables import FEWEST_KNOWN, OldTable
from core.model import Record
from core.model.scope import DocumentScope

# the share of the fields that a place must look like to be perhaps the other half: then a person has to look
PERHAPS = 0.25
# letters of a text that stands on a page only where its record does: shorter ones may stand in a menu
RECORD_LETTERS = 20
# the share of the known records that stand on the fresh pages unread when a list is half migrated: fewer are scattered
# in boxes beside it ("recently viewed")
HALF_MIGRATED = 0.1
# the share of the records a page had before, up to which a part is missing; two halves together make up for them from
# this share to as many more. Higher takes an ordinary short day for a half
FEWER = 0.75


def is_half_migrated(old: OldTable, fresh: FreshPages) -> bool:
    """Whether old selectors still read records, and there may be further ones that they do not read."""
    now, before = len(old.after.records), len(old.before.records)
    if isinstance(old.table.scope, DocumentScope) or not now or not before or old.gone:
        return False
    fewer = _share_of(now, old) <= FEWER
    return fewer or len(missed(old, fresh)) >= max(FEWEST_KNOWN, HALF_MIGRATED * before)


def missed(old: OldTable, fresh: FreshPages) -> list[str]:
    """The longest texts of known records that stand on a fresh page and are not read."""
    read = {cell_text(cell) for record in old.after.records for cell in record.fields.values()}
    longest = [max(map(cell_text, record.fields.values()), key=len) for record in old.before.records]
    return [text for text in longest if len(text) >= RECORD_LETTERS and text not in read and fresh.says(text)]


def beside(options: Sequence[Option], read: Sequence[Record], fresh: FreshPages) -> Option | None:
    """The best place that no page had before and that holds known records, or such that look like them and make up
    for those that are missing among the records that are read already; none of these again.
    """
    found = [option for option in options if _is_beside(option, read, fresh)]
    return max(found, key=lambda option: option.found, default=None)


def _is_beside(option: Option, read: Sequence[Record], fresh: FreshPages) -> bool:
    weights = option.old.weights
    proved = sum(weights.get(name, 0.0) for name in option.proved())
    known = option.known.rows >= FEWEST_KNOWN and proved >= GOOD * sum(weights.values())
    alike = len(option.records) >= FEWEST_SURE_ROWS and option.share >= GOOD
    return (known or (alike and _makes_up(option, read))) and _is_another(option, read, fresh)


def may_be_beside(option: Option, read: Sequence[Record], fresh: FreshPages) -> bool:
    """Whether a new place makes up for the records that are missing and looks a little like them."""
    return option.share >= PERHAPS and _makes_up(option, read) and _is_another(option, read, fresh)


def other_half(best: Option, options: Sequence[Option], fresh: FreshPages) -> Option | None:
    """The place beside the best one, where that holds only a part of the records that there were before."""
    if _share_of(len(best.records), best.old) > FEWER:
        return None
    others = [option for option in options if option is not best and not option.place.repeats]
    short = (Option(best.old, place) for place in fresh.short_lists)
    return beside([*others, *short], best.records, fresh)


def _makes_up(option: Option, read: Sequence[Record]) -> bool:
    """Whether a place and what is read already are about as many records a page as there were before."""
    return FEWER <= _share_of(len(option.records) + len(read), option.old) <= 1 / FEWER


def _share_of(records: int, old: OldTable) -> float:
    """How many records a page there are, of those that there were before."""
    return records * len(old.was) / (len(old.before.records) * len(old.now))


def _is_another(option: Option, read: Sequence[Record], fresh: FreshPages) -> bool:
    """Whether a place is the table's own or one that no archived page had, and nothing in it is read already."""
    table = option.old.table
    own = {scope.path_text for scope in (table.scope, *table.former)}
    known = option.place.table.scope.path_text in own and option.old.gone
    return (known or fresh.is_new(option.place.table)) and not agreements(read, option.records).rows
