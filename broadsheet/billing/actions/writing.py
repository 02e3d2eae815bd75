"""Write to whoever pays: of each charge, of one that failed, before a renewal, and of the end. Each occasion once."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import formats, timezone

from broadsheet.billing import offers, plans, reckoning, stripe_api, telling, withdrawal
from broadsheet.billing.models import Ending, Invoice, Plan, Price, Subscription
from broadsheet.billing.owing import owed_by
from broadsheet.billing.policy import Status, months_after
from broadsheet.mailroom.actions import post
from broadsheet.mailroom.queries import posted_among
from broadsheet.membership.policy import ERASED
from broadsheet.membership.queries import rules
from broadsheet.membership.telling import day_of

RETRIED_FOR = timedelta(days=20)
OLD_NEWS = timedelta(days=4)  # what happened longer ago is not written of: an account at Stripe may be years old
REMINDS = {Price.Every.MONTH: timedelta(days=3), Price.Every.QUARTER: timedelta(days=7), Price.Every.YEAR: timedelta(days=14)}
AT_A_TIME = 500

log = logging.getLogger(__name__)


def of_charge(
    invoice: Invoice, *, attempts: int, again_at: datetime | None, changed: tuple[str, str] | None = None, at: datetime
) -> None:
    """Paid, by a card or from a credit, or tried in vain; nothing where nothing was due, nor of a first charge that failed, nor
    of the one that ended it. `again_at`: when it is tried once more, None where it is not. `changed`: for which change, from what
    to what."""
    to, money = invoice.customer.reader.email, plans.money(invoice.due, invoice.currency)
    if invoice.status == "paid" and (invoice.paid or invoice.credit) and invoice.paid_at and at - invoice.paid_at < OLD_NEWS:
        credit = plans.money(invoice.credit, invoice.currency) if invoice.credit else ""
        told = {"money": money if invoice.paid else credit, "number": invoice.number, "day": day_of(invoice.paid_at)}
        told |= {"credit": credit, "charged": str(invoice.paid or ""), "receipt": receipt_path(invoice)}
        first = _is_first(invoice)
        told["withdraw_until"] = _withdraw_until(invoice, at) if first or changed else ""
        told["invites"] = _invites(invoice) if first else ""
        told["had"], told["has"] = changed or ("", "")
        _post("charge", to, told, key=f"charge {invoice.reference}", at=at)
    if invoice.status == "open" and attempts and not _is_nothing_bought(invoice) and at - invoice.made_at < RETRIED_FOR:
        owed = owed_by(invoice.subscription, at=at) if invoice.subscription else None
        until = owed.until if owed else day_of(invoice.made_at + timedelta(days=rules().grace_days))
        told = {"money": money, "until": until, "stopped": owed.stopped if owed else ""}
        told["again"] = day_of(again_at) if again_at else ""
        _post("charge-failed", to, told, key=f"charge failed {invoice.reference} {attempts}", at=at)


def of_grace_over(row: Subscription, *, key: str, at: datetime) -> bool:
    """Whether it is: not where it was paid, or has ended."""
    owed = owed_by(row, at=at)
    if owed is None or not owed.stopped:
        return False
    _post("grace-over", row.customer.reader.email, {"money": owed.money, "day": owed.stopped}, key=key, at=at)
    return True


def of_trial(row: Subscription, *, due: int | None, currency: str, at: datetime) -> None:
    """That it has begun, and what follows. `due`: None where nobody says what is charged next."""
    if at - row.starts_at > OLD_NEWS:
        return
    last = withdrawal.last_day(row)
    context = {
        "plan": row.price.plan.name if row.price else "",
        "day": day_of(row.period_ends_at),
        "money": "" if due is None else plans.money(due, currency),
        **_renewal_after_trial(row, due),
        "withdraw_until": formats.date_format(last, "j F Y") if last else "",
    }
    _post("trial", row.customer.reader.email, context, key=f"trial {row.reference}", at=at)


def _renewal_after_trial(row: Subscription, due: int | None) -> Mapping[str, str]:
    """Its sum where nothing is taken off the first charge, or by a coupon of ours."""
    if row.price is None:
        return {"renews_on": "", "renews": ""}
    renews_at, whole = months_after(row.period_ends_at, row.price.months), row.price.amount * row.quantity
    coupon = None if due == whole else row.coupon
    known = due == whole or coupon is not None
    renews = offers.renewing(coupon, whole, renews_at=renews_at, at=row.starts_at)
    return {"renews_on": day_of(renews_at), "renews": plans.money(renews, row.price.currency) if known else ""}


def of_end(row: Subscription, *, ended_before: datetime | None, at: datetime) -> None:
    """It was told to end, or has ended; nothing where that is known, or long ago."""
    ends_at = row.ended_at or row.cancel_at
    if ends_at is None or ended_before is not None or at - ends_at > OLD_NEWS:
        return
    ending = Ending.objects.filter(subscription=row).first()
    if ending is not None and ending.withdrawn:  # of which was written already
        return
    owed = owed_by(row, at=at)
    context = {
        "day": day_of(ends_at),
        "over": row.ended_at is not None,
        "owed": owed.says if owed else "",
        "back": reckoning.goes_back(ending) if ending else "",
        "reckoned": reckoning.rows(ending.reckoned) if ending else [],
    }
    _post("subscription-ends", row.customer.reader.email, context, key=f"ends {row.reference} {row.version}", at=at)


def of_pause(row: Subscription, *, at: datetime) -> None:
    """That it has begun: until when is read, and when it goes on."""
    goes_on = telling.goes_on_at(row)
    context = {
        "plan": row.price.plan.name if row.price else "",
        "reads": telling.read_while_paused(row, at=at),
        "day": day_of(goes_on) if goes_on else "",
    }
    _post("subscription-paused", row.customer.reader.email, context, key=f"paused {row.reference} {row.version}", at=at)


def of_keeping(row: Subscription, *, due: int | None, currency: str, at: datetime) -> None:
    """Its end was taken back: it goes on, and what is charged next; None where nobody says so."""
    owed, charged_on = owed_by(row, at=at), telling.goes_on_at(row) if row.paused else row.period_ends_at
    context = {
        "plan": row.price.plan.name if row.price else "",
        "day": day_of(charged_on) if charged_on else "",
        "money": "" if due is None else plans.money(due, currency),
        "owed": owed.says if owed else "",
    }
    _post("subscription-kept", row.customer.reader.email, context, key=f"kept {row.reference} {row.version}", at=at)


def of_withdrawal(row: Subscription, told: Mapping[str, object], *, name: str, at: datetime) -> None:
    """Acknowledged at once: what was stated, by whom and when. `told`: what goes back (`withdrawing.told_of`)."""
    context = {
        "name": name,
        "address": row.customer.reader.email,
        "plan": row.price.plan.name if row.price else "",
        "bought": day_of(row.starts_at),
        "when": moment_of(at),
        "known": told["money"] is not None,
        **told,
    }
    _post("withdrawal", row.customer.reader.email, context, key=f"withdrawal {row.reference}", at=at)


def receipt_path(invoice: Invoice) -> str:
    return f"/account/subscription/receipts/{invoice.pk}/"


def _is_nothing_bought(invoice: Invoice) -> bool:
    """Nothing yet, or nothing any more."""
    held = invoice.subscription
    return held is not None and held.status in (Status.INCOMPLETE, Status.INCOMPLETE_EXPIRED, Status.CANCELED)


def _is_first(invoice: Invoice) -> bool:
    held = invoice.subscription
    return held is not None and not held.invoices.filter(paid__gt=0, made_at__lt=invoice.made_at).exists()


def _withdraw_until(invoice: Invoice, at: datetime) -> str:
    """With the first charge and that for a change, as long as there are days left."""
    held = invoice.subscription
    last = withdrawal.last_day(held) if held and withdrawal.is_open(held, at=at) else None
    return formats.date_format(last, "j F Y") if last else ""


def _invites(invoice: Invoice) -> str:
    """Where whoever has just bought a team's plan invites the others."""
    price = invoice.subscription.price if invoice.subscription else None
    return "/account/group/" if price and price.plan.kind == Plan.Kind.TEAM else ""


def remind(*, at: datetime) -> int:
    """Of every renewal, and of the first charge after a trial, some days before. How many are written to now.

    A few hundred at a time, by their numbers: no cursor stays open while mails are written.
    """
    near = Q()
    for every, before in REMINDS.items():
        near |= Q(price__every=every, period_ends_at__lte=at + before)
    soon = Subscription.objects.filter(
        near,
        status__in=(Status.ACTIVE, Status.TRIALING),
        cancel_at=None,
        period_ends_at__gt=at,
        live=stripe_api.is_live(),
    ).select_related("price__plan", "customer__reader")
    soon = soon.filter(Q(paused=False) | Q(resumes_at__lt=F("period_ends_at")))  # a pause ends just before a renewal
    written = last = 0
    while rows := list(soon.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        posted, last = posted_among(map(_renewal_key, rows)), rows[-1].pk
        written += sum(_remind_of(row, at=at) for row in rows if _renewal_key(row) not in posted)
    return written


def _remind_of(row: Subscription, *, at: datetime) -> bool:
    """Whether it was: where Stripe cannot say the sum now, the next run asks again, and all others are written to."""
    assert row.price is not None
    try:
        money = _next_charge(row, row.price)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused) as trouble:
        log.error("What the renewal of %s costs is not known: %s", row.reference, trouble)
        return False
    context = {
        "plan": row.price.plan.name,
        "money": money,
        "day": day_of(row.period_ends_at),
        "trial": row.status == Status.TRIALING,
    }
    _post("renewal", row.customer.reader.email, context, key=_renewal_key(row), at=at)
    return True


def _renewal_key(row: Subscription) -> str:
    return f"renewal {row.reference} {row.period_ends_at:%Y-%m-%d}"


def _next_charge(row: Subscription, price: Price) -> str:
    """As Stripe will charge it where our rows do not know that beforehand."""
    known = telling.sum_of_renewal(row)
    return known or plans.money(stripe_api.preview_renewal(row.reference)["amount_due"], price.currency)


def _post(kind: str, to: str, context: Mapping[str, object], *, key: str, at: datetime) -> None:
    if to.endswith(f"@{ERASED}"):
        return
    post(kind=kind, to=to, context={"account": "/account/subscription/", **context}, at=at, key=key)


def moment_of(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'j F Y, H:i')} {local.tzname()}"
