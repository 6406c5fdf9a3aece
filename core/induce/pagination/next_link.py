"""Learns how a list goes on: which link is the next page, and which column leads to the page of each record."""

import re
from collections.abc import Mapping, Sequence

from core.dom.page_index import PageIndex
from core.extract import read_table
from core.model.blueprint import RecordSet
from core.model.extraction import Record
from core.model.pagination import DetailLink, LinkPagination, NextLink, NumberLink, RelLink, TextLink
from core.model.scope import DocumentScope
from core.pagination.links import anchors, caption, next_url
from core.text.urls import absolute, split_address

NEXT_WORDS = re.compile(
    r"(next|next page|older|older posts|more|weiter|nächste( seite)?|vor|suivante?|page suivante|siguiente|próxim[ao]|"
    r"pr[oó]xima p[áa]gina|successiv[ao]|avanti|volgende|nästa|neste|næste|seuraava|następna|další|следующая|"
    r"下一页|次へ|다음)?\s*(page)?\s*[>»›→]*",
    re.I,
)
FILES = re.compile(r"\.(pdf|docx?|xlsx?|csv|zip|rtf|odt|txt|xml|json|jpe?g|png|gif|svg|webp|mp[34]|wav|wma|ics)$", re.I)
# records from which a page is a list that leads to pages, and pairs of record and page that a shared key must hold
# for: one agrees by chance
FEWEST_LINKED_ROWS, FEWEST_PAIRS = 3, 2
# share of the records that must lead to a page of their own: links to authors or sections lead many to one
LINKED_RECORDS = 0.8


def learn_pagination(index: PageIndex) -> LinkPagination | None:
    """How to find the next page: by the link's relation, by its words, or by its number; None when nothing leads on."""
    options: list[NextLink] = [RelLink(), *_worded(index), NumberLink()]
    found = next((link for link in options if _leads_on(link, index)), None)
    return LinkPagination(link=found) if found else None


def _worded(index: PageIndex) -> list[TextLink]:
    words = [text for order in anchors(index.tree) if NEXT_WORDS.fullmatch(text := caption(index.tree, order))]
    return [TextLink(text=word) for word in dict.fromkeys(words)]


def _leads_on(link: NextLink, index: PageIndex) -> bool:
    """The next page of a list lies at nearly the same address: only numbers and the query differ."""
    address = next_url(link, index)
    if address is None:
        return False
    return isinstance(link, RelLink) or _skeleton(address) == _skeleton(index.document.url)


def _skeleton(address: str) -> tuple[str, str]:
    parts = split_address(address)
    path = re.sub(r"/(page|seite|p)[/-]\d+", "", parts.path)
    return parts.netloc, re.sub(r"\d+", "0", path).rstrip("/")


def learn_details(index: PageIndex, tables: Sequence[RecordSet]) -> DetailLink | None:
    """The column of the main list whose links lead to one page of this site for each record."""
    for table in tables:
        rows = read_table(table, index)
        if isinstance(table.scope, DocumentScope) or len(rows) < FEWEST_LINKED_ROWS:
            continue
        scored = [(_worth(field.name, rows, index), field.name) for field in table.fields if field.type == "url"]
        best = max(scored, default=(0.0, ""))
        return DetailLink(table=table.name, field=best[1]) if best[0] > 0 else None
    return None


def _worth(name: str, rows: Sequence[Record], index: PageIndex) -> float:
    """How likely a column of links leads to the pages of the records; 0 when it does not."""
    here = split_address(absolute(index.document.url, index.tree.base))
    cells = [cell.value for row in rows if (cell := row.fields.get(name)) and isinstance(cell.value, str)]
    addresses = [parts for value in cells if (parts := split_address(value)).scheme in ("http", "https")]
    own = [parts for parts in addresses if parts.netloc == here.netloc and not FILES.search(parts.path)]
    distinct = {(parts.path, parts.query) for parts in own}
    elsewhere = {address for address in distinct if address[0].rstrip("/") != here.path.rstrip("/") or address[1]}
    share = len(elsewhere) / len(rows)
    return share if share >= LINKED_RECORDS else 0.0


def with_key(details: DetailLink, records: Sequence[Record], pages: Mapping[str, Record]) -> DetailLink:
    """The link with the pair of fields that says the same in a record and on its page, and in no two records.

    `pages` holds what the page at each address says. The pair must agree for every record whose page is there, two at
    least; what the address holds is preferred, then codes.
    """
    unique = _unique_fields([record for record in records if record.table == details.table])
    pairs = [
        (record, pages[address])
        for record in records
        if record.table == details.table and (address := _address_of(record, details.field)) in pages
    ]
    shared = [
        (key, page_key)
        for key in (pairs[0][0].fields if len(pairs) >= FEWEST_PAIRS else ())
        if key in unique
        for page_key in pairs[0][1].fields
        if _joins(pairs, key, page_key)
    ]
    best = min(shared, key=lambda names: _key_rank(pairs[0][0], names[0], details.field), default=("", ""))
    return details.model_copy(update={"key": best[0], "page_key": best[1]})


def _address_of(record: Record, field: str) -> str:
    cell = record.fields.get(field)
    return cell.value if cell is not None and isinstance(cell.value, str) else ""


def _joins(pairs: Sequence[tuple[Record, Record]], key: str, page_key: str) -> bool:
    values = [_folded_text(record, key) for record, _ in pairs]
    return all(value and value == _folded_text(page, page_key) for value, (_, page) in zip(values, pairs, strict=True))


def _unique_fields(records: Sequence[Record]) -> set[str]:
    """The fields that every record has, each with a value of its own."""
    names = {name for record in records for name in record.fields}
    return {name for name in names if len({_folded_text(record, name) for record in records} - {""}) == len(records)}


def _folded_text(record: Record, field: str) -> str:
    cell = record.fields.get(field)
    return " ".join(cell.raw.split()).casefold() if cell is not None and isinstance(cell.raw, str) else ""


def _key_rank(record: Record, key: str, link: str) -> tuple[bool, bool, int]:
    """A value that the address of the page holds comes first, then codes, then what is short."""
    value = _folded_text(record, key)
    return (value not in _folded_text(record, link), not any(c.isdigit() for c in value) or " " in value, len(value))
