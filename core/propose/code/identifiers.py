"""Names that a schema may have as names that a language takes, each once."""

import re
from collections.abc import Iterable

WORD = re.compile(r"[A-Za-z\d]+")
PLAIN = re.compile(r"[a-z][a-z\d_]*")
# characters of a name in written source
LONGEST_IDENTIFIER = 80


def class_names(names: Iterable[str], reserved: Iterable[str]) -> dict[str, str]:
    """A class name for each name: "object_descr" is ObjectDescr; one that is taken or reserved gets a number."""
    used, found = set(reserved), {}
    for name in names:
        words = "".join(word[:1].upper() + word[1:] for word in WORD.findall(name))[:LONGEST_IDENTIFIER]
        found[name] = _free(words if words[:1].isalpha() else f"Table{words}", used)
    return found


def attribute_names(names: Iterable[str], reserved: Iterable[str]) -> dict[str, str]:
    """An attribute for each name: the name itself where it is one, else its letters and figures."""
    used, found = set(reserved), {}
    for name in names:
        plain = name if PLAIN.fullmatch(name) else "_".join(WORD.findall(name.lower()))
        started = plain if plain[:1].isalpha() else f"field_{plain}".rstrip("_")
        found[name] = _free(started[:LONGEST_IDENTIFIER], used)
    return found


def _free(name: str, used: set[str]) -> str:
    """The name, with a number where it is used; it is used from now on."""
    number, free = 1, name
    while free in used:
        number += 1
        free = f"{name}_{number}"
    used.add(free)
    return free
