"""Whether receivers will believe our mail: what the DNS says of the sender, in words, with the record that is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from broadsheet.mailroom import spf
from broadsheet.mailroom.dkim import Record
from broadsheet.mailroom.names import Names, Silent
from broadsheet.mailroom.spf import Verdict


class State(StrEnum):
    FOUND = "found"
    MISSING = "missing"
    BROKEN = "broken"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Line:
    """`add`: the record that mends it, or None."""

    of: str
    state: State
    says: str
    add: Record | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """`domain`: of the From line. `returns`: of the envelope. `signs`: what our keys want the DNS to hold. `leaves_from`:
    addresses that somebody has told us; else those of `host` are taken. `provider`: who sends in our place, or ""."""

    domain: str
    returns: str
    signs: tuple[Record, ...]
    leaves_from: tuple[str, ...]
    host: str
    provider: str = ""


def lines(sender: Sender, names: Names) -> list[Line]:
    if "." not in sender.domain:
        return [
            Line(
                "Sender", State.BROKEN, f"Mail from {sender.domain or 'nowhere'} is believed by nobody: set BROADSHEET_MAIL_FROM."
            )
        ]
    if sender.provider:
        said = f"{sender.provider} sends for us: whether it may, and what it signs with, its own page of domains says."
        return [Line("SPF, DKIM, sender’s name", State.UNKNOWN, said), *_asked([("DMARC", dmarc), ("MX", mx)], sender, names)]
    checks: list[tuple[str, Check]] = [("SPF", spf_lines), ("DKIM", dkim_lines), ("DMARC", dmarc), ("PTR", ptr), ("MX", mx)]
    return _asked(checks, sender, names)


Check = Callable[[Sender, Names], Iterator[Line]]


def _asked(checks: list[tuple[str, Check]], sender: Sender, names: Names) -> list[Line]:
    found: list[Line] = []
    for of, check in checks:
        try:
            found += check(sender, names)
        except Silent:
            found.append(Line(of, State.UNKNOWN, "No name server answered. Look again in a minute."))
    return found


def spf_lines(sender: Sender, names: Names) -> Iterator[Line]:
    """Of the envelope's domain: that is the one which receivers look up."""
    records, addresses = spf.records_of(sender.returns, names), addresses_of(sender, names)
    if not records:
        yield Line("SPF", State.MISSING, f"{sender.returns} names nobody who may send for it.", _spf(sender.returns, addresses))
        return
    if len(records) > 1:
        said = f"{sender.returns} has {len(records)} SPF records, so receivers believe none. Keep one: {' and '.join(records)}"
        yield Line("SPF", State.BROKEN, said)
        return
    for address in addresses:
        yield _spf_of(sender.returns, address, records[0], names)
    if not addresses:
        yield Line(
            "SPF", State.UNKNOWN, "There is a record; from where our mail leaves is not known: set BROADSHEET_MAIL_LEAVES_FROM."
        )


def _spf_of(domain: str, address: str, record: str, names: Names) -> Line:
    try:
        verdict = spf.verdict(domain, address, names)
    except spf.BrokenRecord as broken:
        return Line("SPF", State.BROKEN, f"Receivers cannot use the record of {domain}: {broken}. It is: {record}")
    match verdict:
        case Verdict.PASS:
            return Line("SPF", State.FOUND, f"{domain} lets {address} send for it.")
        case Verdict.UNTOLD:
            return Line("SPF", State.UNKNOWN, f"The record holds what is not read here: {record}")
    return Line(
        "SPF", State.BROKEN, f"{address} is not among those who may send for {domain}.", Record(domain, _widened(record, address))
    )


def _spf(domain: str, addresses: list[str]) -> Record:
    named = " ".join(map(_mechanism, addresses)) or "mx"
    return Record(domain, f"v=spf1 {named} -all")


def _widened(record: str, address: str) -> str:
    first, _, rest = record.partition(" ")
    return " ".join(part for part in (first, _mechanism(address), rest) if part)


def _mechanism(address: str) -> str:
    return f"ip{ip_address(address).version}:{address}"


def dkim_lines(sender: Sender, names: Names) -> Iterator[Line]:
    if not sender.signs:
        said = "Nothing is signed: say `broadsheet manage dkim_key FILE`, and set BROADSHEET_DKIM_KEY_FILE."
        yield Line("DKIM", State.MISSING, said)
    for wanted in sender.signs:
        found = [text for text in names.txt(wanted.name) if "p=" in text]
        if not found:
            yield Line("DKIM", State.MISSING, f"{wanted.name} holds no key, so no signature of ours is believed.", wanted)
        elif len(found) > 1:
            yield Line(
                "DKIM", State.BROKEN, f"{wanted.name} holds {len(found)} keys; receivers take any, or none. Keep one.", wanted
            )
        elif tags(found[0]).get("p") != tags(wanted.value).get("p"):
            yield Line("DKIM", State.BROKEN, f"{wanted.name} holds another key than the one that signs.", wanted)
        else:
            yield Line("DKIM", State.FOUND, f"{wanted.name} holds the key that signs.")


def dmarc(sender: Sender, names: Names) -> Iterator[Line]:
    """Of the From line's domain, or of a domain above it, which holds for all below."""
    levels = sender.domain.split(".")
    for depth in range(len(levels) - 1):
        domain = ".".join(levels[depth:])
        found = [text for text in names.txt(f"_dmarc.{domain}") if text.replace(" ", "").lower().startswith("v=dmarc1")]
        if len(found) > 1:
            yield Line("DMARC", State.BROKEN, f"_dmarc.{domain} has {len(found)} records, so receivers believe none. Keep one.")
            return
        if found:
            yield _dmarc_of(domain, tags(found[0]))
            return
    wanted = Record(f"_dmarc.{sender.domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{sender.domain}")
    said = "Large mailbox providers want a record of whoever sends thousands. This asks for reports; later say quarantine."
    yield Line("DMARC", State.MISSING, said, wanted)


def _dmarc_of(domain: str, told: dict[str, str]) -> Line:
    policy = told.get("p", "").lower()
    if policy not in {"none", "quarantine", "reject"}:
        return Line(
            "DMARC", State.BROKEN, f"_dmarc.{domain} says p={policy or 'nothing'}; it is to say none, quarantine or reject."
        )
    wishes = {"none": "to be let through", "quarantine": "to be put aside", "reject": "to be refused"}
    return Line("DMARC", State.FOUND, f"{domain} wishes that what only pretends to be from it is {wishes[policy]} (p={policy}).")


def ptr(sender: Sender, names: Names) -> Iterator[Line]:
    """The name of each address is to lead back to it: whoever cannot have that is taken for a machine in somebody's house."""
    addresses = addresses_of(sender, names)
    if not addresses:
        yield Line("PTR", State.UNKNOWN, "From where our mail leaves is not known: set BROADSHEET_MAIL_LEAVES_FROM.")
    for address in addresses:
        hosts = names.pointers(address)
        if not hosts:
            said = f"{address} has no name. Whoever runs the machine enters one, such as {sender.host}; our own DNS cannot."
            yield Line("PTR", State.MISSING, said)
        elif any(ip_address(address) in map(ip_address, names.addresses(host)) for host in hosts):
            yield Line("PTR", State.FOUND, f"{address} is {hosts[0]}, and {hosts[0]} is {address}.")
        else:
            kind = "AAAA" if ip_address(address).version == 6 else "A"
            said = f"{address} is called {hosts[0]}, which leads elsewhere. Add this, or have the address called otherwise."
            yield Line("PTR", State.BROKEN, said, Record(hosts[0], f"{kind} {address}"))


def mx(sender: Sender, names: Names) -> Iterator[Line]:
    """Answers and bounces have to arrive somewhere."""
    for domain in dict.fromkeys((sender.domain, sender.returns)):
        hosts = names.mx(domain)
        if hosts and not any(hosts):
            yield Line("MX", State.BROKEN, f"{domain} says that it takes no mail: no answer and no bounce arrives.")
        elif hosts and not any(names.addresses(host) for host in hosts):
            yield Line("MX", State.BROKEN, f"{domain} takes mail at {hosts[0]}, which has no address.")
        elif hosts:
            yield Line("MX", State.FOUND, f"{domain} takes mail at {', '.join(hosts)}.")
        else:
            said = f"{domain} names no server that takes its mail: no answer and no bounce arrives."
            yield Line("MX", State.MISSING, said, Record(domain, f"MX 10 mail.{domain}."))


def addresses_of(sender: Sender, names: Names) -> list[str]:
    """Where nobody has said it: the addresses of the host that sends, as far as they are the internet's."""
    if sender.leaves_from:
        return list(sender.leaves_from)
    return [address for address in names.addresses(sender.host) if ip_address(address).is_global] if "." in sender.host else []


def tags(record: str) -> dict[str, str]:
    """`v=DKIM1; p=…` as a table; blanks within values are none."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}
