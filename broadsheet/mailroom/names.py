"""What the DNS says, asked with a deadline. A name that is not there has no records; a server that does not answer is silent."""

import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import dns.exception
import dns.name
import dns.resolver
import dns.reversename

A_QUESTION = 2.0  # seconds
ALL = 8.0  # seconds for a whole page of questions
DNS_PORT = 53


class Names:
    """Asks each question once. After the deadline everything is silent, so that a page never waits for long."""

    def __init__(self, resolver: dns.resolver.Resolver, *, seconds: float = ALL) -> None:
        self._resolver, self._seconds, self._spent = resolver, seconds, 0.0
        self._answered: dict[tuple[str, str], list[Any]] = {}

    def txt(self, name: str) -> list[str]:
        return [b"".join(found.strings).decode("utf-8", "replace") for found in self._ask(name, "TXT")]

    def mx(self, name: str) -> list[str]:
        """The first first; "" is RFC 7505's word that a domain takes no mail."""
        found = sorted((each.preference, each.exchange.to_text(omit_final_dot=True)) for each in self._ask(name, "MX"))
        return ["" if host == "@" or host == "." else host for _, host in found]

    def addresses(self, name: str) -> list[str]:
        return [found.address for kind in ("A", "AAAA") for found in self._ask(name, kind)]

    def pointers(self, address: str) -> list[str]:
        reversed_ = dns.reversename.from_address(address).to_text()
        return [found.target.to_text(omit_final_dot=True) for found in self._ask(reversed_, "PTR")]

    def _ask(self, name: str, kind: str) -> list[Any]:
        if (name, kind) not in self._answered:
            self._answered[name, kind] = list(self._answers(name, kind))
        return self._answered[name, kind]

    def _answers(self, name: str, kind: str) -> Iterator[Any]:
        began = time.monotonic()
        left = self._seconds - self._spent
        if left <= 0:
            raise Silent
        try:
            yield from self._resolver.resolve(name, kind, lifetime=min(A_QUESTION, left), search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
            return
        except (dns.exception.DNSException, OSError) as trouble:
            raise Silent from trouble
        finally:
            self._spent += time.monotonic() - began


def resolver_of(nameservers: tuple[str, ...]) -> dns.resolver.Resolver:
    """Of these, or where none are given of those that this machine asks."""
    if not nameservers:
        try:
            return dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            return dns.resolver.Resolver(configure=False)
    resolver = dns.resolver.Resolver(configure=False)
    told = [_parted(server) for server in nameservers]
    resolver.nameservers = [address for address, _ in told]
    resolver.nameserver_ports = dict(told)
    return resolver


def is_nameserver(written: str) -> bool:
    try:
        return bool(_parted(written))
    except ValueError:
        return False


def _parted(written: str) -> tuple[str, int]:
    """`192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`."""
    host, _, port = written.rpartition(":") if written.count(":") == 1 or "]:" in written else (written, "", "")
    return str(ip_address(host.strip("[]"))), int(port or DNS_PORT)


class Silent(Exception):
    """No name server answered in time, or it could not."""
