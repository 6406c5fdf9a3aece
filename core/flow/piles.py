"""What is done together shares its transactions: things in piles of a bounded weight."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def piles(things: Iterable[T], weight: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """The things in their order, in lists that are full when they weigh `most` or more."""
    pile: list[T] = []
    total = 0
    for thing in things:
        pile.append(thing)
        total += weight(thing)
        if total >= most:
            yield pile
            pile, total = [], 0
    if pile:
        yield pile
