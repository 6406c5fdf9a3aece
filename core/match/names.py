"""How far the names of two fields say the same."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from rapidfuzz.distance import Indel, JaroWinkler

from core.match.words import FAMILY_LIKENESS, MOST_WORDS, NameWords, name_words, word_likeness, word_weight
from core.text.synonyms import term

Rows = Any  # a NumPy array

# places that pieces of two to four letters are hashed into
PIECE_PLACES = 1024
# what is told of a pair of names, in this order
NAME_SIGNS = ("pieces", "spelling", "beginning", "words", "held", "words of path", "same", "term", "figures")


class FieldNames(NamedTuple):
    """The names of the fields of one side: their words, pieces of letters, and standard terms ("" = none)."""

    words: Sequence[NameWords]
    pieces: Rows
    terms: Sequence[str]
    tells: Rows


def names_of(names: Sequence[str]) -> FieldNames:
    """The names in their order."""
    words = [name_words(name) for name in names]
    pieces = np.zeros((len(names), PIECE_PLACES), np.float32)
    for row, name in enumerate(words):
        for piece in _pieces(" ".join(name.words)):
            pieces[row, crc32(piece.encode("utf-8", "replace")) % PIECE_PLACES] = 1
    pieces /= np.maximum(1e-9, np.linalg.norm(pieces, axis=1, keepdims=True))
    tells = np.array([name.tells for name in words], np.float32)
    return FieldNames(words, pieces, [term(" ".join(name.words)) for name in words], tells)


def _pieces(text: str) -> list[str]:
    framed = f" {text} "
    return [framed[i : i + length] for length in (2, 3, 4) for i in range(len(framed) - length + 1)]


def name_signs(left: FieldNames, right: FieldNames, rows: Rows, columns: Rows) -> Rows:
    """What is told of each pair (rows[k], columns[k]), NAME_SIGNS wide; 0 where a name tells nothing."""
    found = np.zeros((len(rows), len(NAME_SIGNS)), np.float32)
    told = np.flatnonzero((left.tells[rows] > 0) & (right.tells[columns] > 0))
    if len(told):
        found[told] = _told_signs(left, right, rows[told], columns[told])
    return found


def _told_signs(left: FieldNames, right: FieldNames, rows: Rows, columns: Rows) -> Rows:
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    plain = [(left.words[i].plain, right.words[j].plain) for i, j in pairs]
    last = _aligned([name.words for name in left.words], [name.words for name in right.words], rows, columns)
    short = np.array([_is_initials(left.words[i], right.words[j]) for i, j in pairs]) * FAMILY_LIKENESS
    whole = last
    if any(name.before for name in (*left.words, *right.words)):
        whole = _aligned([_path(name) for name in left.words], [_path(name) for name in right.words], rows, columns)
    return np.column_stack(
        [
            np.einsum("ij,ij->i", left.pieces[rows], right.pieces[columns]),
            [Indel.normalized_similarity(one, other) for one, other in plain],
            [JaroWinkler.similarity(one, other) for one, other in plain],
            np.maximum(last[:, 0], short),
            np.maximum(last[:, 1], short),
            whole[:, 0],
            [one == other for one, other in plain],
            [_same_term(left.terms[i], right.terms[j]) for i, j in pairs],
            [-(_figures(left.words[i]) != _figures(right.words[j])) for i, j in pairs],
        ]
    )


def _path(name: NameWords) -> tuple[str, ...]:
    return (name.before + name.words)[-MOST_WORDS:]


def _is_initials(one: NameWords, other: NameWords) -> bool:
    return bool(one.plain == other.initials or other.plain == one.initials)


def _same_term(one: str, other: str) -> float:
    """1 for one term, -1 for two, 0 where one is not known."""
    return (1.0 if one == other else -1.0) if one and other else 0.0


def _figures(name: NameWords) -> tuple[str, ...]:
    return tuple(word for word in name.words if word.isdigit())


def _aligned(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]], rows: Rows, columns: Rows) -> Rows:
    """How far the words of both names stand for each other, and how far those of one are held in the other."""
    mine, mine_weights, words = _numbered(left)
    theirs, their_weights, others = _numbered(right)
    met = _likeness(mine[rows][:, :, None] * (len(others) + 1) + theirs[columns][:, None, :], words, others)
    one, other = (
        (met.max(axis=2) * mine_weights[rows]).sum(axis=1),
        (met.max(axis=1) * their_weights[columns]).sum(axis=1),
    )
    all_one, all_other = (
        np.maximum(1e-9, mine_weights.sum(axis=1))[rows],
        np.maximum(1e-9, their_weights.sum(axis=1))[columns],
    )
    return np.column_stack([(one + other) / (all_one + all_other), np.maximum(one / all_one, other / all_other)])


def _likeness(pairs: Rows, words: list[str], others: list[str]) -> Rows:
    """The likeness of pairs of words, each pair as one number; the last word of each side is no word."""
    asked, places = np.unique(pairs, return_inverse=True)
    width = len(others) + 1
    told = [
        word_likeness(words[at // width], others[at % width])
        if at // width < len(words) and at % width < len(others)
        else 0.0
        for at in asked.tolist()
    ]
    return np.array(told, np.float32)[places].reshape(pairs.shape)


def _numbered(names: Sequence[Sequence[str]]) -> tuple[Rows, Rows, list[str]]:
    """The words of names as numbers, what each weighs, and the different words; behind short names stand no words."""
    words = sorted({word for name in names for word in name})
    at = {word: place for place, word in enumerate(words)}
    numbers = np.full((len(names), MOST_WORDS), len(words), np.int64)
    weights = np.zeros((len(names), MOST_WORDS), np.float32)
    for row, name in enumerate(names):
        numbers[row, : len(name)] = [at[word] for word in name]
        weights[row, : len(name)] = [word_weight(word) for word in name]
    return numbers, weights, words
