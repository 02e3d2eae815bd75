"""Links that are to stand nowhere here leave every edition: those to come, and the pages of those that went out."""

from django.db import transaction

from broadsheet.newsletters.models import Item
from broadsheet.wire.models import Refusal
from broadsheet.wire.queries import leading_there


@transaction.atomic
def take_down(refusal_id: int) -> set[int]:
    """The newsletters whose pages show something else now. What was mailed is in readers' hands."""
    refusal = Refusal.objects.filter(pk=refusal_id).first()
    if refusal is None:
        return set()
    items = Item.objects.filter(pk__in=leading_there(Item.objects.exclude(url=""), "url", refusal.key))
    items.filter(edition__begun_at=None).delete()
    shown = items.filter(dropped=False)
    newsletters = set(shown.values_list("edition__newsletter", flat=True))
    shown.update(dropped=True)
    return newsletters
