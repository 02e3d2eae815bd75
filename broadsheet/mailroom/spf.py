"""Whether a domain's SPF record (RFC 7208) lets an address send for it. As much as a publisher's own record has, no macros."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network

from broadsheet.mailroom.names import Names

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4


class Verdict(StrEnum):
    """In the order of SPF's qualifiers; `UNTOLD` where a mechanism stands before it that is not read here."""

    PASS = "+"
    FAIL = "-"
    SOFT_FAIL = "~"
    NEUTRAL = "?"
    UNTOLD = ""


def records_of(domain: str, names: Names) -> list[str]:
    """More than one is broken: receivers believe none of them."""
    return [text for text in names.txt(domain) if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def verdict(domain: str, address: str, names: Names) -> Verdict:
    """Of the domain's one record on mail that leaves from this address."""
    return _Reading(address, names).of(domain)


@dataclass
class _Reading:
    address: str
    names: Names
    lookups: int = 0
    untold: bool = field(default=False)

    def of(self, domain: str) -> Verdict:
        records = records_of(domain, self.names)
        if len(records) != 1:
            raise BrokenRecord(f"{domain} has {len(records) or 'no'} SPF record{'s' if records else ''}")
        redirect = ""
        for term in records[0].split()[1:]:
            qualifier, mechanism = (term[0], term[1:]) if term[0] in "+-~?" else ("+", term)
            name, _, value = mechanism.partition(":")
            if mechanism.lower().startswith("redirect="):
                redirect = mechanism.partition("=")[2]
            elif "=" not in name and self._matches(name.lower(), value, domain):
                return Verdict.UNTOLD if self.untold else Verdict(qualifier)
        if redirect:
            self._look_up()
            return self.of(redirect)
        return Verdict.UNTOLD if self.untold else Verdict.NEUTRAL

    def _matches(self, name: str, value: str, domain: str) -> bool:
        name, _, width = name.partition("/")
        if name == "all":
            return True
        if name in {"ip4", "ip6"}:
            return self._lies_in(value)
        if "%" in value or name not in {"a", "mx", "include"}:
            self.untold = self.untold or name in {"ptr", "exists"} or "%" in value
            return False
        self._look_up()
        target, parted, own_width = value.partition("/")
        if name == "include":
            return self.of(target) is Verdict.PASS
        width = width or (own_width if parted else "")
        hosts = [target or domain] if name == "a" else self.names.mx(target or domain)
        return any(self._lies_in(f"{address}/{width}" if width else address) for address in self._addresses(hosts))

    def _addresses(self, hosts: list[str]) -> Iterator[str]:
        for host in hosts:
            if host:
                yield from self.names.addresses(host)

    def _lies_in(self, network: str) -> bool:
        try:
            return ip_address(self.address) in ip_network(network, strict=False)
        except ValueError:
            return False

    def _look_up(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise BrokenRecord(f"it takes more than {MOST_LOOKUPS} lookups, after which receivers stop")


class BrokenRecord(Exception):
    """Receivers cannot use it; the message says why."""
