"""The shape of a value: which kinds of characters follow each other."""

import re

# characters of a value that its shape is made of, and of the shape: prose has no shape, and what differs stands at
# the start
LONGEST_MASKED = 80
LONGEST_MASK = 24


def mask(value: str) -> str:
    """The shape of a value: letters become a or A, digits 9, runs are one: "EUR 1,250" → "A 9,9"."""
    classes = re.sub(r"[^\W\d_]", lambda found: "A" if found[0].isupper() else "a", value.strip()[:LONGEST_MASKED])
    return re.sub(r"(.)\1+", r"\1", re.sub(r"\d", "9", classes))[:LONGEST_MASK]
