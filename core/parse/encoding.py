"""Which encoding text bytes are in, by evidence: byte order mark, HTTP header, declaration in the page, statistics."""

import codecs
import re

from w3lib.encoding import read_bom, resolve_encoding

META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.I)
WIDE = {
    b"\x00\x00\x00<": "utf-32-be",
    b"<\x00\x00\x00": "utf-32-le",
    b"\x00<\x00": "utf-16-be",
    b"<\x00": "utf-16-le",
}
HEAD = 4096
MAX_BROKEN = 0.01


def decode(content: bytes, charset: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding; never fails: what no encoding reads becomes a replacement mark."""
    marked, mark = read_bom(content)
    if marked:
        return content[len(mark or b"") :].decode(marked, "replace"), marked
    wide = by_zeros(content)
    if wide:
        return content.decode(wide, "replace"), wide
    for name in (charset, _declared(content), "utf-8"):
        text = _try(content, name)
        if text is not None:
            return text, _known(name) or "utf-8"
    return _guess(content)


def by_zeros(content: bytes) -> str:
    """The wide encoding of markup without a byte order mark, by the zeros around its first character; else ""."""
    return next((name for start, name in WIDE.items() if content.startswith(start)), "")


def _declared(content: bytes) -> str | None:
    found = XML.search(content[:HEAD]) or META.search(content[:HEAD])
    name = found[1].decode("ascii") if found else None
    # a page that can be searched for its own declaration byte by byte is not UTF-16, whatever it says
    return "utf-8" if name and name.lower().startswith("utf-16") else name


def _known(name: str | None) -> str | None:
    return resolve_encoding(name) if name else None


def _try(content: bytes, name: str | None) -> str | None:
    encoding = _known(name)
    if not encoding:
        return None
    text = codecs.decode(content, encoding, "replace")
    broken = text.count("\ufffd")
    return text if broken <= MAX_BROKEN * len(text) / 10 else None


def _guess(content: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:200_000]).best()
    name = best.encoding if best else "cp1252"
    return content.decode(name, "replace"), name
