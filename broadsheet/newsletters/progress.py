"""How far editions are, in figures and in a sentence for the desk. Looks up; changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from broadsheet.newsletters.actions.going_out import waits
from broadsheet.newsletters.delivering import UNSENT
from broadsheet.newsletters.ledger import Ledger, ledger_in
from broadsheet.newsletters.models import Delivery, Edition, Newsletter, Signup, Tally
from broadsheet.newsletters.policy import Wait

PAST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class State:
    """Of a delivery. `which`: those that are in it; a delivery may be in several."""

    label: str
    says: str
    which: Q


STATES: Mapping[str, State] = {
    "listed": State("Addressed to", "Everybody to whom it was addressed when it began.", Q()),
    "waiting": State("Waiting", "Not sent yet, or put off by a server and tried again.", UNSENT),
    "sent": State("Sent", "A mail server has taken it.", Q(sent_at__isnull=False)),
    "refused": State("Refused", "A mail server refused it for good, or put it off too often.", Q(failed_at__isnull=False)),
    "passed-over": State(
        "Passed over",
        "Not to be sent when its turn came: they had left, had no standing for it, or their address is suppressed.",
        Q(passed_over_at__isnull=False),
    ),
    "in-doubt": State(
        "In doubt",
        "Whoever sent it was stopped while it was under way, so it was sent once more: it may have arrived twice.",
        Q(doubted_at__isnull=False),
    ),
    "returned": State("Returned", "It came back.", Q(returned_at__isnull=False)),
}
NOBODY = dict.fromkeys(STATES, 0)

WAITING: Mapping[Wait, str] = {
    Wait.UNSEEN: "It waits for somebody to let it go.",
    Wait.LATE: "Its hour is long over: it waits for somebody to let it go now, or to cancel it.",
    Wait.DAY_WITHOUT: "It is made for a day without an edition: it waits for somebody to let it go, or to cancel it.",
    Wait.SENT_BEFORE: (
        "This machine knows that it began once, which the database does not know: it may have been restored from a copy, and "
        "readers may have it already. It waits for somebody to let it go, or to cancel it."
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition as the desk's list has it. `places`: how many it has; `filled`: how many items stand there."""

    edition: Edition
    said: str
    counts: Mapping[str, int]
    filled: int
    places: int

    @property
    def figures(self) -> list[tuple[str, str, int]]:
        """Name and label of each state, and how many are in it."""
        return [(name, state.label, self.counts[name]) for name, state in STATES.items()]

    @property
    def troubles(self) -> list[tuple[str, str, int]]:
        """Of what is not as it should be, what there is."""
        return [each for each in self.figures if each[0] not in ("listed", "waiting", "sent") and each[2]]


def ledger() -> Ledger:
    return ledger_in(settings.STATE)


def readers_of(newsletter: Newsletter) -> QuerySet[Signup]:
    """Who would get it now, before anybody is passed over."""
    return Signup.objects.filter(newsletter=newsletter, confirmed_at__isnull=False, ended_at=None)


def counts_of(editions: Iterable[Edition]) -> dict[int, dict[str, int]]:
    """By the edition's number, how many deliveries are in each state: counted anew only where it is not over."""
    numbers = [edition.pk for edition in editions]
    known = Tally.objects.filter(edition__in=numbers)
    told = {one.edition_id: {name: getattr(one, name.replace("-", "_")) for name in STATES} for one in known}
    return counted([number for number in numbers if number not in told]) | told


def counted(numbers: Iterable[int]) -> dict[int, dict[str, int]]:
    """As the rows are now."""
    columns = {f"in_{n}": Count("pk", filter=state.which or None) for n, state in enumerate(STATES.values())}
    rows = Delivery.objects.filter(edition__in=numbers).order_by().values("edition")
    found = rows.annotate(**columns).values_list("edition", *columns)
    return {edition: dict(zip(STATES, numbers, strict=True)) for edition, *numbers in found}


def coming(newsletter: Newsletter, *, at: datetime) -> list[Standing]:
    """What is made, waits or is under way, the next first."""
    editions = newsletter.editions.filter(done_at=None, cancelled_at=None).order_by("due_at")
    return standings(editions.select_related("newsletter"), at=at)


def past() -> QuerySet[Edition]:
    """The newest first."""
    over = Edition.objects.exclude(done_at=None, cancelled_at=None).select_related("newsletter")
    return over.order_by("-goes_on", "newsletter__name")


def standings(editions: Iterable[Edition], *, at: datetime) -> list[Standing]:
    editions = list(editions)
    counts = counts_of(editions)
    shown = dict(
        Edition.objects.filter(pk__in=[edition.pk for edition in editions])
        .order_by()
        .annotate(filled=Count("items", filter=Q(items__dropped=False)))
        .values_list("pk", "filled")
    )
    return [
        Standing(
            edition=edition,
            said=said_of(edition, counts.get(edition.pk, NOBODY), at=at),
            counts=counts.get(edition.pk, NOBODY),
            filled=shown[edition.pk],
            places=edition.newsletter.slots.aggregate(places=Sum("most"))["places"] or 0,
        )
        for edition in editions
    ]


def said_of(edition: Edition, counts: Mapping[str, int], *, at: datetime) -> str:
    """Where it stands, and what it waits for."""
    if edition.cancelled_at:
        how_far = "Cancelled." if not edition.begun_at else f"Cancelled, when {counts['sent']} had it."
        return f"{how_far} {edition.stopped_why}".strip()
    if edition.done_at:
        return "Done."
    if edition.paused_at:
        how_far = f" {counts['sent']} of {counts['listed']} have it." if edition.begun_at else ""
        return f"Paused.{how_far} {edition.stopped_why}".strip()
    if edition.begun_at and not edition.listed_at:
        return f"On its way: {counts['sent']} have it, and it is still being addressed."
    if edition.begun_at:
        return f"On its way: {counts['sent']} of {counts['listed']}."
    wait = waits(edition, ledger=ledger(), at=at)
    if wait is not None:
        return WAITING[wait]
    if edition.due_at <= at:
        return "It begins within a minute."
    return "Let go as it stands: it begins at its hour." if edition.passed_at else "It goes out by itself at its hour."
