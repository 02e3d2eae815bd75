"""Where in a typeset edition something of the reader's own is to stand, which `mailroom.mould` puts into each message."""

from collections.abc import Mapping
from html import escape

from broadsheet.mailroom.mould import place

OWN = frozenset({"address", "leave", "preferences"})  # what no two readers share
NAMES = OWN | {"reason", "web"}

ADDRESS = place("address")  # to which the message goes
LEAVE = place("leave")  # whole address: ends this newsletter
PREFERENCES = place("preferences")  # whole address: which newsletters, without logging in
REASON = place("reason")  # a sentence: "You get it because …"
WEB = place("web")  # whole address: this edition on the web


def filled(body: str, values: Mapping[str, str], *, is_html: bool) -> str:
    """One reader's own body, for whoever is not served by a mould. Every place is filled, or a KeyError says which is not."""
    for name in NAMES:
        body = body.replace(place(name), escape(values[name]) if is_html else values[name])
    return body
