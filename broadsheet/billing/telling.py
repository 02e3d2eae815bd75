"""Until when what is paid for here was paid for, that it renews, and that it rests. A term carries a little longer, which is for
us: no reader is told of that."""

from datetime import datetime

from broadsheet.billing import plans, stripe_api
from broadsheet.billing.models import Customer, Subscription
from broadsheet.billing.policy import BEFORE_RENEWAL, DRAFT_LEEWAY, Status
from broadsheet.membership import seats, telling
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.seating import Group

STRIPE = "stripe "


def paid_until(term: Term) -> datetime | None:
    """Of a subscription's term, or a seat's that one pays for: where the period ends by whose end the term goes."""
    reference = _paid_by(term)
    row = Subscription.objects.filter(reference=reference).first() if reference else None
    if row is None or term.ends_at is None:
        return None
    if row.status != Status.ACTIVE or term.ends_at in (row.cancel_at, row.ended_at):
        return term.ends_at
    bounds = [day for day in (row.period_starts_at, row.period_ends_at) if day <= term.ends_at <= day + DRAFT_LEEWAY]
    return max(bounds, default=term.ends_at)


def going_on(term: Term) -> str:
    """That it renews, and what that costs whoever pays for it; "" where it does not. Others on a seat are told the day only."""
    running = Subscription.objects.filter(reference=_paid_by(term), cancel_at=None, paused=False)
    row = running.select_related("price__plan", "customer").first()
    if row is None or row.status not in (Status.ACTIVE, Status.TRIALING):
        return ""
    day, pays = telling.day_of(row.period_ends_at), row.customer.reader_id == term.reader_id
    if row.status == Status.TRIALING:
        return trial_of(row) if pays else f"Your seat is on trial until {day}."
    if not pays:
        return f"The subscription that pays for your seat renews on {day}."
    money = sum_of_renewal(row)
    return f"Your subscription renews on {day} ({money})." if money else f"Your subscription renews on {day}."


def trial_of(row: Subscription) -> str:
    """When it ends, and what follows, for whoever pays."""
    money = sum_of_renewal(row)
    follows = f"{money} is charged" if money else "the first charge follows"
    return f"Your trial runs until {telling.day_of(row.period_ends_at)}; {follows} then."


def sum_of_renewal(row: Subscription) -> str:
    """As our rows have it; "" where a coupon or a credit takes something off, which Stripe alone reckons. Of a trial the
    first charge, as Stripe reckoned it."""
    if row.price is None:
        return ""
    if row.status == Status.TRIALING:
        return "" if row.first_charge is None else plans.money(row.first_charge, row.price.currency)
    last = row.invoices.order_by("-made_at").first()
    left_over = row.changes.filter(kept__gt=0).exclude(done_at=None).exists()
    if left_over or (last is not None and (last.discount or last.credit)):
        return ""
    return plans.money(row.price.amount * row.quantity, row.price.currency)


def payer_of(group: Group) -> Reader | None:
    """Whoever bought a team's plan, unless their account is erased."""
    held = Customer.objects.filter(subscriptions__reference=group.reference.removeprefix(STRIPE), reader__is_active=True)
    row = held.select_related("reader").first() if group.reference.startswith(STRIPE) else None
    return row.reader if row else None


def goes_on_at(held: Subscription) -> datetime | None:
    """A pause ends shortly before the period that is charged again: readers are told of that."""
    return held.resumes_at + BEFORE_RENEWAL if held.resumes_at else None


def read_while_paused(held: Subscription, *, at: datetime) -> str:
    """Until when what was paid for is read, for whoever paid."""
    term = Term.objects.filter(reference=f"{STRIPE}{held.reference}").first()
    if term is None or term.ends_at is None:
        return "you read until what you paid for is over"
    day = telling.day_of(term.ends_at)
    return f"you read until {day}, which you paid for" if at < term.ends_at else f"what you paid for was over on {day}"


def rest_of(reader: Reader, at: datetime) -> str:
    """A pause, until it is over."""
    resting = Subscription.objects.filter(customer__reader=reader, live=stripe_api.is_live(), paused=True, status=Status.ACTIVE)
    held = resting.filter(cancel_at=None).first()
    goes_on = goes_on_at(held) if held else None
    again = f" until {telling.day_of(goes_on)}" if goes_on else ""
    return f"You paused your subscription{again}: {read_while_paused(held, at=at)}." if held else ""


def was_billed(reader: Reader) -> bool:
    """Who holds or held a subscription."""
    return Subscription.objects.filter(customer__reader=reader).exclude(status=Status.INCOMPLETE_EXPIRED).exists()


def _paid_by(term: Term) -> str:
    reference = term.reference
    if term.source == Term.Source.SEAT:
        reference = seats.group_reference_of(reference)
    return reference.removeprefix(STRIPE) if reference.startswith(STRIPE) else ""


telling.register(paid_until)
telling.register_going_on(going_on)
telling.register_rest(rest_of)
telling.register_payer(payer_of)
telling.register_billed(was_billed)
