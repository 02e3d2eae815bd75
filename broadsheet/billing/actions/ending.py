"""End a subscription, now or with its period, and give back what was paid and not used."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from broadsheet.billing import stripe_api, translate
from broadsheet.billing.actions.following import follow
from broadsheet.billing.actions.selling import customer_of
from broadsheet.billing.models import Ending, Invoice, Subscription
from broadsheet.membership.models import Reader


class Changed(Exception):
    """What would be given back is not what the reader was shown."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """What an end at once gives back: of the running period's charge, the days that are left. In the smallest unit."""

    refund: int
    currency: str
    charge: str


def farewell_of(held: Subscription, *, at: datetime) -> Farewell:
    """By whole days, the day that runs given back too; nothing on a trial, nor where nothing was charged."""
    said, bills = stripe_api.subscription(held.reference), stripe_api.invoices(held.reference)
    running = translate.running_invoice(said, bills)
    charges = [charge for charge in stripe_api.charges(invoice=running["id"]) if charge["paid"]] if running else []
    if not charges:
        return Farewell(0, held.price.currency if held.price else "", "")
    charge = charges[0]
    begins, ends = translate.period_of(said)
    return Farewell(
        share_left(charge["amount"] - charge["amount_refunded"], begins, ends, at), charge["currency"].upper(), charge["id"]
    )


def share_left(amount: int, begins: datetime, ends: datetime, at: datetime) -> int:
    days, used = max(1, (ends - begins).days), max(0, (at - begins).days)
    return amount * max(0, days - used) // days


def end_with_its_period(held: Subscription, *, at: datetime) -> Subscription:
    stripe_api.change_subscription(held.reference, {"cancel_at_period_end": True}, key=f"end-{held.reference}-{held.version}")
    return follow(held.reference, at=at)


def keep(held: Subscription, *, at: datetime) -> Subscription:
    """Take the end back, until it has come."""
    stripe_api.change_subscription(held.reference, {"cancel_at_period_end": False}, key=f"keep-{held.reference}-{held.version}")
    return follow(held.reference, at=at)


def end_now(held: Subscription, farewell: Farewell, *, promised: str, at: datetime) -> Subscription:
    """Written down before Stripe is asked: whatever dies on the way, the sweep goes on with it."""
    if promised != str(farewell.refund):
        raise Changed
    ending, _ = Ending.objects.get_or_create(
        subscription=held, defaults={"refund": farewell.refund, "charge": farewell.charge, "wanted_at": at}
    )
    return finish(ending, at=at)


def finish(ending: Ending, *, at: datetime) -> Subscription:
    reference = ending.subscription.reference
    if stripe_api.subscription(reference)["status"] != "canceled":
        stripe_api.end_subscription(reference, key=f"end-now-{ending.pk}")
    if ending.refund and ending.charge:
        stripe_api.refund(charge=ending.charge, amount=ending.refund, key=f"refund-{ending.pk}")
    Ending.objects.filter(pk=ending.pk).update(done_at=at)
    return follow(reference, at=at)


def finish_endings(*, at: datetime) -> int:
    waiting = list(Ending.objects.filter(done_at=None).select_related("subscription"))
    for ending in waiting:
        finish(ending, at=at)
    return len(waiting)


def use_card(held: Subscription, method: str, *, at: datetime) -> Subscription:
    """A card that Stripe knows by this name is the one charged from now on."""
    card = stripe_api.attach_card(method, customer=held.customer.reference)["id"]
    stripe_api.change_subscription(held.reference, {"default_payment_method": card}, key=f"card-{held.reference}-{card}")
    return follow(held.reference, at=at)


def open_bill_of(reader: Reader) -> str:
    """Where the oldest bill that is not paid yet can be paid; "" where none is."""
    bill = Invoice.objects.filter(customer__reader=reader, status="open", due__gt=0).order_by("made_at").first()
    return str(stripe_api.invoice(bill.reference).get("hosted_invoice_url") or "") if bill else ""


def portal_of(reader: Reader) -> str:
    said = stripe_api.open_portal(customer=customer_of(reader).reference, return_url=f"{settings.BASE_URL}/account/subscription/")
    return str(said["url"])
