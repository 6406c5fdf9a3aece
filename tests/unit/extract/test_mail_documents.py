"""Mail messages: the part a reader sees becomes a page or a text, and every value is found again in it."""

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput, UnreadableDocument
from core.evidence.resolve import resolve
from core.extract import extract
from core.induce import induce
from core.model.document import ParsedDocument
from core.parse import parse
from core.parse.mail import is_mail
from tests.effort import tries

ROWS = [("Harbour cranes", "3 May 2026", "12,500.00 EUR"), ("Ice for boats", "9 June 2026", "900.00 EUR")]
ROWS += [("Night ferry", "1 July 2026", "77,000.00 EUR"), ("Buoys and bells", "30 August 2026", "4,250.00 EUR")]
ROWS += [("Tar and rope", "2 May 2026", "310.00 EUR"), ("A pilot house", "12 May 2026", "61,900.00 EUR")]
ROWS += [("Lamp oil", "7 June 2026", "1,080.00 EUR"), ("Dredging, west basin", "21 June 2026", "240,000.00 EUR")]
TABLE = "<h2>Open tenders</h2><table><tr><th>Tender</th><th>Closes</th><th>Value</th></tr>{}</table>"
HTML = TABLE.format(
    "".join(f"<tr><td><a href='/t/{len(a)}'>{a}</a></td><td>{b}</td><td>{c}</td></tr>" for a, b, c in ROWS)
)
PLAIN = "\n\n".join(f"Tender: {a}\nCloses: {b}\nValue: {c}" for a, b, c in ROWS)


def message(*, html: str = "", plain: str = PLAIN, attachment: bytes = b"", charset: str = "utf-8") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Harbour office <office@harbour.test>", "all@harbour.test"
    mail["Subject"], mail["Date"] = "Tenders of the week – größer", "Mon, 04 May 2026 08:00:00 +0200"
    if plain:
        mail.set_content(plain, charset=charset)
    if html:
        mail.add_alternative(html, subtype="html", charset=charset)
    if attachment:
        mail.add_attachment(attachment, maintype="application", subtype="pdf", filename="all.pdf")
    return mail.as_bytes()


def rows(document: ParsedDocument) -> list[dict[str, object]]:
    records = extract(induce([document]), document).records
    for cell in (cell for record in records for cell in record.fields.values() if not isinstance(cell.raw, list)):
        assert resolve(cell.evidence, document) == cell.raw
    return [{name: cell.raw for name, cell in record.fields.items()} for record in records]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_the_table_of_an_html_mail_is_read_row_by_row(charset: str) -> None:
    document = parse(message(html=HTML, charset=charset))
    found = rows(document)
    assert document.kind == "html"
    for expected in ROWS:
        assert any(set(expected) <= set(map(str, row.values())) for row in found)


def test_subject_and_date_of_an_html_mail_are_kept() -> None:
    meta = {n.attrs["name"]: n.attrs["content"] for n in parse(message(html=HTML)).root.nodes if n.tag == "meta"}
    assert meta["mail_subject"] == "Tenders of the week – größer"
    assert meta["mail_date"].startswith("Mon, 04 May 2026")


def test_the_blocks_of_a_plain_mail_are_read_block_by_block() -> None:
    document = parse(message())
    assert document.kind == "text"
    assert [tuple(row.values()) for row in rows(document)] == ROWS


def test_attachments_are_said_to_be_left_out() -> None:
    assert parse(message(html=HTML, attachment=b"%PD")).warnings == ("1 attachments of the message are left out.",)


def test_a_mail_without_text_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="no text"):
        parse(message(plain="", attachment=b"123"))


@pytest.mark.parametrize(
    "content", [b"Name: A\nDate: today\n\nName: B\nDate: now\n", b"<p>Subject: x</p>", b"a,b\n1,2\n", b"To: you\n"]
)
def test_what_only_has_labels_is_no_mail(content: bytes) -> None:
    assert not is_mail(content)


HEADS = st.lists(
    st.sampled_from(
        b"From: a@b.test|Subject: =?utf-8?q?x?=|To: <|Date: never|MIME-Version: 1.0| folded|--x|--x--||\xff\x00|"
        b"Content-Type: multipart/mixed; boundary=x|Content-Type: text/html; charset=nope|Message-ID: <1>|"
        b"Content-Transfer-Encoding: base64|Content-Type: message/rfc822".split(b"|")
    ),
    max_size=20,
)


@settings(max_examples=tries(150), deadline=None)
@given(HEADS, st.binary(max_size=60))
def test_any_message_gives_a_document_or_one_of_our_errors(lines: list[bytes], body: bytes) -> None:
    head = b"From: a@b.test\r\nSubject: x\r\nTo: c@d.test\r\n"
    with suppress(BadInput):
        assert isinstance(parse(head + b"\r\n".join(lines) + b"\r\n\r\n" + body), ParsedDocument)
