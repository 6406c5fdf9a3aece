"""Undoes the content coding of an answer without ever holding more than the limit: a bomb stops early."""

import zlib

from core.errors import TooLarge, WrongAnswer

ACCEPT_ENCODING = "gzip, deflate"
GZIP_MAGIC = b"\x1f\x8b"
# a gzip body may be several, one after the other; each costs a copy of the rest
MOST_GZIP_BODIES = 100
# zlib's window bits: the header that is expected, or none
GZIP, ZLIB, RAW = 31, 15, -15


def decode_content(body: bytes, coding: str, limit: int) -> bytes:
    """The body as the host meant it.

    Raises:
        TooLarge: it would be more than `limit` bytes.
        WrongAnswer: the coding is unknown, or the body does not follow it.
    """
    coding = coding.strip().lower()
    if coding in {"", "identity"} or not body:
        return body
    try:
        return _inflate(body, _window(coding, body), limit)
    except zlib.error:
        raise WrongAnswer(f"The answer says that it is packed with {coding} and is not.", "Try again later.") from None


def too_large(what: object, limit: int) -> TooLarge:
    """The error for a document over the limit."""
    return TooLarge(f"{what} is larger than {limit / 1_000_000:g} MB.", "Raise SDP_MAX_DOCUMENT_BYTES if you need it.")


def _window(coding: str, body: bytes) -> int:
    if coding in {"gzip", "x-gzip"}:
        return GZIP
    if coding == "deflate":  # some hosts send it with the header that the standard asks for, some without
        return ZLIB if body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0 else RAW
    raise WrongAnswer(
        f"The answer is packed with {coding[:40]}, which we did not ask for.", "Try again, or get the page by hand."
    )


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    unpacked = b""
    for _ in range(MOST_GZIP_BODIES):
        unpacker = zlib.decompressobj(window)
        unpacked += unpacker.decompress(body, limit - len(unpacked) + 1)
        if len(unpacked) > limit:
            raise too_large("The unpacked answer", limit)
        if not unpacker.eof:
            raise zlib.error("the end is missing")
        body = unpacker.unused_data
        if window != GZIP or not body.startswith(GZIP_MAGIC):
            return unpacked
    raise zlib.error("too many members")
