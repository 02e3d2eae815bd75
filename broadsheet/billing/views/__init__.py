"""Billing's doors."""

from broadsheet.billing.views.buying import come_from, confirm, done, subscribe
from broadsheet.billing.views.holding import cancel, pay, portal, subscription
from broadsheet.billing.views.notices import notices

__all__ = ["cancel", "come_from", "confirm", "done", "notices", "pay", "portal", "subscribe", "subscription"]
