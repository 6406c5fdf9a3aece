"""Second readers, kept beside the extractor versions that they are held against."""

from typing import Protocol

from core.model.second import SecondReader


class SecondReaders(Protocol):
    """One second reader a version at most."""

    def get(self, extractor_id: str) -> SecondReader | None:
        """None when none was learned yet."""

    def save(self, reader: SecondReader) -> None:
        """Keep it, in place of an earlier one."""
