"""A next page that shows what a page before it showed ends the list; nothing is kept twice as rows."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.bootstrap import build_pipeline
from core.model import TaskState
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain

A_PAGE = 10
WORDS = "harbour bridge school library hospital tunnel stadium market station theatre museum airport".split()


class Site(ThreadingHTTPServer):
    """One list at /list, whose pages a test makes of the number that is asked for and the number of the visit."""

    daemon_threads = True
    show: Callable[[int, int], tuple[str, str]]
    visits = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/list"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path != "/list":
            self.send_error(404)
            return
        self.server.visits += 1
        number = int(parse_qs(address.query).get("page", ["1"])[0])
        kind, text = self.server.show(number, self.server.visits)
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is said."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pipeline(tmp_path: Path, site: Site) -> Pipeline:
    settings = load_settings(
        data_dir=tmp_path / "data",
        allow_hosts=f"127.0.0.1:{site.server_port}",
        sample_portal_port=0,
        max_run_documents=40,
    )
    return build_pipeline(settings)


def things(page: int) -> list[dict[str, str]]:
    """The records of a page: no two pages share one."""
    numbers = range(page * A_PAGE, page * A_PAGE + A_PAGE)
    return [
        {"code": f"NB-{n + 100}", "name": f"{WORDS[n % 12]} of {WORDS[n * 5 % 12]} {n}", "due": ""} for n in numbers
    ]


def html(page: int, following: int | None, extra: str = "") -> tuple[str, str]:
    rows = "".join(
        f"<li class=item><b class=code>{t['code']}</b> <span class=name>{t['name']}</span></li>" for t in things(page)
    )
    onward = f'<a rel=next href="/list?page={following}">Next</a>' if following else ""
    body = f"<h1>Works</h1><p>{extra}</p><ul class=works>{rows}</ul>{onward}"
    return "text/html", f"<html><body>{body}</body></html>"


def api(page: int, following: int | None) -> tuple[str, str]:
    onward = f"/list?page={following}" if following else None
    return "application/json", json.dumps({"results": things(page), "next": onward})


def everything(pipeline: Pipeline, site: Site) -> tuple[int, int]:
    """How many rows and how many different records a run gives."""
    source = pipeline.sources.accept(scouted(pipeline, site.url, "works").draft_id)
    drain(pipeline, "test")
    assert pipeline.flow.runs(source.source_id, limit=1)[0].error == ""
    (table,) = pipeline.tables.names_of(source.source_id)[:1]
    [(rows, distinct)] = pipeline.tables.query(f"SELECT count(*), count(DISTINCT code) FROM {table}").rows
    return int(rows), int(distinct)


@pytest.mark.parametrize(
    ("show", "pages", "repeating"),
    [
        (lambda number, visit: html(1, 2), 1, 2),
        (lambda number, visit: html(1, number + 1), 1, 2),
        (lambda number, visit: html(min(number, 3), number + 1, f"visit {visit}"), 3, 4),
        (lambda number, visit: html(number % 3 + 1, number + 1), 3, 4),
        (lambda number, visit: api(1, number + 1), 1, 2),
        (lambda number, visit: api(min(number, 2), number + 1), 2, 3),
    ],
    ids=["same bytes", "other link", "last page for ever", "in a circle", "api", "api, last page for ever"],
)
def test_a_page_that_shows_nothing_new_ends_the_list(
    pipeline: Pipeline, site: Site, show: Callable[[int, int], tuple[str, str]], pages: int, repeating: int
) -> None:
    site.show = show
    assert everything(pipeline, site) == (pages * A_PAGE, pages * A_PAGE)
    [task] = [task for task in pipeline.flow.tasks(states=(TaskState.DONE,)) if "the list has ended" in task.message]
    assert task.payload["url"].endswith(f"page={repeating}")
    assert task.message.startswith(f"Page {repeating} shows what {site.url}")
    assert pipeline.repairs.noticed("works") == [task.message]
    # what came is kept all the same
    assert pipeline.documents.find("works", url=task.payload["url"])


@pytest.mark.parametrize("of", [html, api])
def test_pages_that_show_other_records_are_all_read(
    pipeline: Pipeline, site: Site, of: Callable[[int, int | None], tuple[str, str]]
) -> None:
    site.show = lambda number, visit: of(number, number + 1 if number < 4 else None)
    assert everything(pipeline, site) == (4 * A_PAGE, 4 * A_PAGE)


def test_the_wizard_does_not_show_a_repeated_page_as_a_second_one(pipeline: Pipeline, site: Site) -> None:
    site.show = lambda number, visit: html(1, number + 1)
    draft = scouted(pipeline, site.url, "works")
    assert len(draft.documents["main"]) == 1
