"""Mail messages (RFC 5322, MIME): the part that a reader sees, as a page or a text, with what the head says."""

import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from html import escape
from typing import NamedTuple

from core.errors import UnreadableDocument
from core.parse.encoding import decode_text

FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t]")
USUAL = frozenset(
    b"from to cc subject date message-id mime-version received return-path delivered-to reply-to content-type".split()
)
KEPT = ("subject", "from", "to", "date")
# usual fields that the head of a message has at least, the share of its lines that are fields, and the bytes it is
# looked for in: a table with a colon in its first lines has none of them
FEWEST_USUAL = 3
FIELD_SHARE = 0.8
HEAD_BYTES = 20_000


class Mail(NamedTuple):
    """The part of a message that is read: its text, whether that is HTML, its encoding, and what was left out."""

    text: str
    is_html: bool
    encoding: str
    warnings: tuple[str, ...]


def is_mail(content: bytes) -> bool:
    """Whether bytes begin with the head of a message: only fields, and at least three of the usual ones."""
    head = re.split(rb"\r?\n\r?\n", content[:HEAD_BYTES].lstrip(b"\r\n"), maxsplit=1)[0]
    lines = [line for line in head.splitlines() if not line.startswith((b" ", b"\t", b"From "))]
    fields = [found[1].lower() for line in lines if (found := FIELD.match(line))]
    return (
        len(fields) >= FIELD_SHARE * len(lines)
        and len(USUAL.intersection(fields)) >= FEWEST_USUAL
        and b"subject" in fields
    )


def read_mail(content: bytes) -> Mail:
    """The HTML part of a message, else its plain text.

    Raises:
        UnreadableDocument: it has neither.
    """
    message = BytesParser(policy=default).parsebytes(content.lstrip(b"\r\n"))
    parts = [part for part in message.walk() if not part.is_multipart() and not part.is_attachment()]
    kinds = ("text/html", "text/plain")
    chosen = next((part for kind in kinds for part in parts if part.get_content_type() == kind), None)
    if chosen is None:
        raise UnreadableDocument("The message holds no text.", "Save its attachment, and add that.")
    text, encoding = decode_text(_bytes(chosen), chosen.get_content_charset())
    is_html = chosen.get_content_type() == "text/html"
    return Mail(_head(message) + text if is_html else text, is_html, encoding, _left_out(message))


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _head(message: EmailMessage) -> str:
    """What the head says, as meta elements before the page."""
    said = ((name, str(message.get(name, ""))) for name in KEPT)
    return "".join(f'<meta name="mail_{name}" content="{escape(text)}">' for name, text in said if text.strip())


def _left_out(message: EmailMessage) -> tuple[str, ...]:
    count = sum(1 for part in message.walk() if part.is_attachment())
    return (f"{count} attachments of the message are left out.",) if count else ()
