"""Names for fields: snake_case words, from the page's own label where it has one."""

import re
import unicodedata
from collections.abc import Iterable

GENERIC = frozenset(
    "container content main body wrapper wrap inner outer box row col column item block section left right top bottom "
    "center text value data info list first last clear clearfix small large bold normal link span div table page layer "
    "panel tab header field fields views view label entry element cell td tr li ul p a b i h h2 h3 h4 img em "
    "strong wp class group grid card flex btn button article figure dl dd dt time sub sup tbody thead figcaption form "
    "aside nav footer blockquote pre abbr font html".split()
)
NAME_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}|[^\W\d_A-Za-z]{2,}")
# characters and words of a name: what still fits a column header and a line of SQL
LONGEST_NAME = 40
MOST_NAME_WORDS = 5


def snake(text: str) -> str:
    """A label as a name: "Date of birth:" is `date_of_birth`; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", letters)[:MOST_NAME_WORDS]
    name = "_".join(words)[:LONGEST_NAME].strip("_")
    return f"n_{name}" if name[:1].isdigit() else name


def token_name(names: Iterable[str]) -> str:
    """The last meaningful words of class names or ids, "" when all are generic."""
    for name in names:
        words = [word.lower() for word in NAME_WORD.findall(re.sub(r"\d+", " ", name))]
        kept = [word for word in words if word not in GENERIC]
        if kept:
            return snake("_".join(kept[-2:]))
    return ""


class Names:
    """Hands out each name once: the second `date` is `date_2`. "table" is what a row calls its table."""

    def __init__(self) -> None:
        self._used: set[str] = {"table"}

    def take(self, name: str) -> str:
        """The name itself if it is free, else with the next number."""
        base = name or "field"
        number = 1
        candidate = base
        while candidate in self._used:
            number += 1
            candidate = f"{base}_{number}"
        self._used.add(candidate)
        return candidate
