"""Packed streams of a PDF, counted while they are unpacked and before the renderer unpacks them whole."""

import re
import zlib

from core.errors import UnreadableDocument
from core.parse.limits import Limits

# the dictionary of a stream is never packed itself (ISO 32000-1, 7.5.7)
STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
TWICE = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW)\s*/(?:FlateDecode|Fl|LZWDecode|LZW)\b")
# bytes that are unpacked at a time and thrown away: a bomb is noticed that late
INFLATED_AT_ONCE = 1 << 20


def refuse_pdf_bomb(content: bytes, limits: Limits) -> None:
    """Count what the deflated streams of a PDF unpack to.

    Raises:
        TooLarge: they hold more bytes than the limits allow.
        UnreadableDocument: a stream is packed twice, which no program does and bombs do.
    """
    if TWICE.search(content):
        raise UnreadableDocument("The PDF holds a stream that is packed twice.", "Save it anew with another program.")
    total = 0
    for found in STREAM.finditer(content):
        unpacker, rest = zlib.decompressobj(), content[found.end() :]
        while rest and not unpacker.eof:
            try:
                total += len(unpacker.decompress(rest, INFLATED_AT_ONCE))
            except zlib.error:
                break  # not deflated after all, or broken: the renderer stops there too
            limits.check("unpacked_bytes", "The PDF, unpacked,", total)
            rest = unpacker.unconsumed_tail
