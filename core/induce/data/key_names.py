"""Names for tables and fields of documents whose keys, tags and headers already are words."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

from core.induce.naming import LONGEST_NAME, snake
from core.text.urls import split_address

WRAPPERS = frozenset(
    ("items", "results", "data", "records", "entries", "rows", "value", "hits", "docs", "features", "objects", "list")
)
SHELLS = frozenset(("properties", "attributes", "fields", "_source", "#text"))
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
PLAIN_WORD = re.compile(r"(?!.*\d{3})[a-z][a-z0-9_]{2,}$")


def key_name(key: str) -> str:
    """A key, tag or header as a name: `pubDate` and `Pub date` are `pub_date`."""
    return snake(HUMP.sub(" ", key))


def field_name(path: Sequence[str], start: int, kind: str, header: str) -> str:
    """The name of a field at a path of keys, without the first `start` keys, which all fields share."""
    if kind == "key":
        return "key"
    if kind == "cell":
        return key_name(header) or f"column_{int(path[-1]) + 1}"
    return path_name(path[start:]) or "value"


def path_name(path: Sequence[str]) -> str:
    """Keys joined: `buyer`, `name` is `buyer_name`; from the end backwards as long as the name stays short."""
    words = [key_name(key) for key in path if key not in SHELLS or key == path[-1]]
    name = ""
    for word in reversed([word for word in words if word]):
        longer = f"{word}_{name}" if name else word
        if name and len(longer) > LONGEST_NAME:
            break
        name = longer
    return name


def tail_names(paths: Sequence[Sequence[str]]) -> list[str]:
    """For each path its last key, with as many keys before it as tell it from the others."""
    found = [""] * len(paths)
    open_ = set(range(len(paths)))
    for size in range(1, 1 + max((len(path) for path in paths), default=0)):
        names = {at: path_name(_without_text(paths[at])[-size:]) for at in open_}
        counts = Counter(names.values())
        for at, name in names.items():
            found[at] = name
        open_ = {at for at in open_ if counts[names[at]] > 1}
    return found


def _without_text(path: Sequence[str]) -> Sequence[str]:
    """A path without the paragraph that only wraps the text."""
    return path[:-1] if len(path) > 1 and path[-1].lower() in ("p", "text", "value") else path


def shared_start(paths: Sequence[Sequence[str]]) -> int:
    """How many first keys all paths share, never the last of a path."""
    if len(paths) < 2:
        return 0
    size = 0
    while all(len(path) > size + 1 for path in paths) and len({path[size] for path in paths}) == 1:
        size += 1
    return size


def table_name(path: Sequence[str], nameless: str) -> str:
    """The last key that says something, else the name given for tables without one."""
    for key in reversed(path):
        name = key_name(key)
        if name and key.lower() not in WRAPPERS and key != "*":
            return name
    return nameless or "records"


def address_name(url: str) -> str:
    """The last word of the path of an address or file name: `/api/tenders.json` is `tenders`; "" when it is none."""
    for step in reversed(split_address(url).path.split("/")):
        name = key_name(PurePosixPath(unquote(step)).stem)
        if PLAIN_WORD.match(name):
            return name
    return ""
