"""Faults that are put into the product for the length of a run. The benchmark must find each; none of this is the product's.

The sweep compares everything with Stripe, so that what only spoils a notice is healed by it: such a fault must show
where nothing was lost and all notices were heeded, before any sweep. What only spoils the sweep must show after it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from broadsheet.billing import actions, policy, stripe_api, translate
from broadsheet.billing.actions import following, notices
from broadsheet.billing.models import Notice, Subscription
from broadsheet.membership import policy as membership
from broadsheet.membership.actions import groups

Doc = dict[str, Any]


@contextmanager
def _instead(*parts: tuple[object, str, object]) -> Iterator[None]:
    was = [getattr(place, name) for place, name, _ in parts]
    for place, name, other in parts:
        setattr(place, name, other)
    try:
        yield
    finally:
        for (place, name, _), before in zip(parts, was, strict=True):
            setattr(place, name, before)


def believes_notices() -> AbstractContextManager[None]:
    """What a notice brings along is taken for what is now."""
    told: dict[str, Doc] = {}
    take, look, ask = actions.take_notice, notices._look, stripe_api.subscription

    def took(event: Doc, **about: Any) -> Any:
        told[event["id"]] = event["data"]["object"]
        return take(event, **about)

    def looked(notice: Notice, *, at: datetime) -> list[Subscription]:
        brought = told.get(notice.reference, {})
        known = brought if brought.get("object") == "subscription" else None
        with _instead((stripe_api, "subscription", lambda reference: known or ask(reference))):
            return look(notice, at=at)

    return _instead((actions, "take_notice", took), (notices, "_look", looked))


def never_asks_again() -> AbstractContextManager[None]:
    """Whoever asked before somebody else wrote writes all the same."""
    write = following._write

    def written(said: Doc, *rest: Any, version: int | None, **more: Any) -> Subscription:
        now = Subscription.objects.filter(reference=said["id"]).values_list("version", flat=True).first()
        return write(said, *rest, version=now, **more)

    return _instead((following, "_write", written))


def heeds_before_looking() -> AbstractContextManager[None]:
    """A notice counts as heeded before what it names was looked at."""
    heeded = notices._heeded

    def first(these: list[Notice], *, at: datetime) -> bool:
        Notice.objects.filter(pk__in=[notice.pk for notice in these]).update(heeded_at=at)
        return heeded(these, at=at)

    return _instead((notices, "_heeded", first))


def hears_since_the_last_notice() -> AbstractContextManager[None]:
    """The sweep begins where the newest notice was, whatever was lost before."""

    def hear(*, at: datetime) -> bool:
        last = Notice.objects.aggregate(last=Max("said_at"))["last"]
        for event in stripe_api.events(since=last - notices.LOOKS_BACK if last else None):
            actions.take_notice(event, at=at)
        return True

    return _instead((notices, "_hear", hear))


def forgets_what_stripe_forgot() -> AbstractContextManager[None]:
    """After longer than Stripe keeps its events the sweep goes on as if it had heard all."""
    hear = notices._hear
    return _instead((notices, "_hear", lambda *, at: hear(at=at) or True))


def sweeps_no_ended_ones() -> AbstractContextManager[None]:
    """The sweep compares only what still runs."""
    listed = stripe_api.subscriptions
    return _instead((stripe_api, "subscriptions", lambda: (one for one in listed() if one["status"] != "canceled")))


def gives_no_grace() -> AbstractContextManager[None]:
    runs = membership._runs_until
    return _instead((membership, "_runs_until", lambda term, grace: runs(term, grace * 0)))


def lets_past_due_run_on() -> AbstractContextManager[None]:
    """A renewal whose charge failed carries to the end of its period."""
    end = policy._end

    def ended(sold: policy.Sold) -> Any:
        late = sold.status is policy.Status.PAST_DUE
        return (sold.period_ends_at, policy.Payment.PAST_DUE) if late else end(sold)

    return _instead((policy, "_end", ended))


def ignores_refunds() -> AbstractContextManager[None]:
    return _instead((translate, "_refunded_at", lambda charges: None))


def takes_a_part_for_the_whole() -> AbstractContextManager[None]:
    """A refund of a part ends the term."""

    def refunded(charges: Any) -> datetime | None:
        return translate._maybe(max((refund["created"] for charge in charges for refund in charge["refunds"]), default=None))

    return _instead((translate, "_refunded_at", refunded))


def ignores_disputes() -> AbstractContextManager[None]:
    return _instead((translate, "_disputed_at", lambda charges: None))


def never_gives_back_what_was_won() -> AbstractContextManager[None]:
    return _instead((translate, "DISPUTE_WON", set[str]()))


def forgets_what_is_behind_a_credit() -> AbstractContextManager[None]:
    """What a credit paid for carries, whatever became of the money that it came from."""
    return _instead((translate, "_behind_credit", lambda bill, paid: []))


def forgets_pauses() -> AbstractContextManager[None]:
    """Collection is paused, and the period carries as if it had been paid."""
    sold = translate.sold_of
    return _instead((translate, "sold_of", lambda said, *rest: sold({**said, "pause_collection": None}, *rest)))


def lets_all_seats_carry() -> AbstractContextManager[None]:
    """Fewer seats are bought, and whoever sat goes on reading."""
    return _instead((groups, "_uncarry", lambda seat, *, at: None))


ALL_HEEDED, SWEPT_LAST = "all notices heeded", "swept"


@dataclass(frozen=True, slots=True)
class Fault:
    """`shows`: at which moments of a world it must."""

    plant: Callable[[], AbstractContextManager[None]]
    shows: frozenset[str]


# The sweep heals these: they must show where nothing was lost, before it.
OF_NOTICES = (believes_notices, never_asks_again, heeds_before_looking)
# These it does not: they spoil the sweep itself, or a rule.
OF_THE_SWEEP = (hears_since_the_last_notice, forgets_what_stripe_forgot, sweeps_no_ended_ones)
OF_A_RULE = (
    gives_no_grace, lets_past_due_run_on, ignores_refunds, takes_a_part_for_the_whole, ignores_disputes,
    never_gives_back_what_was_won, forgets_what_is_behind_a_credit, forgets_pauses, lets_all_seats_carry,
)  # fmt: skip
FAULTS = {
    plant.__name__.replace("_", "-"): Fault(plant, frozenset({moment}))
    for moment, plants in ((ALL_HEEDED, OF_NOTICES), (SWEPT_LAST, (*OF_THE_SWEEP, *OF_A_RULE)))
    for plant in plants
}
