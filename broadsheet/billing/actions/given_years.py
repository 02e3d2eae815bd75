"""A year given to somebody else: paid once, delivered on its day, redeemed once by a code.

The code names the row and proves itself by our secret, so that it is written down nowhere. Whether it was paid back is asked for
when it is redeemed.
"""

import hmac
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.crypto import salted_hmac

from broadsheet.billing import plans, stripe_api, translate
from broadsheet.billing.actions.coupons import product_of
from broadsheet.billing.actions.modes import settle_mode
from broadsheet.billing.actions.selling import GOING, NotOnOffer, NotTheirs, for_customer, whom_to_bill
from broadsheet.billing.models import Customer, GivenYear, Plan, Price
from broadsheet.billing.withdrawal import last_day_after
from broadsheet.mailroom.actions import post
from broadsheet.membership import actions as membership
from broadsheet.membership.actions.erasing import is_going
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.policy import CODE_LETTERS, ERASED, FOREVER
from broadsheet.membership.queries import held_by, rules

PROOF = 12  # letters
BOUGHT, REDEEMED, TAKEN_BACK = "bought", "redeemed", "taken back"  # of what its giver is written to
NEVER_PAID = timedelta(hours=25)  # Stripe closes a Checkout after a day
MOST_DIGITS = 12
KEPT = timedelta(days=30)  # to whom a year was given, and with which words: long enough to help where its mail never came

log = logging.getLogger(__name__)


class NoSuchCode(Exception):
    """Wrong, used, or paid back."""


class NeedsNone(Exception):
    """This reader reads without an end, and a year would be lost on them."""


def begin_giving(
    *, giver: Reader, price: Price, to_address: str, from_name: str, message: str, deliver_at: datetime, at: datetime
) -> str:
    """The address of Stripe's page on which it is paid, once and never again by itself."""
    settle_mode(at=at)
    if price.every != Price.Every.YEAR or price.plan.kind != Plan.Kind.PERSONAL or price.withdrawn_at or price.plan.withdrawn_at:
        raise NotOnOffer("This is not given as a present.")
    with transaction.atomic():
        Reader.objects.select_for_update().get(pk=giver.pk)
        if is_going(giver):
            raise NotOnOffer(GOING)
        year = GivenYear.objects.create(
            giver=giver,
            price=price,
            to_address=to_address,
            from_name=from_name,
            message=message,
            deliver_at=deliver_at,
            began_at=at,
            live=stripe_api.is_live(),
        )
    said = for_customer(
        giver,
        lambda customer: stripe_api.open_checkout(_order(year, giver, customer), key=f"year-{year.pk}-{customer.reference}"),
    )
    year.reference, year.url = said["id"], said["url"]
    year.save(update_fields=["reference", "url"])
    if is_going(giver):
        stripe_api.close_checkout(year.reference)
        raise NotOnOffer(GOING)
    return year.url


def end_giving(reference: str, *, giver: Reader, at: datetime) -> GivenYear:
    """Back from Stripe. `paid_at` says whether it was paid."""
    year = GivenYear.objects.filter(reference=reference, giver=giver).first() if reference else None
    if year is None:
        raise NotTheirs
    look_at_payment(year, at=at)
    return year


def look_at_payment(year: GivenYear, *, at: datetime) -> None:
    said = stripe_api.checkout(year.reference)
    if said["status"] == "complete" and said["payment_status"] == "paid" and year.paid_at is None:
        year.paid_at, year.payment = at, said["payment_intent"]
        with transaction.atomic():
            year.save(update_fields=["paid_at", "payment"])
            write_to_giver(year, what=BOUGHT, day=year.deliver_at, at=at)
    elif said["status"] == "expired":
        year.ended_at = at
        year.save(update_fields=["ended_at"])


def settle_years(*, at: datetime) -> int:
    """Find payments whose giver never came back, deliver what is due, forget what is over. How many were delivered."""
    if stripe_api.is_configured():
        for year in GivenYear.objects.filter(paid_at=None, ended_at=None, live=stripe_api.is_live()).exclude(reference=""):
            try:
                look_at_payment(year, at=at)
            except (stripe_api.Unreachable, stripe_api.Refused) as trouble:
                log.error("Gift %s: %s", year.pk, trouble)
    GivenYear.objects.filter(reference="", began_at__lt=at - NEVER_PAID, ended_at=None).update(ended_at=at)
    waiting = GivenYear.objects.filter(paid_at__isnull=False, delivered_at=None, ended_at=None, redeemed_at=None)
    due = waiting.filter(deliver_at__lte=at, live=stripe_api.is_live())
    _forget_recipients(at=at)
    return sum(_delivered(year, at=at) for year in due)


def _forget_recipients(*, at: datetime) -> None:
    """Whoever it was given to may never have heard of us."""
    ago = at - KEPT
    over = GivenYear.objects.filter(Q(delivered_at__lt=ago) | Q(redeemed_at__lt=ago) | Q(ended_at__lt=ago))
    over.exclude(to_address="", message="").update(to_address="", message="")


def _delivered(year: GivenYear, *, at: datetime) -> bool:
    try:
        if _is_paid_back(year, at=at):
            return False
    except (stripe_api.Unreachable, stripe_api.Refused, stripe_api.NotConfigured):
        return False
    with transaction.atomic():
        now = GivenYear.objects.select_for_update().get(pk=year.pk)  # its giver may have changed it while Stripe was asked
        if now.ended_at or now.delivered_at:
            return False
        write_to_recipient(now, key=f"given year {year.pk}", at=at)
        GivenYear.objects.filter(pk=year.pk).update(delivered_at=at)
    return True


def write_to_recipient(year: GivenYear, *, key: str, at: datetime) -> None:
    context = {"giver": year.from_name, "message": year.message, "plan": year.price.plan.name, "code": code_of(year)}
    post(kind="given-year", to=year.to_address, context=context, at=at, key=key)


def redeem(typed: str, *, reader: Reader, at: datetime) -> Term:
    """A year from now on, or from the end of what they have, wherever that is by then (`queue_what_was_put_behind`)."""
    year = year_of(typed)
    if year is None or year.paid_at is None or year.ended_at or year.redeemed_at or _is_paid_back(year, at=at):
        raise NoSuchCode
    with transaction.atomic():
        Reader.objects.select_for_update().get(pk=reader.pk)
        has_until = has_reading_until(reader, at=at)
        if has_until == FOREVER:
            raise NeedsNone
        took = GivenYear.objects.filter(pk=year.pk, redeemed_at=None, ended_at=None).update(redeemed_at=at, recipient=reader)
        if not took:
            raise NoSuchCode
        write_to_giver(year, what=REDEEMED, day=at, at=at)
        term = membership.record_term(
            reader=reader,
            source=Term.Source.GIFT,
            starts_at=has_until,
            ends_at=a_year_after(has_until),
            at=at,
            note=f"from {year.from_name}",
            reference=year.term_reference,
        )
        term.refresh_from_db()
        return term


def has_reading_until(reader: Reader, *, at: datetime) -> datetime:
    """The end of what they hold, gifts that have not begun included; now, where they hold nothing."""
    until = held_by(reader, at=at, grace_days=rules().grace_days).entitled_until or at
    for term in reader.terms.filter(source=Term.Source.GIFT, ends_at__gt=until).order_by("starts_at"):
        until = max(until, term.ends_at or FOREVER)
    return until


def a_year_after(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:  # the 29th of February
        return moment.replace(year=moment.year + 1, month=3, day=1)


def write_to_giver(year: GivenYear, *, what: str, day: datetime, at: datetime) -> None:
    """That it was paid, redeemed or taken back; never who redeemed it, nor what they read."""
    if year.giver is None or year.giver.email.endswith(f"@{ERASED}"):
        return
    told = {
        "money": plans.money(year.price.amount, year.price.currency),
        "plan": year.price.plan.name,
        "to": year.to_address,
        "day": formats.date_format(timezone.localtime(day), "j F Y"),
        "back_until": formats.date_format(last, "j F Y") if (last := last_day_after(year.paid_at or at)) else "",
        "what": what,
        "receipt": receipt_path(year),
    }
    post(kind="year-given", to=year.giver.email, context=told, at=at, key=f"given year {year.pk} {what}")


def receipt_path(year: GivenYear) -> str:
    return f"/account/given-years/{year.pk}/receipt/"


def code_of(year: GivenYear) -> str:
    proof = _proof(year.pk, None)
    return f"{year.pk}-{proof[:4]}-{proof[4:8]}-{proof[8:]}"


def year_of(typed: str) -> GivenYear | None:
    number, _, rest = typed.strip().upper().partition("-")
    proof = "".join(letter for letter in rest if letter in CODE_LETTERS)
    if not (number.isascii() and number.isdecimal() and len(number) < MOST_DIGITS):
        return None
    secrets = (None, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(proof, _proof(int(number), secret)) for secret in secrets):
        return None
    return GivenYear.objects.filter(pk=number).select_related("price__plan").first()


def _proof(number: int, secret: str | None) -> str:
    digest = salted_hmac("broadsheet.billing.given-year", str(number), secret=secret, algorithm="sha256").digest()
    value = int.from_bytes(digest, "big")
    letters = []
    for _ in range(PROOF):
        value, at = divmod(value, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[at])
    return "".join(letters)


def _is_paid_back(year: GivenYear, *, at: datetime) -> bool:
    """Refunded, even in part, or lost to a dispute: then it ends. While a dispute is open it waits."""
    charges = stripe_api.charges_of_payment(year.payment)
    if any(charge["amount_refunded"] or translate.is_lost(charge) for charge in charges):
        GivenYear.objects.filter(pk=year.pk, redeemed_at=None).update(ended_at=at)
        return True
    return any(map(translate.is_disputed, charges))


def _order(year: GivenYear, giver: Reader, customer: Customer) -> stripe_api.Doc:
    price = year.price
    cost = {"product": product_of(price.plan), "unit_amount": price.amount, "currency": price.currency.lower()}
    marks = {"given_year": str(year.pk)}
    order: stripe_api.Doc = {
        "mode": "payment",
        "customer": customer.reference,
        "client_reference_id": str(giver.pk),
        "line_items": [{"price_data": {**cost, "tax_behavior": "inclusive"}, "quantity": 1}],
        "payment_intent_data": {"metadata": marks},
        "metadata": marks,
        "success_url": f"{settings.BASE_URL}/subscribe/gift/done/?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{settings.BASE_URL}/subscribe/gift/",
        **whom_to_bill(),
    }
    if settings.STRIPE_TAX:
        order |= {"automatic_tax": {"enabled": True}}
    return order
