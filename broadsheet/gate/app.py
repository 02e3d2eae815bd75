"""The gate: a reader's GET, decided and served from what was pressed. What was not pressed is the application's behind it.

One way through: slip, papers, decision, bytes. Membership is asked at most once a request, and nobody is redirected for it.
"""

from collections.abc import Iterable
from typing import Any

from broadsheet.access.policy import OPENED as OPEN_TO_ALL
from broadsheet.access.policy import decide
from broadsheet.access.terms import Audience
from broadsheet.access.visits import VISIT, VisitMarks
from broadsheet.gate import answers
from broadsheet.gate.answers import Header, StartResponse
from broadsheet.gate.deciding import Answer, Decider, Renew, walled
from broadsheet.gate.limit import Application
from broadsheet.gate.memory import Memory
from broadsheet.gate.paths import canonical, is_crooked, readable
from broadsheet.gate.serving import PrintWall, Serving, is_prefetch
from broadsheet.gate.settings import GateSettings
from broadsheet.gate.shelf import Shelf
from broadsheet.gate.spool import Spool
from broadsheet.gate.visitor import ROBOT, STRANGER
from broadsheet.kit import clock
from broadsheet.press.slips import Slip

Environ = dict[str, Any]

OPEN = Audience.OPEN
OPENED = Answer(OPEN_TO_ALL)
# Strangers are most of those who ask, and of them the rule says the same whatever the story.
FOR_STRANGERS = {
    audience: decide(story="", audience=audience, standing=STRANGER.standing, meter=STRANGER.meter) for audience in Audience
}
# Under these names the application behind finds `Decider.decide_for` and `Decider.who_asks`.
DECIDE, WHO = "broadsheet.decide", "broadsheet.who"


class AskBehind(Exception):
    """Raised by a `renew` or `print_wall` that cannot do it here: the application behind answers the request as a whole."""


class Gate:
    def __init__(
        self,
        settings: GateSettings,
        memory: Memory,
        shelf: Shelf,
        spool: Spool,
        *,
        behind: Application,
        renew: Renew,
        print_wall: PrintWall,
    ) -> None:
        self._memory = memory
        self._spool = spool
        self._behind = behind
        self._visits = VisitMarks(settings.secrets)
        self._decider = Decider(settings, memory, renew=renew)
        self._serving = Serving(memory, shelf, print_wall=print_wall, secure=settings.secure)

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        slip = self._memory.slips.get(path if path.isascii() else readable(path) or "")
        method = environ["REQUEST_METHOD"]
        if slip is None or slip.gone or (method != "GET" and method != "HEAD"):
            return self._unpressed(environ, start)
        if not slip.stands or environ["QUERY_STRING"]:
            return self._elsewhere(environ, start, slip)
        at = clock.timestamp()
        visitor = self._decider.known(environ, at)
        if visitor is not None:
            if visitor is STRANGER:
                decision = FOR_STRANGERS[slip.audience]
            else:
                decision = decide(
                    story=slip.story_in_pass, audience=slip.audience, standing=visitor.standing, meter=visitor.meter
                )
            body = None if decision.spends else self._serving.at_hand(environ, start, slip, decision)
            if body is not None:
                if slip.story:
                    self._spool.add(slip.story, visitor.reader, visitor.institution, decision.reason, at)
                return body
        try:
            return self._looked_closer(environ, start, slip, method, at)
        except AskBehind:
            return self._behind(environ, start)

    def _looked_closer(self, environ: Environ, start: StartResponse, slip: Slip, method: str, at: float) -> list[bytes]:
        in_advance = is_prefetch(environ)
        if slip.audience is OPEN:
            answer = OPENED
        else:
            answer = self._decider.answer(environ, slip, at, may_spend=not in_advance and method == "GET")
        decision, visitor = answer.decision, answer.visitor
        if decision.spends:
            if in_advance:
                return answers.come_back(start, answers.NOT_NOW, seconds=1)
            if not answer.settled:  # they have an article left, so every wall would be untrue
                return answers.come_back(start, answers.AWAY, seconds=5)
            decision = walled(slip, visitor)
        extra = _headers_beside(answer) if answer.cookies or visitor is ROBOT else ()
        sent, body = self._serving.page(environ, start, slip, decision, extra=extra, settled=answer.settled)
        if sent and slip.story and answer.settled and not in_advance and visitor is not ROBOT:
            if answer is OPENED:
                visitor = self._decider.reader_of_open(environ, at)
            self._spool.add(slip.story, visitor.reader, visitor.institution, answer.decision.reason, at)
        return body

    def _elsewhere(self, environ: Environ, start: StartResponse, slip: Slip) -> list[bytes]:
        query = environ["QUERY_STRING"]
        if query and (edition := self._visits.edition_in(query)):
            if _is_opened(environ):
                self._spool.add(edition, None, None, VISIT, clock.timestamp())
            return answers.moved(start, slip.moved_to or slip.path, counted=True)
        if slip.moved_to or query:
            return answers.moved(start, slip.moved_to or slip.path)
        return self._serving.withdrawn(environ, start)

    def _unpressed(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        path = readable(environ["PATH_INFO"])
        if path is None:
            return answers.say(start, answers.NOT_FOUND, answers.NO_PAGE)
        straight = canonical(path)
        if straight != path and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            slip = self._memory.slips.get(straight)
            if slip is not None and not slip.gone:
                return answers.moved(start, slip.moved_to or straight)
        if is_crooked(path):
            return answers.say(start, answers.NOT_FOUND, answers.NO_PAGE)
        environ[DECIDE], environ[WHO] = self._decider.decide_for, self._decider.who_asks
        return self._behind(environ, start)


def _is_opened(environ: Environ) -> bool:
    """By somebody, in a browser: what scans mail, or fetches a page in advance, does not say that it shows one."""
    return environ["REQUEST_METHOD"] == "GET" and environ.get("HTTP_SEC_FETCH_DEST") == "document" and not is_prefetch(environ)


def _headers_beside(answer: Answer) -> tuple[Header, ...]:
    """What a search engine may index, it may not show to strangers from its own store."""
    if answer.visitor is ROBOT:
        return (("X-Robots-Tag", "noarchive"),)
    return tuple(("Set-Cookie", cookie) for cookie in answer.cookies)
