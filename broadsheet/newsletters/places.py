"""Where in a typeset edition something of the reader's own is to stand, which `mailroom.mould` puts into each message."""

from broadsheet.mailroom.mould import place

NAMES = frozenset({"address", "leave", "preferences", "reason", "web"})

ADDRESS = place("address")  # to which the message goes
LEAVE = place("leave")  # whole address: ends this newsletter
PREFERENCES = place("preferences")  # whole address: which newsletters, without logging in
REASON = place("reason")  # a sentence: "You get it because …"
WEB = place("web")  # whole address: this edition on the web
