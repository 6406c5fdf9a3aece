"""Groups that grow by the mean of the evidence between all their members: average linkage, where some may not join."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


class EvidenceGroups(Generic[Member]):
    """Groups of members, each with the sites that it has; two that share a site are never joined."""

    def __init__(self, groups: Iterable[tuple[Sequence[Member], Iterable[str]]]) -> None:
        known = list(groups)
        self._members = {number: list(members) for number, (members, _) in enumerate(known)}
        self._sites = {number: frozenset(sites) for number, (_, sites) in enumerate(known)}
        # for each group the others with which it has evidence, all pairs of members added up
        self._between: dict[int, dict[int, float]] = {number: {} for number in self._members}

    def add(self, evidence: Mapping[tuple[Member, Member], float]) -> None:
        """Evidence that two members are the same."""
        homes = {member: number for number, members in self._members.items() for member in members}
        for (left, right), score in evidence.items():
            self._add(homes[left], homes[right], score)

    def _add(self, one: int, other: int, score: float) -> None:
        if one != other:
            total = self._between[one].get(other, 0.0) + score
            self._between[one][other] = self._between[other][one] = total

    def joined(self, least: float) -> list[tuple[Member, ...]]:
        """The groups after those with the most evidence in the mean were joined, while it is at least so much."""
        waiting = [self._entry(one, other) for one, known in self._between.items() for other in known if one < other]
        heapify(waiting)
        while waiting:
            entry = heappop(waiting)
            _, one, other = entry
            if -entry[0] < least:
                break
            # an entry of a group that has grown since, or is gone, is stale
            if other in self._between.get(one, {}) and entry == self._entry(one, other) and self._may_join(one, other):
                self._join(one, other)
                for rest in self._between[one]:
                    heappush(waiting, self._entry(min(one, rest), max(one, rest)))
        return [tuple(members) for members in self._members.values()]

    def _entry(self, one: int, other: int) -> tuple[float, int, int]:
        pairs = len(self._sites[one]) * len(self._sites[other])
        return -self._between[one][other] / pairs, one, other

    def _may_join(self, one: int, other: int) -> bool:
        return self._sites[one].isdisjoint(self._sites[other])

    def _join(self, one: int, other: int) -> None:
        self._members[one] += self._members.pop(other)
        self._sites[one] |= self._sites.pop(other)
        for rest, total in self._between.pop(other).items():
            del self._between[rest][other]
            self._add(one, rest, total)
