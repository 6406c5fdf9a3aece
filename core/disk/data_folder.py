"""The data folder: the only place that spells the names of what lies in it.

state.db  events.db  catalog.db        operational state, event log, catalogue of the lake: SQLite
objects/  lake/  extractors/           raw bytes, Iceberg tables, written modules
exports/                               answers that are being written for a download
damage.jsonl  backups.jsonl            what was found damaged, and where the last backups lie
"""

from dataclasses import dataclass
from pathlib import Path

STATE, LOG, CATALOGUE = "state.db", "events.db", "catalog.db"
OBJECTS, LAKE, EXTRACTORS, EXPORTS = "objects", "lake", "extractors", "exports"
DAMAGES, BACKUPS = "damage.jsonl", "backups.jsonl"
# all that the pipeline keeps there; SQLite adds -wal and -shm to the names of its files
KEPT = (STATE, LOG, CATALOGUE, OBJECTS, LAKE, EXTRACTORS, EXPORTS, DAMAGES, BACKUPS)


@dataclass(frozen=True)
class DataFolder:
    """Where each thing lies."""

    path: Path

    @property
    def state(self) -> Path:
        """The operational state."""
        return self.path / STATE

    @property
    def log(self) -> Path:
        """The event log."""
        return self.path / LOG

    @property
    def catalogue(self) -> Path:
        """The catalogue of the lake."""
        return self.path / CATALOGUE

    @property
    def objects(self) -> Path:
        """Raw bytes, by their hash."""
        return self.path / OBJECTS

    @property
    def lake(self) -> Path:
        """The Iceberg tables."""
        return self.path / LAKE

    @property
    def extractors(self) -> Path:
        """Written modules, for people to read."""
        return self.path / EXTRACTORS

    @property
    def exports(self) -> Path:
        """Answers that are being written."""
        return self.path / EXPORTS

    @property
    def damages(self) -> Path:
        """The journal of what was found damaged."""
        return self.path / DAMAGES

    @property
    def backups(self) -> Path:
        """The journal of where backups lie."""
        return self.path / BACKUPS

    def holds_objects(self) -> bool:
        """Whether raw bytes are there."""
        return any(self.objects.glob("*/*"))
