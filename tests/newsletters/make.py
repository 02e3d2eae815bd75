"""A newsletter with its slots, and an edition with what stands in it."""

from datetime import UTC, date, datetime, time, timedelta

from broadsheet.newsletters.models import Edition, Item, Newsletter, Slot

SLOTS = (("top", "", 1), ("articles", "Also today", 3), ("report", "The report of the week", 1), ("links", "Must-read links", 7))


def newsletter(name="The Daily", *, slots=SLOTS, regions=(), **fields):
    fields = {"slug": "daily", "promise": "The day.", "rhythm": "weekdays", "goes_at": time(6)} | fields
    made = Newsletter.objects.create(name=name, **fields)
    for order, (kind, title, most) in enumerate(slots):
        Slot.objects.create(newsletter=made, kind=kind, title=title, most=most, sort_order=order)
    made.regions.set(regions)
    return made


LINK = {"url": "https://elsewhere.test/a", "headline": "What stands elsewhere", "outlet": "The Other Review", "paywalled": True}


def edition(newsletter, *, top=None, articles=(), links=(), goes_on=None, begun=True, **fields):
    """Filled by hand, and on its way since six o'clock of its day, unless it has not begun."""
    day = goes_on or date(2026, 3, 2)
    due_at = datetime.combine(day, time(6), UTC)
    begun_at = due_at if begun else None
    fields = {"due_at": due_at, "opened_at": due_at - timedelta(days=1), "begun_at": begun_at} | fields
    made = Edition.objects.create(newsletter=newsletter, goes_on=day, **fields)
    placed = [("top", {"article": top})] if top else []
    placed += [("articles", {"article": article}) for article in articles] + [("links", link) for link in links]
    for order, (slot, item) in enumerate(placed):
        Item.objects.create(edition=made, slot=slot, sort_order=order, by_hand=True, **item)
    return made
