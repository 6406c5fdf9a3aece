"""The type of a column, by where it stands and by what its texts agree on."""

from collections.abc import Sequence

from core.model.blueprint import FieldType
from core.model.selector import Selector
from core.values import column_type

ADDRESS_ATTRIBUTES = ("@href", "@src")
OPENING_SCRIPT = "@onclick"
CONTACTS = ("email", "phone")


def placed_type(selector: Selector, texts: Sequence[str]) -> tuple[FieldType, str]:
    """The type of what a selector reads, and the locale to read it with.

    What stands whole where pages hold addresses is one, however much `Cases/222AP31.pdf` looks like an identifier:
    only as an address is it made absolute. Of a script that opens a page a part is the address.
    """
    kind, locale = column_type(texts)
    whole = selector.path_text.endswith(ADDRESS_ATTRIBUTES) and not selector.slices and kind not in CONTACTS
    opened = selector.path_text.endswith(OPENING_SCRIPT) and kind == "string"
    return ("url", "") if whole or opened else (kind, locale)
