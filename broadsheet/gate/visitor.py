"""Who asks: what the cookies and the address of a request say, before membership is asked about them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from broadsheet.access.passes import (
    GIFT_COOKIE,
    HAD,
    PASS_COOKIE,
    PROVISIONAL_COOKIE,
    SESSION_COOKIE,
    VISITOR_COOKIE,
    Given,
    Pass,
    Provisional,
    VisitorPass,
    given_signer,
    parse,
    parse_given,
    parse_provisional,
    parse_visitor,
    pass_signer,
    provisional_signer,
    short,
    visitor_signer,
)
from broadsheet.access.terms import ANONYMOUS, NO_METER, Meter, Standing

MOST_REMEMBERED = 10_000  # papers kept read, so that a reader's next request costs no signature
LONGEST_REMEMBERED = 2_048  # characters of a Cookie header: whoever sends more pays the signature each time

NEVER = float("inf")

Environ = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever asks, as the rule and the readings want to know."""

    standing: Standing = ANONYMOUS
    meter: Meter = NO_METER
    reader: int | None = None
    institution: int | None = None


STRANGER = Visitor()
ROBOT = Visitor(Standing(entitled=True))  # a search engine's crawler, proven by the range that it comes from


@dataclass(frozen=True, slots=True)
class Papers:
    """The cookies of a request as far as they are ours, and whom they make of its sender; true `until` something in them ends.

    A pass counts while it lives, and beside the session that it was made for.
    """

    session: bool = False
    a_pass: Pass | None = None
    provisional: Provisional | None = None
    visitor: Visitor = STRANGER
    until: float = NEVER
    visited: VisitorPass | None = None  # counts only where a house rule lets visitors open something
    given: tuple[Given, ...] = ()

    @property
    def signed(self) -> bool:
        """Whether anything in them is under our signature."""
        one = self.a_pass is not None or self.visited is not None or self.provisional not in (None, HAD)
        return one or bool(self.given)


NO_PAPERS = Papers()


class PapersReader:
    """Reads cookies under the house's secrets."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._passes = pass_signer(secrets)
        self._provisionals = provisional_signer(secrets)
        self._visitors = visitor_signer(secrets)
        self._given = given_signer(secrets)
        self.remembered: dict[str, Papers] = {}

    def papers(self, header: str, at: float) -> Papers:
        """Remembered is only what we signed, under headers that are short: at most 20 MB, whatever others send beside it."""
        papers = self.remembered.get(header)
        if papers is None or at >= papers.until:
            papers = self._read(cookies_in(header), at)
            if len(header) <= LONGEST_REMEMBERED and papers.signed:
                if len(self.remembered) >= MOST_REMEMBERED:
                    self.remembered.clear()
                self.remembered[header] = papers
        return papers

    def _read(self, cookies: dict[str, str], at: float) -> Papers:
        session = cookies.get(SESSION_COOKIE)
        first = cookies.get(PROVISIONAL_COOKIE)
        provisional = parse_provisional(first, self._provisionals) if first else None
        sealed = cookies.get(PASS_COOKIE) if session else None
        a_pass = parse(sealed, self._passes) if sealed else None
        if a_pass is not None and not (session and a_pass.session == short(session) and a_pass.alive(at)):
            a_pass = None
        sealed = cookies.get(GIFT_COOKIE)
        given = parse_given(sealed, self._given) if sealed else ()
        visitor = visitor_of(a_pass, provisional, at, given)
        until = _holds_until(a_pass, provisional, at, given)
        visited = self._visited(cookies, at)
        if visited is not None:
            until = min(until, visited.expires_at)
        return Papers(bool(session), a_pass, provisional, visitor, until, visited, given)

    def _visited(self, cookies: dict[str, str], at: float) -> VisitorPass | None:
        sealed = cookies.get(VISITOR_COOKIE)
        visited = parse_visitor(sealed, self._visitors) if sealed else None
        return visited if visited is not None and at < visited.expires_at else None


def _holds_until(a_pass: Pass | None, provisional: Provisional | None, at: float, given: tuple[Given, ...]) -> float:
    """The next moment at which something in these papers ends."""
    ends = [a_pass.expires_at, a_pass.meter_ends_at, a_pass.entitled_until] if a_pass else []
    ends += [provisional.expires_at] if provisional else []
    ends += [one.expires_at for one in given]
    return min((end for end in ends if end > at), default=NEVER)


def cookies_in(header: str) -> dict[str, str]:
    """Of two cookies of one name the last counts, as it does for Django, so that gate and application see one session."""
    pairs = (pair.partition("=") for pair in header.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def visitor_of(a_pass: Pass | None, provisional: Provisional | None, at: float, given: tuple[Given, ...] = ()) -> Visitor:
    """The best counts: a pass, which must be alive, before the one article of an unconfirmed address. Beside either, what was
    given to this browser."""
    if a_pass is not None:
        visitor = Visitor(a_pass.standing(at), a_pass.meter(), reader=a_pass.reader)
    else:
        visitor = Visitor(provisional.standing(at)) if provisional is not None else STRANGER
    stories = frozenset(one.story for one in given if at < one.expires_at) if given else None
    return replace(visitor, standing=replace(visitor.standing, given=stories)) if stories else visitor


def on_network(visitor: Visitor, institution: int | None) -> Visitor:
    """With an institution's right beside their own."""
    if institution is None:
        return visitor
    return replace(visitor, standing=replace(visitor.standing, entitled=True), institution=institution)
