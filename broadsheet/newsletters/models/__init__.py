"""What the newsletters remember: who wants what, what an edition holds, and to whom it has gone."""

from broadsheet.newsletters.models.deliveries import Delivery, Tally, Typeset
from broadsheet.newsletters.models.editions import Edition, Item
from broadsheet.newsletters.models.newsletters import FormerSlug, Newsletter, Rest, Slot
from broadsheet.newsletters.models.rules import NewsletterRules
from broadsheet.newsletters.models.signups import Signup, Wish

__all__ = [
    "Delivery",
    "Edition",
    "FormerSlug",
    "Item",
    "Newsletter",
    "NewsletterRules",
    "Rest",
    "Signup",
    "Slot",
    "Tally",
    "Typeset",
    "Wish",
]
