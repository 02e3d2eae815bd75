"""A card as somebody has typed it into a form, made a payment method; the number goes no further than this file."""

import re
from datetime import UTC, datetime

from broadsheet.till import cards
from broadsheet.till.books import Books, Doc
from broadsheet.till.refusals import invalid

EXPIRY = re.compile(r"\s*(\d{1,2})\s*[/ -]\s*(\d{2}|\d{4})\s*")


def method_typed(books: Books, given: dict[str, str]) -> Doc:
    if button := given.get("test_card"):
        last4, card = cards.card_numbered(button)
        return cards.made_of(books, card, last4=last4, expiry=(12, datetime.fromtimestamp(books.now, UTC).year + 4))
    last4, card = cards.card_numbered(given.get("number", ""))
    expiry = expiry_typed(given.get("expiry", ""), books.now)
    if not re.fullmatch(r"\d{3,4}", given.get("cvc", "").strip()):
        raise invalid("Your card's security code is incomplete.", "cvc", "invalid_cvc")
    return cards.made_of(books, card, last4=last4, expiry=expiry)


def expiry_typed(text: str, now: int) -> tuple[int, int]:
    match = EXPIRY.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 12:
        raise invalid("Your card's expiration date is incomplete.", "expiry", "invalid_expiry_month")
    month, year = int(match[1]), int(match[2]) % 100 + 2000
    today = datetime.fromtimestamp(now, UTC)
    if (year, month) < (today.year, today.month):
        raise invalid("Your card's expiration date is in the past.", "expiry", "invalid_expiry_year")
    return month, year
