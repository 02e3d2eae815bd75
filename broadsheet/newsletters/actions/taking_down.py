"""Links that are to stand nowhere here leave every edition: those to come, and the pages of those that went out."""

from django.db import transaction

from broadsheet.newsletters.models import Item
from broadsheet.wire.models import Refusal
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.refusals import is_refused


@transaction.atomic
def take_down(refusal_id: int) -> set[int]:
    """The newsletters whose pages show something else now. What was mailed is in readers' hands."""
    refusal = Refusal.objects.filter(pk=refusal_id).first()
    if refusal is None:
        return set()
    likely = Item.objects.filter(url__icontains=refusal.key.partition("/")[0])
    gone = [pk for pk, url in likely.values_list("pk", "url") if is_refused(link_key(url), {refusal.key})]
    items = Item.objects.filter(pk__in=gone)
    items.filter(edition__begun_at=None).delete()
    items.update(dropped=True)
    return set(items.values_list("edition__newsletter", flat=True))
