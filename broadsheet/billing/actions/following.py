"""Ask Stripe how a subscription is now, and write down what follows: our copy, its bills, and the term that it carries.

Two who follow the same subscription at once cannot write an older state over a newer one: whoever finds that somebody else has
written since he asked asks again.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce

from broadsheet.billing import plans, policy, stripe_api, translate
from broadsheet.billing.actions import writing
from broadsheet.billing.actions.carrying import carry
from broadsheet.billing.actions.modes import settle_mode
from broadsheet.billing.models import Checkout, Coupon, Customer, Invoice, Plan, Price, Subscription
from broadsheet.billing.policy import Status
from broadsheet.membership.models import Reader

Doc = Mapping[str, Any]
TRIES = 10

log = logging.getLogger(__name__)


class NobodysSubscription(Exception):
    """Stripe has a subscription of a customer whom nobody here is."""


class OtherMode(Exception):
    """What was tried out, where real money is taken; or the other way round."""


class NeverStill(stripe_api.Unreachable):
    """It changed each time while it was being written down. Of others this says nothing."""


class _Overtaken(Exception):
    """Somebody else has written since we asked."""


def follow(reference: str, *, at: datetime) -> Subscription:
    settle_mode(at=at)
    for _ in range(TRIES):
        known = Subscription.objects.filter(reference=reference).first()
        said = stripe_api.subscription(reference)
        if said["livemode"] != stripe_api.is_live():
            raise OtherMode(f"{reference} is of Stripe's {'live' if said['livemode'] else 'test'} mode, and our key is not.")
        bills = stripe_api.invoices(reference)
        due = _due_next(reference) if _is_charged_after_trial(said) or _is_kept(said, known) else None
        charges = {bill["id"]: stripe_api.charges(invoice=bill["id"]) for bill in translate.charged_for_running(said, bills)}
        try:
            return _write(said, bills, charges, due=due, version=known.version if known else None, at=at)
        except (_Overtaken, IntegrityError):
            continue
    raise NeverStill(f"{reference} changed {TRIES} times while it was being written down.")


def _due_next(reference: str) -> int | None:
    """None where Stripe bills it no more for now, such as one that rests without a card."""
    try:
        return int(stripe_api.preview_renewal(reference)["amount_due"])
    except stripe_api.Refused as trouble:
        log.warning("What %s is charged next is not known: %s", reference, trouble)
        return None


def follow_customer(reference: str, *, at: datetime) -> list[Subscription]:
    """Everything that a customer holds: for what Stripe tells of charges, refunds and disputes."""
    held = Subscription.objects.filter(customer__reference=reference).values_list("reference", flat=True)
    return [follow(each, at=at) for each in held]


def _is_new_trial(said: Doc, known: Subscription | None) -> bool:
    return known is None and said["status"] == Status.TRIALING


def _is_charged_after_trial(said: Doc) -> bool:
    return said["status"] == Status.TRIALING and not said.get("cancel_at")


def _is_kept(said: Doc, known: Subscription | None) -> bool:
    """It was to end, and goes on."""
    was_to_end = known is not None and known.cancel_at is not None and known.ended_at is None
    return was_to_end and not said.get("cancel_at") and not said.get("ended_at")


@transaction.atomic
def _write(
    said: Doc,
    bills: Sequence[Doc],
    charges: Mapping[str, Sequence[Doc]],
    *,
    due: int | None,
    version: int | None,
    at: datetime,
) -> Subscription:
    """`charges` by bill: those that the running period stands on. `due`: what is charged next, where its reader is to be told and
    Stripe says so."""
    customer = _customer_of(said, Subscription.objects.filter(reference=said["id"]).select_related("customer").first())
    # First of all, as whoever redeems a year or changes a plan does: nobody waits for rows of theirs who holds the revocations.
    Reader.objects.select_for_update(no_key=True).get(pk=customer.reader_id)
    row = Subscription.objects.select_for_update().filter(reference=said["id"]).first()
    if (row.version if row else None) != version:
        raise _Overtaken
    tried, kept = _is_new_trial(said, row), _is_kept(said, row)
    _end_checkout(said, customer, at=at)
    ended_before = (row.ended_at or row.cancel_at) if row else None
    ran_before, had = row is not None and not row.paused, _in_words(row)
    row = row or Subscription(reference=said["id"])
    row.coupon = Coupon.objects.filter(reference__in=translate.coupons_of(said, bills)).first() or row.coupon
    row.first_charge = due if _is_charged_after_trial(said) else None
    row = _copied(row, said, customer, at=at)
    has = _in_words(row)
    for bill, invoice in zip(bills, _copied_bills(bills, customer, row), strict=True):
        again = bill.get("next_payment_attempt")
        again_at = translate.moment(again) if again else None
        changed = (had, has) if bill["billing_reason"] == "subscription_update" and "" != had != has != "" else None
        writing.of_charge(invoice, attempts=bill["attempt_count"], again_at=again_at, changed=changed, at=at)
    for reference, made in charges.items():
        back = sum(charge["amount_refunded"] for charge in made)
        Invoice.objects.filter(reference=reference).exclude(refunded=back).update(refunded=back)
    writing.of_end(row, ended_before=ended_before, at=at)
    if tried or kept:
        tell = writing.of_keeping if kept else writing.of_trial
        tell(row, due=due, currency=said["currency"].upper(), at=at)
    plan = _plan_of(row, said)
    row.is_unknown = plan is None
    if plan is None:
        log.error("%s", unknown_price(row))
    sold = translate.sold_of(said, bills, chain(*charges.values()))
    carry(row, plan, policy.carried(sold) if plan else None, at=at)
    if ran_before and row.paused and row.status == Status.ACTIVE and not row.cancel_at:
        writing.of_pause(row, at=at)  # after its term, which says until when is read
    return row


def _in_words(row: Subscription | None) -> str:
    return plans.in_words(row.price, row.quantity) if row and row.price else ""


def _end_checkout(said: Doc, customer: Customer, *, at: datetime) -> None:
    """The page on which it was bought leads nowhere any more, whether or not its reader came back from it; and says so in the
    figures."""
    named = str(said["metadata"].get("checkout", ""))
    if named.isdecimal() and said["status"] not in (Status.INCOMPLETE, Status.INCOMPLETE_EXPIRED):
        theirs = Checkout.objects.filter(pk=named, reader=customer.reader_id, bought_at=None)
        ended_at = Coalesce("ended_at", Value(at, DateTimeField()))
        theirs.update(ended_at=ended_at, bought_at=translate.moment(said["start_date"]), live=said["livemode"])


def _plan_of(row: Subscription, said: Doc) -> Plan | None:
    """By its price, or by its product where somebody made another price for that at Stripe. None: nothing that is sold here."""
    return row.price.plan if row.price else Plan.objects.filter(product=translate.product_of(said)).exclude(product="").first()


def unknown_price(row: Subscription) -> str:
    return f"{row.reference} has a price of a product that is not sold here: it carries nobody. End or change it at Stripe."


def _copied(row: Subscription, said: Doc, customer: Customer, *, at: datetime) -> Subscription:
    row.customer, row.live, row.status = customer, said["livemode"], said["status"]
    row.price = Price.objects.filter(reference=translate.price_of(said)).first()
    row.quantity = translate.quantity_of(said)
    row.starts_at = translate.moment(said["start_date"])
    row.period_starts_at, row.period_ends_at = translate.period_of(said)
    row.trial_ends_at, row.cancel_at, row.ended_at = (
        translate.moment(said[name]) if said.get(name) else None for name in ("trial_end", "cancel_at", "ended_at")
    )
    row.paused = said.get("pause_collection") is not None
    row.resumes_at = translate.resumes_at(said)
    row.version += 1
    row.asked_at = at
    row.save()
    return row


def _customer_of(said: Doc, row: Subscription | None) -> Customer:
    """By Stripe's name; or, where we died between making it there and writing it here, by the reader that we named to Stripe.

    A subscription stays its reader's where Stripe's customer was deleted, and another made.
    """
    customer = row.customer if row else Customer.objects.filter(reference=said["customer"]).first()
    if customer:
        return customer
    named = str(said["metadata"].get("reader", ""))
    reader = Reader.objects.filter(pk=named).first() if named.isdecimal() else None
    if reader is None:
        raise NobodysSubscription(f"{said['id']} is of Stripe's customer {said['customer']}, whom no reader here is.")
    about = {"reference": said["customer"]}
    return Customer.objects.get_or_create(reader=reader, live=said["livemode"], defaults=about)[0]


def _copied_bills(bills: Sequence[Doc], customer: Customer, row: Subscription) -> list[Invoice]:
    """Those that are as they were are not written again: a subscription of years has many."""
    known = {invoice.reference: invoice for invoice in row.invoices.filter(reference__in=[bill["id"] for bill in bills])}
    return [_copied_invoice(known.get(bill["id"]), bill, customer, row) for bill in bills]


def _copied_invoice(known: Invoice | None, bill: Doc, customer: Customer, row: Subscription) -> Invoice:
    paid_at = (bill.get("status_transitions") or {}).get("paid_at")
    now = {
        "customer_id": customer.pk,
        "number": bill.get("number") or "",
        "status": bill["status"],
        "currency": bill["currency"].upper(),
        "due": bill["amount_due"],
        "paid": bill["amount_paid"],
        "discount": sum(part["amount"] for part in bill.get("total_discount_amounts") or ()),
        "credit": translate.credit_used(bill),
        "made_at": translate.moment(bill["created"]),
        "paid_at": translate.moment(paid_at) if paid_at else None,
    }
    if known is not None and all(getattr(known, name) == value for name, value in now.items()):
        known.customer = customer  # as looked up already
        return known
    return Invoice.objects.update_or_create(reference=bill["id"], defaults={**now, "subscription": row})[0]
