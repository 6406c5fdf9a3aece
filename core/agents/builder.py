"""Builder: makes a readable module of a blueprint, proves it on the sample pages, and puts it into service."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.blueprint.codegen import generate
from core.errors import BadBlueprint
from core.events import ExtractorPromoted, ExtractorRolledBack
from core.flow.lake_rows import plain_rows
from core.model import (
    Blueprint,
    Extractor,
    ExtractorState,
    ParsedDocument,
    RawDocument,
    content_hash,
    stable_id,
)
from core.ports import BronzeStore, Clock, EventBroker, ExtractorStore, Runner

Sample = tuple[RawDocument, ParsedDocument]


@dataclass(frozen=True)
class Builder:
    """Blueprint → extractor version: staged, checked, then active."""

    extractors: ExtractorStore
    runner: Runner
    bronze: BronzeStore
    broker: EventBroker
    clock: Clock

    def build(self, source_id: str, template: str, blueprint: Blueprint, samples: Sequence[Sample]) -> Extractor:
        """Stage a new version, check it, and promote it; raises as `stage` does."""
        return self.promote(self.stage(source_id, template, blueprint, samples))

    def stage(
        self, source_id: str, template: str, blueprint: Blueprint, samples: Sequence[Sample], note: str = ""
    ) -> Extractor:
        """Keep a new version and check its module against the blueprint on the samples.

        Raises:
            BadBlueprint: the module gives other rows than the blueprint; the version stays staged.
        """
        code = generate(blueprint, source=source_id)
        digest = content_hash(code.encode())
        now = self.clock.now()
        staged = self.extractors.stage(
            Extractor(
                extractor_id=stable_id(source_id, template, digest, now.isoformat()),
                source_id=source_id,
                template=template,
                version=0,
                state=ExtractorState.STAGED,
                blueprint=blueprint,
                code=code,
                code_hash=digest,
                created_at=now,
                note=note,
            )
        )
        for document, parsed in samples:
            self._check(staged, document, parsed)
        return staged

    def promote(self, staged: Extractor) -> Extractor:
        """Make a version the active one."""
        active = self.extractors.promote(staged.extractor_id)
        self.broker.publish(
            [
                ExtractorPromoted(
                    event_id=stable_id("promoted", active.extractor_id, self.clock.now().isoformat()),
                    subject=active.source_id,
                    at=self.clock.now(),
                    source_id=active.source_id,
                    extractor_id=active.extractor_id,
                    template=active.template,
                    version=active.version,
                )
            ]
        )
        return active

    def roll_back(self, served: Extractor, before: Extractor, by: str, why: str) -> Extractor:
        """Make the version that was active before another one the active one again."""
        active = self.extractors.promote(before.extractor_id)
        now = self.clock.now()
        self.broker.publish(
            [
                ExtractorRolledBack(
                    event_id=stable_id("rolled back", served.extractor_id, now.isoformat()),
                    subject=active.source_id,
                    at=now,
                    source_id=active.source_id,
                    extractor_id=active.extractor_id,
                    template=active.template,
                    version=active.version,
                    from_version=served.version,
                    by=by,
                    why=why,
                )
            ]
        )
        return active

    def _check(self, staged: Extractor, document: RawDocument, parsed: ParsedDocument) -> None:
        content = self.bronze.content(document.content_hash)
        given = self.runner.module_rows(staged, content, document.final_url)
        wanted = list(plain_rows(self.runner.run(staged, parsed)))
        if given != wanted:
            raise BadBlueprint(
                f"The module written for {document.url} gives other rows than its blueprint.",
                f"Version {staged.version} stays staged; report this page.",
            )
