"""What all doors of research share: who asks, what they may ask, and the brief that they get."""

import hashlib
import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from broadsheet.kit import clock
from broadsheet.kit.addresses import network_of
from broadsheet.kit.signing import key_for
from broadsheet.library.keeping import NotBuilt
from broadsheet.library.sight import Sight
from broadsheet.library.views.search import NOT_FOR_ROBOTS, fields_of, sight_of
from broadsheet.membership.limits import is_within
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import client_address
from broadsheet.research.actions import enquiries
from broadsheet.research.actions.enquiries import Asker, NoQuestionLeft
from broadsheet.research.asked_here import events, looked_into, written_of
from broadsheet.research.briefs import Brief
from broadsheet.research.models import ResearchRules
from broadsheet.research.policy import Daily, questions_a_day
from broadsheet.research.posed import Posed, posed_in
from broadsheet.research.researching import Finished, Looked, Told
from broadsheet.research.showing import Near, Shown, near, shown

BEING_BUILT = "The library is being put in order. Ask again in a minute."


class CannotAnswer(Exception):
    """The sentence says why; `spent`: because of what was asked today."""

    def __init__(self, says: str, *, spent: bool = False) -> None:
        super().__init__(says)
        self.spent, self.status = spent, 429 if spent else 503


def posed_by(request: HttpRequest) -> Posed:
    return posed_in(fields_of(request))


def asks_at_once(request: HttpRequest) -> bool:
    """What a browser fetches in advance, a robot's HEAD and another site's link ask nothing in anybody's name."""
    said = request.headers
    from_elsewhere = said.get("Sec-Fetch-Site", "none") not in {"none", "same-origin", "same-site"}
    return request.method == "GET" and "Sec-Purpose" not in said and not from_elsewhere


def asker_of(request: HttpRequest) -> Asker:
    if isinstance(request.user, Reader):
        return Asker(reader=request.user)
    return Asker(network=_keyed(network_of(client_address(request)), purpose="research-network"))


def _keyed(text: str, *, purpose: str) -> str:
    """So that nobody who reads the row finds out what it was by trying."""
    return hmac.new(key_for(settings.SECRET_KEY, purpose=purpose), text.encode(), hashlib.sha256).hexdigest()[:32]


def most_a_day(asker: Asker, sight: Sight) -> int | None:
    rules = ResearchRules.load()
    daily = Daily(rules.visitors_a_day, rules.readers_a_day, rules.subscribers_a_day)
    return questions_a_day(daily, reads=asker.reader is not None, sight=sight)


def count(request: HttpRequest, posed: Posed) -> bool:
    """Whether it is another than those of today. Raises CannotAnswer where as many were asked as whoever asks may."""
    asker = asker_of(request)
    try:
        return enquiries.count_question(asker, _counted_as(posed), most=most_a_day(asker, sight_of(request)), at=clock.now())
    except NoQuestionLeft as none_left:
        raise CannotAnswer(_spent(none_left.most, asker), spent=True) from none_left


def _counted_as(posed: Posed) -> str:
    return _keyed(posed.query, purpose="research-question")


def answered(request: HttpRequest, posed: Posed, *, written: bool, piecemeal: bool = False) -> Iterator[Looked | Shown]:
    """What is looked into, then the brief; `written`: once more with what a model wrote. Raises CannotAnswer, before any.

    `piecemeal`: what it begins with comes before it.
    """
    counted = count(request, posed)
    asker, sight, at = asker_of(request), sight_of(request), clock.now()
    try:
        looked: Looked | None = None
        for event in events(posed, sight=sight, at=at):
            match event:
                case Looked():
                    looked = event
                    yield looked
                case Told(begun) if piecemeal:
                    yield shown(posed, _held(asker, sight, begun), ())
                case Finished(brief):
                    assert looked is not None
                    held = _held(asker, sight, brief)
                    found = shown(posed, held, looked.sources, held_back=len(held.quotations) < len(brief.quotations))
                    yield found
                    if written:
                        yield written_of(found, at=at)
    except NotBuilt as not_built:
        if counted:
            enquiries.take_back(asker, _counted_as(posed), at=at)
        raise CannotAnswer(BEING_BUILT) from not_built


def briefed(request: HttpRequest, posed: Posed, *, written: bool = False) -> Shown:
    *_, last = answered(request, posed, written=written)
    assert isinstance(last, Shown)
    return last


def nearest(request: HttpRequest, posed: Posed) -> Near | None:
    """For whoever has no question left: where to read, and nothing of what stands there. So many times a day too."""
    asker = asker_of(request)
    if not is_within(request, "ask-spent", key=f"reader {asker.reader.pk}" if asker.reader else asker.network):
        return None
    try:
        return near(posed, looked_into(posed, sight=sight_of(request), at=clock.now()))
    except NotBuilt:
        return None


def _held(asker: Asker, sight: Sight, brief: Brief) -> Brief:
    """Whoever may read everything is quoted whatever answers."""
    if sight.entitled:
        return brief
    return enquiries.hold(asker, brief, most=ResearchRules.load().words_of_an_article, at=clock.now())


def _spent(most: int, asker: Asker) -> str:
    if most == 0:
        return "Questions are for readers who are logged in."
    whose = "" if asker.reader else " from your network"
    return f"{most} {'question was' if most == 1 else 'questions were'} asked{whose} today, and tomorrow there are as many again."


def closed(response: HttpResponse) -> HttpResponse:
    """No search engine, no cache and no other site hears of it."""
    response["X-Robots-Tag"] = NOT_FOR_ROBOTS
    response["Referrer-Policy"] = "same-origin"  # no-referrer would make browsers hide a button's origin from us
    response["Cache-Control"] = "private, no-store"
    return response
