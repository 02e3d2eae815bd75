"""What billing does: one verb, one transaction; Stripe is asked before it begins, never within."""

from broadsheet.billing.actions.changing import (
    NotNow,
    change_plan,
    news_of_change,
    prices_for,
    settle_changes,
    show_change,
    why_not_now,
)
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
    open_bills_of,
    portal_of,
    use_card,
)
from broadsheet.billing.actions.following import NobodysSubscription, OtherMode, follow, follow_customer
from broadsheet.billing.actions.notices import Replayed, heed, heed_waiting, sweep, take_notice
from broadsheet.billing.actions.pausing import go_on, going_on_of, pause, pauses_for
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
from broadsheet.billing.actions.withdrawing import TooLate, goes_back, withdraw, withdrawn_by

__all__ = [
    "Changed",
    "Charged",
    "Farewell",
    "HeldAlready",
    "NobodysSubscription",
    "NotNow",
    "NotOnOffer",
    "NotTheirs",
    "OtherMode",
    "Replayed",
    "TooLate",
    "TooMuch",
    "begin_checkout",
    "change_plan",
    "charged_for",
    "end_checkout",
    "end_now",
    "end_with_its_period",
    "farewell_of",
    "finish_endings",
    "follow",
    "follow_customer",
    "go_on",
    "goes_back",
    "going_on_of",
    "heed",
    "heed_waiting",
    "held_by",
    "keep",
    "last_begun",
    "news_of_change",
    "open_bill_of",
    "open_bills_of",
    "pause",
    "pauses_for",
    "pay_back",
    "portal_of",
    "prices_for",
    "settle_changes",
    "settle_coupons",
    "show_change",
    "sweep",
    "take_notice",
    "use_card",
    "why_not_now",
    "withdraw",
    "withdrawn_by",
]
