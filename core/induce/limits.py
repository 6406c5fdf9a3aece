"""How much of what is found a blueprint keeps: the bounds that all kinds of documents share."""

from collections.abc import Iterable

# fields of a table: what a person can look through. Of the wanted values of 22 sites of SWDE the prototype had 90 %
# among its first 50 fields and 94 % among all 275; what is left out is counted in the blueprint
MAX_FIELDS = 60
# selectors of a field of a page, the most trusted first: the later ones are asked where all before them find nothing
MAX_SELECTORS = 6
# values of a field that a person is shown, and characters of each where documents hold long texts
MAX_EXAMPLES, LONGEST_EXAMPLE = 3, 200
# share of the documents, blocks or records that must have a label before it is a field: as low as a field that most
# things lack, and high enough that a colon in a single text makes none
LABEL_SHARE = 0.3


def examples_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The first different texts of a field."""
    return tuple(dict.fromkeys(texts))[:MAX_EXAMPLES]


def short_examples_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The beginnings of the first different texts of a field."""
    return examples_of(text[:LONGEST_EXAMPLE] for text in texts)
