"""Billing's doors."""

from broadsheet.billing.views.buying import come_from, confirm, done, subscribe
from broadsheet.billing.views.changing import change
from broadsheet.billing.views.given import given_years
from broadsheet.billing.views.giving import give_year, redeem, year_given
from broadsheet.billing.views.holding import cancel, pay, portal, subscription
from broadsheet.billing.views.notices import notices
from broadsheet.billing.views.pausing import pause
from broadsheet.billing.views.receipts import receipt, receipt_of_year
from broadsheet.billing.views.withdrawing import withdraw, withdrawal

__all__ = [
    "cancel",
    "change",
    "come_from",
    "confirm",
    "done",
    "give_year",
    "given_years",
    "notices",
    "pause",
    "pay",
    "portal",
    "receipt",
    "receipt_of_year",
    "redeem",
    "subscribe",
    "subscription",
    "withdraw",
    "withdrawal",
    "year_given",
]
