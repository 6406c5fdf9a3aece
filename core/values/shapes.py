"""The shape of a value: which kinds of characters follow each other."""

import re

# characters of a value that its shape is made of, and of the shape: prose has no shape, and what differs stands at
# the start
LONGEST_MASKED = 80
LONGEST_MASK = 24


class _Classes(dict[int, str]):
    """The class of each character, worked out when it is first met: A and a for letters, 9 for figures."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter.isdecimal():
            found = "9"
        elif letter.isalnum():
            found = "A" if letter.isupper() else "a"
        else:
            found = letter
        self[code] = found
        return found


_CLASSES = _Classes()
# what repeats the character before it
_REPEATED = re.compile(r"(?<=(.))\1+")


def mask(value: str) -> str:
    """The shape of a value: letters become a or A, digits 9, runs are one: "EUR 1,250" → "A 9,9"."""
    return _REPEATED.sub("", value.strip()[:LONGEST_MASKED].translate(_CLASSES))[:LONGEST_MASK]
