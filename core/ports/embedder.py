"""What turns texts into vectors: today hashed n-grams, next a model on this machine or a server."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Texts that mean the same get vectors that point the same way."""

    @property
    def dimensions(self) -> int:
        """How long its vectors are."""

    def embed(self, texts: Sequence[str]) -> "NDArray[float64]":
        """One row a text, of length one, or of zeros where a text says nothing; the same text, the same row."""
