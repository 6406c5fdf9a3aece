"""Groups of alike members of several sites, one of each site at most, by the evidence between any two of them.

First groups grow while two have enough evidence between all their members in the mean (average linkage): one pair that
looks alike does not join two groups. Then the members of each site are dealt out anew among the groups, one to one, so
that together they have most evidence, until nothing changes: what was joined early may turn out to belong elsewhere.

Not every site is compared with every other one: only pairs with a member of one of the `hubs` count in a mean.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)
Alike = Mapping[Member, Mapping[Member, float]]

# how often all sites are dealt out anew at most; most stand still after two rounds
MOST_ROUNDS = 6


class EvidenceGroups(Generic[Member]):
    """Members with the site of each; evidence is how sure some pairs are the same, 0..1; of others it is 0."""

    def __init__(
        self, sites: Mapping[Member, str], evidence: Mapping[tuple[Member, Member], float], hubs: Collection[str]
    ) -> None:
        self._sites = sites
        self._hubs = frozenset(hubs)
        self._alike: dict[Member, dict[Member, float]] = {member: {} for member in sites}
        for (one, other), score in evidence.items():
            if sites[one] != sites[other]:
                self._alike[one][other] = self._alike[other][one] = score
        self._groups: list[list[Member]] = [[member] for member in sites]

    def joined(self, least: float) -> list[list[Member]]:
        """The groups whose members have so much evidence between them in the mean."""
        self._groups = _Growing(self._groups, self._sites, self._hubs, self._alike).joined(least)
        for _ in range(MOST_ROUNDS):
            before = {frozenset(group) for group in self._groups}
            for site in dict.fromkeys(self._sites.values()):
                self._deal(site, least)
            if {frozenset(group) for group in self._groups} == before:
                break
        return self._groups

    def _deal(self, site: str, least: float) -> None:
        """Deal out the members of one site among the groups of the others."""
        own = [member for group in self._groups for member in group if self._sites[member] == site]
        rest = [kept for group in self._groups if (kept := [m for m in group if self._sites[m] != site])]
        homes = {member: number for number, group in enumerate(rest) for member in group}
        compared = [len(group) if site in self._hubs else self._hub_members(group) for group in rest]
        worth = []
        for place, member in enumerate(own):
            totals: dict[int, float] = {}
            for other, score in self._alike[member].items():
                totals[homes[other]] = totals.get(homes[other], 0.0) + score
            more = ((number, total - least * compared[number]) for number, total in totals.items())
            worth += [(place, number, left) for number, left in more if left > 0]
        placed = {place: number for place, number, _ in one_to_one(worth)}
        for place, number in placed.items():
            rest[number].append(own[place])
        self._groups = [*rest, *([member] for place, member in enumerate(own) if place not in placed)]

    def _hub_members(self, group: Iterable[Member]) -> int:
        return sum(self._sites[member] in self._hubs for member in group)


class _Growing(Generic[Member]):
    """Groups by number, and for each pair of them all evidence between their members, added up."""

    def __init__(
        self, groups: Iterable[list[Member]], sites: Mapping[Member, str], hubs: Collection[str], alike: Alike[Member]
    ) -> None:
        self._members = dict(enumerate(groups))
        self._sites = {number: {sites[m] for m in group} for number, group in self._members.items()}
        self._hubs = {number: sum(sites[m] in hubs for m in group) for number, group in self._members.items()}
        homes = {member: number for number, group in self._members.items() for member in group}
        self._between: dict[int, dict[int, float]] = {number: {} for number in self._members}
        for member, others in alike.items():
            for other, score in others.items():
                if homes[member] < homes[other]:
                    self._add(homes[member], homes[other], score)

    def joined(self, least: float) -> list[list[Member]]:
        """The groups after those with the most evidence in the mean were joined, while it is at least so much."""
        waiting = [self._entry(one, other) for one, known in self._between.items() for other in known if one < other]
        heapify(waiting)
        while waiting and -waiting[0][0] >= least:
            entry = heappop(waiting)
            _, one, other = entry
            # an entry of a group that has grown since, or is gone, is stale
            known = other in self._between.get(one, {}) and entry == self._entry(one, other)
            if known and self._sites[one].isdisjoint(self._sites[other]):
                self._join(one, other)
                for rest in self._between[one]:
                    heappush(waiting, self._entry(min(one, rest), max(one, rest)))
        return list(self._members.values())

    def _entry(self, one: int, other: int) -> tuple[float, int, int]:
        mine, theirs = len(self._members[one]), len(self._members[other])
        never = (mine - self._hubs[one]) * (theirs - self._hubs[other])
        return -self._between[one][other] / max(1, mine * theirs - never), one, other

    def _join(self, one: int, other: int) -> None:
        self._members[one] = self._members[one] + self._members.pop(other)
        self._sites[one] |= self._sites.pop(other)
        self._hubs[one] += self._hubs.pop(other)
        for rest, total in self._between.pop(other).items():
            del self._between[rest][other]
            if rest != one:
                self._add(one, rest, total)

    def _add(self, one: int, other: int, score: float) -> None:
        total = self._between[one].get(other, 0.0) + score
        self._between[one][other] = self._between[other][one] = total


def one_to_one(worth: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    if not worth:
        return []
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    m = np.zeros((max(a for a, _, _ in worth) + 1, max(b for _, b, _ in worth) + 1))
    for a, b, w in worth:
        m[a, b] = w
    return [(int(i), int(j), float(m[i, j])) for i, j in zip(*linear_sum_assignment(m, maximize=True)) if m[i, j] > 0]
