"""Which of the expectations of two sets of feeds our rows meet: those of feedparser and those of gofeed.

Only what belongs in a row is asked: plain texts, addresses and times of the feed and of its entries. What a set says of
encodings, of parsed time tuples, of languages and bases of single texts or of extensions without a column is counted as
left out.
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import PipelineError
from core.extract import extract
from core.extract.cells import clean
from core.induce import induce
from core.parse import parse
from core.values.dates import parse_date

EXPECT = re.compile(r"Expect:\s*(.*?)\s*-->", re.S)
EQUALS = re.compile(r"^\(?(feed|entries\[0\])(.*?)\)?\s*==\s*\(?(.*?)\)?$", re.S)
KEY = re.compile(r"\[(?:'([^']*)'|\"([^\"]*)\"|(\d+))\]|\.(\w+)")
HOST = "http://127.0.0.1:8097/"
COLUMNS = {
    "title": "title",
    "link": "link",
    "url": "link",
    "home_page_url": "link",
    "links/0/href": "link",
    "id": "id",
    "guid": "id",
    "subtitle": "subtitle summary",
    "tagline": "subtitle",
    "summary": "summary content",
    "content": "content summary",
    "content_html": "content",
    "content_text": "content",
    "description": "subtitle summary content",
    "published": "published",
    "issued": "published",
    "pubDate": "published",
    "date_published": "published",
    "updated": "updated published",
    "modified": "updated",
    "date": "updated published",
    "lastBuildDate": "updated",
    "date_modified": "updated",
    "created": "created",
    "author": "author",
    "managingEditor": "author",
    "author_detail/name": "author",
    "author_detail/email": "author_email",
    "author_detail/url": "author_url",
    "author_detail/href": "author_url",
    "contributors/0/name": "contributors",
    "webMaster": "publisher author",
    "publisher": "publisher",
    "publisher_detail/name": "publisher",
    "rights": "rights",
    "copyright": "rights",
    "language": "language",
    "generator": "generator",
    "info": "info",
    "docs": "docs",
    "ttl": "ttl",
    "category": "categories",
    "categories": "categories",
    "tags": "categories",
    "tags/0/term": "categories",
    "comments": "comments_url",
    "wfw_comment": "comments_url",
    "wfw_commentrss": "comments_feed_url",
    "logo": "image_url",
    "icon": "icon_url image_url",
    "image/href": "image_url",
    "enclosures/0/href": "enclosure_url",
    "enclosures/0/url": "enclosure_url",
    "enclosures/0/type": "enclosure_type",
    "enclosures/0/length": "enclosure_length",
}
"""What the sets call a thing, and the columns in which we would look for it."""


class Wanted(NamedTuple):
    """One expectation: the table, the number of the record, the name in the set's words, and the text."""

    table: str
    record: int
    name: str
    text: str


class Score(NamedTuple):
    """How many of the expectations that were asked a set are met, and how many were left out."""

    name: str
    met: int
    asked: int
    left_out: int
    missed: tuple[tuple[str, Wanted], ...]

    @property
    def share(self) -> float:
        """The part that is met."""
        return self.met / max(1, self.asked)


def measured(folder: Path) -> list[Score]:
    """The scores of the sets in the folders `feedparser` and `gofeed`."""
    return [_feedparser(folder / "feedparser"), _gofeed(folder / "gofeed")]


def _feedparser(root: Path) -> Score:
    asked: list[tuple[str, str, Wanted]] = []
    left_out = 0
    for path in sorted(root.rglob("*.xml")):
        found = _expected(path.read_bytes())
        left_out += found is None
        if found is not None:
            asked.append((str(path), HOST + str(path.relative_to(root)), found))
    missed = tuple((path, wanted) for path, url, wanted in asked if not _is_met(wanted, _rows(Path(path), url)))
    return Score("feedparser", len(asked) - len(missed), len(asked), left_out, missed)


def _expected(content: bytes) -> Wanted | None:
    """The expectation in the comment of a file; None when it is not about a text of a row."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1").replace("\0", "")
    said = EXPECT.search(text)
    parts = EQUALS.match(re.sub(r"^(not )?bozo and ", "", said[1])) if said else None
    if parts is None:
        return None
    keys = [next(filter(None, groups)) for groups in KEY.findall(parts[2])]
    name = _named(keys)
    value = _literal(parts[3])
    if name not in COLUMNS or not isinstance(value, str):
        return None
    return Wanted("feed" if parts[1] == "feed" else "entries", 0, name, value)


def _named(keys: list[str]) -> str:
    """`title_detail/value` and `content/0/value` are the text itself."""
    if keys and keys[-1] == "value" and (keys[0].endswith("_detail") or keys[0] == "content"):
        return keys[0].removesuffix("_detail")
    return "/".join(keys)


def _literal(text: str) -> Any:
    try:
        return eval(text, {"__builtins__": {}})
    except Exception:  # any expression may stand there
        return None


def _gofeed(root: Path) -> Score:
    met, left_out = 0, 0
    missed: list[tuple[str, Wanted]] = []
    for path in sorted(root.rglob("*.xml")):
        said = path.with_suffix(".json")
        if not said.exists():
            continue
        expected = json.loads(said.read_text(encoding="utf-8-sig"))
        rows = _rows(path, "")
        for wanted in _said(expected):
            if wanted.name not in COLUMNS:
                left_out += 1
            elif wanted.text and not _is_met(wanted, rows):
                missed.append((str(path), wanted))
            elif wanted.text:
                met += 1
    return Score("gofeed", met, met + len(missed), left_out, tuple(missed))


def _said(expected: dict[str, Any]) -> Iterator[Wanted]:
    yield from (Wanted("feed", 0, name, text) for name, text in _texts(expected))
    for number, item in enumerate(expected.get("items") or expected.get("entries") or []):
        yield from (Wanted("entries", number, name, text) for name, text in _texts(item))


def _texts(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        if isinstance(value, list) and value and name == "categories":
            value = value[0]
        if isinstance(value, dict) and name in ("guid", "content", "generator", "title", "author", "categories"):
            value = value.get("value") or value.get("name") or value.get("term")
        if isinstance(value, str):
            yield name, value


def _rows(path: Path, url: str) -> dict[str, list[dict[str, Any]]]:
    """The values of a feed by table; none where it cannot be read."""
    try:
        document = parse(path.read_bytes(), url=url)
        records = extract(induce([document]), document).records
    except PipelineError:
        return {}
    tables = {record.table for record in records}
    return {
        table: [
            {name: cell.value for name, cell in record.fields.items()} for record in records if record.table == table
        ]
        for table in tables
    }


def _is_met(wanted: Wanted, rows: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether one of the columns says it, but for markup, case, white space and the way times are written."""
    records = rows.get(wanted.table, [])
    row = records[wanted.record] if wanted.record < len(records) else {}
    got = [value for name in COLUMNS[wanted.name].split() if name in row for value in _list(row[name])]
    text, moment = plain(wanted.text), parse_date(wanted.text)
    if not text:
        return not any(map(plain, got))
    return any(plain(value).rstrip("/") == text.rstrip("/") or _moment(value) == (moment or 0) for value in got)


def _moment(value: object) -> str | None:
    return parse_date(str(value)) or str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def plain(value: object) -> str:
    """A text without markup and entities, in small letters."""
    text = clean(clean(" ".join(str(value).split())))
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(text)).split()).casefold()
