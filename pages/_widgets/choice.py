"""How the things are called that one chooses among."""

from collections import Counter
from collections.abc import Mapping


def told_apart(said: Mapping[str, str]) -> dict[str, str]:
    """The words by id, those that would be the same numbered: a select box knows its options again by their words."""
    seen: Counter[str] = Counter()
    apart = {}
    for name, words in said.items():
        seen[words] += 1
        apart[name] = words if seen[words] == 1 else f"{words} ({seen[words]})"
    return apart
