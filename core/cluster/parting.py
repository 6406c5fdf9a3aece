"""Whether a cluster is several kinds: some that share a frame, told by what one field says, or two that were mixed up.

What a field says parts a cluster when it foretells which other fields a document has: a type, a form, a schema does.
Countries, colours and names foretell none, so no list of words is needed to tell a type from another short text.
Whether a field is there parts a cluster when both sides have fields of their own: where one side only lacks some, these
are optional.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.cluster.criterion import Criterion
from core.cluster.sample import SampledDocument
from core.cluster.tosses import Tosses

# documents from which on it is asked: a split stays for good, and with fewer another field is often taken
LEAST_PARTED = 32
# share of the documents that must have a field whose text names their kind: all but slips
KIND_SHARE = 0.9
# documents, in the mean, of a kind: with fewer the texts are names, not kinds
LEAST_OF_KIND = 2
# nats a document by which its description must become shorter for a text to name its kind: chance gives less than .5 on
# sources of one kind, frames of several kinds give 1 to 8
LEAST_GAIN = 1.0
# share of all variation that the presence of a field must explain: 0 where the fields of one kind are optional by
# themselves, .2 to .6 where two kinds were mixed up
LEAST_EXPLAINED = 0.2


class Parting(NamedTuple):
    """What parts documents, by how many nats each, and which of them (by position) are of a kind."""

    criterion: Criterion
    gain: float
    parts: Mapping[str, Sequence[int]]


def parting_of(documents: Sequence[SampledDocument]) -> Parting | None:
    """The criterion that parts the documents best, if one does."""
    if len(documents) < LEAST_PARTED:
        return None
    tosses = Tosses([document.fields for document in documents])
    # a text says which kind a document is of, also where a field happens to be missing
    by_text = _best(_parted(documents, tosses, _texts(documents)), LEAST_GAIN)
    explained = -tosses.together / len(documents) * LEAST_EXPLAINED
    return by_text or _best(_parted(documents, tosses, _presences(documents, tosses)), explained)


def criteria_of(documents: Sequence[SampledDocument]) -> list[Criterion]:
    """What a person may part documents by: fields that name kinds of them, and those that only some have."""
    times = Counter(field for document in documents for field in document.fields)
    some = [Criterion(field, "presence") for field in sorted(times) if times[field] < len(documents)]
    return _texts(documents) + some


def _best(found: Iterable[Parting], least: float) -> Parting | None:
    enough = [parting for parting in found if parting.gain >= least]
    return max(enough, key=lambda each: (round(each.gain, 9), each.criterion), default=None)


def _texts(documents: Sequence[SampledDocument]) -> list[Criterion]:
    times = Counter(field for document in documents for field in document.texts)
    often = sorted(field for field, count in times.items() if count >= KIND_SHARE * len(documents))
    return [Criterion(field, "text") for field in often if _says_kinds(documents, field)]


def _says_kinds(documents: Sequence[SampledDocument], field: str) -> bool:
    texts = len({document.texts.get(field, "") for document in documents})
    return 1 < texts <= len(documents) / LEAST_OF_KIND


def _presences(documents: Sequence[SampledDocument], tosses: Tosses) -> list[Criterion]:
    times = Counter(field for document in documents for field in document.fields)
    fields = sorted(field for field, count in times.items() if LEAST_OF_KIND <= count <= len(documents) - LEAST_OF_KIND)
    return [Criterion(field, "presence") for field in tosses.exclusive(fields)] if fields else []


def _parted(documents: Sequence[SampledDocument], tosses: Tosses, criteria: Iterable[Criterion]) -> Iterable[Parting]:
    for criterion in criteria:
        parts: dict[str, list[int]] = {}
        for position, document in enumerate(documents):
            parts.setdefault(criterion.kind_of_sampled(document), []).append(position)
        yield Parting(criterion, tosses.gain(list(parts.values())) / len(documents), parts)
