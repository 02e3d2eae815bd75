"""The rules of groups: what a list of addresses, a name and a domain may be. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name, validate_email

from broadsheet.membership.policy import NoAddress, tidy_address

INVITATION_LIFE = timedelta(days=14)  # for which it keeps a seat
MOST_LINES = 500
MOST_DOMAINS = 10
MOST_NAME = 80
SHOWN = 80  # letters of a bad line
HEADINGS = {"email", "e-mail", "e-mail address", "email address", "address", "mail"}
# Mail anybody can have there: such a domain says nothing of whom one works with.
ANYBODYS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "proton.me",
        "protonmail.com",
        "mail.com",
        "mail.ru",
        "yandex.ru",
        "yandex.com",
        "qq.com",
        "163.com",
        "zoho.com",
        "fastmail.com",
    ]
)
HAS_A_DOT = re.compile(r"\S+\.[^\W\d_]{2,}")
LOOKS_LIKE_AN_ADDRESS = re.compile(r"[/@\\]|\.\w{2}|[^\W\d_]:\S")


@dataclass(frozen=True, slots=True)
class Line:
    """One that names an address; `number` counts from 1, as the list was pasted."""

    number: int
    address: str


@dataclass(frozen=True, slots=True)
class BadLine:
    number: int
    text: str
    why: str


class BadLines(ValueError):
    """Nobody on the list was invited. All of its bad lines, in order."""

    def __init__(self, lines: Iterable[BadLine]) -> None:
        self.lines = tuple(sorted(lines, key=lambda line: line.number))
        super().__init__(f"{len(self.lines)} lines cannot be used.")


class NoName(ValueError):
    """A name that invitations cannot carry."""


class NoDomain(ValueError):
    """Not a domain of mail addresses, or one at which anybody can have an address."""


def addresses_in(pasted: str) -> tuple[list[Line], list[BadLine]]:
    """As many on a line as stand there, between commas, semicolons, tabs or spaces. A heading, empty lines, the names beside
    an address and an address that stood there before are passed over."""
    good: list[Line] = []
    bad: list[BadLine] = []
    seen: set[str] = set()
    for number, written in enumerate(pasted.splitlines(), start=1):
        cells = [cell.strip(" \"'") for cell in re.split(r"[,;\t]", written)]
        if not any(cells) or (not seen and not bad and cells[0].lower() in HEADINGS):
            continue
        for meant in _meant(cells):
            why, address = _read(meant)
            if address in seen:
                continue
            if not why and len(good) >= MOST_LINES:
                why = f"a list has {MOST_LINES} addresses at most"
            if why:
                bad.append(BadLine(number, (meant or written.strip())[:SHOWN], why))
            else:
                seen.add(address)
                good.append(Line(number, address))
    return good, bad


def _meant(cells: Iterable[str]) -> list[str]:
    """What is written as an address on one line, or was to be: a name has no @, and no dot within a single word."""
    cells = [cell for cell in cells if cell]
    words = [word for cell in cells if "@" in cell or HAS_A_DOT.fullmatch(cell) for word in cell.split()]
    meant = [word.strip("<>()\"'") for word in words if "@" in word or HAS_A_DOT.fullmatch(word)]
    return meant if any("@" in word for word in meant) else [cells[0]]


def _read(cell: str) -> tuple[str, str]:
    try:
        address = tidy_address(cell)
        validate_email(address)
    except (NoAddress, ValidationError):
        return "is not an e-mail address", ""
    return ("", address) if len(address) <= 254 else ("is too long for an e-mail address", "")


def tidy_name(typed: str) -> str:
    """A group's name goes out in mails of ours: one line, and nothing that a mail program would make a link of."""
    name = " ".join(typed.split())
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise NoName(f"A name has 1 to {MOST_NAME} letters.")
    if LOOKS_LIKE_AN_ADDRESS.search(name):
        raise NoName("A name that looks like a web or mail address cannot be used.")
    return name


def tidy_domain(typed: str) -> str:
    """As in the addresses that we keep. Exactly this domain: none below it, and none that only ends alike."""
    try:
        domain = tidy_address(f"x@{typed.strip().removeprefix('@')}").rpartition("@")[2]
        validate_domain_name(domain)
    except (NoAddress, ValidationError):
        raise NoDomain("Enter what stands after the @ of your addresses, such as example.org.") from None
    if domain in ANYBODYS:
        raise NoDomain(f"Anybody can have an address at {domain}.")
    return domain


def domain_of(address: str) -> str:
    try:
        return tidy_address(address).rpartition("@")[2]
    except NoAddress:
        return ""
