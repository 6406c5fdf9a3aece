"""Which IP addresses belong to the public internet, whatever form they are written or wrapped in."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Listed in full although `is_global` knows most of them: what it knows changed between releases of Python.
SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # the control plane of Azure: routed like a public address
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")
SPECIAL_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
MAPPED = IPv6Network("::ffff:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")
# what stands before the IPv4 address in an ISATAP interface identifier (RFC 5214, 6.1)
ISATAP = 0x00005EFE


def is_public(text: str) -> bool:
    """Whether the address, and any IPv4 address inside it, is one that anybody on the internet can reach."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return _is_public_v4(address) if isinstance(address, IPv4Address) else _is_public_v6(address)


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not any(address in network for network in SPECIAL_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    inner = _embedded_v4(address)
    if inner is not None and not _is_public_v4(inner):
        return False
    if address in MAPPED or address in NAT64:
        return True
    return address in GLOBAL_V6 and address.scope_id is None and not any(address in network for network in SPECIAL_V6)


def _embedded_v4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a gateway or tunnel would take out of this one; Teredo is refused as a whole."""
    number = int(address)
    if address in MAPPED or address in NAT64:
        return IPv4Address(number & 0xFFFFFFFF)
    if address in SIX_TO_FOUR:
        return IPv4Address(number >> 80 & 0xFFFFFFFF)
    if number >> 32 & 0xFDFFFFFF == ISATAP:  # the bit left out says only whether the address is unique worldwide
        return IPv4Address(number & 0xFFFFFFFF)
    return None
