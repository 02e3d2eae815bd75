"""The passes: what a reader carries in a signed cookie so that the gate need not look anything up.

A pass speaks for a session for a few minutes; a provisional pass opens one story to an address that has not confirmed; a
visitor's says what a browser without an account has opened, where a house rule lets it; what was given opens what it names.
All are plain text under a signature: `parse` answers None to whatever is not exactly ours, and the gate then asks for a new one.
"""

from dataclasses import dataclass
from hashlib import blake2b

from broadsheet.access.terms import Meter, Standing
from broadsheet.kit.signing import Signer

PASS_COOKIE = "pass"
PROVISIONAL_COOKIE = "first"
VISITOR_COOKIE = "visitor"
GIFT_COOKIE = "gift"
FIRST_HAD = "spent"  # the provisional pass' value in a browser that has had its first article and holds none
NOTE_COOKIE = "reader"  # readable by the page's script: name, allowance, what is left
SESSION_COOKIE = "session"

MOST_OPENED = 60
MOST_GIVEN = 20
MOST_CHARS = 2_000
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Pass:
    """What the gate knows of a session; moments are seconds since 1970."""

    reader: int
    session: str  # short hash of the session it was made for
    generation: int  # the newest revocation when it was made
    made_at: int
    expires_at: int
    confirmed: bool = False
    entitled_until: int = 0  # 0: no standing
    payment_failed: bool = False
    meter_ends_at: int = 0  # the first second of the next month in the publication's zone
    left: int = 0
    opened: frozenset[str] = frozenset()

    def standing(self, at: float) -> Standing:
        return Standing(
            registered=self.confirmed,
            entitled=at < self.entitled_until,
            payment_failed=self.payment_failed and at >= self.entitled_until,
        )

    def meter(self) -> Meter:
        return Meter(left=self.left, opened=self.opened)

    def alive(self, at: float) -> bool:
        """A pass dies with its month, since what it opened was counted there."""
        return at < self.expires_at and (not self.meter_ends_at or at < self.meter_ends_at)


def seal(a_pass: Pass, signer: Signer) -> str:
    flags = f"{'c' if a_pass.confirmed else ''}{'f' if a_pass.payment_failed else ''}"
    opened = "-".join(sorted(a_pass.opened)[:MOST_OPENED])
    numbers = (a_pass.reader, a_pass.generation, a_pass.made_at, a_pass.expires_at, a_pass.entitled_until)
    fields = (VERSION, *map(str, numbers), str(a_pass.meter_ends_at), str(a_pass.left), a_pass.session, flags, opened)
    return signer.sign("~".join(fields))


def parse(sealed: str, signer: Signer) -> Pass | None:
    text = signer.unsign(sealed) if len(sealed) <= MOST_CHARS else None
    fields = text.split("~") if text else []
    if len(fields) != 11 or fields[0] != VERSION:
        return None
    reader, generation, made_at, expires_at, entitled_until, meter_ends_at, left = map(int, fields[1:8])
    return Pass(
        reader=reader,
        session=fields[8],
        generation=generation,
        made_at=made_at,
        expires_at=expires_at,
        confirmed="c" in fields[9],
        entitled_until=entitled_until,
        payment_failed="f" in fields[9],
        meter_ends_at=meter_ends_at,
        left=left,
        opened=frozenset(fields[10].split("-")) if fields[10] else frozenset(),
    )


@dataclass(frozen=True, slots=True)
class Provisional:
    """One address, one story, this browser; `story` and `address` are short hashes. "" for both: its first article is had."""

    story: str
    address: str
    expires_at: int

    def standing(self, at: float) -> Standing:
        if not self.story:
            return Standing(had_first=True)
        return Standing(unconfirmed=True, first_story=self.story if at < self.expires_at else "")


def seal_provisional(provisional: Provisional, signer: Signer) -> str:
    return signer.sign(f"{VERSION}~{provisional.story}~{provisional.address}~{provisional.expires_at}")


HAD = Provisional(story="", address="", expires_at=0)


def parse_provisional(sealed: str, signer: Signer) -> Provisional | None:
    """The sign that the first article is had needs no signature: whoever makes it up asks for less."""
    if sealed == FIRST_HAD:
        return HAD
    text = signer.unsign(sealed) if len(sealed) <= MOST_CHARS else None
    fields = text.split("~") if text else []
    if len(fields) != 4 or fields[0] != VERSION:
        return None
    return Provisional(story=fields[1], address=fields[2], expires_at=int(fields[3]))


@dataclass(frozen=True, slots=True)
class VisitorPass:
    """What a browser without an account opened this month. `visitor` 0: it opens nothing more before this expires."""

    visitor: int
    expires_at: int  # the month's end at the latest
    opened: frozenset[str] = frozenset()

    def meter(self, allowance: int) -> Meter:
        """Under the house rule as it is now, so that a changed rule counts at once."""
        return Meter(left=max(0, allowance - len(self.opened)) if self.visitor else 0, opened=self.opened)


def seal_visitor(visitor: VisitorPass, signer: Signer) -> str:
    opened = "-".join(sorted(visitor.opened)[:MOST_OPENED])
    return signer.sign(f"{VERSION}~{visitor.visitor}~{visitor.expires_at}~{opened}")


def parse_visitor(sealed: str, signer: Signer) -> VisitorPass | None:
    text = signer.unsign(sealed) if len(sealed) <= MOST_CHARS else None
    fields = text.split("~") if text else []
    if len(fields) != 4 or fields[0] != VERSION:
        return None
    opened = frozenset(fields[3].split("-")) if fields[3] else frozenset()
    return VisitorPass(visitor=int(fields[1]), expires_at=int(fields[2]), opened=opened)


@dataclass(frozen=True, slots=True)
class Given:
    """A gift that this browser has opened: it reads `story` until then, and opens the link again uncounted later."""

    number: int  # the gift's
    story: str
    generation: int  # the newest revocation when it was opened; a gift taken back is revoked under minus its number
    expires_at: int


def seal_given(given: tuple[Given, ...], signer: Signer) -> str:
    """The first so many of them."""
    each = (f"{one.number}-{one.story}-{one.generation}-{one.expires_at}" for one in given[:MOST_GIVEN])
    return signer.sign("~".join((VERSION, *each)))


def parse_given(sealed: str, signer: Signer) -> tuple[Given, ...]:
    text = signer.unsign(sealed) if len(sealed) <= MOST_CHARS else None
    version, *each = text.split("~") if text else [""]
    fields = [one.split("-") for one in each]
    if version != VERSION or any(len(one) != 4 for one in fields):
        return ()
    return tuple(Given(int(number), story, int(generation), int(end)) for number, story, generation, end in fields)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What membership answers to a gate. `a_pass` None: the session is not alive. `cookies` are whole Set-Cookie values."""

    a_pass: Pass | None = None
    cookies: tuple[str, ...] = ()
    visitor: VisitorPass | None = None


class CannotRenew(Exception):
    """Nobody can be asked for a pass now, since the database is away or busy: whoever asks meets the wall, for this once."""


def short(text: str) -> str:
    """The short hash under which stories, sessions and addresses stand in a pass: 12 hexadecimal digits."""
    return blake2b(text.encode(), digest_size=6).hexdigest()


def pass_signer(secrets: tuple[str, ...]) -> Signer:
    return Signer(secrets, purpose="pass")


def provisional_signer(secrets: tuple[str, ...]) -> Signer:
    return Signer(secrets, purpose="provisional")


def visitor_signer(secrets: tuple[str, ...]) -> Signer:
    return Signer(secrets, purpose="visitor")


def given_signer(secrets: tuple[str, ...]) -> Signer:
    return Signer(secrets, purpose="given")
