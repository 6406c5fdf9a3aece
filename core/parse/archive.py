"""What a packed workbook holds, counted while it is unpacked and before any of it is kept: a bomb stops early."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from core.errors import UnreadableDocument
from core.parse.limits import Limits

# bytes that are unpacked at a time and thrown away: a bomb is noticed that late
UNPACKED_AT_ONCE = 1 << 20
# the largest workbooks of today have some thousand parts
MOST_MEMBERS = 10_000
SHEET = re.compile(r"(?i)(xl/worksheets/|content\.xml$)")
ROW, CELL = re.compile(rb"<(?:\w+:)?(?:row|table-row)[\s/>]"), re.compile(rb"<(?:\w+:)?(?:c|table-cell)[\s/>]")
# what the library says of an archive that is none: the first of its own structure, of the packed bytes (deflate, LZMA,
# and OSError for bzip2), of an end that is missing and of places outside of the file; NotImplementedError of a way of
# packing that nobody uses, RuntimeError of a password
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
# a tag may be cut in two where a chunk ends
LONGEST_CUT_TAG = 32


def refuse_bomb(content: bytes, limits: Limits) -> None:
    """Unpack a ZIP archive without keeping anything, and count.

    Raises:
        TooLarge: it holds more bytes, rows or cells than the limits allow.
        UnreadableDocument: it is broken, or says of a part that it is smaller than it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise UnreadableDocument(
                    f"The workbook has {len(members):,} parts.", "Save the part that holds the data."
                )
            limits.check("unpacked_bytes", "The workbook, unpacked,", sum(member.file_size for member in members))
            _count(archive, members, limits)
    except BROKEN as error:
        raise UnreadableDocument(
            f"The workbook cannot be unpacked: {error}.", "Save it anew without a password."
        ) from None


def _count(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = 0
    for member in members:
        rows = cells = 0
        is_sheet = SHEET.search(member.filename) is not None
        with archive.open(member) as part:
            for chunk, overlap in _chunks(part):
                total += len(chunk) - overlap
                limits.check("unpacked_bytes", "The workbook, unpacked,", total)
                if is_sheet:
                    rows += _found(ROW, chunk, overlap)
                    cells += _found(CELL, chunk, overlap)
                    limits.check("rows", f"The sheet in “{member.filename}”", rows)
                    limits.check("cells", f"The sheet in “{member.filename}”", cells)


def _chunks(part: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """The bytes of a part piece by piece, each behind the end of the one before it, which has that length."""
    before = b""
    while piece := part.read(UNPACKED_AT_ONCE):
        yield before + piece, len(before)
        before = piece[-LONGEST_CUT_TAG:]


def _found(pattern: re.Pattern[bytes], chunk: bytes, overlap: int) -> int:
    """How many matches end behind the overlap: the others were counted with the chunk before."""
    return sum(1 for match in pattern.finditer(chunk) if match.end() > overlap)
