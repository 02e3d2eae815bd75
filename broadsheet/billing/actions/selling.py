"""Sell a plan: lead a reader to Stripe's Checkout and take them back in.

What is bought, for how much and how often comes from our rows; the form names a row. Stripe is asked outside every transaction,
each time with a key made of our row's number, so that a doubled click or a lost answer makes nothing twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from broadsheet.billing import offers, stripe_api
from broadsheet.billing.actions.coupons import coupon_reference, product_of
from broadsheet.billing.actions.following import follow
from broadsheet.billing.actions.modes import settle_mode
from broadsheet.billing.models import Checkout, Coupon, Customer, Plan, Price, SellingRules, Subscription
from broadsheet.billing.policy import Status
from broadsheet.membership.actions.erasing import is_going
from broadsheet.membership.models import Reader

OPEN_FOR = timedelta(hours=20)  # Stripe closes a Checkout after a day
MOST_SEATS = 500
GOING = "This account is being erased, and buys nothing more."
CHOSEN_SINCE = "You have chosen something else meanwhile, perhaps in another window."
HOLDS = (Status.TRIALING, Status.ACTIVE, Status.PAST_DUE, Status.UNPAID, Status.PAUSED)
RECURRING = {
    Price.Every.MONTH: {"interval": "month", "interval_count": 1},
    Price.Every.QUARTER: {"interval": "month", "interval_count": 3},
    Price.Every.YEAR: {"interval": "year", "interval_count": 1},
}


class NotOnOffer(ValueError):
    """Withdrawn, or never there; or a number of seats that is not sold."""


class HeldAlready(Exception):
    """This reader has a subscription: it is changed, not bought again."""


class NotTheirs(Exception):
    """A Checkout that this reader did not begin."""


def begin_checkout(reader: Reader, price: Price, *, quantity: int, next_path: str, at: datetime) -> str:
    """The address of Stripe's page on which they pay."""
    settle_mode(at=at)
    check_on_offer(price, quantity)
    if is_going(reader):
        raise NotOnOffer(GOING)
    if held_by(reader) is not None:
        raise HeldAlready
    checkout = _begun(reader, price, quantity, next_path, at=at)
    if not checkout.url:
        said = for_customer(
            reader,
            lambda customer: stripe_api.open_checkout(
                _order(checkout, customer, at=at), key=f"checkout-{checkout.pk}-{customer.reference}"
            ),
        )
        checkout.reference, checkout.url = said["id"], said["url"]
        open_still = Checkout.objects.filter(pk=checkout.pk, ended_at=None)
        kept = open_still.update(reference=checkout.reference, url=checkout.url)
        if not kept or is_going(reader):  # another choice ended it meanwhile; or an erasing, which waits for us
            stripe_api.close_checkout(checkout.reference)
            raise NotOnOffer(GOING if is_going(reader) else CHOSEN_SINCE)
    return checkout.url


def end_checkout(reference: str, *, reader: Reader, at: datetime) -> tuple[Checkout, Subscription | None]:
    """Back from Stripe: what was bought counts at once, whatever becomes of the notice. None: nothing was paid yet."""
    checkout = Checkout.objects.filter(reference=reference, reader=reader).first() if reference else None
    if checkout is None:
        raise NotTheirs
    said = stripe_api.checkout(reference)
    if said["status"] != "complete" or not said["subscription"]:
        return checkout, None
    subscription = follow(said["subscription"], at=at)
    Checkout.objects.filter(pk=checkout.pk, ended_at=None).update(ended_at=at)
    return checkout, subscription


def last_begun(reader: Reader) -> str:
    """Stripe's name for the Checkout that they are in, or were in last; "" where there was none."""
    begun = Checkout.objects.filter(reader=reader).exclude(reference="")
    return begun.order_by("-began_at").values_list("reference", flat=True).first() or ""


def left_open(reader: Reader, *, at: datetime) -> Checkout | None:
    """A page of payment that they were led to and did not finish, as far as we know; what was chosen is on offer still."""
    theirs = Checkout.objects.filter(reader=reader, ended_at=None, began_at__gt=at - OPEN_FOR).exclude(reference="")
    on_offer = theirs.filter(price__withdrawn_at=None, price__plan__withdrawn_at=None)
    return on_offer.select_related("price__plan").first()


def held_by(reader: Reader) -> Subscription | None:
    """The newest subscription that runs, paid or not."""
    held = Subscription.objects.filter(customer__reader=reader, live=stripe_api.is_live(), status__in=HOLDS)
    return held.order_by("-starts_at").first()


def reference_of(price: Price) -> str:
    """Stripe's name for a price, made there when it is sold for the first time."""
    if not price.reference:
        made = stripe_api.make_price(
            product=product_of(price.plan),
            amount=price.amount,
            currency=price.currency,
            recurring=RECURRING[Price.Every(price.every)],
            price=price.pk,
            key=f"price-{price.pk}",
        )
        price.reference = made["id"]
        Price.objects.filter(pk=price.pk).update(reference=price.reference)
    return price.reference


def for_customer(reader: Reader, make: Callable[[Customer], stripe_api.Doc]) -> stripe_api.Doc:
    """What is made at Stripe for its customer; for a new one, where somebody deleted theirs there."""
    customer = customer_of(reader)
    try:
        return make(customer)
    except stripe_api.Refused:
        if is_going(reader) or not stripe_api.is_forgotten(customer.reference):
            raise
    return make(_made_anew(customer))


def customer_of(reader: Reader) -> Customer:
    live = stripe_api.is_live()
    found = Customer.objects.filter(reader=reader, live=live).first()
    if found is None:
        made = _make_customer(reader, key=f"customer-{reader.pk}-{'live' if live else 'test'}")
        found, _ = Customer.objects.get_or_create(reader=reader, live=live, defaults={"reference": made["id"]})
    return found


def _made_anew(gone: Customer) -> Customer:
    made = _make_customer(gone.reader, key=f"customer-{gone.reader_id}-after-{gone.reference}")
    Customer.objects.filter(pk=gone.pk, reference=gone.reference).update(reference=made["id"])
    return Customer.objects.get(pk=gone.pk)


def _make_customer(reader: Reader, *, key: str) -> stripe_api.Doc:
    return stripe_api.make_customer(address=reader.email, name=reader.get_full_name(), reader=reader.pk, key=key)


def check_on_offer(price: Price, quantity: int) -> None:
    plan = price.plan
    if price.withdrawn_at or plan.withdrawn_at:
        raise NotOnOffer(f"{plan.name} is not on offer any more.")
    least, most = (plan.least_seats, MOST_SEATS) if plan.kind == Plan.Kind.TEAM else (1, 1)
    if not least <= quantity <= most:
        raise NotOnOffer(f"{plan.name} is sold for {least} to {most} seats." if most > 1 else f"{plan.name} is for one reader.")


def _begun(reader: Reader, price: Price, quantity: int, next_path: str, *, at: datetime) -> Checkout:
    last = Checkout.objects.filter(reader=reader, ended_at=None).first()
    if last is not None and (last.price_id, last.quantity) == (price.pk, quantity) and at - last.began_at < OPEN_FOR:
        return last
    if last is not None:
        _close(last, reader, at=at)
    try:
        with transaction.atomic():
            # As `want_erased` does: either it finds this Checkout, and waits for it, or we find that they are going.
            Reader.objects.select_for_update().get(pk=reader.pk)
            if is_going(reader):
                raise NotOnOffer(GOING)
            return Checkout.objects.create(reader=reader, price=price, quantity=quantity, next_path=next_path, began_at=at)
    except IntegrityError:  # the other click was quicker
        return Checkout.objects.get(reader=reader, ended_at=None)


def _close(checkout: Checkout, reader: Reader, *, at: datetime) -> None:
    """So that nobody pays for what they chose first, and again for what they chose then."""
    if checkout.reference:
        try:
            stripe_api.close_checkout(checkout.reference)
        except stripe_api.Refused:  # it is over already
            if stripe_api.checkout(checkout.reference)["status"] == "complete":
                end_checkout(checkout.reference, reader=reader, at=at)
                raise HeldAlready from None
    # Only as it was looked at: if its page was opened meanwhile that one is closed.
    mine = Checkout.objects.filter(pk=checkout.pk, ended_at=None)
    if not mine.filter(reference=checkout.reference).update(ended_at=at) and (opened := mine.first()):
        _close(opened, reader, at=at)


def _order(checkout: Checkout, customer: Customer, *, at: datetime) -> stripe_api.Doc:
    reader, plan = customer.reader, checkout.price.plan
    marks = {"reader": str(reader.pk)}
    trial = {"trial_period_days": plan.trial_days} if plan.trial_days and not offers.has_had(reader) else {}
    order: stripe_api.Doc = {
        "mode": "subscription",
        "customer": customer.reference,
        "client_reference_id": str(reader.pk),
        "line_items": [{"price": reference_of(checkout.price), "quantity": checkout.quantity}],
        "subscription_data": {"metadata": {**marks, "checkout": str(checkout.pk)}, **trial},
        "metadata": marks,
        "success_url": f"{settings.BASE_URL}/subscribe/done/?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{settings.BASE_URL}/subscribe/done/?left=yes",
        **whom_to_bill(),
    }
    introduction = offers.introduction_for(reader, checkout.price, at=at)
    if introduction is not None:
        order["discounts"] = [{"coupon": _reference_of(introduction, at)}]
    else:
        order["allow_promotion_codes"] = True
    if settings.STRIPE_TAX:
        order |= {"automatic_tax": {"enabled": True}}
    return order


def whom_to_bill() -> stripe_api.Doc:
    """What a bill needs of its buyer; Stripe takes it from the page of payment into the customer."""
    about: stripe_api.Doc = {"billing_address_collection": "required", "customer_update": {"address": "auto", "name": "auto"}}
    return {**about, "tax_id_collection": {"enabled": True}} if SellingRules.load().asks_tax_id else about


def _reference_of(introduction: Coupon, at: datetime) -> str:
    """Asked for now, since Stripe alone knows how often it was redeemed; nobody is led to a price that was not shown."""
    reference = coupon_reference(introduction)
    if not stripe_api.coupon(reference)["valid"]:
        introduction.withdrawn_at = at
        introduction.save(update_fields=["withdrawn_at"])
        raise NotOnOffer("The introductory offer has just ended. The price is as it stands here now.")
    return reference
