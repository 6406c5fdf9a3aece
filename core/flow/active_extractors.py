"""The extractors that are in service, looked up once for as long as a few documents are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.model import Extractor, ExtractorState
from core.ports import ExtractorStore


@dataclass(frozen=True)
class ActiveExtractors:
    """Those that were in service at a moment: a run finishes with the versions that it began with."""

    store: ExtractorStore
    moment: datetime
    _by_source: dict[str, dict[str, Extractor]] = field(default_factory=dict)
    _several: dict[str, bool] = field(default_factory=dict)

    def of(self, source_id: str, template: str) -> Extractor | None:
        """The one for a template."""
        return self._of_source(source_id).get(template)

    def all(self, source_id: str) -> list[Extractor]:
        """All of a source, by the names of their templates."""
        return [extractor for _, extractor in sorted(self._of_source(source_id).items())]

    def are_several(self, source_id: str) -> bool:
        """Folders hold pages of any template; pages that were followed to know theirs."""
        self._of_source(source_id)
        return self._several[source_id]

    def _of_source(self, source_id: str) -> dict[str, Extractor]:
        if source_id not in self._by_source:
            versions = self.store.versions(source_id)
            self._several[source_id] = any(version.template.startswith("template") for version in versions)
            self._by_source[source_id] = _in_service(versions, self.moment)
        return self._by_source[source_id]


def _in_service(versions: Sequence[Extractor], moment: datetime) -> dict[str, Extractor]:
    """By template the version that was promoted last until then; the active one where none was."""
    active = {version.template: version for version in versions if version.state is ExtractorState.ACTIVE}
    promoted = [(v.promoted_at, v.version, v) for v in versions if v.promoted_at and v.promoted_at <= moment]
    return active | {version.template: version for _, _, version in sorted(promoted, key=lambda each: each[:2])}
