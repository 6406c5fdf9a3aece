"""What every player of the port Embedder must do."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ports import Embedder
from core.registry import EMBEDDERS, open_embedder
from tests.effort import tries


@pytest.fixture(scope="module", params=sorted(EMBEDDERS.players))
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return open_embedder(request.param)


def test_like_texts_get_like_vectors(embedder: Embedder) -> None:
    vectors = embedder.embed(["Release date", "release  date:", "date of release", "ISBN"])
    alike = vectors @ vectors.T
    assert alike[0, 1] > alike[0, 2] > alike[0, 3]


def test_no_text_is_no_row(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@settings(max_examples=tries(50), deadline=None)
@given(texts=st.lists(st.text(alphabet=st.characters(), max_size=40), max_size=8))
def test_each_text_has_its_row_of_length_one(embedder: Embedder, texts: list[str]) -> None:
    vectors = embedder.embed([*texts, *reversed(texts), ""])
    assert vectors.shape == (2 * len(texts) + 1, embedder.dimensions)
    assert numpy.array_equal(vectors[: len(texts)], vectors[len(texts) : -1][::-1])
    lengths = numpy.linalg.norm(vectors, axis=1)
    assert all(length == 0 or length == pytest.approx(1) for length in lengths)
    assert lengths[-1] == 0


@pytest.mark.parametrize("text", ["x" * 1_000_000, "\x00\x1f", "\ud800", "é" * 1000, " \n\t "])
def test_absurd_texts_have_a_row_too(embedder: Embedder, text: str) -> None:
    assert numpy.isfinite(embedder.embed([text])).all()
