"""Take a newsletter back, offer it again, and keep its addresses. What it sent stays, and so does who signed up."""

from datetime import datetime

from django.db import transaction

from broadsheet.newsletters.actions.making import is_touched
from broadsheet.newsletters.models import Edition, FormerSlug, Newsletter, Slot

USUAL = (
    (Slot.Kind.TOP, "", 1),
    (Slot.Kind.ARTICLES, "Also today", 5),
    (Slot.Kind.REPORT, "The report of the week", 1),
    (Slot.Kind.LINKS, "Must-read links", 7),
)


def withdraw(newsletter: Newsletter, *, at: datetime) -> None:
    """Nothing of it goes out any more; what is on its way arrives."""
    with transaction.atomic():
        newsletter.withdrawn_at = at
        newsletter.save(update_fields=["withdrawn_at"])
        for edition in Edition.objects.filter(newsletter=newsletter, begun_at=None, cancelled_at=None):
            if is_touched(edition):
                Edition.objects.filter(pk=edition.pk).update(cancelled_at=at)
            else:
                edition.delete()


def remember_its_address(newsletter: Newsletter, *, former: str, at: datetime) -> None:
    """It was renamed. That it had this address before stays known, whatever it is called in between."""
    FormerSlug.objects.get_or_create(slug=former, defaults={"newsletter": newsletter, "left_at": at})


def offer_again(newsletter: Newsletter) -> None:
    newsletter.withdrawn_at = None
    newsletter.save(update_fields=["withdrawn_at"])


def give_usual_slots(newsletter: Newsletter) -> None:
    """Such as most newsletters have, for one that was made without any."""
    rows = [
        Slot(newsletter=newsletter, kind=kind, title=title, most=most, sort_order=n)
        for n, (kind, title, most) in enumerate(USUAL)
    ]
    Slot.objects.bulk_create(rows)
