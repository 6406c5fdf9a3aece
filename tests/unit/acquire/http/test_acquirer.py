"""The http acquirer: polite, bounded, and clear about what went wrong."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from core.acquire.guard import ConnectionGuard
from core.acquire.http.acquirer import MOST_REDIRECTS, HttpAcquirer
from core.broker.local import open_local
from core.errors import (
    AddressRefused,
    BadSetting,
    HostUnreachable,
    PageGone,
    PipelineError,
    RobotsRefused,
    TooLarge,
    TooManyRequests,
    UnreadableDocument,
    WrongAnswer,
)
from core.model import FetchRequest
from core.settings import Settings

PAGE = "https://tenders.example/page"
Handler = Callable[[httpx.Request], httpx.Response]


class Chunks(httpx.SyncByteStream):
    """A body as it comes over the wire; counts how much of it was taken."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.taken += 1
            yield chunk


class Web:
    """Hosts that answer as a test says, and a clock that runs while somebody sleeps."""

    def __init__(self, folder: Path) -> None:
        self.keys = open_local(folder / "events.db").keys
        self.pages: dict[str, Handler] = {}
        self.asked: list[httpx.Request] = []
        self.now = 1000.0
        self.sleeps: list[float] = []

    def serve(self, url: str, *answers: httpx.Response | Exception) -> None:
        """The answers one after the other; the last one from then on."""
        left = list(answers)

        def handler(request: httpx.Request) -> httpx.Response:
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.pages[url] = handler

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.pages.get(str(request.url), lambda _: httpx.Response(404, text="no such page"))(request)
        if not answer.is_stream_consumed:
            return answer
        return httpx.Response(answer.status_code, headers=answer.headers, stream=Chunks(answer.content))

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds

    def acquirer(self, **settings: object) -> HttpAcquirer:
        chosen = Settings(**{"host_delay": 0.0, "max_document_bytes": 100_000, **settings})
        transport = httpx.MockTransport(self.handle)
        return HttpAcquirer(
            chosen, ConnectionGuard(), self.keys, transport=transport, clock=self.clock, sleep=self.sleep
        )

    def asked_for(self, url: str) -> int:
        return sum(str(request.url) == url for request in self.asked)


@pytest.fixture
def web(tmp_path: Path) -> Web:
    return Web(tmp_path)


def request(url: str = PAGE, **values: str) -> FetchRequest:
    return FetchRequest(source_id="s", url=url, **values)


def page(text: str = "<p>tender", **headers: str) -> httpx.Response:
    return httpx.Response(200, html=text, headers={name.replace("_", "-"): value for name, value in headers.items()})


def redirect(url: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"Location": url})


def test_page_comes_with_what_the_host_says_about_it(web: Web) -> None:
    headers = {"Content-Type": "Text/HTML; charset=iso-8859-1", "ETag": '"7"', "Last-Modified": "yesterday"}
    web.serve(PAGE, httpx.Response(200, content=b"\xfcber", headers=headers))
    fetched = web.acquirer().fetch(request())
    assert fetched == (PAGE, 200, "text/html", "iso-8859-1", b"\xfcber", '"7"', "yesterday")


@pytest.mark.parametrize(
    "named", ["", "; charset=klingon", "; charset=hex", "; charset=undefined", "; charset=", "; charset=\x00"]
)
def test_charset_that_nobody_knows_is_none(web: Web, named: str) -> None:
    web.serve(PAGE, httpx.Response(200, content=b"<p>", headers={"Content-Type": f"text/html{named}"}))
    assert web.acquirer().fetch(request()).charset is None


def test_we_say_who_we_are_and_send_what_we_know(web: Web) -> None:
    web.serve(PAGE, httpx.Response(304, headers={"ETag": '"7"'}))
    fetched = web.acquirer(user_agent="Name/1").fetch(request(etag='"7"', last_modified="Tue"))
    sent = web.asked[-1].headers
    assert (sent["user-agent"], sent["if-none-match"], sent["if-modified-since"]) == ("Name/1", '"7"', "Tue")
    assert (fetched.status, fetched.content, fetched.etag) == (304, None, '"7"')


def test_name_that_no_header_can_hold_is_a_bad_setting(web: Web) -> None:
    with pytest.raises(BadSetting, match="SDP_USER_AGENT"):
        web.acquirer(user_agent="Größe/1")


def test_stored_validators_cannot_smuggle_headers(web: Web) -> None:
    web.serve(PAGE, page())
    web.acquirer().fetch(request(etag='"7"\r\nX-Evil: 1', last_modified="ümlaut"))
    assert "if-none-match" not in web.asked[-1].headers
    assert "if-modified-since" not in web.asked[-1].headers


def test_not_modified_without_a_question_is_a_wrong_answer(web: Web) -> None:
    web.serve(PAGE, httpx.Response(304))
    with pytest.raises(WrongAnswer):
        web.acquirer().fetch(request())


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, PageGone),
        (403, PageGone),
        (404, PageGone),
        (410, PageGone),
        (451, PageGone),
        (400, WrongAnswer),
        (300, WrongAnswer),
        (206, WrongAnswer),
        (204, UnreadableDocument),
        (503, HostUnreachable),
        (501, HostUnreachable),
        (429, TooManyRequests),
    ],
)
def test_bytes_of_an_odd_answer_are_kept_with_its_error(web: Web, status: int, error: type[PipelineError]) -> None:
    body = b"" if status == 204 else b"<h1>Sorry</h1>"
    web.serve(PAGE, httpx.Response(status, content=body, headers={"Content-Type": "text/html"}))
    with pytest.raises(error) as caught:
        web.acquirer().fetch(request())
    assert caught.value.fetched is not None
    assert caught.value.fetched[:5] == (PAGE, status, "text/html", None, body)


def test_blank_page_is_unreadable(web: Web) -> None:
    web.serve(PAGE, page(" \n\t"))
    with pytest.raises(UnreadableDocument, match="is empty"):
        web.acquirer().fetch(request())


# ---- redirects


def test_redirects_are_followed_to_the_final_address(web: Web) -> None:
    web.serve(PAGE, redirect("/b"))
    web.serve("https://tenders.example/b", redirect("https://www.tenders.example/c#part", 308))
    web.serve("https://www.tenders.example/c", page())
    assert web.acquirer().fetch(request()).final_url == "https://www.tenders.example/c"


def test_cookie_of_a_redirect_is_sent_on_and_then_forgotten(web: Web) -> None:
    web.serve(PAGE, httpx.Response(302, headers={"Location": "/b", "Set-Cookie": "session=1"}))
    web.serve("https://tenders.example/b", page())
    acquirer = web.acquirer()
    acquirer.fetch(request())
    assert web.asked[-1].headers["cookie"] == "session=1"
    acquirer.fetch(request("https://tenders.example/b"))
    assert "cookie" not in web.asked[-1].headers


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/",
        "//127.0.0.1/",
        "file:///etc/hostname",
        "http://tenders.example/",
        "https://[::1]/",
    ],
)
def test_redirect_to_a_closed_place_is_not_followed(web: Web, target: str) -> None:
    web.serve(PAGE, redirect(target))
    with pytest.raises(AddressRefused, match="redirects"):
        web.acquirer().fetch(request())
    assert str(web.asked[-1].url) == PAGE


def test_endless_redirects_end(web: Web) -> None:
    web.serve(PAGE, redirect("/page"))
    with pytest.raises(WrongAnswer, match="more than 5 times"):
        web.acquirer().fetch(request())
    assert web.asked_for(PAGE) == MOST_REDIRECTS + 1


def test_redirect_into_what_robots_forbid_is_refused(web: Web) -> None:
    web.serve(PAGE, redirect("https://other.example/private/1"))
    web.serve("https://other.example/robots.txt", httpx.Response(200, text="User-agent: *\nDisallow: /private/"))
    with pytest.raises(RobotsRefused):
        web.acquirer().fetch(request())
    assert web.asked_for("https://other.example/private/1") == 0


# ---- robots.txt over the wire

ROBOTS = "https://tenders.example/robots.txt"


def test_forbidden_page_is_not_asked_for(web: Web) -> None:
    web.serve(ROBOTS, httpx.Response(200, text="User-agent: *\nDisallow: /page"))
    with pytest.raises(RobotsRefused, match=r"robots\.txt of tenders\.example"):
        web.acquirer().fetch(request())
    assert web.asked_for(PAGE) == 0


@pytest.mark.parametrize("status", [500, 501, 503])
def test_host_that_cannot_show_its_rules_is_left_for_later(web: Web, status: int) -> None:
    web.serve(ROBOTS, httpx.Response(status))
    web.serve(PAGE, page())
    with pytest.raises(HostUnreachable, match=r"robots\.txt"):
        web.acquirer().fetch(request())
    assert web.asked_for(PAGE) == 0


@pytest.mark.parametrize("answer", [redirect("/robots.txt"), redirect("http://10.0.0.1/"), httpx.Response(410)])
def test_rules_that_cannot_be_had_do_not_forbid(web: Web, answer: httpx.Response) -> None:
    web.serve(ROBOTS, answer)
    web.serve(PAGE, page())
    assert web.acquirer().fetch(request()).status == 200


def test_crawl_delay_and_host_delay_the_longer_one_counts(web: Web) -> None:
    web.serve(ROBOTS, httpx.Response(200, text="User-agent: *\nCrawl-delay: 7"))
    web.serve(PAGE, page())
    acquirer = web.acquirer(host_delay=2.0)
    for _ in range(3):
        acquirer.fetch(request())
    assert web.sleeps == [2.0, 7.0, 7.0]  # after robots.txt, after the first page, after the second


# ---- retries


def test_passing_trouble_is_retried_with_growing_pauses(web: Web) -> None:
    web.serve(PAGE, httpx.ConnectError("no"), httpx.Response(502), httpx.ReadError("cut"), page("<p>at last"))
    assert web.acquirer(request_retries=3).fetch(request()).content == b"<p>at last"
    assert web.asked_for(PAGE) == 4
    assert web.sleeps == sorted(web.sleeps)
    assert 0.3 < web.sleeps[0] < 0.7


def test_retries_end(web: Web) -> None:
    web.serve(PAGE, httpx.ConnectError("no"))
    with pytest.raises(HostUnreachable, match=r"No connection to tenders\.example"):
        web.acquirer(request_retries=2).fetch(request())
    assert web.asked_for(PAGE) == 3


def test_time_out_is_left_for_later(web: Web) -> None:
    web.serve(PAGE, httpx.ReadTimeout("slow"))
    with pytest.raises(HostUnreachable, match="within 30 s"):
        web.acquirer().fetch(request())
    assert web.asked_for(PAGE) == 1


def test_short_retry_after_is_waited_for(web: Web) -> None:
    web.serve(PAGE, httpx.Response(429, headers={"Retry-After": "4"}), page())
    assert web.acquirer().fetch(request()).status == 200
    assert web.sleeps == [4.0]


def test_long_retry_after_goes_back_to_the_caller_and_holds_for_the_whole_host(web: Web) -> None:
    web.serve(PAGE, httpx.Response(429, headers={"Retry-After": "900"}))
    web.serve("https://tenders.example/b", page())
    acquirer = web.acquirer()
    with pytest.raises(TooManyRequests, match="slow down") as caught:
        acquirer.fetch(request())
    assert caught.value.after == 900.0
    with pytest.raises(TooManyRequests):
        acquirer.fetch(request("https://tenders.example/b"))
    assert web.asked_for(PAGE) == 1
    assert web.asked_for("https://tenders.example/b") == 0
    web.now += 900.0
    assert acquirer.fetch(request("https://tenders.example/b")).status == 200


def test_retry_after_may_be_a_date(web: Web) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    web.serve(PAGE, httpx.Response(503, headers={"Retry-After": then}))
    with pytest.raises(HostUnreachable) as caught:
        web.acquirer().fetch(request())
    assert 590 < caught.value.after <= 600


@pytest.mark.parametrize("value", ["soon", "-1", "Tue, 99 Nov 2026", "1e9"])
def test_nonsense_in_retry_after_is_ignored(web: Web, value: str) -> None:
    web.serve(PAGE, httpx.Response(503, headers={"Retry-After": value}), page())
    assert web.acquirer().fetch(request()).status == 200
    assert web.sleeps[-1] < 1.0


# ---- sizes and codings


def test_packed_page_is_unpacked(web: Web) -> None:
    web.serve(
        PAGE, httpx.Response(200, stream=Chunks(gzip.compress(b"<p>tender")), headers={"Content-Encoding": "gzip"})
    )
    assert web.acquirer().fetch(request()).content == b"<p>tender"


def test_too_large_a_page_is_not_read_to_its_end(web: Web) -> None:
    body = Chunks(*[b"x" * 1000] * 5000)
    web.serve(PAGE, httpx.Response(200, stream=body))
    with pytest.raises(TooLarge, match=r"https://tenders\.example/page is larger than 0\.1 MB"):
        web.acquirer().fetch(request())
    assert body.taken == 101


def test_bomb_is_too_large(web: Web) -> None:
    body = Chunks(gzip.compress(bytes(10_000_000)))
    web.serve(PAGE, httpx.Response(200, stream=body, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(TooLarge):
        web.acquirer().fetch(request())


def test_bytes_in_an_unknown_coding_are_kept(web: Web) -> None:
    web.serve(PAGE, httpx.Response(200, stream=Chunks(b"\x1b\x05"), headers={"Content-Encoding": "br"}))
    with pytest.raises(WrongAnswer, match="packed with br") as caught:
        web.acquirer().fetch(request())
    assert caught.value.fetched is not None
    assert caught.value.fetched.content == b"\x1b\x05"
