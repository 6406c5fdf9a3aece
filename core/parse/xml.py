"""XML to our tree, by lxml with everything dangerous off: no foreign entities, no network."""

import base64
import binascii
import re

from lxml import etree

from core.dom.tree import Head, Tree, TreeBuilder
from core.dom.xml_names import ATOM
from core.errors import UnreadableDocument
from core.parse.html import refuse_giant_tags
from core.parse.limits import DEFAULTS, Limits

ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+("[^"&%<]*"|'[^'&%<]*')\s*>""")
# what stands before the first element, which is the one with a name
TOKEN = re.compile(r"<!--.*?-->|<\?.*?\?>|<([A-Za-z_])", re.S)
REFERENCE = re.compile(r"(<!\[CDATA\[.*?\]\]>)|&([\w.-]+);", re.S)
# characters that entities of a document's own may add to it: names and legal signs do, bombs grow a thousandfold
MAX_GROWTH = 1_000_000
TOO_DEEP = "The XML is nested deeper than any reader goes; what stands below that is left out."
# control characters of Latin-1 that are never meant: somebody wrote Windows-1252
WINDOWS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}


def read_xml(text: str, limits: Limits = DEFAULTS) -> tuple[Tree, tuple[str, ...]]:
    """The tree of an XML document, and what had to be left out; tags lose their namespace, which stands in `space`.

    Raises:
        UnreadableDocument: not even a forgiving parser finds elements, or it defines entities within entities.
        TooLarge: an element holds thousands of attributes, or there are more elements than the limits allow.
    """
    refuse_giant_tags(text)
    limits.check("elements", "The XML document", text.count("<") - text.count("</"))
    parser = forgiving_parser()
    text = expanded(text)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(f"The document looks like XML but is broken: {error}.", "Check the file.") from None
    if root is None:
        raise UnreadableDocument("The document looks like XML but holds no element.", "Check that it came whole.")
    deep = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return _convert(root), (TOO_DEEP,) if deep else ()


def forgiving_parser() -> etree.XMLParser:
    """A parser that reads what it can and fetches, resolves and expands nothing."""
    return etree.XMLParser(
        encoding="utf-8",  # whatever the document declares: the text is decoded already
        resolve_entities=False,
        no_network=True,
        huge_tree=True,  # with entities off it only means deeper and longer, and we limit both
        recover=True,
        remove_comments=False,
    )


def expanded(text: str) -> str:
    """The text with the plain entities that it defines itself, before its first element, put in.

    Raises:
        UnreadableDocument: an entity is made of others or stands elsewhere, or the text would become many times longer.
    """
    if "<!ENTITY" not in text:
        return text
    prolog = text[: next((found.start() for found in TOKEN.finditer(text) if found[1]), len(text))]
    plain = ENTITY.findall(prolog)
    values = {name: value[1:-1] for name, value in plain}
    growth = sum(text.count(f"&{name};") * len(value) for name, value in values.items())
    if len(plain) < prolog.count("<!ENTITY") or growth > MAX_GROWTH:
        raise UnreadableDocument("The XML defines entities of its own, which we refuse to expand.", "Remove them.")
    return REFERENCE.sub(lambda found: found[1] or values.get(found[2], found[0]), text)


def _convert(root: etree._Element) -> Tree:
    builder = TreeBuilder()
    pending: list[tuple[etree._Element, bool]] = [(root, False)]
    while pending:
        source, leaving = pending.pop()
        if not leaving and isinstance(source.tag, str):
            builder.start(_head(source))
            builder.text(_clear(unpacked(source)))
            pending.append((source, True))
            pending.extend((child, False) for child in reversed(source))
            continue
        if leaving:
            builder.end()
        if source is not root:
            builder.text(_clear(source.tail))
    return builder.tree


def _head(source: etree._Element) -> Head:
    attrs = {_local(str(key)): str(value) for key, value in source.items()}
    return Head(_local(str(source.tag)), attrs, _space(str(source.tag)))


def _space(name: str) -> str:
    """The namespace of a name, or its prefix where the document forgot to say what the prefix stands for."""
    if name.startswith("{"):
        return name[1:].partition("}")[0]
    return name.rpartition(":")[0]


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _clear(text: str | None) -> str | None:
    return text if text is None or text.isascii() else text.translate(WINDOWS)


def unpacked(element: etree._Element) -> str | None:
    """The text before the first child; what Atom packs as Base64 is unpacked where it is text."""
    text = element.text
    if not text or not _is_packed(element):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return text


def _is_packed(element: etree._Element) -> bool:
    """RFC 4287, 4.1.3.3: content of a media type that is neither text nor XML; in Atom 0.3 `mode` says so."""
    if _space(str(element.tag)) not in ATOM:
        return False
    kind = (element.get("type") or "").lower()
    is_text = kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
    return element.get("mode") == "base64" or ("/" in kind and not is_text and element.get("mode") is None)
