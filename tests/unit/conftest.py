"""Pages of the sample portal as parsed documents, in both designs."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from core.model import ParsedDocument
from core.parse import parse
from jobs.portal.server import PortalServer

Visit = Callable[..., ParsedDocument]


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    """Fetches a path of the portal, in the old or the new design."""
    with PortalServer(port=0) as portal:

        def page(path: str, *, redesigned: bool = False) -> ParsedDocument:
            portal.redesigned = redesigned
            answer = httpx.get(portal.url + path, timeout=10)
            media_type = answer.headers["content-type"].partition(";")[0]
            return parse(answer.content, url=portal.url + path, media_type=media_type)

        yield page
