"""What a person makes of a draft before it becomes a source. Every change is kept as it is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.agents.onboarding import Onboarding
from core.blueprint.drafting import Click
from core.model import Blueprint, Draft, Schedule
from core.schema.resemblance import Wanted
from core.schema.wanted import WishAnswer


@dataclass(frozen=True)
class DraftEditor:
    """The changes of one draft."""

    draft_id: str
    _onboarding: Onboarding

    def plan(self, *, schedule: Schedule | None = None, follow_details: bool | None = None) -> Draft:
        """Note how the source is to run; None leaves a thing as it is."""
        return self._onboarding.plan(self.draft_id, schedule=schedule, follow_details=follow_details)

    def click(self, template: str, table: str, sender: str, clicks: Sequence[Click]) -> Draft:
        """Do what was clicked in a list of columns, each click once, however often it is told.

        Raises:
            BadInput: the table has no such fields.
        """
        return self._onboarding.click(self.draft_id, template, table, sender, clicks)

    def undo(self) -> Draft:
        """Take the last change back.

        Raises:
            Conflict: there is none.
        """
        return self._onboarding.undo(self.draft_id)

    def revise(self, template: str, blueprint: Blueprint, words: str = "the last change") -> Draft:
        """Replace what was learned for one template by what the person made of it; `words` call it for a person."""
        return self._onboarding.revise(self.draft_id, template, blueprint, words)

    def teach(self, template: str, name: str, document_id: str, values: Sequence[str]) -> Draft:
        """Learn a field from its value, or its values, on one of the sample documents.

        Raises:
            BadInput: the value does not stand there.
        """
        return self._onboarding.teach(self.draft_id, template, name, document_id, values)

    def want(self, template: str, wanted: Sequence[Wanted]) -> list[WishAnswer]:
        """Put the fields that are surely the wanted columns first, under the wanted names; the others are told."""
        return self._onboarding.want(self.draft_id, template, wanted)

    def take(self, template: str, answer: WishAnswer) -> Draft:
        """A person's word: a field that may be a wanted column is it."""
        return self._onboarding.take(self.draft_id, template, answer)
