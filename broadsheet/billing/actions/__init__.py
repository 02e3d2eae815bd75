"""What billing does: one verb, one transaction; Stripe is asked before it begins, never within."""

from broadsheet.billing.actions.coupons import settle_coupons
from broadsheet.billing.actions.ending import (
    Changed,
    Farewell,
    end_now,
    end_with_its_period,
    farewell_of,
    finish_endings,
    keep,
    open_bill_of,
    portal_of,
    use_card,
)
from broadsheet.billing.actions.following import NobodysSubscription, OtherMode, follow, follow_customer
from broadsheet.billing.actions.notices import Replayed, heed, heed_waiting, sweep, take_notice
from broadsheet.billing.actions.refunding import Charged, TooMuch, charged_for, pay_back
from broadsheet.billing.actions.selling import (
    HeldAlready,
    NotOnOffer,
    NotTheirs,
    begin_checkout,
    end_checkout,
    held_by,
    last_begun,
)

__all__ = [
    "Changed",
    "Charged",
    "Farewell",
    "HeldAlready",
    "NobodysSubscription",
    "NotOnOffer",
    "NotTheirs",
    "OtherMode",
    "Replayed",
    "TooMuch",
    "begin_checkout",
    "charged_for",
    "end_checkout",
    "end_now",
    "end_with_its_period",
    "farewell_of",
    "finish_endings",
    "follow",
    "follow_customer",
    "heed",
    "heed_waiting",
    "held_by",
    "keep",
    "last_begun",
    "open_bill_of",
    "pay_back",
    "portal_of",
    "settle_coupons",
    "sweep",
    "take_notice",
    "use_card",
]
