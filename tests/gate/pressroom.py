"""Snapshots printed by hand, and a membership that renews passes from memory: no page is rendered here."""

import gzip
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import brotli
from django.db import transaction

from broadsheet.access.passes import (
    CannotRenew,
    Pass,
    Provisional,
    Renewal,
    pass_signer,
    provisional_signer,
    seal,
    seal_provisional,
    short,
)
from broadsheet.access.terms import Audience, Reason
from broadsheet.gate.app import Gate
from broadsheet.kit.addresses import range_of
from broadsheet.kit.counting import next_number
from broadsheet.membership.models import Institution, Network, Revocation
from broadsheet.press.models import Slip, Snapshot
from tests.gate.browser import SECRETS, Browser

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = int(AT.timestamp())
LATER = NOW + 300
NEXT_MONTH = int(datetime(2026, 4, 1, tzinfo=UTC).timestamp())
REGISTER = {Reason.REGISTER: "preview, register"}


def snapshot(text: str) -> str:
    page = text.encode()
    digest = blake2b(page, digest_size=16).hexdigest()
    compressed = {"brotli": brotli.compress(page, quality=5), "gzip": gzip.compress(page), "size": len(page)}
    Snapshot.objects.get_or_create(digest=digest, defaults={**compressed, "pressed_at": AT})
    return digest


def put(path: str, **fields: Any) -> Slip:
    """A slip as it is from now on, under the next number."""
    with transaction.atomic():
        fresh = {"kind": "article", "pressed_at": AT, **fields, "change": next_number("slips")}
        return Slip.objects.update_or_create(path=path, defaults=fresh)[0]


def press(
    path: str, audience: Audience, *, full: str = "full", previews: dict[Reason, str] = REGISTER, story: str = "a1"
) -> Slip:
    walls = {} if audience is Audience.OPEN else {reason: snapshot(text) for reason, text in previews.items()}
    return put(path, audience=audience, story=story, full_cut=snapshot(full), previews=walls)


def revoke(reader: int) -> int:
    with transaction.atomic():
        number = next_number("revocations")
        Revocation.objects.create(change=number, reader_id=reader, why="a test", revoked_at=AT)
    return number


def contract(written: str, *, starts_at: datetime = AT, ends_at: datetime | None = None) -> Institution:
    first, last = range_of(written) or (0, 0)
    with transaction.atomic():
        institution = Institution.objects.create(name="Northmere University", starts_at=starts_at, ends_at=ends_at)
        Network.objects.create(
            institution=institution, as_written=written, first_address=f"{first:032x}", last_address=f"{last:032x}"
        )
        next_number("networks")
    return institution


def a_pass(**fields: Any) -> Pass:
    """A confirmed reader's, with three articles left, for the session "rex"."""
    known = {"reader": 7, "session": short("rex"), "generation": 0, "made_at": NOW, "expires_at": LATER, "confirmed": True}
    return Pass(**{**known, "meter_ends_at": NEXT_MONTH, "left": 3, **fields})


def sealed(ticket: Pass) -> str:
    return seal(ticket, pass_signer(SECRETS))


def with_pass(**fields: Any) -> dict[str, str]:
    return {"session": "rex", "pass": sealed(a_pass(**fields))}


def first_article(story: str, *, expires_at: int = LATER) -> dict[str, str]:
    provisional = Provisional(story=short(story), address=short("una@example.org"), expires_at=expires_at)
    return {"first": seal_provisional(provisional, provisional_signer(SECRETS))}


@dataclass
class Membership:
    """Renews the passes of the sessions that it knows, and spends from them. `away`: its database can't be reached."""

    sessions: dict[str, Pass] = field(default_factory=dict)
    away: bool = False
    asked: list[str | None] = field(default_factory=list)

    def renew(self, environ: dict[str, Any], story: str | None, audience: Audience) -> Renewal | None:
        self.asked.append(story)
        if self.away:
            raise CannotRenew
        session = next((name for name in self.sessions if f"session={name}" in environ["HTTP_COOKIE"]), None)
        if session is None:
            return Renewal(None, ("session=; Max-Age=0",))
        self._spend(session, story)
        return Renewal(self.sessions[session], (f"pass={sealed(self.sessions[session])}; HttpOnly",))

    def _spend(self, session: str, story: str | None) -> None:
        known = self.sessions[session]
        if story and known.left and short(story) not in known.opened:
            self.sessions[session] = replace(known, left=known.left - 1, opened=known.opened | {short(story)})


@dataclass
class House:
    """A gate with all that stands around it."""

    gate: Gate
    browser: Browser
    memory: Any
    shelf: Any
    spool: Any
    membership: Membership
    passed_on: list[dict[str, Any]]
    walls: list[tuple[str, Reason]]

    def readings(self) -> list[tuple[str, int | None, int | None, str]]:
        """Story, reader, institution and reason of all that waits to be written."""
        return [tuple(reading[:4]) for reading in self.spool._waiting]
