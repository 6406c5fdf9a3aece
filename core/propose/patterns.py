"""Regular expressions for values of one or few shapes: what Python, JSON Schema and JavaScript read alike."""

import re
from collections.abc import Iterable, Sequence

# different values that a pattern is made of at least, and shapes that it has at most
LEAST_VALUES = 8
MOST_SHAPES = 3
# parts of a shape: more are a sentence
MOST_PARTS = 12
PART = re.compile(r"[A-Z]+|[a-z]+|\d+|[^A-Za-z\d]")
CLASSES = (("[A-Z]", re.compile(r"[A-Z]+")), ("[a-z]", re.compile(r"[a-z]+")), (r"\d", re.compile(r"\d+")))


def pattern_of(values: Iterable[str]) -> str:
    """A regular expression that all the values fit; "" when they have too many shapes, or there are too few."""
    texts = [value.strip() for value in values]
    if len(set(texts)) < LEAST_VALUES or not all(text.isascii() and text.isprintable() for text in texts):
        return ""
    shapes: dict[tuple[str, ...], list[list[str]]] = {}
    for text in texts:
        parts = PART.findall(text)
        if len(parts) > MOST_PARTS:
            return ""
        shapes.setdefault(tuple(map(_class, parts)), []).append(parts)
        if len(shapes) > MOST_SHAPES:
            return ""
    written = sorted("".join(map(_written, shape, zip(*seen, strict=True))) for shape, seen in shapes.items())
    return f"^{written[0]}$" if len(written) == 1 else f"^(?:{'|'.join(written)})$"


def _class(part: str) -> str:
    return next((name for name, fits in CLASSES if fits.fullmatch(part)), _literal(part))


def _literal(sign: str) -> str:
    # what JavaScript must not see escaped when it reads strictly (a blank, a hyphen), Python need not either
    return "\\" + sign if sign in r"\^$.|?*+()[]{}/" else sign


def _written(name: str, parts: Sequence[str]) -> str:
    """One part of a shape: as it is where it is always the same word, else its class with how often that stands."""
    if len(set(parts)) == 1 and not parts[0].isdigit():
        return "".join(map(_literal, parts[0]))
    lengths = {len(part) for part in parts}
    if lengths == {1}:
        return name
    # what differs in length may grow longer yet, as running numbers do
    return f"{name}{{{lengths.pop()}}}" if len(lengths) == 1 else f"{name}+"


def widened(pattern: str, texts: Iterable[str]) -> str:
    """A pattern that further texts fit too: one more shape for each that does not fit it."""
    shapes = dict.fromkeys(_shape(text) for text in texts if not re.fullmatch(pattern, text))
    return "|".join([pattern, *shapes])


def _shape(text: str) -> str:
    """The shape of one text: as many capitals, letters or figures, and its signs as they are."""
    return "^" + "".join(_class(part) if len(part) == 1 else f"{_class(part)}+" for part in PART.findall(text)) + "$"
