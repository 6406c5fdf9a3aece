"""Which encoding text bytes are in, by evidence: byte order mark, HTTP header, declaration in the page, statistics."""

import codecs
import re

from w3lib.encoding import read_bom, resolve_encoding

META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.I)
COMMENT = re.compile(rb"<!--.*?-->", re.S)
WIDE = {
    b"\x00\x00\x00<": "utf-32-be",
    b"<\x00\x00\x00": "utf-32-le",
    b"\x00<\x00": "utf-16-be",
    b"<\x00": "utf-16-le",
}
ESCAPED = {b"\x1b$)C": "iso2022_kr", b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp", b"\x1b(J": "iso2022_jp"}
# bytes in which a declaration is looked for: the HTML Standard asks for 1024, pages put scripts before theirs
DECLARED_WITHIN = 4096
# shares of zeros at every second (or fourth) byte of wide Latin text: where the letters' own bytes stand, and where the
# empty ones do. Text of other scripts has fewer empty ones, therefore no more is asked
FEW_ZEROS = 0.05
MANY_ZEROS = 0.35
# what is still in use; statistics over more only find accidents
LIKELY = (
    "utf_8 cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 iso8859_2 iso8859_5 iso8859_7 koi8_r koi8_u cp866 "
    "iso8859_6 mac_cyrillic cp874 gb18030 big5 euc_jp cp932 euc_kr johab"
).split()
# the share of characters that an encoding may fail to read and still be the one: a page of the right encoding has a few
# that were cut or pasted in, a wrong one breaks each accent
MAX_BROKEN = 0.001
# bytes that statistics are made over: they cost the most of reading a page without a declaration
GUESSED_FROM = 200_000


def decode_text(content: bytes, charset: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding; never fails: what no encoding reads becomes a replacement mark."""
    marked, mark = read_bom(content)
    if marked:
        return content[len(mark or b"") :].decode(marked, "replace"), marked
    wide = by_zeros(content)
    if wide:
        return content.decode(wide, "replace"), wide
    for name in (_escape_encoding(content), charset, _declared_encoding(content), "utf-8"):
        text = _try(content, name)
        if text is not None:
            return text, _codec_name(name) or "utf-8"
    return _guess(content)


def by_zeros(content: bytes) -> str:
    """The wide encoding of a text without a byte order mark, by the zeros around its characters; else ""."""
    found = next((name for start, name in WIDE.items() if content.startswith(start)), "")
    return found or (_by_places(content[:DECLARED_WITHIN]) if b"\0" in content[:DECLARED_WITHIN] else "")


def _by_places(head: bytes) -> str:
    """Latin letters in UTF-16 and UTF-32 leave zeros at every second byte, or at three of four."""
    first, second, third, fourth = (head[at::4].count(0) / max(1, len(head[at::4])) for at in range(4))
    if second > MANY_ZEROS and third > MANY_ZEROS:
        return "utf-32-be" if fourth < FEW_ZEROS < first else "utf-32-le" if first < FEW_ZEROS < fourth else ""
    if max(first, third) < FEW_ZEROS:
        return "utf-16-le" if min(second, fourth) > MANY_ZEROS else ""
    return "utf-16-be" if max(second, fourth) < FEW_ZEROS and min(first, third) > MANY_ZEROS else ""


def _escape_encoding(content: bytes) -> str | None:
    """The seven-bit encoding whose escape sequences stand in the text."""
    if b"\x1b" not in content[:DECLARED_WITHIN] or not content.isascii():
        return None
    return next((name for mark, name in ESCAPED.items() if mark in content[:DECLARED_WITHIN]), None)


def _declared_encoding(content: bytes) -> str | None:
    head = COMMENT.sub(b"", content[:DECLARED_WITHIN])
    names = [found[1].decode("ascii") for found in (*XML.finditer(head), *META.finditer(head))]
    name = next((name for name in names if _codec_name(name)), None)
    # a page that can be searched for its own declaration byte by byte is not UTF-16, whatever it says
    return "utf-8" if name and name.lower().startswith("utf-16") else name


def _codec_name(name: str | None) -> str | None:
    return resolve_encoding(name) if name else None


def _try(content: bytes, name: str | None) -> str | None:
    encoding = name if name in ESCAPED.values() else _codec_name(name)
    if not encoding:
        return None
    text = codecs.decode(content, encoding, "replace")
    broken = text.count("\ufffd")
    return text if broken <= MAX_BROKEN * len(text) else None


def _guess(content: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:GUESSED_FROM], cp_isolation=LIKELY).best()
    name = best.encoding if best else "cp1252"
    names = ("cp1250", "iso8859_2") if name == "cp1250" else (name,)
    # the two differ in where a few letters stand; the wrong one shows signs in their place
    return max(
        ((content.decode(each, "replace"), each) for each in names), key=lambda pair: sum(map(str.isalpha, pair[0]))
    )
