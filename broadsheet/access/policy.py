"""The one rule of the house: which cut of a story whoever asks is served, and why."""

from broadsheet.access.terms import Audience, Cut, Decision, Meter, Reason, Standing


def decide(*, story: str, audience: Audience, standing: Standing, meter: Meter) -> Decision:
    if audience is Audience.OPEN:
        return Decision(Cut.FULL, Reason.OPEN)
    if standing.entitled:
        return Decision(Cut.FULL, Reason.ENTITLED)
    if audience is Audience.REGISTERED and standing.registered:
        return Decision(Cut.FULL, Reason.KNOWN)
    if audience is Audience.METERED and story in meter.opened:
        return Decision(Cut.FULL, Reason.ON_METER)
    if audience is Audience.METERED and story and story == standing.first_story:
        return Decision(Cut.FULL, Reason.FIRST)
    if audience is Audience.METERED and meter.left > 0:
        return Decision(Cut.FULL, Reason.ON_METER, spends=True)
    return Decision(Cut.PREVIEW, wall_for(audience=audience, standing=standing))


def wall_for(*, audience: Audience, standing: Standing) -> Reason:
    """Registering is offered only where it would open the story; a failed charge is mended before anything is sold."""
    if standing.payment_failed:
        return Reason.PAYMENT_FAILED
    if audience is Audience.MEMBERS:
        return Reason.SUBSCRIBE
    if standing.registered:
        return Reason.SPENT
    return Reason.CONFIRM if standing.unconfirmed else Reason.REGISTER
