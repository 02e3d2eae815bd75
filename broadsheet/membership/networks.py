"""Networks as librarians paste them, into ranges of addresses. Pure; what cannot be read is refused with a sentence.

A range is two texts of 32 hexadecimal digits, both ends included: addresses of IPv6, those of IPv4 mapped into ::ffff:0:0/96.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from broadsheet.kit.addresses import MAPPED

WIDEST_4 = 2**24  # as many addresses as a /8 has
WIDEST_6 = 2**108  # as many as a /20 has
DASHES = re.compile(r"\s*(?:[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]|(?<=\s)to(?=\s))\s*", re.IGNORECASE)
OCTET = re.compile(r"\*|\d{1,3}(?:-\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Range:
    first: str
    last: str
    as_written: str


def ranges_from(pasted: str) -> list[Range]:
    """Every network named in the text, one a line or divided by commas, semicolons or spaces; `#` begins a remark."""
    found = []
    for line in _visible(pasted).splitlines():
        for part in re.split(r"[,;]", line.partition("#")[0]):
            for written in DASHES.sub("-", part).split():
                first, last = _ends(written)
                found.append(Range(f"{first:032x}", f"{last:032x}", written))
    return list({(each.first, each.last): each for each in found}.values())


def _visible(pasted: str) -> str:
    """Without the marks that nobody sees: zero-width spaces, soft hyphens, byte order marks; no-break spaces become spaces."""
    text = unicodedata.normalize("NFKC", pasted)
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def _ends(written: str) -> tuple[int, int]:
    first, last, version = _spelled_out(written)
    first, last = min(first, last), max(first, last)
    if last - first + 1 > (WIDEST_4 if version == 4 else WIDEST_6):
        raise BadNetwork(f"{written} is wider than any one institution: name its own networks.")
    if version == 6 and first < MAPPED + 2**32 and last >= MAPPED:
        raise BadNetwork(f"{written} takes in all of IPv4: name its own networks.")
    return first, last


def _spelled_out(written: str) -> tuple[int, int, int]:
    if "/" in written:
        return _block(written)
    if "*" in written or _ranges_inside(written):
        return _by_octets(written)
    left, dash, right = written.partition("-")
    first, version = _number(_address(left, written))
    if not dash:
        return first, first, version
    last, version_of_last = _number(_address(right, written))
    if version != version_of_last:
        raise BadNetwork(f"{written} begins in one version of IP and ends in another.")
    return first, last, version


def _block(written: str) -> tuple[int, int, int]:
    try:
        network = ip_network(written, strict=False)
    except ValueError:
        raise BadNetwork(f"{written} is not a network: write it like 192.0.2.0/24 or 2001:db8::/32.") from None
    first, version = _number(network.network_address)
    last, _ = _number(network.broadcast_address)
    return first, last, version


def _ranges_inside(written: str) -> bool:
    """192.0.2.10-20 and 192.0.2-3.0-255 range within an octet; 192.0.2.1-192.0.2.9 ranges between addresses."""
    return "-" in written and written.count(".") == 3 and ":" not in written


def _by_octets(written: str) -> tuple[int, int, int]:
    octets = written.split(".")
    if len(octets) != 4 or not all(OCTET.fullmatch(octet) for octet in octets):
        raise BadNetwork(f"{written} is not a network: write it like 10.1.*.* or 192.0.2.10-20.")
    spans = [_span(octet) for octet in octets]
    wide = [span for span in spans if span[0] != span[1]]
    # All that follows the first octet that varies must vary wholly, or the addresses do not lie side by side.
    if any(span != (0, 255) for span in wide[1:]) or wide != spans[len(spans) - len(wide) :]:
        raise BadNetwork(f"{written} names addresses that do not lie side by side: give each range on a line of its own.")
    first, version = _number(_address(".".join(str(low) for low, _ in spans), written))
    last, _ = _number(_address(".".join(str(high) for _, high in spans), written))
    return first, last, version


def _span(octet: str) -> tuple[int, int]:
    if octet == "*":
        return 0, 255
    low, _, high = octet.partition("-")
    ends = sorted((int(low), int(high or low)))
    return ends[0], ends[1]


def _address(text: str, written: str) -> IPv4Address | IPv6Address:
    try:
        address = ip_address(text)
    except ValueError:
        zero = re.search(r"(^|\.)0\d", text)
        why = "has numbers that begin with 0, which are read in two ways" if zero else "is not an address or a network"
        raise BadNetwork(f"{written} {why}: write it like 192.0.2.7 or 2001:db8::7.") from None
    if isinstance(address, IPv6Address) and address.scope_id:
        raise BadNetwork(f"{written} is an address of one machine's own cable: give the public one.")
    return address


def _number(address: IPv4Address | IPv6Address) -> tuple[int, int]:
    """Its number in IPv6, and the version it really belongs to."""
    if isinstance(address, IPv4Address):
        return MAPPED + int(address), 4
    return int(address), 4 if address.ipv4_mapped else 6


class BadNetwork(ValueError):
    """A network that cannot be read; the message says which, and how to write it."""
