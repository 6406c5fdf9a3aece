"""The sample portal as an ASGI app: what people see, and the switch to another design with the same data."""

import json
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from jobs.boundary import Boundary
from jobs.portal import content, feeds, trials
from jobs.portal.answers import answer, is_redesigned, page
from jobs.portal.content import Tender

ROBOTS = "User-agent: *\nDisallow: /private/\nAllow: /\n"
LOOPBACK = {"127.0.0.1", "::1"}


async def guide(request: Request) -> Response:
    """What each part of the portal is for."""
    return page(request, "guide.html", tenders=content.TENDERS, awarded=content.AWARDED, trials=trials.TRIALS)


async def tenders(request: Request) -> Response:
    """One page of the list."""
    number = feeds.asked_number(request, "page", 1, 10**6)
    if number > content.pages():
        raise HTTPException(404, "The list has no such page.")
    return page(request, "tenders.html", tenders=content.page_of(number), number=number, last=content.pages())


async def tender(request: Request) -> Response:
    """One tender in full."""
    found = feeds.tender_or_404(request)
    json_ld = _json_ld(request, found) if found.has_json_ld else None
    return page(request, "tender.html", tender=found, json_ld=json_ld)


def _json_ld(request: Request, tender: Tender) -> str:
    """The tender in schema.org's words; `<` is escaped, because the text stands inside a script element."""
    value = {
        "@context": "https://schema.org",
        "@type": "Demand",
        "identifier": tender.reference,
        "name": tender.title,
        "description": tender.description,
        "url": feeds.url_of(request, tender),
        "availabilityStarts": tender.published.isoformat(),
        "availabilityEnds": tender.deadline.isoformat(),
        "customer": {"@type": "GovernmentOrganization", "name": tender.buyer.name, "address": tender.buyer.city},
    }
    return json.dumps(value, ensure_ascii=False, indent=2).replace("<", "\\u003c")


async def awards(request: Request) -> Response:
    """Who won what."""
    return page(request, "awards.html", tenders=content.AWARDED)


async def archive(request: Request) -> Response:
    """A list that names no further page. Behind its end it shows the last page once more, or 404 when `strict`."""
    asked = feeds.asked_number(request, "page", 1, 10**6)
    number = min(asked, content.pages())
    if asked > number and "strict" in request.query_params:
        raise HTTPException(404, "The archive has no such page.")
    return page(request, "archive.html", tenders=content.page_of(number), number=number)


async def robots(request: Request) -> Response:
    """What programs may visit."""
    return answer(request, ROBOTS.encode(), "text/plain; charset=utf-8")


async def redesign(request: Request) -> Response:
    """Show the switch, or turn it with `?on=1` and `?on=0`; from this machine only."""
    if request.client is None or request.client.host not in LOOPBACK:
        raise HTTPException(403, "The design can only be switched from this machine.")
    wanted = request.query_params.get("on")
    if wanted is not None:
        request.app.state.redesigned = wanted not in {"0", "false", "no", ""}
    if request.method == "POST" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/", 303)
    return JSONResponse({"redesigned": is_redesigned(request)})


async def refused(request: Request, error: Exception) -> Response:
    """A status other than 200, with its reason."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "Something went wrong."
    return PlainTextResponse(f"{status}: {detail}\n", status)


def create_app(redesigned: bool = False) -> Starlette:
    """The portal, in the old design or the new one."""
    routes = [
        Route("/", guide),
        Route("/tenders", tenders),
        Route("/tenders/{reference}", tender, name="tender"),
        Route("/tenders/{reference}/documents/{name}", feeds.attachment, name="attachment"),
        Route("/awards", awards),
        Route("/archive", archive),
        Route("/api/tenders", feeds.api_tenders, name="api_tenders"),
        Route("/api/tenders/{reference}", feeds.api_tender),
        Route("/feed.xml", feeds.feed),
        Route("/tenders.csv", feeds.table),
        Route("/robots.txt", robots),
        Route("/_redesign", redesign, methods=["GET", "POST"]),
        *trials.ROUTES,
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: refused}, middleware=[Middleware(Boundary)])
    app.state.redesigned = redesigned
    return app
