"""What the wire remembers: whom it listens to, what they published, what tells the same, and what was made of it."""

from broadsheet.wire.models.desk import Deed, Refusal, Seen
from broadsheet.wire.models.items import About, Carried, Direction, Item, Story
from broadsheet.wire.models.picks import DayOfLinks, Pick, Rival
from broadsheet.wire.models.rules import WireRules
from broadsheet.wire.models.sources import Poll, Source

__all__ = [
    "About",
    "Carried",
    "DayOfLinks",
    "Deed",
    "Direction",
    "Item",
    "Pick",
    "Poll",
    "Refusal",
    "Rival",
    "Seen",
    "Source",
    "Story",
    "WireRules",
]
