"""How a site names its columns: the word it takes, its case, its abbreviations, its paths."""

import re
from collections.abc import Callable, Sequence
from random import Random

Label = Callable[[str], str]

CASES: list[Label] = [
    lambda x: x,
    str.title,
    str.capitalize,
    str.upper,
    lambda x: x.replace(" ", "_"),
    lambda x: x.replace(" ", "_"),
    lambda x: x.replace(" ", "-"),
    lambda x: x.title().replace(" ", ""),
    lambda x: x[:1].lower() + x.title().replace(" ", "")[1:],
    lambda x: x.upper().replace(" ", "_"),
    lambda x: x.title() + ":",
    lambda x: x.replace(" ", ""),
    lambda x: x.title().replace(" ", "_"),
]
FRONTS = [
    "product_",
    "item ",
    "prod_",
    "main ",
    "data.",
    "record.",
    "info_",
    "the ",
    "attributes.",
    "x_",
    "tbl_",
    "fields/",
    "case_",
    "its ",
]
BACKS = ["_1", " (1)", "_val", " info", "_txt", "*", "_new", " text", "@value", "_raw", "?"]
MADE_UP = [
    "col{n}",
    "col{n}",
    "col{n}",
    "column{n}",
    "Column {n}",
    "f{h}",
    "field_{n}",
    "V{n}",
    "{n}",
    "Unnamed: {n}",
    "attr{n}",
    "x{n}",
    "{h}",
    "c{n}",
]


def hidden(r: Random, count: int) -> list[str]:
    """FieldNames that tell nothing."""
    form = r.choice(MADE_UP)
    numbers = r.sample(range(16**4, 16**5), count)
    return [form.format(n=n + 1, h=f"{numbers[n]:05x}") for n in range(count)]


def labels_of(r: Random) -> Callable[[str], str]:
    """A function that names a column of the words "a|b|c" as one site does."""
    case = r.choice(CASES)
    plain, odd, short = r.uniform(0.1, 0.8), r.choice([0.0, 0.05, 0.15]), r.choice([0.0, 0.0, 0.0, 0.3])
    front, back = r.choice(FRONTS) if r.random() < 0.12 else "", ""
    shorten = r.choice([_without_vowels, _cut])

    def label(names: str) -> str:
        words = [word.strip() for word in names.split("|")]
        text = words[0] if r.random() < plain else r.choice(words)
        if r.random() < short:
            text = " ".join(map(shorten, text.split()))
        tail = r.choice(BACKS) if r.random() < odd else back
        return _typo(r, front + case(text) + tail) if r.random() < odd / 3 else front + case(text) + tail

    return label


def renamed(r: Random) -> Callable[[str], str]:
    """A change that a new version of a table makes to names."""
    changes: list[Label] = [
        str.upper,
        str.lower,
        lambda x: x.replace("_", " "),
        lambda x: x.replace("_", ""),
        lambda x: x.replace("_", "-"),
        lambda x: f"{r.choice(['total', 'all', 'new', 'prob', 'conf'])}_{x}",
        lambda x: f"{x}_{r.choice(['total', 'count', 'n', 'value', 'v2', 'rate'])}",
        lambda x: "_".join(map(_cut, x.split("_"))),
        lambda x: "_".join(reversed(x.split("_"))),
        lambda x: re.sub("(count|number|total)", r.choice(["cnt", "num", "n"]), x),
        lambda x: x.title().replace("_", ""),
        lambda x: f" {x} ",
        lambda x: f'"{x}"',
        lambda x: re.sub(r"_(avg|mean)", "_average", x),
        lambda x: x.replace("_", "."),
        lambda x: f"{x}{r.randint(1, 9)}",
    ]
    return r.choice(changes)


def unique(names: Sequence[str]) -> list[str]:
    """The names, a repeated one with a number behind."""
    out: list[str] = []
    for name in names:
        taken, n = name, 1
        while taken in out:
            n += 1
            taken = f"{name}_{n}"
        out.append(taken)
    return out


def _without_vowels(word: str) -> str:
    return word[:1] + re.sub("[aeiou]", "", word[1:]) if len(word) > 3 else word


def _cut(word: str) -> str:
    return word[:4] if len(word) > 5 else word


def _typo(r: Random, text: str) -> str:
    at = r.randrange(len(text))
    return text[:at] + r.choice([text[at + 1 :], text[at] + text[at:]])
