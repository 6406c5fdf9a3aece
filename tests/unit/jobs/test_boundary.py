"""The browser boundary: every way in which a page of another site could speak to a server of ours."""

import asyncio
from typing import Any

import pytest

from core.errors import BadSetting
from jobs.boundary import Boundary, check_address, served

HERE = "127.0.0.1:8501"
OWN = "http://127.0.0.1:8501"
PROXIED = served("https://pipeline.example.org, http://10.0.0.5:8501, other.example.org:8443")


async def answering(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"secret"})


def asked(
    *headers: tuple[str, str],
    method: str = "GET",
    kind: str = "http",
    server: tuple[str, int | None] | None = ("127.0.0.1", 8501),
    places: Any = (),
    scheme: str = "",
) -> list[dict[str, Any]]:
    scope = {
        "type": kind,
        "method": method,
        "scheme": scheme or {"http": "http", "websocket": "ws"}[kind],
        "server": server,
        "path": "/",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
    }
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    asyncio.run(Boundary(answering, places, "default-src 'none'")(scope, receive, send))  # type: ignore[arg-type]  # plain functions
    return sent


def is_let_in(*headers: tuple[str, str], **request: Any) -> bool:
    sent = asked(*headers, **request)
    return sent[0]["type"] == "websocket.accept" or sent[0].get("status") == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501", "LOCALHOST", "127.0.0.2:1"])
def test_names_of_this_machine_are_answered(host: str) -> None:
    assert is_let_in(("Host", host))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8501",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "10.0.0.5:8501",
        "0.0.0.0:8501",
        "2130706433",
        "0x7f000001",
        "127.0.0.1:8501, evil.example",
        "127.0.0.1:port",
        "127.0.0.1:٨",
        "[::2]:8501",
        "[::1",
        "",
        "pipeline.example.org",
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_every_other_name_is_refused(host: str, kind: str) -> None:
    assert not is_let_in(
        ("Host", host.encode().decode("latin-1")), ("Origin", f"http://{host}".encode().decode("latin-1")), kind=kind
    )


def test_no_name_or_two_of_them_are_refused() -> None:
    assert not is_let_in()
    assert not is_let_in(("Host", HERE), ("Host", HERE))


def test_a_websocket_is_opened_by_our_own_pages_alone() -> None:
    assert is_let_in(("Host", HERE), ("Origin", OWN), kind="websocket")
    for origins in (
        [],
        ["null"],
        [""],
        ["http://evil.example"],
        ["http://127.0.0.1:8502"],
        ["http://127.0.0.1"],
        ["https://127.0.0.1:8501"],
        ["http://localhost:8501"],
        ["http://127.0.0.1:8501.evil.example"],
        ["http://127.0.0.1:8501/"],
        ["127.0.0.1:8501"],
        [OWN, OWN],
        [OWN, "http://evil.example"],
    ):
        assert not is_let_in(("Host", HERE), *(("Origin", origin) for origin in origins), kind="websocket"), origins


def test_the_port_of_a_scheme_need_not_be_said() -> None:
    assert is_let_in(("Host", "localhost:80"), ("Origin", "http://localhost"), kind="websocket")
    assert is_let_in(("Host", "localhost"), ("Origin", "https://localhost:443"), kind="websocket", scheme="wss")
    assert not is_let_in(("Host", "localhost"), ("Origin", "http://localhost:443"), kind="websocket", scheme="wss")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "ANY"])
def test_what_may_change_something_comes_from_our_own_pages(method: str) -> None:
    assert is_let_in(("Host", HERE), ("Origin", OWN), method=method)
    assert not is_let_in(("Host", HERE), method=method)
    assert not is_let_in(("Host", HERE), ("Origin", "null"), method=method)
    assert not is_let_in(("Host", HERE), ("Origin", "http://127.0.0.1:8787"), method=method)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_needs_no_origin_but_none_from_elsewhere(method: str) -> None:
    assert is_let_in(("Host", HERE), method=method)
    assert is_let_in(("Host", HERE), ("Origin", OWN), method=method)
    assert not is_let_in(("Host", HERE), ("Origin", "http://evil.example"), method=method)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_from_elsewhere_may_be_followed_and_nothing_else(site: str) -> None:
    link = (("Host", HERE), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"))
    assert is_let_in(*link, ("Sec-Fetch-Dest", "document"))
    assert not is_let_in(*link, ("Sec-Fetch-Dest", "iframe"))
    assert not is_let_in(("Host", HERE), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors"))
    assert is_let_in(("Host", HERE), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"))


def test_a_connection_from_another_machine_is_answered_by_given_names_alone() -> None:
    far = ("192.168.1.7", 8501)
    assert not is_let_in(("Host", HERE), server=far)
    assert not is_let_in(("Host", HERE), server=far, places=PROXIED)
    assert is_let_in(("Host", "10.0.0.5:8501"), server=far, places=PROXIED)
    assert is_let_in(("Host", HERE), server=("::ffff:127.0.0.1", 8501))
    assert is_let_in(("Host", HERE), server=("/run/pipeline.sock", None))


def test_given_names_are_answered_with_their_scheme_and_port() -> None:
    for host, origin in (
        ("pipeline.example.org", "https://pipeline.example.org"),
        ("pipeline.example.org:443", "https://pipeline.example.org"),
        ("10.0.0.5:8501", "http://10.0.0.5:8501"),
        ("other.example.org:8443", "https://other.example.org:8443"),
    ):
        assert is_let_in(("Host", host), ("Origin", origin), kind="websocket", places=PROXIED)
    for host, origin in (
        ("pipeline.example.org", "http://pipeline.example.org"),
        ("pipeline.example.org", "https://10.0.0.5:8501"),
        ("pipeline.example.org:8443", "https://pipeline.example.org:8443"),
        ("other.example.org", "https://other.example.org"),
        ("a.pipeline.example.org", "https://a.pipeline.example.org"),
    ):
        assert not is_let_in(("Host", host), ("Origin", origin), kind="websocket", places=PROXIED)


def test_every_answer_says_what_a_browser_may_do_with_it() -> None:
    for sent in (asked(("Host", HERE)), asked(("Host", "evil.example"))):
        headers = dict(sent[0]["headers"])
        assert headers[b"x-content-type-options"] == b"nosniff"
        assert headers[b"content-security-policy"] == b"default-src 'none'"
        assert headers[b"x-frame-options"] == b"DENY"


def test_a_refusal_holds_nothing_of_the_application_and_says_what_to_do() -> None:
    start, body = asked(("Host", "evil.example"))
    assert (start["status"], b"secret" in body["body"]) == (403, False)
    assert b"SDP_SERVE_HOSTS" in body["body"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "unix:///run/pipeline.sock"])
def test_a_server_may_listen_on_this_machine(address: str) -> None:
    check_address(address, "")


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "10.0.0.5", "pipeline.example.org"])
def test_a_server_listens_beyond_it_under_given_names_alone(address: str | None) -> None:
    with pytest.raises(BadSetting, match="SDP_SERVE_HOSTS"):
        check_address(address, "")
    check_address(address, "https://pipeline.example.org")


@pytest.mark.parametrize("text", ["ftp://a.example", "https://a.example/path", "*", "https://", "a b", "http://x:99:9"])
def test_what_is_no_address_of_a_server_is_no_setting(text: str) -> None:
    with pytest.raises(BadSetting, match="SDP_SERVE_HOSTS"):
        served(text)
