"""What a bulk message bears besides its words: where it comes back to, under which marks, and how one leaves the list. Pure.

A mark is a delivery's number with a short signature, so that a forged return is known as one. The signature covers whom it went
to and when it was written down: a restored backup gives numbers out again, and a mark from before is then nobody's. It is in
lower case alone: some servers write an address anew in lower case before they return it. Nothing that would begin another line
enters.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from functools import lru_cache

import idna

from broadsheet.kit.signing import NoSecret, key_for
from broadsheet.mailroom.policy import clean_line

MARK = re.compile(r"(?P<purpose>[a-z]+)-(?P<number>[1-9][0-9]{0,17})-(?P<signature>[0-9a-f]{20})")
LOCAL = re.compile(r"""[^\s<>()\[\],;:\\"@]+|"[^\s"\\<>]*\"""")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
LINK = re.compile(r"[!-;=?-~]+")  # ASCII that is seen, without < and >
FEEDBACK = re.compile(r"[A-Za-z0-9_.-]*")
HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
MOST_LOCAL, MOST_DOMAIN, MOST_ADDRESS = 64, 253, 254  # bytes, RFC 5321
MOST_BEFORE_MARK = 24  # leaves room for a mark with a number of twelve digits


class Purpose(StrEnum):
    """What a message to a marked address is about: `back` a message that came back, `leave` a wish to get no more."""

    BACK = "back"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Posted:
    """A delivery: by its number, and by what no other with this number has."""

    number: int
    to: str
    made_at: datetime

    def sealed(self) -> str:
        return f"{self.number}/{self.to}/{_moment(self.made_at)}"


@dataclass(frozen=True, slots=True)
class Marked:
    purpose: Purpose
    posted: Posted


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message's own: what the server is told (`sender`, `to`), and the headers that no other message has."""

    sender: str
    to: str
    headers: Mapping[str, str]


class Marks:
    """Made under the newest secret, and read under any, as elsewhere."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        if not secrets or not all(secrets):
            raise NoSecret("No secret to mark mail with: set BROADSHEET_SECRET_KEY.")
        self._keys = tuple(key_for(secret, purpose="marks of mail") for secret in secrets)

    def mark(self, posted: Posted, *, purpose: Purpose = Purpose.BACK) -> str:
        return f"{purpose}-{posted.number}-{_signature(self._keys[0], purpose, posted)}"

    def read(self, mark: str, *, posted: Callable[[int], Posted | None]) -> Marked | None:
        """`posted`: the delivery that has this number now. None where we never made the mark, or made it for another."""
        found = MARK.fullmatch(mark.strip().lower())
        if not found or found["purpose"] not in set(Purpose) or not (now := posted(int(found["number"]))):
            return None
        made = (_signature(key, found["purpose"], now) for key in self._keys)
        if not any(hmac.compare_digest(signature, found["signature"]) for signature in made):
            return None
        return Marked(Purpose(found["purpose"]), now)

    def message_id(self, posted: Posted, *, domain: str) -> str:
        """The same at each try."""
        return f"<{posted.number}.{_signature(self._keys[0], 'id', posted)}@{domain}>"


class Franking:
    """Makes envelopes. `returns_to`: the mailbox for what comes back; "": the sender's own, without marks."""

    def __init__(self, marks: Marks, *, mail_from: str, returns_to: str = "") -> None:
        self.marks = marks
        self.sender = on_the_wire(parseaddr(mail_from)[1])
        self.domain = domain_of(self.sender)
        self._back = on_the_wire(returns_to).rpartition("@") if returns_to else None

    def envelope(self, number: int, *, to: str, leave: str, made_at: datetime, at: datetime) -> Envelope:
        """`leave`: the link that unsubscribes by one POST (RFC 8058). `made_at`: when the delivery was written down."""
        posted, to = Posted(number, to, made_at), on_the_wire(to)
        if not LINK.fullmatch(leave):
            raise Unfit(f"{leave!r} is no link that a header can hold.")
        ways = [f"<{leave}>"]
        if self._back:
            ways.append(f"<mailto:{self._marked(posted, Purpose.LEAVE)}?subject=unsubscribe>")
        headers = {
            "Date": _dated(at),
            "To": to,
            "Message-ID": self.marks.message_id(posted, domain=self.domain),
            "List-Unsubscribe": ", ".join(ways),
        }
        return Envelope(self._marked(posted, Purpose.BACK), to, headers)

    def _marked(self, posted: Posted, purpose: Purpose) -> str:
        if not self._back:
            return self.sender
        local, _, domain = self._back
        return f"{local}+{self.marks.mark(posted, purpose=purpose)}@{domain}"


def mark_in(address: str, *, returns_to: str) -> str:
    """The mark that an address of ours bears; "" where it bears none."""
    local, _, domain = returns_to.lower().rpartition("@")
    found, _, at = address.strip().strip("<>").lower().rpartition("@")
    return found.removeprefix(f"{local}+") if at == domain and found.startswith(f"{local}+") else ""


def list_headers(*, slug: str, name: str, edition: str, mail_from: str) -> dict[str, str]:
    """The same in all messages of an edition. `slug` names the newsletter, `edition` this sending of it: for Feedback-ID."""
    domain = domain_of(on_the_wire(parseaddr(mail_from)[1]))
    if not (FEEDBACK.fullmatch(slug) and FEEDBACK.fullmatch(edition) and slug):
        raise Unfit(f"{slug!r} and {edition!r} are to name a newsletter and an edition by letters, digits, dots and dashes.")
    return {
        "List-Id": f"{phrase(name)} <{slug}.{domain}>".lstrip(),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"{edition}:{slug}:newsletter:{domain.replace('.', '-')[:40]}",
        "Auto-Submitted": "auto-generated",
    }


def from_header(mail_from: str, *, name: str = "") -> str:
    """`name`: shown in the stead of the one that stands there."""
    known, address = parseaddr(mail_from)
    address, name = on_the_wire(address), name or known
    return f"{phrase(name)} <{address}>" if name else address


def written_from(mail_from: str, *, name: str = "") -> str:
    """The same for whoever encodes it, as Django and mail providers do."""
    known, address = parseaddr(mail_from)
    address, name = on_the_wire(address), clean_line(name or known)
    return f"{_quoted(name)} <{address}>" if name else address


def phrase(name: str) -> str:
    """A display name: as it is, in quotes, or in encoded words."""
    name = clean_line(name)
    if not name.isascii() or "=?" in name:
        return Header(name, "utf-8", maxlinelen=70).encode(linesep="")
    if ATOMS.fullmatch(name):
        return name
    return _quoted(name)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def on_the_wire(address: str) -> str:
    """As servers are told it: an international domain in its ASCII form, the local part untouched."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not LOCAL.fullmatch(local) or not local.isprintable() or len(local.encode()) > MOST_LOCAL:
        raise Unfit(f"{address!r} is not an address that mail can go to.")
    whole = f"{local}@{ascii_domain(domain)}"
    if len(whole.encode()) > MOST_ADDRESS:
        raise Unfit(f"{address!r} is longer than an address can be.")
    return whole


def ascii_domain(domain: str) -> str:
    """By IDNA 2008, in which straße is not strasse. A bare host name such as localhost is one."""
    if domain.isascii():
        domain = domain.lower()
        if not HOST.fullmatch(domain) or len(domain) > MOST_DOMAIN:
            raise Unfit(f"{domain!r} is no domain.")
        return domain
    return _international(domain)


@lru_cache(maxsize=1024)  # its tables take longer than all else of an envelope
def _international(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise Unfit(f"{domain!r} is no domain.") from None


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


@lru_cache(maxsize=8)  # thousands are listed at one moment
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


@lru_cache(maxsize=8)
def _dated(at: datetime) -> str:
    return format_datetime(at)


def _signature(key: bytes, purpose: str, posted: Posted) -> str:
    """80 bits: nobody tries as often as that against a mailbox."""
    return hmac.digest(key, f"{purpose}/{posted.sealed()}".encode(), "sha256")[:10].hex()


class Unfit(ValueError):
    """Cannot stand on an envelope."""
