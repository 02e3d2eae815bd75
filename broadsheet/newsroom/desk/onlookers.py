"""The cast as whom an editor looks at a draft before anybody else does. Pure."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from broadsheet.access.passes import NOTE_COOKIE, short
from broadsheet.access.policy import decide
from broadsheet.access.terms import ANONYMOUS, NO_METER, Audience, Decision, Meter, Standing


@dataclass(frozen=True, slots=True)
class Onlooker:
    name: str
    label: str
    standing: Standing = ANONYMOUS
    meter: Meter = NO_METER
    state: str = ""  # what the note beside their pass says of them; "": they carry none


REGISTERED = Standing(registered=True)
ENTITLED = Standing(registered=True, entitled=True)
# The two that are looked for most stand first.
ONLOOKERS = (
    Onlooker("vera", "Vera, a visitor"),
    Onlooker("sada", "Sada, a subscriber", ENTITLED, state="member"),
    Onlooker("fay", "Fay, registered, with articles left", REGISTERED, Meter(left=3), state="reader"),
    Onlooker("rex", "Rex, registered, with none left", REGISTERED, state="reader"),
    Onlooker("una", "Una, who has not confirmed her address", Standing(unconfirmed=True)),
    Onlooker("pasha", "Pasha, whose payment failed, in grace", ENTITLED, state="grace"),
    Onlooker("past_grace", "Pasha, when his grace has run out", Standing(registered=True, payment_failed=True), state="failed"),
    Onlooker("lena", "Lena, whose subscription has ended, with none left", REGISTERED, state="reader"),
    Onlooker("gus", "Gus, a seat in a group", ENTITLED, state="member"),
    Onlooker("ines", "Ines, on a campus network", Standing(entitled=True)),
)
MODES = [(onlooker.name, onlooker.label) for onlooker in ONLOOKERS]


def called(name: str) -> Onlooker:
    """An unknown name is a visitor."""
    return next((one for one in ONLOOKERS if one.name == name), ONLOOKERS[0])


def met_by(onlooker: Onlooker, *, story: str, audience: Audience) -> Decision:
    """What this one of the cast would meet."""
    return decide(story=short(story), audience=audience, standing=onlooker.standing, meter=onlooker.meter)


def cookies_of(onlooker: Onlooker, *, allowance: int) -> str:
    """What the page's script reads of them."""
    note = {"name": onlooker.name, "left": onlooker.meter.left, "allowance": allowance, "state": onlooker.state}
    return f"{NOTE_COOKIE}={quote(json.dumps(note))}" if onlooker.state else ""
