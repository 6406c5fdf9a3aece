"""The browser boundary of our servers: whom they answer, and what a browser may do with the answer.

A page of another site can make a visitor's browser speak to servers on that visitor's machine: by a name that suddenly
means 127.0.0.1 (DNS rebinding), by a WebSocket, by a form, or by showing our pages in a frame of its own. So a server
answers only to its own names, only to its own pages where something could change, and never within another page.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import BadSetting

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?", re.ASCII)
# bytes of the reason that a closing frame of a WebSocket holds: 123 (RFC 6455, 5.5)
_CLOSE_LETTERS = 120
_PORTS = {"http": "80", "https": "443"}
_SCHEMES = {"http": "http", "ws": "http", "https": "https", "wss": "https"}
_READING = {"GET", "HEAD", "OPTIONS"}
# pages of this server, and what a person types, keeps as a bookmark or follows from elsewhere
_OWN_SITES = {"", "none", "same-origin"}

NO_FRAMES = "base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Place(NamedTuple):
    """What a browser takes for one site: scheme and host, with the port where it is not that of the scheme."""

    scheme: str
    host: str


def served(setting: str) -> frozenset[Place]:
    """The addresses of SDP_SERVE_HOSTS, as a person types them; https where none is said.

    Raises:
        BadSetting: one of them is no address.
    """
    return frozenset(_place(text.strip()) for text in setting.split(",") if text.strip())


def _place(text: str) -> Place:
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = _host(parts.netloc, parts.scheme)
    if parts.scheme not in _PORTS or host is None or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSetting(
            f"SDP_SERVE_HOSTS: “{text}” is no address of a server.",
            "Write such as https://pipeline.example.org or http://10.0.0.5:8501.",
        )
    return Place(parts.scheme, host)


def check_address(address: str | None, setting: str) -> None:
    """Whether a server may listen there: beyond this machine only under names that were given to it.

    Args:
        address: a name or a number; None stands for all of them.
        setting: SDP_SERVE_HOSTS.

    Raises:
        BadSetting: it may not.
    """
    if not served(setting) and not (address or "").startswith("unix://") and not _is_loopback(address or ""):
        raise BadSetting(
            f"The server would listen on {address or 'all addresses'}, where others reach it.",
            "Listen on 127.0.0.1, or name the addresses that it is opened by in SDP_SERVE_HOSTS.",
        )


class Boundary:
    """Middleware for all that a server answers, WebSockets too."""

    def __init__(self, app: ASGIApp, served: Iterable[Place] = (), policy: str = NO_FRAMES) -> None:
        self._app = app
        self._served = frozenset(served)
        self._headers = _HEADERS | {"Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope, Headers(scope=scope))
        if not refusal:
            await self._app(scope, receive, self._guarded(send))
        elif scope["type"] == "http":
            await PlainTextResponse(f"{refusal}\n", 403)(scope, receive, self._guarded(send))
        else:
            # before it is accepted, which the client sees as 403
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[:_CLOSE_LETTERS]})

    def _guarded(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        return with_headers

    def _refusal(self, scope: Scope, headers: Headers) -> str:
        """Why a request is not answered; empty when it is."""
        own = self._names(scope, headers)
        if not own:
            return (
                "This server does not answer to that name. Open it by 127.0.0.1, or name its address in "
                "SDP_SERVE_HOSTS; a proxy before it must pass the Host header on."
            )
        origins = headers.getlist("origin")
        reads = scope["type"] == "http" and scope["method"] in _READING
        if not (reads and not origins) and not _is_one_of(own, origins):
            return "Only pages of this server may ask for that: the Origin header must be there and name this server."
        if headers.get("sec-fetch-site", "") not in _OWN_SITES and not _is_opened(headers):
            return "Pages of this server are opened by themselves, not used by pages of other sites."
        return ""

    def _names(self, scope: Scope, headers: Headers) -> frozenset[Place]:
        """Under which addresses the request may have come here; none when the name is not ours."""
        hosts = [host.lower() for host in headers.getlist("host")]
        if len(hosts) != 1:
            return frozenset()
        scheme = _SCHEMES[scope.get("scheme", "http")]
        host = _host(hosts[0], scheme)
        # a number or name of this machine means this machine only where the connection did not leave it
        if host and _is_loopback(_name(host)) and _came_by_loopback(scope):
            return frozenset({Place(scheme, host)})
        return frozenset(place for place in self._served if _host(hosts[0], place.scheme) == place.host)


def _is_one_of(own: Iterable[Place], origins: list[str]) -> bool:
    if len(origins) != 1:
        return False
    scheme, mark, rest = origins[0].lower().partition("://")
    host = _host(rest, scheme) if mark else None
    return host is not None and Place(scheme, host) in own


def _is_opened(headers: Headers) -> bool:
    """Whether a person follows a link from elsewhere, which is no frame and no form."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _host(text: str, scheme: str) -> str | None:
    """A host as browsers spell it, without the port of its scheme; None when it is none."""
    found = _HOST.fullmatch(text.lower())
    if found is None:
        return None
    name, port = found.groups()
    return name if port in (None, _PORTS.get(scheme)) else f"{name}:{int(port)}"


def _name(host: str) -> str:
    return host[1 : host.index("]")] if host.startswith("[") else host.partition(":")[0]


def _came_by_loopback(scope: Scope) -> bool:
    """Whether the connection ends at an address of this machine alone, or at a socket in the file system."""
    server = scope.get("server")
    return server is None or server[1] is None or _is_loopback(server[0])


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
