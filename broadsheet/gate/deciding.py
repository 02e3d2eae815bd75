"""What a request may read: papers and network to a decision, with membership asked at most once.

Spends for a reader's own GET alone. Whatever cannot be known, as when the database is away, ends at the wall.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from broadsheet.access.passes import CannotRenew, Pass, Renewal, short
from broadsheet.access.policy import decide
from broadsheet.access.terms import Audience, Decision
from broadsheet.gate.memory import Memory
from broadsheet.gate.settings import GateSettings
from broadsheet.gate.visitor import NO_PAPERS, STRANGER, Papers, PapersReader, Visitor, client_address, visitor_of
from broadsheet.kit import clock

Environ = dict[str, Any]
Renew = Callable[[Environ, str | None, Audience], Renewal | None]

REFUSED = Renewal()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `in_pass`: the story as passes know it. `may_spend`: a reader's own GET of it."""

    story: str
    in_pass: str
    audience: Audience
    may_spend: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`cookies` are whole Set-Cookie values. Not `settled`: decided without the database, so nobody may keep it."""

    decision: Decision
    visitor: Visitor = STRANGER
    cookies: tuple[str, ...] = ()
    settled: bool = True

    @property
    def unspent(self) -> bool:
        """The full cut would take one of the allowance, and this request may not take it."""
        return self.decision.spends


class Decider:
    def __init__(self, settings: GateSettings, memory: Memory, *, renew: Renew) -> None:
        self._memory = memory
        self._renew = renew
        self._reader = PapersReader(settings.secrets)
        self._trusted = settings.trusted_proxies

    def answer(self, environ: Environ, asked: Asked, at: float) -> Answer:
        papers = self._papers(environ)
        a_pass = self._living(papers, at)
        institution = self._institution(environ, at)
        if papers.session and a_pass is None:
            story = asked.story if _is_counted(asked) and institution is None else None
            return self._asked_membership(environ, asked, papers, institution, story, at)
        visitor = visitor_of(a_pass, papers.provisional, institution, at)
        decision = decide(story=asked.in_pass, audience=asked.audience, standing=visitor.standing, meter=visitor.meter)
        if decision.spends and asked.may_spend:
            return self._asked_membership(environ, asked, papers, institution, asked.story, at)
        return Answer(decision, visitor)

    def reader_of_open(self, environ: Environ, at: float) -> Visitor:
        """Who reads what anybody may read: for the readings only, so nobody is asked for a new pass."""
        papers = self._papers(environ)
        return visitor_of(self._living(papers, at), None, self._institution(environ, at), at)

    def decide_for(self, environ: Environ, story: str, audience: Audience) -> Decision:
        """Which cut of a story this request may see now without spending: what doors behind the gate ask (images, audio)."""
        asked = Asked(story, short(story) if story else "", audience, may_spend=False)
        answer = self.answer(environ, asked, clock.timestamp())
        return walled(answer, asked) if answer.unspent else answer.decision

    def _asked_membership(
        self, environ: Environ, asked: Asked, papers: Papers, institution: int | None, story: str | None, at: float
    ) -> Answer:
        settled = True
        try:
            renewal = self._renew(environ, story, asked.audience) or REFUSED
        except CannotRenew:
            renewal, settled = REFUSED, False
        a_pass = renewal.a_pass or (None if settled else self._living(papers, at))
        visitor = visitor_of(a_pass, papers.provisional, institution, at)
        decision = decide(story=asked.in_pass, audience=asked.audience, standing=visitor.standing, meter=visitor.meter)
        answer = Answer(decision, visitor, renewal.cookies, settled)
        # Asked to spend and not spent: the wall, whatever the pass says is left.
        return replace(answer, decision=walled(answer, asked)) if answer.unspent and story else answer

    def _papers(self, environ: Environ) -> Papers:
        cookies = environ.get("HTTP_COOKIE")
        return self._reader.papers(cookies) if cookies else NO_PAPERS

    def _living(self, papers: Papers, at: float) -> Pass | None:
        a_pass = papers.a_pass
        if a_pass is None or not a_pass.alive(at):
            return None
        if self._memory.revocations.get(a_pass.reader, 0) > a_pass.generation:
            return None
        return a_pass

    def _institution(self, environ: Environ, at: float) -> int | None:
        networks = self._memory.networks
        return networks.institution_at(client_address(environ, self._trusted), at) if networks else None


def walled(answer: Answer, asked: Asked) -> Decision:
    """The decision as it is with nothing left to spend."""
    meter = replace(answer.visitor.meter, left=0)
    return decide(story=asked.in_pass, audience=asked.audience, standing=answer.visitor.standing, meter=meter)


def _is_counted(asked: Asked) -> bool:
    return asked.may_spend and asked.audience is Audience.METERED
