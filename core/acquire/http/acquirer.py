"""Acquirer "http": documents from the web, politely, and from nowhere else."""

import time
from collections.abc import Callable, Iterator

import httpx

from core.acquire.guard import ConnectionGuard, GuardedTransport, host_of, port_of
from core.acquire.http.answers import HttpAnswer, busy, problem, show
from core.acquire.http.exchange import Exchange
from core.acquire.http.robots import Robots, RobotsFile
from core.acquire.http.turns import HostThrottle
from core.errors import AddressRefused, BadInput, RobotsRefused, TooLarge, TooManyRequests, WrongAnswer
from core.model import Fetched, FetchRequest, Source
from core.ports import KeyValue
from core.settings import Settings

# redirects that are followed: real ones are one to a canonical address, one to https and one to a language
MOST_REDIRECTS = 5
# the share of the usual pause that private hosts get which the settings allow: they are our own
OWN_HOST_SHARE = 0.02


class HttpAcquirer:
    """Fetches over HTTP what robots.txt and the guard let it fetch."""

    is_local = False

    def __init__(
        self,
        settings: Settings,
        guard: ConnectionGuard,
        keys: KeyValue,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._turns = HostThrottle(keys, clock, sleep)
        self._exchange = Exchange(settings, transport or GuardedTransport(guard), self._turns, sleep)
        self._robots = Robots(settings.user_agent, self._read_robots, keys, clock, sleep)

    def starts(self, source: Source) -> Iterator[FetchRequest]:
        if not source.location.strip():
            raise BadInput(f"The source {source.name} has no address.", "Give it one.")
        return iter([FetchRequest(source_id=source.source_id, url=str(self._guard.check(source.location)))])

    def fetch(self, request: FetchRequest) -> Fetched:
        headers = _conditions(request)
        try:
            answer = self._visit(self._guard.check(request.url), headers, self._ask_robots)
        except TooManyRequests as error:
            self._leave_alone(error)
            raise
        wrong = problem(answer, conditional=bool(headers))
        if wrong is not None:
            raise wrong
        return answer.fetched()

    def _visit(self, url: httpx.URL, headers: dict[str, str], ask: Callable[[httpx.URL], float]) -> HttpAnswer:
        """The answer at the end of all redirects.

        Each address on the way passes the same checks: `ask` raises, or gives the pause that goes with permission.
        """
        session = self._exchange.session()
        here = url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._exchange.get(session, here, headers, ask(here))
            if answer.location is None:
                return answer
            here = self._redirected(here, answer.location)
        raise WrongAnswer(
            f"{show(url)} redirects more than {MOST_REDIRECTS} times.", "Give the address that a browser ends up at."
        )

    def _redirected(self, here: httpx.URL, location: str) -> httpx.URL:
        try:
            target = self._guard.check(str(here.join(location)))
        except (httpx.InvalidURL, ValueError):
            raise WrongAnswer(f"{show(here)} redirects to something that is no address.", "Tell its owner.") from None
        except AddressRefused as error:
            raise AddressRefused(f"{show(here)} redirects to a closed place: {error.message}", error.advice) from None
        if here.scheme == "https" and target.scheme == "http":
            raise AddressRefused(
                f"{show(here)} redirects from https to unprotected http.", f"If that is right, give {show(target)}."
            )
        return target

    def _ask_robots(self, url: httpx.URL) -> float:
        origin = _origin(url)
        if not self._robots.allows(origin, str(url)):
            raise RobotsRefused(
                f"robots.txt of {url.host} asks programs not to fetch {show(url)}.",
                "Choose another address, or ask the owner of the host.",
            )
        return max(self._base_delay(url), self._robots.delay(origin))

    def _base_delay(self, url: httpx.URL) -> float:
        return self._settings.host_delay * (OWN_HOST_SHARE if self._is_own(url) else 1.0)

    def _leave_alone(self, error: TooManyRequests) -> None:
        """What one page of a host asks for holds for all of them; our own hosts are spared."""
        if error.fetched is not None:
            url = httpx.URL(error.fetched.final_url)
            if not self._is_own(url):
                self._turns.hold(url.host, error.after)

    def _is_own(self, url: httpx.URL) -> bool:
        return self._guard.is_allowed(host_of(url), port_of(url))

    def _read_robots(self, address: str) -> RobotsFile:
        try:
            answer = self._visit(self._guard.check(address), {}, self._base_delay)
        except (AddressRefused, WrongAnswer, TooLarge):
            return RobotsFile(404, "", b"")  # RFC 9309, 2.3.1.3: a file that cannot be had does not forbid anything
        if answer.status >= 500:
            raise busy(answer)
        return RobotsFile(answer.status, answer.media_type, answer.body)


def _conditions(request: FetchRequest) -> dict[str, str]:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in conditions.items() if value and value.isascii() and value.isprintable()}


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
