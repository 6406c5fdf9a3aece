"""Labels of sources as words, and as the steps of a path where they are paths."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

# what stands between the steps of a path, as in tender.value.amount and notice/value/@currency
SEPARATORS = ("/", ".")
STEP = re.compile(r"^@?[\w:-]+(\[\d*\])?$")
INDEX = re.compile(r"\[\d*\]")
WORD = re.compile(r"[^\W_]+")
CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# share of the labels with a separator that must be clean paths: elsewhere it is punctuation, as in "Ed. Rate" or "n/a"
CLEAN_PATHS = 0.9
# characters of a label that are looked at: a longer one is a text that came to stand in its place
LONGEST_LABEL = 300


def separator_of(labels: Iterable[str]) -> str:
    """What stands between the steps of labels that are paths; "" where labels are plain words.

    Labels are paths where the parts between the separators are single words and several have the same beginning.
    """
    known = list(labels)
    return next((mark for mark in SEPARATORS if _are_paths(known, mark)), "")


def _are_paths(labels: list[str], mark: str) -> bool:
    parted = [short.split(mark) for label in labels if mark in (short := label[:LONGEST_LABEL])]
    clean = [parts for parts in parted if all(STEP.match(part) for part in parts)]
    parents = Counter(parts[0] for parts in clean)
    return bool(clean) and len(clean) >= CLEAN_PATHS * len(parted) and max(parents.values()) > 1


def steps_of(label: str, mark: str) -> tuple[str, ...]:
    """The steps of a path, without numbers of items; a label that is none is one step."""
    if not mark or mark not in label:
        return (label,)
    steps = tuple(step for part in label[:LONGEST_LABEL].split(mark) if (step := INDEX.sub("", part)))
    return steps or (label,)


@lru_cache(maxsize=20_000)
def label_words(label: str) -> tuple[str, ...]:
    """The words of a label in small letters, without accents: "PostalCode" is postal, code."""
    parted = CAMEL.sub(" ", label[:LONGEST_LABEL])
    plain = unicodedata.normalize("NFKD", parted.casefold().replace("ß", "ss"))
    letters = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))
    # "e-mail" and "E_MAIL" are one word
    return tuple(WORD.findall(re.sub(r"\be[\W_]mail", "email", letters)))
