"""A bounded memory of texts by texts: what was not asked for longest is forgotten first."""

from collections import OrderedDict
from collections.abc import Iterator


class Remembered:
    """At most so many entries, in the order in which they were last used."""

    __slots__ = ("_entries", "_most")

    def __init__(self, most: int) -> None:
        self._entries: OrderedDict[str, str] = OrderedDict()
        self._most = most

    def get(self, key: str) -> str | None:
        """What is remembered of a text."""
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key]

    def put(self, key: str, value: str = "") -> str | None:
        """Remember a text; the answer is the one that is forgotten for it, if one is."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        return self._entries.popitem(last=False)[0] if len(self._entries) > self._most else None

    def drop(self, key: str) -> None:
        """Forget a text."""
        self._entries.pop(key, None)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The entries, in the same order."""
        return iter(self._entries.items())
