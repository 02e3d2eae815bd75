"""What may happen to a subscription: at Stripe, by its reader's hand there, by the publisher's, or through our own doors."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from broadsheet.billing import actions
from broadsheet.billing.models import Subscription
from broadsheet.membership.actions.groups import open_link, take_seat
from broadsheet.membership.models import Term
from broadsheet.membership.seating import Group, Seat
from broadsheet.membership.seats import token_of_link
from broadsheet.till import disputes

if TYPE_CHECKING:
    from bench.lives import Life

FEW = 10


def mend_card(life: "Life") -> None:
    life.use_card("visa")


def break_card(life: "Life") -> None:
    life.use_card("chargeCustomerFail")


def end_with_period(life: "Life") -> None:
    _change(life, cancel_at_period_end=True)


def keep(life: "Life") -> None:
    _change(life, cancel_at_period_end=False)


def end_on_a_day(life: "Life") -> None:
    _change(life, cancel_at=life.world.now + life.chance.choice([3, 12, 50]) * 86_400)


def end_now(life: "Life") -> None:
    life.ask("delete", f"subscriptions/{life.subscription}", prorate=life.chance.random() < 0.5)


def change_plan(life: "Life") -> None:
    item = life.ask("get", f"subscriptions/{life.subscription}")["items"]["data"][0]
    change = {"id": item["id"], "price": life.world.a_price(), "quantity": life.chance.choice([1, 2, 5])}
    _change(life, items=[change], proration_behavior=life.chance.choice(["create_prorations", "always_invoice", "none"]))


def change_seats(life: "Life") -> None:
    item = life.ask("get", f"subscriptions/{life.subscription}")["items"]["data"][0]
    change = {"id": item["id"], "quantity": life.chance.choice([1, 2, 3, 4])}
    _change(life, items=[change], proration_behavior="create_prorations")


def pause(life: "Life") -> None:
    _change(life, pause_collection={"behavior": life.chance.choice(["void", "keep_as_draft", "mark_uncollectible"])})


def go_on(life: "Life") -> None:
    _change(life, pause_collection="")


def resume(life: "Life") -> None:
    life.ask("post", f"subscriptions/{life.subscription}/resume")


def pay(life: "Life") -> None:
    life.ask("post", f"invoices/{_open_bill(life)}/pay")


def void(life: "Life") -> None:
    life.ask("post", f"invoices/{_open_bill(life)}/void")


def write_off(life: "Life") -> None:
    life.ask("post", f"invoices/{_open_bill(life)}/mark_uncollectible")


def refund(life: "Life") -> None:
    some = {"amount": 100} if life.chance.random() < 0.4 else {}
    life.ask("post", "refunds", charge=_charge(life)["id"], **some)


def dispute(life: "Life") -> None:
    charge = _charge(life)["id"]
    with life.world.till.books(life.world.now) as books:
        disputes.open_for(books, books.get(charge, "charge"))


def win_dispute(life: "Life") -> None:
    _close_dispute(life, won=True)


def lose_dispute(life: "Life") -> None:
    _close_dispute(life, won=False)


def nothing(life: "Life") -> None:
    """Time passes."""


# Through our own doors, by what we know, which may be old


def reader_ends_now(life: "Life") -> None:
    held = _held(life)
    farewell = actions.farewell_of(held, at=life.world.at)
    actions.end_now(held, farewell, promised=str(farewell.refund), at=life.world.at)


def reader_ends_with_period(life: "Life") -> None:
    actions.end_with_its_period(_held(life), at=life.world.at)


def reader_keeps(life: "Life") -> None:
    actions.keep(_held(life), at=life.world.at)


def reader_changes_plan(life: "Life") -> None:
    """The interval, or of a team the seats; the difference is shown first."""
    held = _held(life)
    offered = actions.prices_for(held)
    if not offered:
        raise NothingThere("no other price")
    quantity = life.chance.choice([1, 2, 3, 4]) if life.is_team else 1
    shown = actions.show_change(held, life.chance.choice(offered), quantity=quantity, at=life.world.at)
    actions.change_plan(held, shown.pk, at=life.world.at)


def reader_pauses(life: "Life") -> None:
    held = _held(life)
    if not (months := list(actions.pauses_for(held))):
        raise NothingThere("nothing to pause")
    actions.pause(held, months=life.chance.choice(months), at=life.world.at)


def reader_goes_on(life: "Life") -> None:
    held = _held(life)
    if not held.paused:
        raise NothingThere("no pause")
    actions.go_on(held, promised=str(actions.going_on_of(held, at=life.world.at).due), at=life.world.at)


def reader_withdraws(life: "Life") -> None:
    if (held := actions.held_by(life.reader)) is None:
        raise NothingThere("nothing that runs")
    actions.withdraw(held, name="A Reader", at=life.world.at)


def colleague_comes(life: "Life") -> None:
    if (group := _group(life)) is None:
        raise NothingThere("no group")
    open_link(group, at=life.world.at)
    group.refresh_from_db()
    take_seat(token_of_link(group), reader=life.world.colleague(), at=life.world.at)


def sitting(life: "Life") -> list[Seat]:
    """Who sits in its group, in the order in which they sat down."""
    group = _group(life)
    taken = Seat.objects.filter(group=group, ended_at=None).exclude(taken_at=None)
    return list(taken.order_by("taken_at", "pk")) if group else []


def terms(life: "Life") -> list[tuple[str, int, str]]:
    """What our rows say: who reads until when, and how it was paid."""
    names = {f"stripe {life.subscription}": "buyer"} | {f"seat {seat.pk}": f"seat {n}" for n, seat in enumerate(sitting(life))}
    found = [term for term in Term.objects.filter(reference__in=names) if term.ends_at]
    return sorted((names[term.reference], int(term.ends_at.timestamp()), str(term.payment)) for term in found if term.ends_at)


class NothingThere(Exception):
    """There is nothing yet that this could happen to."""


def _change(life: "Life", **about: Any) -> None:
    life.ask("post", f"subscriptions/{life.subscription}", **about)


def _open_bill(life: "Life") -> str:
    unpaid = life.ask("get", "invoices", subscription=life.subscription, status="open", limit=FEW)["data"]
    if not unpaid:
        raise NothingThere("no open bill")
    return str(life.chance.choice(unpaid)["id"])


def _charge(life: "Life") -> dict[str, Any]:
    made = [one for one in life.ask("get", "charges", customer=life.customer, limit=FEW)["data"] if one["paid"]]
    if not made:
        raise NothingThere("no charge")
    # Most often the newest, which the running period was paid by.
    return dict(made[0] if life.chance.random() < 0.7 else life.chance.choice(made))


def _close_dispute(life: "Life", *, won: bool) -> None:
    mine = {one["id"] for one in life.ask("get", "charges", customer=life.customer, limit=FEW)["data"] if one["disputed"]}
    running = [one for one in life.ask("get", "disputes", limit=100)["data"] if one["charge"] in mine]
    running = [one for one in running if one["status"] not in ("won", "lost")]
    if not running:
        raise NothingThere("no dispute")
    with life.world.till.books(life.world.now) as books:
        disputes.conclude(books, books.get(running[0]["id"], "dispute"), won=won)


def _held(life: "Life") -> Subscription:
    held = Subscription.objects.filter(reference=life.subscription).first()
    if held is None:
        raise NothingThere("not known here yet")
    return held


def _group(life: "Life") -> Group | None:
    return Group.objects.filter(reference=f"stripe {life.subscription}").first()


Deeds = dict[Callable[["Life"], None], int]
DEEDS: Deeds = {
    mend_card: 4, break_card: 4, end_with_period: 2, keep: 2, end_on_a_day: 1, end_now: 1, change_plan: 3, change_seats: 2,
    pause: 2, go_on: 2, resume: 1, pay: 2, void: 1, write_off: 1, refund: 4, dispute: 3, win_dispute: 2, lose_dispute: 1,
    reader_ends_now: 1, reader_ends_with_period: 1, reader_keeps: 1, reader_changes_plan: 6,
    reader_pauses: 12, reader_goes_on: 8, reader_withdraws: 3, colleague_comes: 3, nothing: 6,
}  # fmt: skip
TEAMS_DEEDS = DEEDS | {colleague_comes: 14, change_seats: 8}  # so that there are more who sit than seats, now and then
# After these others read, or until another day.
TURNS: Deeds = {
    end_with_period: 2, keep: 2, end_now: 2, change_seats: 2, pause: 2, go_on: 2, pay: 2, refund: 4, dispute: 3, win_dispute: 2,
    reader_changes_plan: 2, reader_pauses: 3, reader_goes_on: 3, reader_withdraws: 1,
}  # fmt: skip
# Of these the subscription itself says nothing, or nothing any more.
UNSEEN: Deeds = {refund: 4, dispute: 3, win_dispute: 3, end_now: 2}
