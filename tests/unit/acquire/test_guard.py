"""The guard lets us out to the public web and nowhere else, whatever a name says a second later."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address

import httpcore
import httpx
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.acquire.guard import ConnectionGuard, GuardedBackend, GuardedTransport, refusal_of_address
from core.acquire.public_addresses import is_public
from core.errors import AddressRefused, HostUnreachable, PipelineError

PUBLIC = "151.101.1.69"


def answers(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)


PUBLIC_ADDRESSES = [
    "151.101.1.69",
    "1.1.1.1",
    "2606:4700:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2002:101:101::1",
]

SPECIAL_ADDRESSES = [
    "0.0.0.0",
    "10.11.12.13",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.53",
    "168.63.129.16",
    "169.254.170.2",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.7",
    "192.88.99.1",
    "192.168.178.1",
    "198.19.255.1",
    "203.0.113.9",
    "224.0.0.251",
    "250.1.2.3",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1.1.1.1",
    "100::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:c0a8:1::",
    "2600:1f18::5efe:10.0.0.1",
    "2600:1f18::200:5efe:192.168.0.1",
    "3fff::1",
    "fd00:ec2::254",
    "fe80::1%eth0",
    "fec0::1",
    "ff05::2",
    "not an address",
]


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", SPECIAL_ADDRESSES)
def test_special_addresses_and_what_is_wrapped_in_them_do_not(address: str) -> None:
    assert not is_public(address)


ADDRESSES = st.one_of(st.ip_addresses(v=4), st.sampled_from([IPv4Address(text) for text in SPECIAL_ADDRESSES[:17]]))


@settings(deadline=None)
@given(ADDRESSES)
def test_wrapping_an_address_changes_nothing_about_it(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [IPv6Address(0xFFFF << 32 | number), IPv6Address(0x64FF9B << 96 | number)]
    wrapped += [IPv6Address(0x2002 << 112 | number << 80)]
    assert {is_public(str(other)) for other in wrapped} == {is_public(str(address))}


@settings(deadline=None)
@given(
    ADDRESSES, st.sampled_from(["{0:d}", "0x{0:x}", "0{0:o}", "{1}.{3}", "0x{1:x}.{2}.{3}.{4}", "{1}.{2}.0{3:o}.{4}"])
)
def test_disguised_numbers_are_never_looked_up(address: IPv4Address, form: str) -> None:
    written = form.format(int(address), *address.packed)
    assume(written != str(address))
    with pytest.raises(AddressRefused):
        ConnectionGuard().check(f"http://{written}/")


@settings(deadline=None)
@given(st.text(max_size=60))
@example("..")
@example("localhost..")
def test_no_text_breaks_the_check(text: str) -> None:
    """Whatever is given, the answer is a URL whose own check gives the same, or a refusal."""
    for url in (text, f"https://{text}", f"http://tenders.example/{text}"):
        with contextlib.suppress(AddressRefused):
            checked = ConnectionGuard().check(url)
            assert ConnectionGuard().check(str(checked)) == checked


NORMAL_FORMS = {
    "https://tenders.example/a?b=c#d": "https://tenders.example/a?b=c",
    "HTTPS://Tenders.Example./": "https://tenders.example/",
    "http://tenders.example": "http://tenders.example/",
    "http://tenders.example?page=2": "http://tenders.example/?page=2",
    "http://tenders.example/a%2Fb?q=c%20d": "http://tenders.example/a%2Fb?q=c%20d",
    "http://tenders.example:8080/x y": "http://tenders.example:8080/x%20y",
    "https://käufer.example/": "https://xn--kufer-gra.example/",
    "https://tenders.example/@name": "https://tenders.example/@name",
    "https://tenders.example/a%0d%0ab": "https://tenders.example/a%0d%0ab",
    "http://1.1.1.1/": "http://1.1.1.1/",
    "http://[2606:4700:4700::1111]:8443/": "http://[2606:4700:4700::1111]:8443/",
    "http://4chan-like.example/": "http://4chan-like.example/",
}


@pytest.mark.parametrize("url", NORMAL_FORMS)
def test_web_addresses_get_a_normal_form(url: str) -> None:
    assert str(ConnectionGuard().check(url)) == NORMAL_FORMS[url]


REFUSED = [
    "",
    "tenders.example/x",
    "ftp://tenders.example/",
    "file:///etc/hostname",
    "ws://tenders.example/",
    "view-source:https://tenders.example/",
    "https:tenders.example",
    "https:///tenders.example/",
    "https://",
    "https://?q",
    "//tenders.example/",
    " https://tenders.example/",
    "https://tenders.example/\n",
    "https://tenders.example/\x00",
    "https://tenders\t.example/",
    "https://ten ders.example/",
    "https://user@tenders.example/",
    "https://user:secret@tenders.example/",
    "https://10.0.0.1\\.tenders.example/",
    "https://tenders.example\\@10.0.0.1/",
    "https://tenders%2eexample/",
    "https://[fe80::1%25eth0]/",
    "https://[::1/",
    "https://tenders.example:99999/",
    "https://tenders.example:x/",
    "https://tenders.example:0/",
    "https://tenders.example:22/",
    "https://tenders.example:5432/",
    "http://192.168.0.10/",
    "http://192.168.0.10./",
    "http://0300.0250.0.10/",
    "http://0xc0a8000a/",
    "http://3232235530/",
    "http://192.168.10/",
    "http://1.2.3.4.5/",
    "http://１９２.１６８.０.１/",
    "http://[::ffff:192.168.0.10]/",
    "http://localhost/",
    "http://LocalHost./",
    "http://app.localhost:3000/",
    "http://printer.local/",
    "http://db.internal/",
    "https://tenders.example/" + "x" * 9000,
]


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: ascii(url[:40]))
def test_other_addresses_are_refused_with_a_reason(url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        ConnectionGuard().check(url)
    assert caught.value.message.endswith(".")
    assert caught.value.advice
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "https://tenders.example/" + "x" * (8000 - len("https://tenders.example/")),
        "http://tenders.example:65535/",
        "http://tenders.example/\x80",
        "http://tenders.example/%7f",
        "http://mylocalhost/",
        "http://0xg.example/",
        "http://tenders.example.0xyz/",
    ],
    ids=lambda url: ascii(url[:40]),
)
def test_what_is_just_not_refused_passes(url: str) -> None:
    assert ConnectionGuard().check(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://tenders.example/" + "x" * (8001 - len("https://tenders.example/")),
        "http://tenders.example:65536/",
        "http://tenders.example/a\x1fb",
        "http://tenders.example/a\x7fb",
        "http://tenders.example.0xff/",
        "http://tenders.example.7/",
    ],
    ids=lambda url: ascii(url[-20:]),
)
def test_what_is_just_refused_is(url: str) -> None:
    with pytest.raises(AddressRefused):
        ConnectionGuard().check(url)


@pytest.mark.parametrize("name", ["localhost", "local", "internal", "home.arpa"])
def test_names_of_the_own_network_are_refused_with_all_below_them(name: str) -> None:
    for host in (name, f"printer.{name}", f"a.b.{name}"):
        with pytest.raises(AddressRefused, match="inside a private network"):
            ConnectionGuard().check(f"http://{host}/")


# the list of the Fetch standard ("bad port"), and databases, queues and caches that listen by default
SERVICES = """
0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135
137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719
1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
1433 1521 2181 2375 2376 2379 2380 3306 3389 4222 5432 5672 5900 6379 9042 9092 9200 9300 11211 27017
"""


def test_no_port_of_another_service_is_asked() -> None:
    for port in map(int, SERVICES.split()):
        with pytest.raises(AddressRefused, match=f"port {port} belongs to a service"):
            ConnectionGuard().check(f"http://tenders.example:{port}/")
    for port in (80, 443, 2, 8000, 8080, 8443, 65535):
        assert ConnectionGuard().check(f"http://tenders.example:{port}/")


@pytest.mark.parametrize(("allowed", "url"), [(80, "http://10.0.0.5/"), (443, "https://10.0.0.5/")])
def test_a_port_that_is_not_written_is_the_one_of_the_scheme(allowed: int, url: str) -> None:
    assert ConnectionGuard([f"10.0.0.5:{allowed}"]).check(url)
    with pytest.raises(AddressRefused):
        ConnectionGuard([f"10.0.0.5:{allowed + 1}"]).check(url)


def test_a_hostile_address_is_cut_where_it_is_said() -> None:
    said = refusal_of_address("x" * 121, "it is bad", "Do not.").message
    assert said == f"We do not connect to {'x' * 120}: it is bad."
    assert refusal_of_address("a\x1bb", "it is bad", "Do not.").message == "We do not connect to a\\x1bb: it is bad."


@pytest.mark.parametrize("url", [" https://a.example/", "https://a.example/\x00", "https://a.example/a\x1fb\x7f"])
def test_spaces_around_and_control_characters_are_named(url: str) -> None:
    with pytest.raises(AddressRefused, match="spaces around it or control characters"):
        ConnectionGuard().check(url)


@pytest.mark.parametrize(
    ("network", "first", "last"),
    [
        ("0.0.0.0/8", "0.0.0.0", "0.255.255.255"),
        ("10.0.0.0/8", "10.0.0.0", "10.255.255.255"),
        ("100.64.0.0/10", "100.64.0.0", "100.127.255.255"),
        ("127.0.0.0/8", "127.0.0.0", "127.255.255.255"),
        ("168.63.129.16/32", "168.63.129.16", "168.63.129.16"),
        ("169.254.0.0/16", "169.254.0.0", "169.254.255.255"),
        ("172.16.0.0/12", "172.16.0.0", "172.31.255.255"),
        ("192.0.0.0/24", "192.0.0.0", "192.0.0.255"),
        ("192.0.2.0/24", "192.0.2.0", "192.0.2.255"),
        ("192.88.99.0/24", "192.88.99.0", "192.88.99.255"),
        ("192.168.0.0/16", "192.168.0.0", "192.168.255.255"),
        ("198.18.0.0/15", "198.18.0.0", "198.19.255.255"),
        ("198.51.100.0/24", "198.51.100.0", "198.51.100.255"),
        ("203.0.113.0/24", "203.0.113.0", "203.0.113.255"),
        ("224.0.0.0/4", "224.0.0.0", "239.255.255.255"),
        ("240.0.0.0/4", "240.0.0.0", "255.255.255.255"),
    ],
)
def test_special_networks_are_known_whatever_python_knows(
    network: str, first: str, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IPv4Address, "is_global", True)
    assert not is_public(first)
    assert not is_public(last)
    assert is_public("151.101.1.69")


@pytest.mark.parametrize(
    ("last_inside", "first_outside"),
    [
        ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"),
        ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"),
        ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"),
        ("1fff:ffff::", "2a00::"),
        ("4000::", "3ffe::1"),
    ],
)
def test_special_networks_of_the_new_addresses_end_where_they_end(last_inside: str, first_outside: str) -> None:
    assert not is_public(last_inside)
    assert is_public(first_outside)


@pytest.mark.parametrize(
    ("private", "public"),
    [
        ("64:ff9b::a00:1", "64:ff9b::101:101"),
        ("::ffff:a00:1", "::ffff:101:101"),
        ("2002:a00:1::5", "2002:101:101::5"),
        ("2600::5efe:a00:1", "2600::5efe:101:101"),
        ("2600::200:5efe:a00:1", "2600::200:5efe:101:101"),
        ("2600::5efe:a00:1", "2600::1:5efe:a00:1"),
        ("fe80::5efe:101:101", "2600::5eff:a00:1"),
        ("2600::1%eth0", "2600::1"),
    ],
)
def test_an_address_inside_another_one_is_found(private: str, public: str) -> None:
    assert not is_public(private)
    assert is_public(public)


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:5432/"),
        ("127.0.0.1:8787", "http://127.0.0.1:8787/tenders"),
        ("[::1]:8787", "http://[::1]:8787/"),
        ("[::1]", "http://[::1]:9000/"),
        ("intranet.internal", "https://Intranet.Internal/"),
        ("intranet.internal:443", "https://intranet.internal/"),
    ],
)
def test_allowed_hosts_may_be_private(allowed: str, url: str) -> None:
    assert ConnectionGuard([allowed]).check(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8788/", "http://127.0.0.2:8787/", "http://localhost:8787/"])
def test_allowing_one_port_of_a_host_allows_nothing_else(url: str) -> None:
    with pytest.raises(AddressRefused):
        ConnectionGuard(["127.0.0.1:8787"]).check(url)


@pytest.mark.parametrize("found", [["10.0.0.5"], [PUBLIC, "10.0.0.5"], ["::1", PUBLIC]])
def test_one_private_answer_refuses_the_name(found: list[str]) -> None:
    guard = ConnectionGuard(resolver=answers(*found))
    with pytest.raises(AddressRefused, match="private network"):
        guard.addresses("tenders.example", 443)
    assert ConnectionGuard(["tenders.example"], answers(*found)).addresses("tenders.example", 443) == found


def test_name_without_an_answer_is_unreachable() -> None:
    with pytest.raises(HostUnreachable, match=r"tenders\.example has no address"):
        ConnectionGuard(resolver=answers()).addresses("tenders.example", 443)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where connections would go; none is made."""
    tried: list[tuple[str, int]] = []

    def refuse(self: object, host: str, port: int, *rest: object) -> None:
        tried.append((host, port))
        raise httpcore.ConnectError("nobody is there")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", refuse)
    return tried


def test_connection_goes_to_the_address_that_was_checked(connected: list[tuple[str, int]]) -> None:
    """The second answer of this name is private; asking twice would connect to it."""
    turn = iter([[PUBLIC], ["127.0.0.1"]])
    backend = GuardedBackend(ConnectionGuard(resolver=lambda host, port: next(turn)))
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("rebinding.example", 443)
    assert connected == [(PUBLIC, 443)]


def test_every_checked_address_is_tried(connected: list[tuple[str, int]]) -> None:
    backend = GuardedBackend(ConnectionGuard(resolver=answers(PUBLIC, "1.1.1.1")))
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("two.example", 80)
    assert connected == [(PUBLIC, 80), ("1.1.1.1", 80)]


def test_httpx_connects_through_the_guard(connected: list[tuple[str, int]]) -> None:
    """Holds the line that reaches into httpx: a new version that ignores it must fail here."""
    with httpx.Client(transport=GuardedTransport(ConnectionGuard(resolver=answers(PUBLIC))), trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            client.get("https://tenders.example/")
        with pytest.raises(AddressRefused):
            client.get("https://10.0.0.1/")
    assert connected == [(PUBLIC, 443)]


def test_proxies_of_the_environment_are_ignored(
    connected: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    transport = GuardedTransport(ConnectionGuard(resolver=answers(PUBLIC)))
    with httpx.Client(transport=transport, trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get("http://tenders.example/")
    assert connected == [(PUBLIC, 80)]


def test_no_local_sockets() -> None:
    with pytest.raises(PipelineError, match="socket of this machine"):
        GuardedBackend(ConnectionGuard()).connect_unix_socket("/run/docker.sock")


@pytest.fixture
def redirector() -> Iterator[int]:
    """A host that sends everybody to a closed port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(5)
    listener.close()


def test_redirects_that_httpx_follows_are_checked_too(redirector: int) -> None:
    guard = ConnectionGuard([f"127.0.0.1:{redirector}"])
    with (
        httpx.Client(transport=GuardedTransport(guard), trust_env=False, follow_redirects=True) as client,
        pytest.raises(AddressRefused, match=r"127\.0\.0\.1:9"),
    ):
        client.get(f"http://127.0.0.1:{redirector}/")
