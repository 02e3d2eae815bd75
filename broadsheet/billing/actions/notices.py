"""What Stripe tells us: kept once, heeded until that succeeds. The sweep does the same without being told."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet

from broadsheet.billing import stripe_api, translate
from broadsheet.billing.actions.changing import settle_changes
from broadsheet.billing.actions.ending import finish_endings
from broadsheet.billing.actions.following import (
    NeverStill,
    NobodysSubscription,
    OtherMode,
    follow,
    follow_customer,
    unknown_price,
)
from broadsheet.billing.models import Notice, Subscription
from broadsheet.kit.counting import last_number
from broadsheet.kit.models import Counter

Doc = Mapping[str, Any]
# Of these something may follow; all others are kept and need nothing.
MATTERS = ("customer.subscription.", "invoice.", "charge.", "checkout.session.", "refund.")
LOOKS_BACK = timedelta(hours=3)  # events are listed again for so long, since Stripe may list one late
STRIPE_KEEPS = timedelta(days=30)  # its events
AT_A_TIME = 100
MOST_TRIES = 20  # every half minute; then once with each sweep
MOST_MISSED = 20  # subscriptions for which Stripe did not answer: it is away, and the rest waits for the next sweep

log = logging.getLogger(__name__)


class Replayed(Exception):
    """The very message, signature and all, that was taken before: Stripe signs each attempt anew."""


def take_notice(event: Doc, *, signature: str = "", at: datetime) -> tuple[Notice, bool]:
    """Write an event down, once, and say whether it is new.

    `signature`: a hash of the one that it came with; "" where we listed it ourselves.
    """
    said = _said(event, signature=signature, at=at)
    notice, fresh = Notice.objects.get_or_create(reference=event["id"], defaults=said)
    if not fresh and signature and notice.signature == signature:
        raise Replayed
    return notice, fresh


def heed(notice: Notice, *, at: datetime) -> bool:
    """Look at what a notice names, as it is now. False: it must be tried again."""
    try:
        return notice.heeded_at is not None or _heeded([notice], at=at)
    except stripe_api.Unreachable:
        return False


def heed_waiting(*, at: datetime) -> int:
    """How many were heeded. One that fails is left for the next time; those that failed too often only the sweep looks at."""
    try:
        return _heed_all(Notice.objects.filter(heeded_at=None, tries__lt=MOST_TRIES), at=at)
    except stripe_api.Unreachable as away:
        log.warning("Stripe's notices wait: %s", away)
        return 0


def _heed_all(waiting: QuerySet[Notice], *, at: datetime) -> int:
    """What several name is looked at once: all of them were written down before it is asked for.

    Ends where Stripe does not answer; what was tried least comes first, so that nothing is held up for ever.
    """
    alike: dict[str, list[Notice]] = {}
    for notice in waiting.order_by("tries", "pk"):
        alike.setdefault(notice.subscription or notice.customer or notice.reference, []).append(notice)
    return sum(len(notices) for notices in alike.values() if _heeded(notices, at=at))


def _heeded(notices: list[Notice], *, at: datetime) -> bool:
    """They all name the same. Raises Unreachable where Stripe is away."""
    trouble, these = "", Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    try:
        trouble = " ".join(unknown_price(row) for row in _look(notices[0], at=at) if row.is_unknown)
    except (NobodysSubscription, OtherMode) as nothing_of_ours:
        trouble = str(nothing_of_ours)
        log.error("Stripe's notice %s: %s", notices[0].reference, trouble)
    except (stripe_api.Unreachable, stripe_api.Refused) as unsettled:
        these.update(tries=F("tries") + 1, trouble=str(unsettled)[:300])
        if isinstance(unsettled, stripe_api.Unreachable) and not isinstance(unsettled, NeverStill):
            raise
        return False
    these.update(heeded_at=at, trouble=trouble[:300])
    return True


def sweep(*, at: datetime) -> int:
    """Without any notice: hear what was said meanwhile, and compare every subscription. How many had to be looked at.

    What fails holds up nothing else. Where Stripe was away for some of it that is raised in the end.
    """
    if not stripe_api.is_configured():
        return 0
    looked_at, heard_all, away = 0, None, list[stripe_api.Unreachable]()
    with _going_on(away):
        heard_all = _hear(at=at)
    with _going_on(away):
        looked_at += _heed_all(Notice.objects.filter(heeded_at=None), at=at)
    looked_at += settle_changes(at=at) + finish_endings(at=at)
    with _going_on(away):
        looked_at += _compare(at=at, everything=not heard_all)
    if away:
        raise away[0]
    if heard_all is False:
        _heard_until(at)
    return looked_at


@contextmanager
def _going_on(away: list[stripe_api.Unreachable]) -> Iterator[None]:
    try:
        yield
    except stripe_api.Unreachable as trouble:
        away.append(trouble)
    except stripe_api.Refused as trouble:
        log.error("Stripe refused a part of the sweep: %s", trouble)


def _compare(*, at: datetime, everything: bool) -> int:
    """Raises Unreachable, as a rule when all others were looked at."""
    known = {row.reference: row for row in Subscription.objects.all()}
    looked_at, away = 0, list[stripe_api.Unreachable]()
    for said in stripe_api.subscriptions():
        if everything or _differs(said, known.get(said["id"])):
            try:
                follow(said["id"], at=at)
                looked_at += 1
            except (NobodysSubscription, OtherMode, NeverStill, stripe_api.Refused) as trouble:
                log.error("%s: %s", said["id"], trouble)
            except stripe_api.Unreachable as trouble:
                away.append(trouble)
                if len(away) == MOST_MISSED:
                    break
    if away:
        raise away[0]
    return looked_at


def _hear(*, at: datetime) -> bool:
    """Write down what was said since this was done last, whatever came as a notice meanwhile. False: Stripe forgot some of it."""
    last = last_number(_name_of_count())
    since = translate.moment(last) - LOOKS_BACK if last else None
    said = stripe_api.events(since=since)
    while some := list(islice(said, AT_A_TIME)):
        new = [Notice(reference=event["id"], **_said(event, signature="", at=at)) for event in some]
        Notice.objects.bulk_create(new, ignore_conflicts=True)
    if since is None or at - since >= STRIPE_KEEPS:
        return False
    # Only now, so that a sweep that dies half way, the newest written down and the oldest not, begins again.
    _heard_until(at)
    return True


def _heard_until(at: datetime) -> None:
    """Where Stripe forgot some of it, only when everything was compared instead."""
    Counter.objects.update_or_create(name=_name_of_count(), defaults={"last": int(at.timestamp())})


def _name_of_count() -> str:
    return f"stripe events {'live' if stripe_api.is_live() else 'test'}"


def _said(event: Doc, *, signature: str, at: datetime) -> dict[str, Any]:
    """What is kept of an event. One that says nothing to us is heeded by being kept."""
    about = event["data"]["object"]
    matters = event["type"].startswith(MATTERS) and event["livemode"] == stripe_api.is_live()
    return {
        "kind": event["type"][:80],
        "about": str(about.get("id", ""))[:64],
        "subscription": translate.subscription_named_by(event)[:64],
        "customer": translate.customer_named_by(event)[:64],
        "live": event["livemode"],
        "signature": signature,
        "said_at": translate.moment(event["created"]),
        "came_at": at,
        "heeded_at": None if matters else at,
    }


def _look(notice: Notice, *, at: datetime) -> list[Subscription]:
    if notice.subscription:
        return [follow(notice.subscription, at=at)]
    customer = notice.customer or stripe_api.customer_of(notice.kind, notice.about)
    return follow_customer(customer, at=at) if customer else []


def _differs(said: Doc, row: Subscription | None) -> bool:
    if row is None:
        return True
    period_starts_at, period_ends_at = translate.period_of(said)
    cancel_at, ended_at, trial_ends_at = (
        translate.moment(said[name]) if said.get(name) else None for name in ("cancel_at", "ended_at", "trial_end")
    )
    now = (said["status"], translate.quantity_of(said), period_starts_at, period_ends_at, cancel_at, ended_at, trial_ends_at)
    then = (row.status, row.quantity, row.period_starts_at, row.period_ends_at, row.cancel_at, row.ended_at, row.trial_ends_at)
    paused = (said.get("pause_collection") is not None, translate.resumes_at(said))
    return now != then or paused != (row.paused, row.resumes_at)
