"""The sample portal for machines: a JSON API, an RSS feed, a CSV file, and the documents of a tender."""

import csv
import io
import json
from datetime import UTC, datetime, time
from email.utils import format_datetime
from xml.etree import ElementTree

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from jobs.portal import content
from jobs.portal.answers import answer
from jobs.portal.content import Money, Tender

# notices of the feed, and of a page of the interface at most
FEED_LENGTH = 25
LARGEST_PAGE = 50


def asked_number(request: Request, name: str, default: int, largest: int) -> int:
    """A positive whole number from the query; 400 when it is something else."""
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise HTTPException(400, f"{name} must be a whole number from 1.")
    return min(int(text), largest)


def tender_or_404(request: Request) -> Tender:
    """The tender whose reference is in the path."""
    tender = content.find(request.path_params["reference"])
    if tender is None:
        raise HTTPException(404, "There is no tender with this reference.")
    return tender


def url_of(request: Request, tender: Tender) -> str:
    """The absolute address of the tender's page."""
    return str(request.url_for("tender", reference=tender.reference))


def _money(money: Money | None) -> dict[str, object] | None:
    return None if money is None else {"amount": float(money.amount), "currency": money.currency}


def _lots(tender: Tender) -> list[dict[str, object]]:
    return [{"number": lot.number, "title": lot.title, "value": _money(lot.value)} for lot in tender.lots]


def _as_json(request: Request, tender: Tender) -> dict[str, object]:
    return {
        "reference": tender.reference,
        "title": tender.title,
        "buyer": {"name": tender.buyer.name, "city": tender.buyer.city},
        "category": {"code": tender.category_code, "label": tender.category},
        "procedure": tender.procedure,
        "published": tender.published.isoformat(),
        "deadline": tender.deadline.isoformat(),
        "estimated_value": _money(tender.value),
        "status": tender.status,
        "lots": _lots(tender),
        "url": url_of(request, tender),
    }


def _json_answer(request: Request, value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=2).encode()
    return answer(request, body, "application/json")


async def api_tenders(request: Request) -> Response:
    """One page of tenders and the address of the next one; `next` is null on the last."""
    size = asked_number(request, "per_page", content.ROWS_A_PAGE, LARGEST_PAGE)
    page = asked_number(request, "page", 1, 10**6)
    here = request.url_for("api_tenders")
    following = str(here.include_query_params(page=page + 1, per_page=size)) if page < content.pages(size) else None
    items = [_as_json(request, tender) for tender in content.page_of(page, size)]
    value = {"total": len(content.TENDERS), "page": page, "per_page": size, "next": following, "items": items}
    return _json_answer(request, value)


async def api_tender(request: Request) -> Response:
    """One tender."""
    return _json_answer(request, _as_json(request, tender_or_404(request)))


async def feed(request: Request) -> Response:
    """The newest tenders as RSS 2.0."""
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, title="Aldermoor Tenders", link=str(request.base_url), description="The newest calls for offers")
    for tender in content.TENDERS[:FEED_LENGTH]:
        _add_item(channel, tender, url_of(request, tender))
    body = ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)
    return answer(request, body, "application/rss+xml")


def _add(parent: ElementTree.Element, **texts: str) -> None:
    for tag, text in texts.items():
        ElementTree.SubElement(parent, tag).text = text


def _add_item(channel: ElementTree.Element, tender: Tender, link: str) -> None:
    item = ElementTree.SubElement(channel, "item")
    published = format_datetime(datetime.combine(tender.published, time(6), UTC))
    _add(item, title=tender.title, link=link, guid=link, category=tender.category, pubDate=published)
    _add(item, description=f"{tender.buyer.name}: {tender.description}")


CSV_COLUMNS = (
    "reference", "title", "buyer", "city", "cpv_code", "category", "published", "deadline",
    "estimated_value", "currency", "status",
)  # fmt: skip


def _csv_row(tender: Tender) -> tuple[object, ...]:
    return (
        tender.reference,
        tender.title,
        tender.buyer.name,
        tender.buyer.city,
        tender.category_code,
        tender.category,
        tender.published.isoformat(),
        tender.deadline.isoformat(),
        tender.value.amount if tender.value else "",
        tender.value.currency if tender.value else "",
        tender.status,
    )


async def table(request: Request) -> Response:
    """All tenders as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_csv_row(tender) for tender in content.TENDERS)
    return answer(request, text.getvalue().encode(), "text/csv; charset=utf-8")


async def attachment(request: Request) -> Response:
    """A document of a tender."""
    tender, name = tender_or_404(request), request.path_params["name"]
    found = next((document for document in tender.attachments if document.name == name), None)
    if found is None:
        raise HTTPException(404, "This tender has no such document.")
    if name.endswith(".csv"):
        rows = [f'{lot.number},"{lot.title}",,' for lot in tender.lots] or [f'1,"{tender.title}",,']
        return answer(request, "\r\n".join(["lot,item,unit_price,total", *rows]).encode(), "text/csv; charset=utf-8")
    text = f"{found.title}\n{tender.reference}: {tender.title}\n\n{tender.description}\n"
    return answer(request, text.encode(), "text/plain; charset=utf-8")
