"""What a giver does about a year until it is redeemed: lets its mail go elsewhere or once more, or takes the money back.

Taking it back is written down and acknowledged before Stripe is asked; the sweep goes on with it.
"""

import logging
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from broadsheet.billing import stripe_api, translate
from broadsheet.billing.actions import given_years
from broadsheet.billing.models import GivenYear
from broadsheet.billing.withdrawal import last_day_after
from broadsheet.membership.models import Reader

AWAY = (stripe_api.Unreachable, stripe_api.Refused, stripe_api.NotConfigured)

log = logging.getLogger(__name__)


class TooLate(Exception):
    """It was redeemed, it is over, or the days for it are."""


def given_by(reader: Reader) -> QuerySet[GivenYear]:
    """What was paid for, the newest first."""
    return reader.years_given.exclude(paid_at=None).select_related("price__plan").order_by("-paid_at", "-pk")


def is_open(year: GivenYear) -> bool:
    return year.redeemed_at is None and year.ended_at is None


def last_day(year: GivenYear) -> date | None:
    """On which the money can be taken back, as with a subscription; None: on none."""
    return last_day_after(year.paid_at) if year.paid_at and is_open(year) else None


def may_take_back(year: GivenYear, *, at: datetime) -> bool:
    last = last_day(year)
    return last is not None and timezone.localdate(at) <= last


def send_to(year: GivenYear, *, address: str, shown: str, at: datetime) -> None:
    """On its day; or now, once more, where that has come.

    `shown`: how often it had been sent again when whoever asks looked. A doubled click sends one mail.
    """
    with transaction.atomic():
        now = GivenYear.objects.select_for_update().get(pk=year.pk)
        if not is_open(now):
            raise TooLate
        if now.delivered_at:
            if shown != str(now.sent_again):
                if address == now.to_address:
                    return
                raise TooLate
            now.sent_again += 1
        now.to_address = address
        now.save(update_fields=["to_address", "sent_again"])
        if now.delivered_at:
            given_years.write_to_recipient(now, key=f"given year {now.pk} again {now.sent_again}", at=at)


def take_back(year: GivenYear, *, at: datetime) -> None:
    if not may_take_back(year, at=at):
        raise TooLate
    with transaction.atomic():
        unused = GivenYear.objects.filter(pk=year.pk, redeemed_at=None, ended_at=None)
        if not unused.update(ended_at=at, wanted_back_at=at):
            raise TooLate
        given_years.write_to_giver(year, what=given_years.TAKEN_BACK, day=at, at=at)
    _pay_back(year, at=at)


def go_on_paying_back(*, at: datetime) -> None:
    """Of the mode in use: what belongs to the other one is put by until that is."""
    if stripe_api.is_configured():
        for year in GivenYear.objects.filter(wanted_back_at__isnull=False, paid_back_at=None, live=stripe_api.is_live()):
            _pay_back(year, at=at)


def _pay_back(year: GivenYear, *, at: datetime) -> None:
    """All that is left; where it is disputed, once that is settled. A lost answer is asked for again, and finds nothing."""
    try:
        charges = stripe_api.charges_of_payment(year.payment)
        for charge in charges:
            left = charge["amount"] - charge["amount_refunded"]
            if charge["paid"] and left and not translate.is_disputed(charge):
                key = f"given-year-{year.pk}-back-after-{charge['amount_refunded']}"
                stripe_api.refund(charge=charge["id"], amount=left, key=key)
    except AWAY as trouble:
        log.error("The money for gift %s waits to go back: %s", year.pk, trouble)
        return
    if all(map(translate.is_settled, charges)):
        GivenYear.objects.filter(pk=year.pk).update(paid_back_at=at)
