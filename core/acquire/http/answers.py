"""What a host answered, as a document or as the error that says what is wrong with it."""

import time
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx

from core.errors import HostUnreachable, PageGone, PipelineError, TooManyRequests, UnreadableDocument, WrongAnswer
from core.model import Fetched
from core.text.urls import SHOWN_ADDRESS

# seconds until another try: a host may ask for no more than a day, so that no task is lost; without a word, a minute
LONGEST_RETRY_AFTER = 86_400.0
DEFAULT_RETRY_AFTER = 60.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGES = frozenset({200, 201, 203})
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
CHECK = "Check the address in a browser."
GONE = {
    401: ("asks for a login (401)", "Only public pages can be read: give an address that opens without a login."),
    402: ("asks for a payment (402)", "Only public pages can be read: give an address that opens without one."),
    403: ("may not be seen by us (403)", "If it opens in a browser, the host turns programs away: ask its owner."),
    404: ("does not exist (404)", CHECK),
    410: ("was taken away for good (410)", CHECK),
    451: ("is withheld for legal reasons (451)", CHECK),
}


class HttpAnswer(NamedTuple):
    """An answer with its body unpacked; redirects come without a body."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def location(self) -> str | None:
        """Where the host sends us instead."""
        location: str | None = self.headers.get("location")
        return location if self.status in REDIRECTS else None

    @property
    def media_type(self) -> str:
        """The media type as the host named it, without parameters."""
        named: str = self.headers.get("content-type", "")
        return named.partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the host named; None when it named none, or one that nobody knows."""
        named = httpx.Response(self.status, headers=self.headers).charset_encoding or ""
        try:
            "a".encode(named or "utf-8")
        except (LookupError, ValueError):
            return None
        return named.lower() or None

    @property
    def retry_after(self) -> float | None:
        """How many seconds the host asks us to wait; None when it does not say."""
        return _seconds(self.headers.get("retry-after", ""))

    def fetched(self) -> Fetched:
        """The answer as a document."""
        content = None if self.status == 304 else self.body
        etag, changed = self.headers.get("etag"), self.headers.get("last-modified")
        return Fetched(str(self.url), self.status, self.media_type, self.charset, content, etag, changed)


def _seconds(text: str) -> float | None:
    if text.strip().isdecimal():
        return min(float(text), LONGEST_RETRY_AFTER)
    try:
        left = parsedate_to_datetime(text).timestamp() - time.time()
    except (TypeError, ValueError):
        return None
    return min(max(left, 0.0), LONGEST_RETRY_AFTER)


def show(url: httpx.URL) -> str:
    """The address for a sentence: not longer than a line."""
    text = str(url)
    return text if len(text) <= SHOWN_ADDRESS else f"{text[: SHOWN_ADDRESS - 3]}…"


def problem(answer: HttpAnswer, conditional: bool) -> PipelineError | None:
    """What is wrong with the answer; None when it is the document, or the "not modified" that we asked for."""
    status = answer.status
    if status == 304 and conditional:
        return None
    if status in TRANSIENT or status >= 500:
        return busy(answer)
    if status in GONE:
        what, advice = GONE[status]
        return PageGone(f"{show(answer.url)} {what}.", advice, fetched=answer.fetched())
    if status not in PAGES | {204}:
        return WrongAnswer(f"{show(answer.url)} answered {status}, not a page.", CHECK, fetched=answer.fetched())
    if not answer.body.strip():
        return UnreadableDocument(f"{show(answer.url)} is empty.", CHECK, fetched=answer.fetched())
    return None


def busy(answer: HttpAnswer) -> HostUnreachable | TooManyRequests:
    """The error for a host that may answer later."""
    asked = answer.retry_after
    after = DEFAULT_RETRY_AFTER if asked is None else asked
    if answer.status == 429:
        return TooManyRequests(
            f"{answer.url.host} asks us to slow down (429).",
            f"Try again in {after:.0f} seconds, or raise SDP_HOST_DELAY.",
            after=after,
            fetched=answer.fetched(),
        )
    return HostUnreachable(
        f"{show(answer.url)} has trouble on the host's side ({answer.status}).",
        f"Try again in {after:.0f} seconds.",
        after=after,
        fetched=answer.fetched(),
    )
