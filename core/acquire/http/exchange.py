"""One address, one answer: in its turn, within the deadline and the size limit, tried again while it may help."""

import random
import ssl
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import httpx

from core.acquire.deadline import deadline
from core.acquire.http.answers import REDIRECTS, TRANSIENT, HttpAnswer, busy, show
from core.acquire.http.decoding import ACCEPT_ENCODING, decode_content, too_large
from core.acquire.http.turns import HostThrottle
from core.errors import BadSetting, HostUnreachable, RetryLater, WrongAnswer
from core.settings import Settings

# seconds before the second try of a request, doubled for each further one and varied by a quarter, so that workers that
# failed together do not come back together; a host that asks for more is left to a later task
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
SHORTEST_SHARE, LONGEST_SHARE = 0.75, 1.25
LATER = "Try again later, and check that this machine is online."
ACCEPT = "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.9,*/*;q=0.8"


class Setback(NamedTuple):
    """A failure that another try may mend, and the seconds the host asks us to wait before it."""

    error: RetryLater
    asked: float | None = None


class Exchange:
    """Sends requests over one transport. Cookies live as long as the session of one document."""

    def __init__(
        self,
        settings: Settings,
        transport: httpx.BaseTransport,
        turns: HostThrottle,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not (settings.user_agent.isascii() and settings.user_agent.isprintable()):
            raise BadSetting("SDP_USER_AGENT holds characters that no header can hold.", "Write it in plain ASCII.")
        self._settings = settings
        self._transport = transport
        self._turns = turns
        self._sleep = sleep

    def session(self) -> httpx.Client:
        """A client with cookies of its own on the shared connections, so one source never sees another's."""
        headers = {
            "User-Agent": self._settings.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        timeout = self._settings.request_timeout
        return httpx.Client(transport=self._transport, headers=headers, timeout=timeout, trust_env=False)

    def get(self, session: httpx.Client, url: httpx.URL, headers: Mapping[str, str], delay: float) -> HttpAnswer:
        """The answer, whatever its status, after as many tries as the settings allow.

        Raises:
            RetryLater: there was none, or the host asks for more patience than one call has.
            TooLarge, WrongAnswer: it cannot be read.
        """
        attempt = 0
        while True:
            self._turns.wait(url.host, delay)
            outcome = self._try(session, url, headers)
            if isinstance(outcome, HttpAnswer):
                return outcome
            pause = _pause(attempt, outcome.asked)
            if pause > LONGEST_PAUSE or attempt == self._settings.request_retries:
                raise outcome.error
            self._sleep(pause)
            attempt += 1

    def _try(self, session: httpx.Client, url: httpx.URL, headers: Mapping[str, str]) -> HttpAnswer | Setback:
        try:
            answer = self._once(session, url, headers)
        except httpx.TimeoutException:
            seconds = self._settings.request_timeout
            raise HostUnreachable(f"{url.host} did not answer in full within {seconds:g} s.", LATER) from None
        except httpx.RequestError as error:
            return Setback(_broken(url, error))
        return Setback(busy(answer), answer.retry_after) if answer.status in TRANSIENT else answer

    def _once(self, session: httpx.Client, url: httpx.URL, headers: Mapping[str, str]) -> HttpAnswer:
        with deadline(self._settings.request_timeout):
            request = session.build_request("GET", url, headers=headers)
            response = session.send(request, stream=True)
            try:
                return self._read(url, response)
            finally:
                response.close()

    def _read(self, url: httpx.URL, response: httpx.Response) -> HttpAnswer:
        limit, headers = self._settings.max_document_bytes, response.headers
        body = b"" if response.status_code in REDIRECTS else _bounded(response, limit)
        try:
            return HttpAnswer(
                url, response.status_code, headers, decode_content(body, headers.get("content-encoding", ""), limit)
            )
        except WrongAnswer as error:
            error.fetched = HttpAnswer(url, response.status_code, headers, body).fetched()
            raise


def _bounded(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > limit:
            raise too_large(show(response.url), limit)
    return bytes(body)


def _pause(attempt: int, asked: float | None) -> float:
    """What the host asks for; otherwise twice as long each time, and never quite the same."""
    if asked is not None:
        return asked
    return min(FIRST_PAUSE * 2.0**attempt * random.uniform(SHORTEST_SHARE, LONGEST_SHARE), LONGEST_PAUSE)


def _broken(url: httpx.URL, error: httpx.RequestError) -> RetryLater:
    if isinstance(error, httpx.ConnectError):
        _raise_if_untrusted(url, error)
        return HostUnreachable(f"No connection to {url.host} could be made.", LATER)
    return HostUnreachable(f"{url.host} broke off its answer, or sent one that is not HTTP.", LATER)


def _raise_if_untrusted(url: httpx.URL, error: BaseException) -> None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise WrongAnswer(
                f"The certificate of {url.host} is not valid: {cause.verify_message}.",
                "Open the address in a browser; if it warns as well, tell the owner of the host.",
            ) from None
        cause = cause.__cause__ or cause.__context__
