"""Institutions' networks: which of them an address belongs to now.

Addresses are numbers of 128 bits, IPv4 mapped into IPv6, so that one order holds all.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address, ip_network
from itertools import accumulate

MAPPED = 0xFFFF << 32  # ::ffff:0:0, where IPv4 lies within IPv6
MOST_REMEMBERED = 10_000

Range = tuple[int, int]  # first and last address, both included


@dataclass(frozen=True, slots=True, order=True)
class Network:
    """A range of an institution; moments are seconds since 1970, `ends_at` the first without the right."""

    first: int
    last: int
    institution: int
    starts_at: float
    ends_at: float = float("inf")


class Networks:
    """Ranges may overlap: an address then has the right of any whose contract runs."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self.all = sorted(networks)
        self._firsts = [network.first for network in self.all]
        self._furthest = list(accumulate((network.last for network in self.all), max))
        self._remembered: dict[str, tuple[Network, ...]] = {}

    def institution_at(self, address: str, at: float) -> int | None:
        for network in self._around(address):
            if network.starts_at <= at < network.ends_at:
                return network.institution
        return None

    def _around(self, address: str) -> tuple[Network, ...]:
        """The networks that hold an address, whether or not their contracts run."""
        found = self._remembered.get(address)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[address] = self._look_up(address)
        return found

    def _look_up(self, address: str) -> tuple[Network, ...]:
        number = as_number(address)
        if number is None:
            return ()
        found = []
        place = bisect_right(self._firsts, number) - 1
        while place >= 0 and self._furthest[place] >= number:
            if self.all[place].last >= number:
                found.append(self.all[place])
            place -= 1
        return tuple(found)


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
    except (AddressValueError, ValueError):
        return None
    return _number(network.network_address), _number(network.broadcast_address)


def _number(address: IPv4Address | IPv6Address) -> int:
    return int(address) | MAPPED if address.version == 4 else int(address)
