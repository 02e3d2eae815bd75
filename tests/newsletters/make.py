"""A newsletter with its slots."""

from datetime import time

from broadsheet.newsletters.models import Newsletter, Slot

SLOTS = (("top", "", 1), ("articles", "Also today", 3), ("report", "The report of the week", 1), ("links", "Must-read links", 7))


def newsletter(name="The Daily", *, slots=SLOTS, regions=(), **fields):
    fields = {"slug": "daily", "promise": "The day.", "rhythm": "weekdays", "goes_at": time(6)} | fields
    made = Newsletter.objects.create(name=name, **fields)
    for order, (kind, title, most) in enumerate(slots):
        Slot.objects.create(newsletter=made, kind=kind, title=title, most=most, sort_order=order)
    made.regions.set(regions)
    return made
