"""The one rule of the house: which cut of a story whoever asks is served, and why."""

from broadsheet.access.terms import WALLS, Audience, Cut, Decision, Meter, Reason, Standing

OPEN, REGISTERED, METERED, MEMBERS = Audience

# A gate decides at every request: the few decisions that there are exist already.
OPENED = Decision(Cut.FULL, Reason.OPEN)
ENTITLED = Decision(Cut.FULL, Reason.ENTITLED)
KNOWN = Decision(Cut.FULL, Reason.KNOWN)
ON_METER = Decision(Cut.FULL, Reason.ON_METER)
FIRST = Decision(Cut.FULL, Reason.FIRST)
GIVEN = Decision(Cut.FULL, Reason.GIFT)
SPENDS = Decision(Cut.FULL, Reason.ON_METER, spends=True)
WALLED = {reason: Decision(Cut.PREVIEW, reason) for reason in WALLS}


def decide(*, story: str, audience: Audience, standing: Standing, meter: Meter) -> Decision:
    if audience is OPEN:
        return OPENED
    if standing.entitled:
        return ENTITLED
    if audience is REGISTERED and standing.registered:
        return KNOWN
    if story in standing.given:  # before the meter, so that nothing is spent on a gift
        return GIVEN
    if audience is METERED:
        if story in meter.opened:
            return ON_METER
        if story and story == standing.first_story:
            return FIRST
        if meter.left > 0:
            return SPENDS
    return WALLED[wall_for(audience=audience, standing=standing)]


def wall_for(*, audience: Audience, standing: Standing) -> Reason:
    """Registering is offered only where it would open the story, at once only where that is before the code; a failed charge is
    mended before anything is sold."""
    if standing.payment_failed:
        return Reason.PAYMENT_FAILED
    if audience is MEMBERS:
        return Reason.SUBSCRIBE
    if standing.registered:
        return Reason.SPENT
    if standing.unconfirmed:
        return Reason.CONFIRM
    return Reason.RETURN if standing.had_first else Reason.REGISTER
