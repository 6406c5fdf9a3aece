"""The keys of a table as an automaton over the steps of a page: one walk over a record finds the places of all.

Elements that no key leads to are stepped over with all that stands below them.
"""

import re
from collections.abc import Iterable

from core.places import loose_step

PROPERTY = "[itemprop="


class State:
    """A place on the way: whether steps lead on, and the keys of what is taken here, by the kind of place."""

    __slots__ = ("_after", "_exact", "_loose", "leads", "takes")

    def __init__(self) -> None:
        self.takes: dict[str, str] = {}
        self.leads = False
        self._exact: dict[str, State] = {}
        self._loose: dict[str, State] = {}
        self._after: dict[str, tuple[State, ...]] = {}

    def put(self, key: str, steps: Iterable[str], take: str) -> None:
        """Lead to what a key takes."""
        state = self
        for step in steps:
            state.leads = True
            known = state._loose if step.endswith("*") else state._exact
            state = known.setdefault(step, State())
        state.takes[take] = key

    def after(self, step: str) -> "tuple[State, ...]":
        """The states behind a step."""
        found = self._after.get(step)
        if found is None:
            exact = (self._exact[step],) if step in self._exact else ()
            loose = (state for name, state in self._loose.items() if re.fullmatch(loose_step(name), step))
            found = self._after[step] = (*exact, *loose)
        return found


class Ways:
    """The keys of one table, made ready once.

    `firsts` are the keys of the first text, link or whole text below a place, by that place and kind; `properties`
    those of elements that name their property, with the name and the kind.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        self.start = State()
        self.firsts: dict[str, dict[str, str]] = {}
        self.properties: dict[str, tuple[str, str]] = {}
        self._headed: dict[str, Ways] = {}
        for key in sorted(self.keys):
            self._add(key)

    def _add(self, key: str) -> None:
        way, slash, take = key.rpartition("/")
        if way.endswith("/"):
            self.firsts.setdefault(way[:-1], {})[take] = key
        elif key.startswith(PROPERTY):
            self.properties[key] = (way[len(PROPERTY) : -1], take)
        elif slash:
            self.start.put(key, way.removeprefix(">").split(">") if way else (), take)

    def below(self, prefix: str) -> "Ways":
        """The keys that begin with a prefix, from there on: those of a column by its header."""
        if prefix not in self._headed:
            size = len(prefix)
            self._headed[prefix] = Ways(key[size:] for key in self.keys if key.startswith(prefix))
        return self._headed[prefix]
