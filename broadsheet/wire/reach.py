"""Where a fetch may go: which addresses can be asked for at all, and which machines are anybody's to ask. Pure.

An editor names an address, and an outlet's server the next; neither may have our server look at what only it can reach.
"""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import idna

PORTS = {"http": 80, "https": 443}
USUAL_PORTS = frozenset({80, 443, 8000, 8080, 8443})  # others are mail, databases, and whatever else runs somewhere
MOST_IN_ADDRESS = 2_000
_NOT_IN_ADDRESSES = re.compile("[\x00-\x20\x7f\\\\\ud800-\udfff]")
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_PATH, _QUERY = "/%:@!$&'()*+,;=~-._[]|", "/%:@!$&'()*+,;=~-._?[]|"

_OUTSIDE_6 = ipaddress.ip_network("2000::/3")  # all that is given out of IPv6
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOBODYS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocols' own, and a cloud's metadata
        "192.88.99.0/24",  # relays
        "168.63.129.16/32",  # a cloud's own services, at an address that looks public
        "2001::/23",  # Teredo and other protocols
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
    )
)


class OutOfReach(ValueError):
    """An address that is not fetched; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads. `host` is lower-case ASCII, without brackets; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def door(self) -> str:
        """As exceptions name it."""
        return f"{self.bracketed}:{self.port}"

    @property
    def authority(self) -> str:
        return self.bracketed if self.port == PORTS[self.scheme] else self.door

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def place_of(address: str, *, base: str = "") -> Place:
    """Raises OutOfReach. What this reads is what is connected to: nobody reads the address a second time, and otherwise."""
    said = address.strip().replace("\t", "").replace("\r", "").replace("\n", "")
    if not said or len(said) > MOST_IN_ADDRESS or _NOT_IN_ADDRESSES.search(said.replace(" ", "%20")):
        raise OutOfReach("That is no address of a web page. It should look like https://outlet.example/feed.")
    try:
        parts = urlsplit(urljoin(base, said.replace(" ", "%20")))
        scheme, port, named = parts.scheme, parts.port, parts.hostname or ""
    except ValueError as trouble:
        raise OutOfReach("That address cannot be read. It should look like https://outlet.example/feed.") from trouble
    if scheme not in PORTS:
        raise OutOfReach("Only addresses that begin with http:// or https:// are fetched.")
    if "@" in parts.netloc:
        raise OutOfReach("An address with a name or a password in it is not fetched: it would be kept, and shown.")
    path = quote(parts.path or "/", safe=_PATH) + (f"?{quote(parts.query, safe=_QUERY)}" if parts.query else "")
    return Place(scheme, _host(named), PORTS[scheme] if port is None else port, path)


def _host(named: str) -> str:
    host = named.rstrip(".").lower()
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host.partition("%")[0] if "%" not in host else ""))
        except ValueError as trouble:
            raise OutOfReach("The host of that address cannot be read.") from trouble
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError as trouble:
            raise OutOfReach("The host of that address cannot be read.") from trouble
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise OutOfReach("The host of that address cannot be read.")
    return host


def check_port(place: Place) -> None:
    if place.port not in USUAL_PORTS:
        usual = ", ".join(map(str, sorted(USUAL_PORTS)))
        raise OutOfReach(f"Port {place.port} is not fetched from, only {usual}. Whoever runs this site can make an exception.")


def check_machines(place: Place, machines: Collection[str]) -> None:
    """All must be public: of a name that leads to both, the next answer would be the other."""
    if not machines or not all(map(is_public, machines)):
        raise OutOfReach(
            f"{place.host} leads into a private network, which is not fetched from. Whoever runs this site can make an exception."
        )


def is_public(machine: str) -> bool:
    """Whether an address of the network is anybody's to ask. What IPv6 says of an address of IPv4 is judged as that."""
    try:
        ip = ipaddress.ip_address(machine)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved and not _is_nobodys(ip)
    if ip.scope_id:
        return False
    if (inner := _inside(ip)) is not None:
        return is_public(str(inner))
    return ip in _OUTSIDE_6 and ip.is_global and not _is_nobodys(ip)


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _is_nobodys(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(ip.version == network.version and ip in network for network in _NOBODYS)
