"""What whoever sends a request may read without spending, for rooms that lie below the gate and may not ask it."""

from django.http import HttpRequest

from broadsheet.access.policy import decide
from broadsheet.access.terms import ANONYMOUS, NO_METER, Audience, Decision
from broadsheet.gate.app import DECIDE, WHO
from broadsheet.library.sight import STRANGER, Sight, sight_of


def sight_of_request(request: HttpRequest) -> Sight:
    """As the gate knows them; a request that came past no gate has no right."""
    who_asks = request.META.get(WHO)
    if who_asks is None:
        return STRANGER
    visitor = who_asks(request.META)
    return sight_of(visitor.standing, visitor.meter)


def decision_of_request(request: HttpRequest, story: str, audience: Audience) -> Decision:
    """As the gate decides for this very request; of one that came past no gate, as for strangers."""
    decide_for = request.META.get(DECIDE)
    if decide_for is None:
        return decide(story=story, audience=audience, standing=ANONYMOUS, meter=NO_METER)
    decision: Decision = decide_for(request.META, story, audience)
    return decision
