"""Answers of the sample portal: templates of the design in force, validators, and "not modified"."""

import hashlib
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

TEMPLATES = Path(__file__).parent / "templates"
PUBLISHED_AT = datetime(2026, 9, 15, 6, 0, tzinfo=UTC)
REDESIGNED_AT = datetime(2026, 9, 16, 6, 0, tzinfo=UTC)


def long_date(value: date) -> str:
    """A day, or a day with its time, as the portal writes it: 2 April 2026, or 2 April 2026, 12:00."""
    text = f"{value.day} {value:%B %Y}"
    return f"{text}, {value:%H:%M}" if isinstance(value, datetime) else text


def environment(design: str) -> Environment:
    """The templates of one design; what a design does not have is shared by both."""
    loader = FileSystemLoader([TEMPLATES / design, TEMPLATES])
    templates = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters["day"] = long_date
    return templates


ENVIRONMENTS = {design: environment(design) for design in ("classic", "redesigned")}


def is_redesigned(request: Request) -> bool:
    """Whether the new design is in force."""
    return bool(request.app.state.redesigned)


def page(request: Request, template: str, **values: object) -> Response:
    """An HTML page in the design in force."""
    redesigned = is_redesigned(request)
    templates = ENVIRONMENTS["redesigned" if redesigned else "classic"]
    values = {"path": request.url.path, "home": str(request.base_url), "redesigned": redesigned, **values}
    html = templates.get_template(template).render(values)
    changed = REDESIGNED_AT if redesigned else PUBLISHED_AT
    return answer(request, html.encode(), "text/html; charset=utf-8", changed)


def answer(request: Request, body: bytes, media_type: str, changed: datetime = PUBLISHED_AT) -> Response:
    """The body with its validators, or 304 where the caller has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed, usegmt=True), "Cache-Control": "no-cache"}
    if _is_known(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": media_type})


def _is_known(request: Request, etag: str, changed: datetime) -> bool:
    """RFC 9110, section 13: If-None-Match decides where it is sent, otherwise If-Modified-Since."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = request.headers.get("if-modified-since")
    return since is not None and _is_not_before(since, changed)


def _is_not_before(since: str, changed: datetime) -> bool:
    try:
        return parsedate_to_datetime(since) >= changed
    except (TypeError, ValueError):  # not a date, or one without a zone
        return False
