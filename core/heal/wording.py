"""How a diagnosis words what became of a name, with the texts that show it."""

import re
from collections import Counter
from collections.abc import Sequence

# letters of a name that a sentence quotes
LONGEST_TERM = 40


def pairs_of(moves: Counter[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """What each name became, by most of the texts that tell of it; those that most texts tell of first."""
    found: dict[str, tuple[str, str, int]] = {}
    for (old, new), count in moves.most_common():
        found.setdefault(old, (old, new, count))
    return list(found.values())


def became(what: str, pairs: Sequence[tuple[str, str, int]]) -> str:
    """The pair that most texts tell of, and how many texts those are: the evidence; "" where there is none."""
    if not pairs:
        return ""
    old, new, count = pairs[0]
    more = f", {len(pairs) - 1} more likewise" if len(pairs) > 1 else ""
    evidence = f"{count} texts show it" if count > 1 else "1 text shows it"
    return f"{what} “{short(old)}” became “{short(new)}” ({evidence}){more}"


def short(text: str) -> str:
    """A name that fits into a sentence."""
    return re.sub(r"\s+", " ", text)[:LONGEST_TERM]
