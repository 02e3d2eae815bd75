"""Other outlets' readings of the same story, beside a pick: set there, written on, and taken out."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django.db import transaction

from broadsheet.wire.actions.picking import count_touch, fields_of, fitting, locked, refuse_newer, refuse_what_is_refused
from broadsheet.wire.models import Item, Pick, Rival
from broadsheet.wire.reading.links import canonical_link

WORDS = ("headline", "outlet", "author", "published_on", "language", "paywalled")


class AnotherStory(ValueError):
    """A rival reading tells the same story as the pick that it stands beside."""


@transaction.atomic
def add(chosen: Pick, item: Item, *, zone: tzinfo) -> Rival:
    """Once, with what is known of it."""
    if chosen.item is None or chosen.item.story_id != item.story_id or chosen.item_id == item.pk:
        raise AnotherStory(f"“{item.title}” tells another story than “{chosen.headline}”, or is the same piece.")
    link = canonical_link(item.link)
    refuse_what_is_refused(link)
    own = locked(chosen.pk)
    known = fields_of(item, zone=zone)
    said = fitting({name: known[name] for name in WORDS})
    rival, is_new = own.rivals.get_or_create(url=link, defaults={**said, "sort_order": own.rivals.count()})
    if is_new:
        count_touch(own)
    return rival


@transaction.atomic
def edit(rival_id: int, changes: Mapping[str, Any], *, shown: Mapping[str, Any]) -> Rival:
    """`shown`: what stood there when whoever writes was looking at it. Raises NewerChange, with nothing written."""
    own = locked(Rival.objects.values_list("pick", flat=True).get(pk=rival_id))
    rival = own.rivals.get(pk=rival_id)
    refuse_newer({name: getattr(rival, name) for name in changes}, changes, shown)
    for name, value in fitting(changes).items():
        setattr(rival, name, value)
    rival.save(update_fields=changes.keys())
    count_touch(own)
    return rival


@transaction.atomic
def drop(chosen: Pick, rival_id: int) -> None:
    own = locked(chosen.pk)
    if own.rivals.filter(pk=rival_id).delete()[0]:
        count_touch(own)
