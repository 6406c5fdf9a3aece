"""Raw bytes to a parsed document: find out what they are, then let the one reader of that kind read them.

Limits that a person may set are settings (`limits.py`). The other numbers of this room are of two sorts: bounds that
stop what no page is (a bomb, an endless tag) before a reader spends minutes on it, held by
`tests/unit/parse/test_limits.py` and `test_html.py`, and shares that tell one format or layout from another, held by
`tests/unit/parse/test_parse.py` and, for PDF, `tests/unit/extract/test_pdf_documents.py`.
"""

import re
from collections.abc import Callable
from typing import Any

from core.errors import TooLarge, UnreadableDocument
from core.model.base import content_hash
from core.model.blueprint import DocumentKind
from core.model.document import ParsedDocument
from core.parse.encoding import by_zeros, decode_text
from core.parse.html import read_html
from core.parse.json import read_json
from core.parse.limits import DEFAULTS, Limits
from core.parse.mail import is_mail, read_mail
from core.parse.pdf import read_pdf
from core.parse.table import guess_delimiter, read_csv, read_workbook
from core.parse.xml import read_xml

# bytes within which a PDF begins: readers of it accept so much before its signature
PDF_WITHIN = 1024
# bytes that are looked at for control characters, and the share of these from which on they are no text: a few stand in
# texts that were cut out of terminals
BINARY_HEAD = 4096
CONTROL_SHARE = 0.02
# characters by which a text is known, and within which HTML may begin behind other text, such as warnings of a server
SNIFFED = 4000
HTML_WITHIN = 100_000
# bytes of a document, five times what a source keeps by default: commands are given files as they are
MAX_BYTES = 100_000_000
PDF = b"%PDF-"
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PACKED = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!")
HTML_SIGN = re.compile(r"<(!doctype\s+html|html|head|body|div|table|p|ul|span|a|h[1-6])\b", re.I)
PROLOG = re.compile(r"\s*(<\?[^>]*>|<!doctype[^>]*>|<!--.*?-->)\s*", re.I | re.S)
FEED = re.compile(r"\s*<(rss|feed|rdf:RDF)\b", re.I)
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def parse(
    content: bytes,
    *,
    url: str = "",
    media_type: str = "",
    charset: str | None = None,
    known_hash: str | None = None,
    limits: Limits = DEFAULTS,
) -> ParsedDocument:
    """Read the bytes of one document.

    Args:
        content: the raw bytes.
        url: where they came from; its ending is a hint, and links are made absolute with it.
        media_type: what the host said they are; believed less than the bytes themselves.
        charset: what the host said about the encoding.
        known_hash: the hash of the bytes, where somebody has taken it already.
        limits: how much of anything a document may hold.

    Raises:
        UnreadableDocument: the bytes are empty, or no reader understands them.
        TooLarge: there are too many of them, or they hold more than the limits allow.
    """
    if not content.strip():
        raise UnreadableDocument("The document is empty.", "Fetch it again, or check that it is the right file.")
    if len(content) > MAX_BYTES:
        raise TooLarge(f"The document is larger than {MAX_BYTES:,} bytes.", "Split it, or fetch a part of it.")
    hash_ = content_hash(content) if known_hash is None else known_hash
    if PDF in content[:PDF_WITHIN]:
        return ParsedDocument("pdf", url, hash_, read_pdf(content, limits))
    if content.startswith(WORKBOOKS):
        return ParsedDocument("table", url, hash_, read_workbook(content, limits))
    refuse_binary(content)
    if is_mail(content):
        return _mail(content, url, hash_, limits)
    text, encoding = decode_text(content, charset)
    kind = sniff(text, url=url, media_type=media_type)
    root, warnings = read_xml(text, limits) if kind == "xml" else (_READERS[kind](text, limits), ())
    return ParsedDocument(kind, url, hash_, root, encoding, warnings)


_READERS: dict[DocumentKind, Callable[[str, Limits], Any]] = {
    "html": read_html,
    "json": read_json,
    "table": read_csv,
    "text": lambda text, _: text,
}


def _mail(content: bytes, url: str, hash_: str, limits: Limits) -> ParsedDocument:
    text, is_html, encoding, warnings = read_mail(content)
    kind: DocumentKind = "html" if is_html else "text"
    return ParsedDocument(kind, url, hash_, _READERS[kind](text, limits), encoding, warnings)


def refuse_binary(content: bytes) -> None:
    """Refuse packed files, pictures and the like.

    Raises:
        UnreadableDocument: the bytes are not text in any encoding.
    """
    if content.startswith(PACKED):
        raise UnreadableDocument("The document is a packed archive.", "Unpack it first.")
    head = content[:BINARY_HEAD]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or by_zeros(head)
    if not wide and len(CONTROL.findall(head)) > CONTROL_SHARE * len(head):
        raise UnreadableDocument("The document is binary, not a page, a table or a text.", "Check the address or file.")


def sniff(text: str, *, url: str = "", media_type: str = "") -> DocumentKind:
    """What a text is, from its first characters; the address and the media type only break ties."""
    start = text[:SNIFFED].lstrip("\ufeff \t\r\n")
    hint = f"{url.partition('?')[0].lower()} {media_type.lower()}"
    if start.startswith(("{", "[")) and ("json" in hint or _looks_like_json(start)):
        return "json"
    if start.startswith("<"):
        return _markup(start, hint)
    if any(word in hint for word in (".csv", ".tsv", "/csv", "tab-separated")) or guess_delimiter(text):
        return "table" if not HTML_SIGN.search(start) else "html"
    return "html" if HTML_SIGN.search(text[:HTML_WITHIN]) else "text"


def _looks_like_json(start: str) -> bool:
    return re.match(r'[\[{]\s*(["\[{\]}\d-]|true|false|null|$)', start) is not None


def _markup(start: str, hint: str) -> DocumentKind:
    if FEED.match(_without_prolog(start)):
        return "xml"
    if "html" in hint.rsplit(" ", 1)[-1] or re.search(r"<(!doctype\s+html|html)\b", start, re.I):
        return "html"
    if start.startswith("<?xml") or "xml" in hint:
        return "xml"
    return "html" if HTML_SIGN.search(start) else "xml"


def _without_prolog(start: str) -> str:
    position = 0
    while found := PROLOG.match(start, position):
        position = found.end()
    return start[position:]
