"""Amounts in the smallest unit, as Stripe counts it: not always as ISO 4217 or CLDR do (docs.stripe.com/currencies)."""

from decimal import Decimal

from babel.core import get_global
from babel.numbers import format_currency

WHOLE = frozenset(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"])
THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def is_currency(code: str) -> bool:
    return code in get_global("all_currencies")


def decimals(currency: str) -> int:
    return 0 if currency.upper() in WHOLE else 3 if currency.upper() in THOUSANDTHS else 2


def in_units(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-decimals(currency))


class NotInUnits(ValueError):
    """More decimals than the currency has. Says so, and how it is written."""


def smallest(amount: Decimal, currency: str) -> int:
    """9.90 of a currency in its smallest unit."""
    places = decimals(currency)
    counted = amount.scaleb(places)
    if counted != counted.to_integral_value():
        like = f"{Decimal(1234).scaleb(-places):f}" if places else "1200"
        raise NotInUnits(f"{currency} has {places or 'no'} decimals: write it like {like}.")
    return int(counted)


def written(amount: int, currency: str) -> str:
    """With its fraction, as sums under each other have it."""
    places = decimals(currency)
    pattern = "¤#,##0" + ("." + "0" * places if places else "")
    return format_currency(in_units(amount, currency), currency.upper(), pattern, locale="en_GB", currency_digits=False)
