"""The keys of a table as a trie over the steps of a page: one walk over a record finds the places of all.

Elements that no key leads to are stepped over with all that stands below them.
"""

import re
from collections.abc import Iterable

from core.dom.paths import loose_step

PROPERTY = "[itemprop="
ASIDES = ("@data-", "@onclick")
BRACKET = re.compile(r"\]")


class TrieNode:
    """A place on the way: whether steps lead on, and the keys of what stands here, by the kind of place."""

    __slots__ = ("_exact", "_loose", "keys", "leads")

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.leads = False
        self._exact: dict[str, tuple[TrieNode]] = {}
        self._loose: list[tuple[re.Pattern[str], TrieNode]] = []

    def put(self, key: str, steps: Iterable[str], kind: str) -> None:
        """Lead to what stands at a key."""
        node = self
        for step in steps:
            node.leads = True
            node = node._behind(step)
        node.keys[kind] = key

    def _behind(self, step: str) -> "TrieNode":
        """The node to which a step of a key leads, which is made where no key led there before."""
        if not step.endswith("*"):
            return self._exact.setdefault(step, (TrieNode(),))[0]
        pattern = loose_step(step)
        known = next((node for loose, node in self._loose if loose.pattern == pattern), None)
        if known is None:
            known = TrieNode()
            self._loose.append((re.compile(pattern), known))
        return known

    def after(self, step: str) -> "tuple[TrieNode, ...]":
        """The nodes behind a step of the page."""
        exact = self._exact.get(step, ())
        return (*exact, *(node for loose, node in self._loose if loose.fullmatch(step))) if self._loose else exact


class PathTrie:
    """The keys of one table, made ready once.

    `firsts` are the keys of the first text, link or whole text below a place, by that place and kind; `properties`
    those of elements that name their property, with the name and the kind; `asides` those of attributes that hold data
    beside what a record shows, by the attribute.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        self.start = TrieNode()
        self.firsts: dict[str, dict[str, str]] = {}
        self.asides: dict[str, str] = {}
        self.properties: dict[str, tuple[str, str]] = {}
        self._headed: dict[str, PathTrie] = {}
        self._headers = {key[: bracket.end()] for key in self.keys for bracket in BRACKET.finditer(key)}
        for key in sorted(self.keys):
            self._add(key)

    def _add(self, key: str) -> None:
        way, slash, kind = key.rpartition("/")
        if way == "/" and kind.startswith(ASIDES):
            self.asides[kind] = key
        elif way.endswith("/"):
            self.firsts.setdefault(way[:-1], {})[kind] = key
        elif key.startswith(PROPERTY):
            self.properties[key] = (way[len(PROPERTY) : -1], kind)
        elif slash:
            self.start.put(key, way.removeprefix(">").split(">") if way else (), kind)

    def below(self, prefix: str) -> "PathTrie":
        """The keys that begin with a prefix, from there on: those of a column by its header."""
        if prefix not in self._headers:
            return NO_KEYS
        if prefix not in self._headed:
            size = len(prefix)
            self._headed[prefix] = PathTrie(key[size:] for key in self.keys if key.startswith(prefix))
        return self._headed[prefix]


NO_KEYS = PathTrie(())
