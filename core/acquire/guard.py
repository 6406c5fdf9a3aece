"""Where may we connect? The one gate that every connection to the outside goes through.

An address is checked twice: as text, before anything is sent, and as IP addresses, at the moment of connecting.
The name is resolved once, every answer must be public, and the connection is made to the answer that was checked,
so that a name cannot mean something else a second later. Hosts of `SDP_ALLOW_HOSTS` are let through.
"""

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import AddressValueError, IPv4Address
from typing import Any

import httpcore
import httpx

from core.acquire.deadline import DeadlineStream, time_left
from core.acquire.public_addresses import is_public
from core.errors import AddressRefused, HostUnreachable
from core.text.urls import SHOWN_ADDRESS

Resolver = Callable[[str, int], list[str]]
# characters of an address: RFC 9110 (4.1) asks of servers to take that many, and they refuse longer ones
LONGEST_URL = 8000
# connections in all, and idle ones that are kept, and for how many seconds: hosts close idle ones themselves after
# some, and a request on one that is being closed has to be made again
MOST_CONNECTIONS = 100
MOST_IDLE = 10
KEEPALIVE_SECONDS = 5.0
DEFAULT_PORTS = {"http": 80, "https": 443}
HIGHEST_PORT = 65_535
LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")
# Ports of services that could be talked into something by an HTTP request: the Fetch standard's list and databases.
SERVICE_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 1719,
    1720, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 4222, 5060, 5061, 5432,
    5672, 5900, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 9200, 9300, 10080,
    11211, 27017,
})  # fmt: skip
AUTHORITY = re.compile(r"(?i:https?)://(?P<authority>[^/?#\\]+)(?=[/?#]|$)")


def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a name; none when it has no answer."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class ConnectionGuard:
    """Decides about URLs and names; `allowed` holds names, or name:port, that may be private.

    Whoever is allowed is not asked for more: neither its address nor its port matters then.
    """

    def __init__(self, allowed: Iterable[str] = (), resolver: Resolver = resolve_host) -> None:
        self._allowed = frozenset(name.translate({ord("["): None, ord("]"): None}) for name in allowed)
        self._resolve = resolver

    def is_allowed(self, host: str, port: int) -> bool:
        """Whether the settings let this host through although it may be private."""
        return host in self._allowed or f"{host}:{port}" in self._allowed

    def check(self, url: str) -> httpx.URL:
        """The URL in its normal form, without fragment, when it is one that we may ask for.

        Raises:
            AddressRefused: the sentence says why.
        """
        _check_text(url)
        parsed = _parse(url)
        host, port = host_of(parsed), port_of(parsed)
        if self.is_allowed(host, port):
            return parsed
        if port in SERVICE_PORTS:
            raise refusal_of_address(
                url, f"port {port} belongs to a service that is not a web server", "Give a web address."
            )
        _check_name(url, host)
        return parsed

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses that a connection to the host may use, resolved now.

        Raises:
            AddressRefused: one of them is not public.
            HostUnreachable: there are none.
        """
        answers = self._resolve(host, port)
        if not answers:
            raise HostUnreachable(
                f"The name {host} has no address.", "Check its spelling, and that this machine is online."
            )
        if not self.is_allowed(host, port) and not all(map(is_public, answers)):
            raise refusal_of_address(
                host, "it leads into a private network", f"If it is yours, add {host} to SDP_ALLOW_HOSTS."
            )
        return answers


def refusal_of_address(what: str, why: str, advice: str) -> AddressRefused:
    """The error for an address, cut so that a hostile one cannot fill the screen."""
    shown = "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in what[:SHOWN_ADDRESS]
    )
    return AddressRefused(f"We do not connect to {shown}: {why}.", advice)


def host_of(url: httpx.URL) -> str:
    """The host as it is looked up: lower case, in ASCII, without the dot of the root."""
    return url.raw_host.decode("ascii").removesuffix(".")


def port_of(url: httpx.URL) -> int:
    """The port of the URL, also where it is not written."""
    return url.port if url.port is not None else DEFAULT_PORTS[url.scheme]


def _check_text(url: str) -> None:
    correct = "Copy the address again from the browser."
    if len(url) > LONGEST_URL:
        raise refusal_of_address(url, "it is too long to be an address", correct)
    if url != url.strip() or any(ord(character) < 32 or ord(character) == 127 for character in url):
        raise refusal_of_address(url, "it holds spaces around it or control characters", correct)
    match = AUTHORITY.match(url)
    if match is None:
        raise refusal_of_address(
            url, "it is not a web address", "An address begins with https:// or http:// and a host name."
        )
    if "@" in match["authority"]:
        raise refusal_of_address(url, "it holds a user name or password", "Remove everything up to the @.")
    if re.search(r"[%\s]", match["authority"]):
        raise refusal_of_address(url, "its host name holds characters that no host name has", correct)


def _parse(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        if port_of(parsed) > HIGHEST_PORT:
            raise ValueError("no such port")
        if "" in host_of(parsed).split("."):
            raise ValueError("a part of the host name is empty")
        parsed = parsed.copy_with(host=host_of(parsed), fragment=None)
        return parsed.copy_with(path="/") if parsed.path == "/" else parsed  # with and without a slash are the same
    except (httpx.InvalidURL, ValueError):
        raise refusal_of_address(url, "it is not a valid address", "Copy the address again from the browser.") from None


def _check_name(url: str, host: str) -> None:
    advice = f"If it is yours, add {host} to SDP_ALLOW_HOSTS."
    last = host.rpartition(".")[2]
    if ":" in host or _is_plain_v4(host):
        if not is_public(host):
            raise refusal_of_address(url, "it is an address inside a private network", advice)
    elif re.fullmatch(r"\d+|0x[0-9a-f]*", last):
        raise refusal_of_address(url, "its host is a number in disguise", "Write the name of the host.")
    elif any(host == name or host.endswith(f".{name}") for name in LOCAL_NAMES):
        raise refusal_of_address(url, "it is a name inside a private network", advice)


def _is_plain_v4(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


class GuardedBackend(httpcore.SyncBackend):
    """Opens connections only to addresses that the guard has checked, and only in the time that is left."""

    def __init__(self, guard: ConnectionGuard) -> None:
        self._guard = guard

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers; the TLS name stays the host."""
        failure: Exception | None = None
        for address in self._guard.addresses(host, port):
            try:
                stream = super().connect_tcp(address, port, time_left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return DeadlineStream(stream)
        raise failure or httpcore.ConnectError(host)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: a path is not an address on the internet."""
        raise refusal_of_address(path, "it is a socket of this machine", "Give a web address.")


class GuardedTransport(httpx.HTTPTransport):
    """The HTTP transport whose every request and every connection passes the guard.

    It ignores proxies of the environment: a proxy would connect in our place, unchecked.
    """

    def __init__(self, guard: ConnectionGuard) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._guard = guard
        # httpx has no public way to hand over a network backend; the pin on its version and a test hold this line.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_IDLE,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=GuardedBackend(guard),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check the address once more, so that no redirect gets round the gate."""
        self._guard.check(str(request.url))
        return super().handle_request(request)
