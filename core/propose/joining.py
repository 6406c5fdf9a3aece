"""Groups of alike members of several sites, one of each site at most, by the evidence between any two of them.

Groups grow while two have enough evidence between all their members in the mean (average linkage): one pair that looks
alike does not join two groups. Not every site is compared with every other one: only pairs with a member of one of the
`hubs` count in a mean.
"""

from collections.abc import Collection, Hashable, Mapping
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


class EvidenceGroups(Generic[Member]):
    """Members with the site of each; evidence is how sure some pairs are the same, 0..1; of others it is 0."""

    def __init__(
        self, sites: Mapping[Member, str], evidence: Mapping[tuple[Member, Member], float], hubs: Collection[str]
    ) -> None:
        self._members = {number: [member] for number, member in enumerate(sites)}
        self._sites = {number: {site} for number, site in enumerate(sites.values())}
        self._hubs = {number: int(site in hubs) for number, site in enumerate(sites.values())}
        # for each group those that it has evidence with, that of all pairs of members added up
        self._between: dict[int, dict[int, float]] = {number: {} for number in self._members}
        homes = {member: number for number, member in enumerate(sites)}
        for (one, other), score in evidence.items():
            if sites[one] != sites[other]:
                self._add(homes[one], homes[other], score)

    def joined(self, least: float) -> list[list[Member]]:
        """The groups after those with the most evidence in the mean were joined, while it is at least so much."""
        waiting = [self._entry(one, other) for one, known in self._between.items() for other in known if one < other]
        heapify(waiting)
        while waiting and -waiting[0][0] >= least:
            entry = heappop(waiting)
            _, one, other = entry
            if self._is_true(entry) and self._sites[one].isdisjoint(self._sites[other]):
                self._join(one, other)
                for rest in self._between[one]:
                    heappush(waiting, self._entry(min(one, rest), max(one, rest)))
        return list(self._members.values())

    def _is_true(self, entry: tuple[float, int, int]) -> bool:
        """Whether an entry is not of a group that has grown since, or is gone."""
        _, one, other = entry
        return other in self._between.get(one, {}) and entry == self._entry(one, other)

    def _entry(self, one: int, other: int) -> tuple[float, int, int]:
        """The evidence between two groups in the mean, the most first."""
        mine, theirs = len(self._members[one]), len(self._members[other])
        never = (mine - self._hubs[one]) * (theirs - self._hubs[other])
        return -self._between[one][other] / max(1, mine * theirs - never), one, other

    def _join(self, one: int, other: int) -> None:
        self._members[one] += self._members.pop(other)
        self._sites[one] |= self._sites.pop(other)
        self._hubs[one] += self._hubs.pop(other)
        for rest, total in self._between.pop(other).items():
            del self._between[rest][other]
            if rest != one:
                self._add(one, rest, total)

    def _add(self, one: int, other: int, score: float) -> None:
        total = self._between[one].get(other, 0.0) + score
        self._between[one][other] = self._between[other][one] = total
