"""Count, mean, spread and bounds of numbers, without keeping them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(slots=True)
class Moments:
    """The first two moments of numbers, added up as Chan, Golub and LeVeque do ("Updating formulae", 1979)."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    lowest: float = 0.0
    highest: float = 0.0

    def add(self, number: float) -> None:
        """One more number."""
        self.merge(Moments(1, number, 0.0, number, number))

    def merge(self, other: "Moments") -> None:
        """Add the numbers of another one."""
        if not other.count:
            return
        if not self.count:
            self.count, self.mean, self.squares = other.count, other.mean, other.squares
            self.lowest, self.highest = other.lowest, other.highest
            return
        count, apart = self.count + other.count, other.mean - self.mean
        self.squares += other.squares + apart * apart * self.count * other.count / count
        self.mean += apart * other.count / count
        self.count = count
        self.lowest, self.highest = min(self.lowest, other.lowest), max(self.highest, other.highest)

    @property
    def spread(self) -> float:
        """The standard deviation; 0 of fewer than two numbers."""
        return sqrt(max(0.0, self.squares) / self.count) if self.count > 1 else 0.0

    def stored(self) -> list[float]:
        """As JSON data."""
        return [self.count, self.mean, self.squares, self.lowest, self.highest]

    @classmethod
    def of_stored(cls, data: Sequence[float]) -> "Moments":
        """The moments that were stored."""
        return cls(int(data[0]), *data[1:])
