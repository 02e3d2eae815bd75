"""Addresses of the internet as numbers, and which of them a request comes from.

Numbers have 128 bits, IPv4 mapped into IPv6, so that one order holds all and an address is the same in either spelling.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

MAPPED = 0xFFFF << 32  # ::ffff:0:0, where IPv4 lies within IPv6
BITS_4, BITS_6 = 24, 56  # of an address, that name what one subscriber of a provider, or one office, is given

Range = tuple[int, int]  # first and last address, both included


def client_address(environ: Mapping[str, Any], trusted: Iterable[Range]) -> str:
    """X-Forwarded-For counts only as far as proxies that we trust wrote it; nothing else counts at all.

    "" where a trusted proxy wrote what is no address: beyond it anybody may have written.
    """
    address: str = environ.get("REMOTE_ADDR", "")
    if not trusted or not is_among(address, trusted):
        return address
    for hop in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not hop.strip():
            continue
        address = hop.strip()
        if as_number(address) is None:
            return ""
        if not is_among(address, trusted):
            break
    return address


def is_among(address: str, ranges: Iterable[Range]) -> bool:
    number = as_number(address)
    return number is not None and any(first <= number <= last for first, last in ranges)


def as_number(address: str) -> int | None:
    """None where this is no address: then no network's right follows from it."""
    try:
        return _number(ip_address(address.strip()))
    except ValueError:
        return None


def range_of(text: str) -> Range | None:
    """The range of an address or a network; None where it is neither."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    return _number(network.network_address), _number(network.broadcast_address)


def network_of(address: str) -> str:
    """The network that an address is counted under."""
    number = as_number(address)
    if number is None:
        return "unknown"
    if number >> 32 == MAPPED >> 32:
        return str(ip_network((number - MAPPED, BITS_4), strict=False))
    return str(ip_network((IPv6Address(number), BITS_6), strict=False))


def _number(address: IPv4Address | IPv6Address) -> int:
    return int(address) | MAPPED if address.version == 4 else int(address)
