"""Institutions' networks: which of them an address belongs to now."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from broadsheet.kit.addresses import as_number

MOST_REMEMBERED = 10_000


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
