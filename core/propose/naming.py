"""Names of columns: snake_case words of the labels that a field takes, each name once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.propose.words import label_words
from core.text.synonyms import term

# characters of a name: what PostgreSQL keeps of one
LONGEST_NAME = 60
# last steps of paths that say nothing without the step before them
GENERIC = frozenset(
    "id code value type name amount title date description uri url number no item lang text content status label key "
    "address country currency quantity unit scheme".split()
)


def field_names(paths: Sequence[Sequence[str]], taken: Iterable[str] = ()) -> list[str]:
    """A name for each path of steps, in order: its last words, and those of the steps before where these are needed."""
    wanted = [_candidates(path) for path in paths]
    shortest = Counter(names[0] for names in wanted)
    used = set(taken)
    return [first_free([name for name in names if shortest[name] <= 1] or names[-1:], used) for names in wanted]


def best_label(labels: Mapping[str, int]) -> str:
    """The label that names a field: a standard term that one of them is, else the commonest, else the shortest."""
    order = sorted(labels, key=lambda label: (-labels[label], len(label), label))
    plain = [label for label in order if _is_standard(label)] if len(order) > 1 else []
    return (plain or order)[0]


def column_name(steps: Sequence[str]) -> str:
    """The words of some steps as a name; too many words of a path lose the first ones, those of a label the last."""
    words = [word for step in steps for word in label_words(step)]
    joined = "_".join(words)
    kept = (joined[-LONGEST_NAME:] if len(steps) > 1 else joined[:LONGEST_NAME]).strip("_")
    return f"n_{kept}" if kept[:1].isdigit() else kept


def first_free(names: Sequence[str], used: set[str]) -> str:
    """The first name that is not used, else the last one with a number; it is used from now on."""
    name = next((name for name in names if name not in used), "") or next(_numbered(names[-1], used))
    used.add(name)
    return name


def _numbered(name: str, used: set[str]) -> Iterator[str]:
    # thousands of fields of one name would make counting from 2 long for each
    number = 2
    while f"{name}_{number}" in used:
        number = number + 1 if number < 32 else number * 2
    yield f"{name}_{number}"


def _candidates(path: Sequence[str]) -> list[str]:
    """Names of a path from the shortest to the fullest."""
    least = 2 if len(path) > 1 and column_name(path[-1:]) in GENERIC else 1
    names = [column_name(path[-length:]) for length in range(min(least, len(path)), len(path) + 1)]
    return list(dict.fromkeys(name for name in names if name)) or ["field"]


def _is_standard(label: str) -> bool:
    words = " ".join(label_words(label))
    return bool(words) and term(words) == words
