"""What a request may read: papers and network to a decision, with membership asked at most once.

Spends for a reader's own GET alone. Whatever cannot be known, as when the database is away, ends at the wall.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Any, NamedTuple, Protocol

from broadsheet.access.passes import CannotRenew, Renewal, short
from broadsheet.access.policy import decide
from broadsheet.access.terms import Audience, Decision
from broadsheet.gate.anonymous import with_allowance
from broadsheet.gate.memory import Memory
from broadsheet.gate.settings import GateSettings
from broadsheet.gate.visitor import (
    NO_PAPERS,
    ROBOT,
    STRANGER,
    Papers,
    PapersReader,
    Visitor,
    on_network,
    visitor_of,
)
from broadsheet.kit import clock
from broadsheet.kit.addresses import client_address, is_among

Environ = dict[str, Any]
Renew = Callable[[Environ, str | None, Audience], Renewal | None]

METERED = Audience.METERED
REFUSED = Renewal()

MOST_RENEWING = 8  # renewals at once in a process: the remaining threads stay free for pages in memory
RENEWAL_WAITS = 0.5  # seconds


class Story(Protocol):
    """What is asked for; a slip is one."""

    @property
    def story(self) -> str: ...
    @property
    def story_in_pass(self) -> str: ...
    @property
    def audience(self) -> Audience: ...


class Named(NamedTuple):
    """A story asked for without a slip."""

    story: str
    story_in_pass: str
    audience: Audience


NO_STORY = Named("", "", Audience.MEMBERS)


class Answer(NamedTuple):
    """`cookies` are whole Set-Cookie values. Not `settled`: decided without the database, so nobody may keep it; what it spends
    could not be spent."""

    decision: Decision
    visitor: Visitor = STRANGER
    cookies: tuple[str, ...] = ()
    settled: bool = True


class Decider:
    def __init__(self, settings: GateSettings, memory: Memory, *, renew: Renew) -> None:
        self._memory = memory
        self._renew = renew
        self._renewing = BoundedSemaphore(MOST_RENEWING)
        self._reader = PapersReader(settings.secrets)
        self._trusted = settings.trusted_proxies
        self._crawlers = settings.crawlers

    def known(self, environ: Environ, at: float) -> Visitor | None:
        """Whoever asks, where memory alone says all of it, as it does of nearly everybody; None: `answer` must look closer."""
        memory = self._memory
        if self._crawlers or memory.anonymous_allowance:
            return None
        if memory.networks.all and self._institution(environ, at) is not None:
            return None
        cookies = environ.get("HTTP_COOKIE")
        if not cookies:
            return STRANGER
        papers = self._reader.remembered.get(cookies)
        if papers is None or at >= papers.until:
            return None
        a_pass = papers.a_pass
        if a_pass is None or papers.given or memory.revocations.get(a_pass.reader, 0) > a_pass.generation:
            return None
        return papers.visitor

    def answer(self, environ: Environ, story: Story, at: float, *, may_spend: bool) -> Answer:
        """`may_spend`: a reader's own GET. Else the decision may be one that `spends`, which nobody has done yet."""
        papers = self._papers(environ, at)
        institution = self._institution(environ, at) if self._memory.networks.all else None
        if papers.session and papers.a_pass is None:
            given = story.story_in_pass in papers.visitor.standing.given
            counted = may_spend and story.audience is METERED and institution is None and not given
            return self._asked_membership(environ, story, papers, institution, at, spend=counted)
        if self._crawlers and not papers.session and is_among(client_address(environ, self._trusted), self._crawlers):
            return Answer(_decided(story, ROBOT), ROBOT)
        visitor = self._visitor(environ, papers, institution)
        decision = _decided(story, visitor)
        if decision.spends and may_spend:
            return self._asked_membership(environ, story, papers, institution, at, spend=True)
        return Answer(decision, visitor)

    def reader_of_open(self, environ: Environ, at: float) -> Visitor:
        """Who reads what anybody may read: for the readings only, so nobody is asked for a new pass."""
        return on_network(self._papers(environ, at).visitor, self._institution(environ, at))

    def decide_for(self, environ: Environ, story: str, audience: Audience) -> Decision:
        """Which cut of a story this request may see now without spending: what doors behind the gate ask (images, audio)."""
        named = Named(story, short(story) if story else "", audience)
        answer = self.answer(environ, named, clock.timestamp(), may_spend=False)
        return walled(named, answer.visitor) if answer.decision.spends else answer.decision

    def who_asks(self, environ: Environ) -> Visitor:
        """With what they may read now without spending: what doors behind the gate ask that show something of many stories."""
        return self.answer(environ, NO_STORY, clock.timestamp(), may_spend=False).visitor

    def _asked_membership(
        self, environ: Environ, story: Story, papers: Papers, institution: int | None, at: float, *, spend: bool
    ) -> Answer:
        try:
            renewal = self._renewed(environ, story.story if spend else None, story.audience)
        except CannotRenew:
            visitor = self._visitor(environ, papers, institution)
            return Answer(_decided(story, visitor), visitor, settled=False)
        visitor = on_network(visitor_of(renewal.a_pass, papers.provisional, at, papers.given), institution)
        if renewal.visitor is not None:
            visitor = replace(visitor, meter=renewal.visitor.meter(0))
        decision = _decided(story, visitor)
        if decision.spends and spend:  # asked to spend, and not spent: the wall, whatever the pass says is left
            decision = walled(story, visitor)
        return Answer(decision, visitor, renewal.cookies)

    def _renewed(self, environ: Environ, story: str | None, audience: Audience) -> Renewal:
        if not self._renewing.acquire(timeout=RENEWAL_WAITS):
            raise CannotRenew
        try:
            return self._renew(environ, story, audience) or REFUSED
        finally:
            self._renewing.release()

    def _visitor(self, environ: Environ, papers: Papers, institution: int | None) -> Visitor:
        visitor = on_network(papers.visitor, institution)
        if self._memory.anonymous_allowance and not papers.session:
            return with_allowance(visitor, papers.visited, self._memory.anonymous_allowance, environ)
        return visitor

    def _papers(self, environ: Environ, at: float) -> Papers:
        cookies = environ.get("HTTP_COOKIE")
        if not cookies:
            return NO_PAPERS
        papers = self._reader.papers(cookies, at)
        a_pass, given, revocations = papers.a_pass, papers.given, self._memory.revocations
        if a_pass is not None and revocations.get(a_pass.reader, 0) > a_pass.generation:
            a_pass = None
        if given:
            given = tuple(one for one in given if revocations.get(-one.number, 0) <= one.generation)
        if a_pass is papers.a_pass and given == papers.given:
            return papers
        visitor = visitor_of(a_pass, papers.provisional, at, given)
        return replace(papers, a_pass=a_pass, given=given, visitor=visitor)

    def _institution(self, environ: Environ, at: float) -> int | None:
        return self._memory.networks.institution_at(client_address(environ, self._trusted), at)


def walled(story: Story, visitor: Visitor) -> Decision:
    """The decision as it is with nothing left to spend."""
    return _decided(story, replace(visitor, meter=replace(visitor.meter, left=0)))


def _decided(story: Story, visitor: Visitor) -> Decision:
    return decide(story=story.story_in_pass, audience=story.audience, standing=visitor.standing, meter=visitor.meter)
