"""Engine "rules": learns and repairs without a language model; the same pages, the same blueprint."""

from collections.abc import Callable, Mapping, Sequence

from core.extract import extract
from core.heal import changes, heal, leave_doubtful_empty, outline
from core.heal.newcomers import with_newcomers
from core.induce import induce
from core.induce.html.apart import learned_apart
from core.induce.html.examples import with_example
from core.induce.pagination.next_link import with_key
from core.induce.pagination.numbered import guesses, proves
from core.model import Blueprint, Lesson, ParsedDocument, Record, Repaired, TemplateGroup
from core.schema.templates import group_templates

# pages that are visited to find out how a list goes on: each is a request that may be in vain
MOST_GUESSES = 4


class RulesEngine:
    """The port Engine."""

    def learn(self, documents: Sequence[ParsedDocument]) -> Blueprint:
        return induce(documents)

    def group(self, documents: Sequence[ParsedDocument]) -> list[TemplateGroup]:
        return group_templates(documents)

    def teach(
        self, blueprint: Blueprint, documents: Sequence[ParsedDocument], name: str, given: Mapping[int, Sequence[str]]
    ) -> Blueprint:
        return with_example(blueprint, documents, name, given)

    def paginate(
        self, blueprint: Blueprint, page: ParsedDocument, visit: Callable[[str], ParsedDocument | None]
    ) -> Blueprint:
        first = extract(blueprint, page)
        for guess in guesses(blueprint, page, first)[:MOST_GUESSES]:
            found = visit(guess.probe)
            if found is not None and proves(guess, blueprint, first, extract(blueprint, found)):
                return blueprint.model_copy(update={"pagination": guess.pagination})
        return blueprint

    def join(self, blueprint: Blueprint, records: Sequence[Record], pages: Mapping[str, Record]) -> Blueprint:
        if blueprint.details is None:
            return blueprint
        return blueprint.model_copy(update={"details": with_key(blueprint.details, records, pages)})

    def repair(
        self,
        blueprint: Blueprint,
        before: Sequence[ParsedDocument],
        after: Sequence[ParsedDocument],
        lessons: Sequence[Lesson] = (),
    ) -> Repaired:
        proposed, report = heal(blueprint, before, after, lessons)
        said = tuple(changes(before[0], after[0])) if before and after else ()
        return Repaired(proposed, leave_doubtful_empty(blueprint, proposed, report), report, said)

    def grow(
        self, blueprint: Blueprint, before: Sequence[ParsedDocument], now: Sequence[ParsedDocument]
    ) -> tuple[Blueprint, dict[str, str]]:
        return with_newcomers(blueprint, before, now)

    def learn_apart(self, blueprint: Blueprint, documents: Sequence[ParsedDocument]) -> Blueprint | None:
        return learned_apart(blueprint, documents)

    def outline(self, document: ParsedDocument) -> tuple[str, ...]:
        return outline(document)
