"""The cast as whom an editor looks at a draft before anybody else does. Pure."""

from dataclasses import dataclass

from broadsheet.access.passes import short
from broadsheet.access.policy import decide
from broadsheet.access.terms import ANONYMOUS, NO_METER, Audience, Decision, Meter, Standing


@dataclass(frozen=True, slots=True)
class Onlooker:
    name: str
    label: str
    standing: Standing = ANONYMOUS
    meter: Meter = NO_METER


REGISTERED = Standing(registered=True)
ENTITLED = Standing(registered=True, entitled=True)
ONLOOKERS = (
    Onlooker("vera", "Vera, a visitor"),
    Onlooker("una", "Una, who has not confirmed her address", Standing(unconfirmed=True)),
    Onlooker("fay", "Fay, registered, with articles left", REGISTERED, Meter(left=3)),
    Onlooker("rex", "Rex, registered, with none left", REGISTERED),
    Onlooker("sada", "Sada, a subscriber", ENTITLED),
    Onlooker("pasha", "Pasha, whose payment failed, in grace", ENTITLED),
    Onlooker("past_grace", "Pasha, when his grace has run out", Standing(registered=True, payment_failed=True)),
    Onlooker("lena", "Lena, whose subscription has ended, with none left", REGISTERED),
    Onlooker("gus", "Gus, a seat in a group", ENTITLED),
    Onlooker("ines", "Ines, on a campus network", Standing(entitled=True)),
)
MODES = [(onlooker.name, onlooker.label) for onlooker in ONLOOKERS]


def met_by(name: str, *, story: str, audience: Audience) -> Decision:
    """What this one of the cast would meet; an unknown name is a visitor."""
    onlooker = next((one for one in ONLOOKERS if one.name == name), ONLOOKERS[0])
    return decide(story=short(story), audience=audience, standing=onlooker.standing, meter=onlooker.meter)
