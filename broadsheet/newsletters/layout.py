"""The newsletters that a publication begins with; whoever runs it changes them at the desk."""

from collections.abc import Iterable
from datetime import time

from broadsheet.newsletters.models import Newsletter, Slot
from broadsheet.newsletters.policy import Rhythm, Whom
from broadsheet.newsroom.models import Region

SLOTS = (
    (Slot.Kind.TOP, "", 1),
    (Slot.Kind.ARTICLES, "Also new", 6),
    (Slot.Kind.LINKS, "Must-read links", 7),
    (Slot.Kind.REPORT, "The report of the week", 1),
)
OF_A_REGION = (SLOTS[0], (Slot.Kind.ARTICLES, "Also from the region", 8), SLOTS[3])
FRIDAY, SUNDAY = 4, 6


def lay_out_newsletters() -> None:
    """A Daily that registering begins, a Weekly, and a note for what breaks. What is there already stays as it is."""
    if Newsletter.objects.exists():
        return
    daily = Newsletter(name="The Daily", slug="daily", rhythm=Rhythm.WEEKDAYS, goes_at=time(6), at_registration=True)
    daily.promise = "The day’s analysis, the editor’s note and the links worth your time, every weekday at six."
    weekly = Newsletter(name="The Weekly", slug="weekly", rhythm=Rhythm.WEEKLY, weekday=SUNDAY, goes_at=time(8))
    weekly.promise = "What mattered this week and the report to read on Sunday morning."
    breaking = Newsletter(name="Breaking note", slug="breaking", rhythm=Rhythm.BY_HAND, goes_at=time(12), whom=Whom.FREE)
    breaking.unseen = False  # what the desk begins, the desk lets go
    breaking.promise = "A few lines from the editors when something cannot wait."
    for order, newsletter in enumerate((daily, weekly, breaking)):
        _keep(newsletter, order, SLOTS if newsletter.rhythm != Rhythm.BY_HAND else SLOTS[:2])


def lay_out_regions(regions: Iterable[Region]) -> None:
    """A weekly for subscribers of each."""
    there = Newsletter.objects.count()
    for order, region in enumerate(regions, start=there):
        slug = f"{region.slug}-weekly"
        if not Newsletter.objects.filter(slug=slug).exists():
            weekly = Newsletter(name=f"{region.name} weekly", slug=slug, weekday=FRIDAY, goes_at=time(7), whom=Whom.MEMBERS)
            weekly.promise = f"All that we wrote of {region.name} in a week, on Friday morning."
            _keep(weekly, order, OF_A_REGION).regions.add(region)


def _keep(newsletter: Newsletter, order: int, slots: Iterable[tuple[Slot.Kind, str, int]]) -> Newsletter:
    newsletter.order = order
    newsletter.save()
    Slot.objects.bulk_create(
        Slot(newsletter=newsletter, kind=kind, title=title, most=most, sort_order=place)
        for place, (kind, title, most) in enumerate(slots)
    )
    return newsletter
