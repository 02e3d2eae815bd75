"""End a subscription, now or with its period, and give back what was paid and not used."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from broadsheet.billing import plans, policy, reckoning, stripe_api, translate
from broadsheet.billing.actions.following import follow
from broadsheet.billing.actions.selling import HOLDS, for_customer
from broadsheet.billing.models import Ending, Invoice, Subscription
from broadsheet.membership.models import Reader

CREDIT_OF = "taken_from_credit_of"  # marks what was evened out at Stripe, with a subscription's name

log = logging.getLogger(__name__)


class Changed(Exception):
    """What would be given back is not what the reader was shown."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """What an end at once gives back: of what was paid for days to come, the days that are left. In the smallest unit.

    `parts`: how much of which charge, by Stripe's name. `reckoned`: how it comes out, in rows (`reckoning`).
    """

    refund: int
    currency: str
    parts: dict[str, int] = field(default_factory=dict)
    reckoned: str = ""


def farewell_of(held: Subscription, *, at: datetime) -> Farewell:
    """By whole days, the day that runs given back too; nothing on a trial, nor of what was not charged or its bank took back."""
    bills = [bill for bill in stripe_api.invoices(held.reference) if bill["status"] == "paid"]
    running = [(bill, lines) for bill in bills if (lines := translate.lines_running(bill, at))]
    worth, gone, left = 0, 0, {}
    counted: list[translate.Line] = []
    for bill, lines in running:
        if any(map(translate.is_disputed, charges := _paid_charges(bill))):
            continue
        worth += sum(policy.share_left(line.amount, line.begins, line.ends, at) for line in lines)
        counted += lines
        for charge in charges:
            gone += policy.share_left(charge["amount_refunded"], lines[-1].begins, lines[-1].ends, at)
            left[charge["id"]] = charge["amount"] - charge["amount_refunded"]
    parts = policy.taken_from(left, max(0, worth - gone))
    currency = running[0][0]["currency"].upper() if running else held.price.currency if held.price else ""
    refund = sum(parts.values())
    return Farewell(refund, currency, parts, _reckoned(counted, gone, refund, currency, at) if refund else "")


def _reckoned(counted: list[translate.Line], gone: int, refund: int, currency: str, at: datetime) -> str:
    """Each sum by its days, the oldest first, so that whoever gets it back can work it out. What was set off when it was changed
    stands with what it was set off from, and of what was set off whole nothing is said."""
    parts: list[_Part] = []
    for line in reversed(counted):
        left, days = policy.days_left(line.begins, line.ends, at)
        share, paid = line.amount * left // days, [part for part in parts if part.line.ends == line.ends and part.line.amount > 0]
        if line.amount < 0 and paid:
            paid[0].share += share
            paid[0].set_off -= line.amount
        else:
            parts.append(_Part(line, f"{left} of {days} days", share))
    whole = sum(part.share for part in parts)
    told = [reckoning.row(part.says(currency), part.share, currency) for part in parts if part.share]
    for says, less in (("Went back already", gone), ("Was paid from a credit", whole - gone - refund)):
        told += [reckoning.row(says, -less, currency)] if less > 0 else []
    return "\n".join(told)


@dataclass(slots=True)
class _Part:
    line: translate.Line
    days: str
    share: int
    set_off: int = 0

    def says(self, currency: str) -> str:
        money = plans.money(abs(self.line.amount), currency)
        if self.line.amount < 0:
            return f"{self.days} of the {money} set off when you changed"
        less = f", less the {plans.money(self.set_off, currency)} set off when you changed" if self.set_off else ""
        return f"{self.days} of the {money}{less or ' paid'}"


def _paid_charges(bill: stripe_api.Doc) -> list[stripe_api.Doc]:
    return [charge for charge in stripe_api.charges(invoice=bill["id"]) if charge["paid"]] if bill["amount_paid"] else []


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
    with transaction.atomic():
        now = Subscription.objects.select_for_update().get(pk=held.pk)
        # Reckoned of what was held before a change that is done by now; or nobody knows yet what one costs or leaves over.
        if (now.price_id, now.quantity) != (held.price_id, held.quantity) or held.changes.under_way().exists():
            raise Changed
        asked = {"refund": farewell.refund, "parts": farewell.parts, "reckoned": farewell.reckoned, "wanted_at": at}
        ending, _ = Ending.objects.get_or_create(subscription=held, defaults=asked)
    return finish(ending, at=at)


def finish(ending: Ending, *, at: datetime) -> Subscription:
    reference = ending.subscription.reference
    if stripe_api.subscription(reference)["status"] != "canceled":
        stripe_api.end_subscription(reference, key=f"end-now-{ending.pk}")
    _void_what_is_open(reference)
    if ending.withdrawn:
        _give_all_back(ending)
        _even_credit_out(ending)
    else:
        for charge, amount in ending.parts.items():
            _give_back(ending, charge, amount)
    _write_down_what_went_back(reference)
    # Unless its reader has withdrawn meanwhile, and more goes back.
    Ending.objects.filter(pk=ending.pk, withdrawn=ending.withdrawn).update(done_at=at)
    return follow(reference, at=at)


def _void_what_is_open(reference: str) -> None:
    """Nothing would be read for it any more."""
    for bill in stripe_api.invoices(reference):
        if bill["status"] == "open":
            stripe_api.void_invoice(bill["id"], key=f"void-{bill['id']}")


def _give_back(ending: Ending, charge: str, amount: int) -> None:
    """Stripe forgets its keys after a day: one that was made before says so itself.

    No more than what is left by now; what was disputed meanwhile, or has gone back already, is done.
    """
    mark, now = str(ending.pk), stripe_api.charge(charge)
    if any((made["metadata"] or {}).get("ending") == mark for made in stripe_api.refunds(charge=charge)):
        return
    if part := 0 if translate.is_disputed(now) else min(amount, now["amount"] - now["amount_refunded"]):
        stripe_api.refund(charge=charge, amount=part, key=f"refund-{mark}-{charge}-{part}", marks={"ending": mark})
    if part < amount:
        log.warning("Of charge %s %s go back for %s, where %s were to.", charge, part, ending.subscription, amount)


def _write_down_what_went_back(reference: str) -> None:
    for bill in stripe_api.invoices(reference):
        if charges := _paid_charges(bill):
            back = sum(charge["amount_refunded"] for charge in charges)
            Invoice.objects.filter(reference=bill["id"]).update(refunded=back)


def _give_all_back(ending: Ending) -> None:
    """What is left is asked for anew each time, and gone once it was given back. The key is for two who ask at once."""
    for charge, left in left_of_all(ending.subscription.reference).items():
        stripe_api.refund(charge=charge, amount=left, key=f"withdrawal-{ending.pk}-{charge}-{left}")


def _even_credit_out(ending: Ending) -> None:
    """What its bills left over stood for money that is given back now: it pays for nothing more. No more than is there still.
    What they used of an older credit is credited again.

    What was moved says so itself, and is counted: whoever goes on with it finds nothing left to move.
    """
    reference = ending.subscription.reference
    customer = stripe_api.subscription(reference)["customer"]
    if stripe_api.is_forgotten(customer):
        return
    bills = {bill["id"] for bill in stripe_api.invoices(reference)}
    moved = [one for one in stripe_api.movements(customer=customer) if _is_of(one, bills, reference)]
    left = -sum(one["amount"] for one in moved)
    if part := min(stripe_api.credit_of(customer), left):
        about = {"currency": moved[0]["currency"], "marks": {CREDIT_OF: reference}}
        stripe_api.move_credit(customer=customer, amount=part, key=f"credit-{ending.pk}-{left}-{part}", **about)


def _is_of(movement: stripe_api.Doc, bills: set[str], reference: str) -> bool:
    """What a subscription's bills left over or used, and what of that was taken already; not what staff credited for one."""
    by_bill = movement["type"] != "credit_note" and movement["invoice"] in bills
    return by_bill or (movement["metadata"] or {}).get(CREDIT_OF) == reference


def left_of_all(reference: str) -> dict[str, int]:
    """Of every charge for a subscription, what has not gone back yet; nothing of one that its bank took back, or may."""
    bills = [bill for bill in stripe_api.invoices(reference) if bill["status"] == "paid"]
    paid = [charge for bill in bills for charge in _paid_charges(bill) if not translate.is_disputed(charge)]
    return {charge["id"]: left for charge in paid if (left := charge["amount"] - charge["amount_refunded"])}


def finish_endings(*, at: datetime) -> int:
    """How many were. One that Stripe refuses, as where staff have paid back meanwhile, holds up no other."""
    waiting = list(Ending.objects.filter(done_at=None).select_related("subscription"))
    return sum(_finished(ending, at=at) for ending in waiting)


def _finished(ending: Ending, *, at: datetime) -> bool:
    try:
        finish(ending, at=at)
    except (stripe_api.Unreachable, stripe_api.Refused) as trouble:
        log.error("The end of %s, asked for on %s, waits: %s", ending.subscription, ending.wanted_at, trouble)
        return False
    return True


def use_card(held: Subscription, method: str, *, at: datetime) -> Subscription:
    """A card that Stripe knows by this name is the one charged from now on."""
    card = stripe_api.attach_card(method, customer=held.customer.reference)["id"]
    stripe_api.change_subscription(held.reference, {"default_payment_method": card}, key=f"card-{held.reference}-{card}")
    return follow(held.reference, at=at)


def open_bills_of(reader: Reader) -> QuerySet[Invoice]:
    """Of what they hold: whoever pays one of a subscription that has ended gets nothing for it."""
    owed = Invoice.objects.filter(status="open", due__gt=0, subscription__status__in=HOLDS)
    return owed.filter(customer__reader=reader, subscription__live=stripe_api.is_live())


def open_bill_of(reader: Reader) -> str:
    """Where the oldest bill that is not paid yet can be paid; "" where none is. The card that pays it is charged from then on."""
    bill = open_bills_of(reader).select_related("subscription").order_by("made_at").first()
    if bill is None or bill.subscription is None:
        return ""
    keeps = {"payment_settings": {"save_default_payment_method": "on_subscription"}}
    stripe_api.change_subscription(bill.subscription.reference, keeps, key=f"keeps-card-{bill.reference}")
    return str(stripe_api.invoice(bill.reference).get("hosted_invoice_url") or "")


def portal_of(reader: Reader) -> str:
    back = f"{settings.BASE_URL}/account/subscription/?back=yes"
    said = for_customer(reader, lambda customer: stripe_api.open_portal(customer=customer.reference, return_url=back))
    return str(said["url"])
