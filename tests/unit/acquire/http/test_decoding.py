"""Packed answers are unpacked within the limit; bombs and torsos are errors."""

import gzip
import tracemalloc
import zlib

import pytest

from core.acquire.http.decoding import decode_content
from core.errors import TooLarge, WrongAnswer

TEXT = b"<p>" + b"tender " * 500 + b"</p>"


def gzipped(content: bytes) -> bytes:
    """Without the time of day: each process that runs tests must name them alike."""
    return gzip.compress(content, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzipped(TEXT), "gzip"),
        (gzipped(TEXT), "GZip "),
        (gzipped(TEXT), "x-gzip"),
        (gzipped(TEXT[:100]) + gzipped(TEXT[100:]), "gzip"),
        (gzipped(TEXT) + b"padding", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
    ],
)
def test_known_codings(body: bytes, coding: str) -> None:
    assert decode_content(body, coding, len(TEXT)) == TEXT


def test_one_byte_over_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge):
        decode_content(gzipped(TEXT), "gzip", len(TEXT) - 1)


def test_bomb_stops_at_the_limit() -> None:
    bomb = gzipped(bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="larger than 1 MB"):
            decode_content(bomb, "gzip", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_swarm_of_tiny_members_is_refused() -> None:
    with pytest.raises(WrongAnswer):
        decode_content(gzipped(b"x") * 100_000, "gzip", 1_000_000)


@pytest.mark.parametrize(
    ("body", "coding"),
    [(b"plain text", "gzip"), (gzipped(TEXT)[:-20], "gzip"), (b"plain", "deflate"), (TEXT, "br"), (TEXT, "a, b")],
)
def test_what_does_not_follow_its_coding_is_a_wrong_answer(body: bytes, coding: str) -> None:
    with pytest.raises(WrongAnswer):
        decode_content(body, coding, 1_000_000)
