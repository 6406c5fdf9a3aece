"""Pages of the sample portal that go wrong on purpose, to see what the pipeline makes of them."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

# a page of some 25 MB, above what sources keep by default, and one that drips a byte a second for ten minutes
DULL_CHUNK = b"<p>" + b"All work and no play makes a dull page. " * 1600 + b"</p>\n"
BIG_CHUNKS = 400
LONGEST_DRIP = 600


def _html(text: str, status: int = 200) -> Response:
    return Response(f"<!doctype html><title>{text}</title><h1>{text}</h1>", status, media_type="text/html")


async def _gone(request: Request) -> Response:
    return _html("This tender was withdrawn", 410)


async def _forbidden(request: Request) -> Response:
    return _html("Members only", 403)


async def _broken(request: Request) -> Response:
    return _html("The database is being maintained", 503)


async def _empty(request: Request) -> Response:
    return Response(b"", media_type="text/html")


async def _binary(request: Request) -> Response:
    return Response(bytes(range(256)) * 64, media_type="text/html")


async def _wrong_charset(request: Request) -> Response:
    """Bytes in Latin-1 that are declared as UTF-8, twice."""
    html = (
        '<!doctype html><meta charset="utf-8"><title>Ausschreibungen</title><h1>Öffentliche Ausschreibungen</h1>'
        "<ul><li>Straßenreinigung in Östervik</li><li>Pflege der Grünflächen</li><li>Kühlgeräte für die Küche</li></ul>"
    )
    return Response(html.encode("latin-1"), headers={"Content-Type": "text/html; charset=utf-8"})


async def _slow(request: Request) -> Response:
    """One letter a second: a connection that never times out by itself."""
    return StreamingResponse(_drip(), media_type="text/html")


async def _drip() -> AsyncIterator[bytes]:
    for _ in range(LONGEST_DRIP):
        yield b"."
        await asyncio.sleep(1)


async def _too_many(request: Request) -> Response:
    answer = _html("Too many requests", 429)
    answer.headers["Retry-After"] = "120"
    return answer


async def _big(request: Request) -> Response:
    """About 25 MB without a Content-Length, so that only counting tells."""
    return StreamingResponse(_chunks(), media_type="text/html")


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(BIG_CHUNKS):
        yield DULL_CHUNK


async def _loop(request: Request) -> Response:
    return RedirectResponse("/loop", 302)


async def _inward(request: Request) -> Response:
    """A redirect to the metadata service of a cloud, which must never be followed."""
    return RedirectResponse("http://169.254.169.254/latest/meta-data/", 302)


async def _private(request: Request) -> Response:
    return _html("robots.txt asks programs to stay away from here")


TRIALS: tuple[tuple[str, str], ...] = (
    ("/gone", "answers 410: the page was taken away for good"),
    ("/missing", "answers 404: there never was such a page"),
    ("/forbidden", "answers 403: only for members"),
    ("/broken", "answers 503: try again later"),
    ("/429", "answers 429 and asks for two minutes of patience"),
    ("/empty", "answers 200 with nothing in it"),
    ("/binary", "calls itself HTML and is not text"),
    ("/latin1", "is written in Latin-1 and says that it is UTF-8"),
    ("/slow", "sends one letter a second"),
    ("/big", "sends about 25 MB"),
    ("/loop", "redirects to itself"),
    ("/inward", "redirects to an address inside a private network"),
    ("/private/", "is closed to programs by robots.txt"),
)

ROUTES = [
    Route("/gone", _gone),
    Route("/forbidden", _forbidden),
    Route("/broken", _broken),
    Route("/429", _too_many),
    Route("/empty", _empty),
    Route("/binary", _binary),
    Route("/latin1", _wrong_charset),
    Route("/slow", _slow),
    Route("/big", _big),
    Route("/loop", _loop),
    Route("/inward", _inward),
    Route("/private/", _private),
]
